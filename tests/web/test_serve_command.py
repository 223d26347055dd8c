"""`rex-tui serve` as a command: what it refuses, how it ends, and that its secrets are nowhere to be seen."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from click.testing import CliRunner, Result
from support.painted import Painted
from support.serving import COLUMNS, LINK, PATIENCE_S, ROWS, Serving, open_screen, serving
from support.terminal import terminal
from support.waiting import until

from rex_tui.cli import main
from rex_tui.demo import Demo

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
KEY = "rex_live_0123456789abcdef"
REX = {"REX_URL": "http://127.0.0.1:1", "REX_API_KEY": KEY}


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Give what runs the command here, where it does not come so far as to serve."""
    for name in [name for name in os.environ if name.startswith("REX_")]:
        monkeypatch.delenv(name)

    def invoked(*arguments: str, **environment: str) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(main, arguments, prog_name="rex-tui")

    return invoked


def test_an_address_that_others_reach_is_refused_with_the_reason(tmp_path: Path, invoke: Callable[..., Result]) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.5", "crm.lan"):
        done = invoke("serve", "--host", host, **REX, REX_TUI_STORE=str(tmp_path / "log.db"))
        assert (done.exit_code, done.stdout) == (2, "")
        for words in ("plain HTTP", "sees your CRM", "ssh -L 8461:127.0.0.1:8461", "--i-know"):
            assert words in done.stderr, host
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


def test_who_knows_is_told_the_same_and_served(tmp_path: Path, invoke: Callable[..., Result]) -> None:
    host = "192.0.2.1"  # nobody has this address, so in the end it is not served at all
    told = REX | {"REX_TUI_STORE": str(tmp_path / "log.db")}
    done = invoke("serve", "--host", host, "--port", "0", "--i-know", **told)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "sees your CRM" in done.stderr
    assert f"can't be served on {host}:0" in done.stderr


def test_without_the_extra_it_says_how_to_get_it(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    done = invoke("serve", "--demo")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pip install 'rex-tui[serve]'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--doorbell", "8000", "serve"], "rex-tui tail --doorbell"),
        (["serve", "--doorbell", "8000"], "rex-tui tail --doorbell"),
        (["--store", "mine.db", "serve", "--demo"], "leave out --store"),
        (["serve", "--demo", "--about", "x"], "leave out --store"),
        (["serve", "--demo", "--where", "("], "--where can't be read"),
        (["serve"], "REX_URL and REX_API_KEY are not set"),
    ],
)
def test_what_can_not_be_served_is_told_at_once(
    arguments: list[str], words: str, invoke: Callable[..., Result]
) -> None:
    done = invoke(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in " ".join(done.stderr.split())


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
        with serving("serve", "--where", "type:deal.*", "--theme", "rex-light", "--ascii", **told) as served:
            session, room = served.enter()
            async with ClientSession() as sockets:
                writes = await open_screen(sockets, served.origin, session, room)
                await shows(writes, "* caught up")
                first = served.screens()
                follows = await open_screen(sockets, served.origin, session, room)
                await shows(follows, f"following process {first[0]}")
                assert len(served.screens()) == 2
                for process in served.screens():
                    seen = [Path(f"/proc/{process}/{name}").read_bytes() for name in ("cmdline", "environ")]
                    assert b"REX_TUI_THEME=rex-light" in seen[1]
                    assert b"rex_tui.start_served" in seen[0]
                    assert b"TEXTUAL_DRIVER" in seen[1]
                    assert rex.api_key.encode() not in b"".join(seen)
                await writes.close()
                await until(lambda: served.screens() and first[0] not in served.screens())
                await shows(follows, "* caught up")
                served.process.send_signal(signal.SIGHUP)
                last = [json.loads(message.data) async for message in follows if isinstance(message.data, str)]
                assert last == [["ended", "rex-tui is not served any more.", "for good"]]
            assert served.process.wait(20) == 0
            assert served.screens() == []
            said = all_said(served)
    assert said == "", "neither requests nor sessions are logged"


@linux
async def test_the_key_goes_to_no_other_rex_and_no_screen_outlives_its_server(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    asked = tmp_path / "asked"
    command = json.dumps(["sh", "-c", f"echo >> '{asked}'; echo {KEY}"])
    profile = f'[profiles.acme]\napi_key_command = {command}\nurl = "http://127.0.0.1:1"\n'
    settings.write_text(profile)
    told = {"REX_TUI_CONFIG": str(settings), "REX_TUI_STORE": str(tmp_path / "log.db")}
    with serving("-p", "acme", "serve", **told) as served:
        session, room = served.enter()
        async with ClientSession() as sockets:
            screen = await open_screen(sockets, served.origin, session, room)
            await shows(screen, "127.0.0.1:1")
            assert asked.read_text() == "\n", "who keeps the key is asked once, not for each tab"
            (process,) = served.screens()
            settings.write_text(profile.replace("127.0.0.1:1", "127.0.0.1:2"))
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
