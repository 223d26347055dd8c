"""`rex-tui serve` as a command: what it refuses, how it ends, and that its secrets are nowhere to be seen."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from support.painted import Painted
from support.program import run
from support.serving import COLUMNS, LINK, PATIENCE_S, ROWS, Serving, open_screen, serving
from support.terminal import terminal
from support.waiting import until

from rex_tui.demo import Demo

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
KEY = "rex_live_0123456789abcdef"
REX = {"REX_URL": "http://127.0.0.1:1", "REX_API_KEY": KEY}


def test_an_address_that_others_reach_is_refused_with_the_reason(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "crm.lan"):
        done = run("serve", "--host", host, **REX, REX_TUI_STORE=str(tmp_path / "log.db"))
        assert (done.returncode, done.stdout) == (2, "")
        for words in ("plain HTTP", "sees your CRM", "ssh -L 8461:127.0.0.1:8461", "--i-know"):
            assert words in done.stderr, host
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "textual_serve.py").write_text("raise ImportError")
    done = run("serve", "--demo", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'rex-tui[serve]'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serve", "--doorbell", "8000"], "rex-tui tail --doorbell"),
        (["--store", "mine.db", "serve", "--demo"], "leave out --store"),
        (["serve", "--demo", "--where", "("], "--where can't be read"),
        (["serve"], "REX_URL and REX_API_KEY are not set"),
    ],
)
def test_what_can_not_be_served_is_told_at_once(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())


def test_a_port_that_is_taken_for_browsers_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, **REX, REX_TUI_STORE=str(tmp_path / "log.db"))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"can't be served on 127.0.0.1:{port}" in done.stderr


async def shows(screen: ClientWebSocketResponse, words: str) -> None:
    """Read on until the screen shows these words; fail when it never does."""
    painted = Painted(COLUMNS, ROWS)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while words not in painted.text:
                painted.feed(await screen.receive_bytes())
    except TimeoutError:
        pytest.fail(f"never showed {words!r}:\n{painted.text}")


def all_said(served: Serving) -> str:
    assert served.process.stdout is not None
    return served.process.stdout.read().decode()


@linux
async def test_each_tab_is_a_program_on_one_store_and_the_key_is_on_none_of_them(tmp_path: Path) -> None:
    with Demo(history=40, rate_per_minute=0) as rex:
        told = {"REX_URL": rex.url, "REX_API_KEY": rex.api_key, "REX_TUI_STORE": str(tmp_path / "log.db")}
        with serving("serve", "--where", "type:deal.*", **told) as served:
            session, room = served.enter()
            async with ClientSession() as sockets:
                writes = await open_screen(sockets, served.origin, session, room)
                await shows(writes, "● caught up")
                first = served.screens()
                follows = await open_screen(sockets, served.origin, session, room)
                await shows(follows, f"following process {first[0]}")
                assert len(served.screens()) == 2
                for process in served.screens():
                    seen = [Path(f"/proc/{process}/{name}").read_bytes() for name in ("cmdline", "environ")]
                    assert b"rex_tui.start_served" in seen[0]
                    assert b"TEXTUAL_DRIVER" in seen[1]
                    assert rex.api_key.encode() not in b"".join(seen)
                await writes.close()
                await until(lambda: served.screens() and first[0] not in served.screens())
                await shows(follows, "● caught up")
                served.process.send_signal(signal.SIGHUP)
                last = [json.loads(message.data) async for message in follows if isinstance(message.data, str)]
                assert last == [["ended", "rex-tui is not served any more."]]
            assert served.process.wait(20) == 0
            assert served.screens() == []
            said = all_said(served)
    assert said == "", "neither requests nor sessions are logged"


@linux
async def test_the_key_goes_to_no_other_rex_and_no_screen_outlives_its_server(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('url = "http://127.0.0.1:1"\n')
    told = {"REX_TUI_CONFIG": str(settings), "REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "log.db")}
    with serving("serve", **told) as served:
        session, room = served.enter()
        async with ClientSession() as sockets:
            screen = await open_screen(sockets, served.origin, session, room)
            await shows(screen, "rex-tui")
            (process,) = served.screens()
            settings.write_text('url = "http://127.0.0.1:2"\n')
            other = await open_screen(sockets, served.origin, session, room)
            kind, words = await other.receive_json()
            assert kind == "ended"
            assert "names another Rex" in words
            served.process.kill()
            await until(lambda: not Path(f"/proc/{process}").exists())
        said = all_said(served)
    assert "names another Rex" in said
    assert KEY not in said


def test_enter_prints_another_link_and_the_one_before_works_no_more(tmp_path: Path) -> None:
    told = REX | {"REX_TUI_STORE": str(tmp_path / "log.db")}
    with terminal(["serve", "--port", "0"], told, interrupts=True) as shown:
        shown.until("Press Enter for another link")
        (old,) = LINK.findall(shown.text)
        shown.press("\n")
        while len(links := LINK.findall(shown.text)) < 2:
            shown.until("token")
            shown.read()
        refused = httpx.get(old)
        assert (refused.status_code, "Press Enter in the terminal" in refused.text) == (403, True)
        assert httpx.get(links[1]).status_code == 200
        shown.press("\x03")
        assert shown.wait() == 0
    assert b"Traceback" not in shown.raw
