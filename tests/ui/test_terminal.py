"""The program in a real pseudo-terminal, over real HTTP."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import terminal

HOSTILE = {
    "name": "\x1b]52;c;aGFja2Vk\x07\x1b[2J\x1b[31m\x9b31m\u202eevil [/red][@click=app.quit]x[/]",
    "\x1b]0;title\x07": ["\x1bP+q\x1b\\", "\x00\x7f\u200b"],
}


def event(number: int, data: object, type_: str = "contact.created") -> str:
    at = f"2026-03-16T12:00:{number % 60:02}Z"
    return json.dumps({"id": f"evt_{number:05}", "type": type_, "occurred_at": at, "data": data}, ensure_ascii=False)


def test_watching_a_rex_that_is_not_ours_and_leaving(tmp_path: Path) -> None:
    events = [event(number, {"email": f"person{number}@example.com"}) for number in range(450)]
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
    with serving(OtherRex(events)) as rex:
        with terminal([], environment | {"REX_URL": rex.url}) as screen:
            screen.until("450 of 450")
            screen.until("caught up")
            screen.until("person449@example.com")
            screen.press("g")
            screen.until("person0@example.com")
            screen.press("q")
            assert screen.wait() == 0
        with terminal(["--interval", "5"], environment | {"REX_URL": rex.url}) as screen:
            screen.until("450 of 450")
            screen.until("caught up")
            screen.until("person0@example.com")
            screen.press("G")
            screen.until("person449@example.com")
            rex.events.append(event(450, {"email": "new@example.com"}))
            screen.press("r")
            screen.until("new@example.com")
            screen.press("\x11")
            assert screen.wait() == 0
        assert KEY.encode() not in screen.raw
    assert [query.get("cursor") for query in rex.requests][:4] == [None, ["c200"], ["c400"], ["c400"]]


def test_leaving_while_rex_never_answers(tmp_path: Path) -> None:
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
    with serving(OtherRex([])) as rex:
        rex.hang.clear()
        with terminal([], environment | {"REX_URL": rex.url}) as screen:
            screen.until("asking 127.0.0.1")
            screen.press("q")
            assert screen.wait() == 0


def test_nothing_that_others_wrote_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    events = [event(1, HOSTILE), event(2, HOSTILE, "\x1b]0;t\x07.\x9b2J"), event(3, "\x1b[2J" * 20)]
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
    with serving(OtherRex(events)) as rex, terminal([], environment | {"REX_URL": rex.url}, 160, 45) as screen:
        screen.until("caught up")
        screen.until("␛]52;c;aGFja2Vk␇")
        screen.press("k")
        screen.until("␛]0;t␇.\ufffd2J")
        screen.press("\x1b[C")
        screen.until("␛]0;title␇: [2]")
        screen.press("q")
        assert screen.wait() == 0
    written = bytes(screen.raw)
    for forbidden in (b"\x1b]52;", b"\x1b]0;", b"\x1bP", b"\x1b[31m"):
        assert forbidden not in written
    assert not re.search("[\u202e\u200b\x7f\x80-\x9f]", written.decode())


def counted(text: str) -> int:
    found = re.search(r"of ([\d,]+) ─", text)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_the_demo_shows_live_events(tmp_path: Path) -> None:
    with terminal(["demo", "--history", "600", "--rate", "600"], {"TMPDIR": str(tmp_path)}) as screen:
        screen.until("demo organisation")
        screen.until("caught up")
        stored = counted(screen.text)
        assert stored >= 600
        while counted(screen.text) == stored:
            screen.read()
        screen.until("caught up")
        screen.press("q")
        assert screen.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_the_demo_serves_a_second_terminal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rex_tui", "demo", "--serve", "--port", "0", "--history", "600", "--rate", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline() for _ in range(5)]
        environment = dict(re.findall(r"export (\w+)=(\S+)", "".join(lines)))
        with terminal([], environment | {"REX_TUI_STORE": str(tmp_path / "rex.db")}) as screen:
            screen.until("600 of 600")
            screen.press("q")
            assert screen.wait() == 0
        server.send_signal(2)
        server.communicate(timeout=20)
    assert server.returncode == 0


def test_a_store_that_cannot_be_used_is_told_before_the_screen(tmp_path: Path) -> None:
    (tmp_path / "rex.db").write_bytes(b"no database at all" * 100)
    environment = {"REX_URL": "http://127.0.0.1:1", "REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
    with terminal([], environment) as screen:
        assert screen.wait() == 5
        assert "damaged or is no store" in screen.text.replace("\n", "")


def test_tail_shows_clean_text_to_a_terminal(tmp_path: Path) -> None:
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
    events = [event(1, {"a": "\x7f\x9b2J\u202e"})]
    with (
        serving(OtherRex(events)) as rex,
        terminal(["tail", "--once"], environment | {"REX_URL": rex.url}) as screen,
    ):
        assert screen.wait() == 0
        assert '{"a": "␡\ufffd2J\ufffd"}' in screen.text


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_terminal_leaves_nothing_behind(tmp_path: Path, sent: signal.Signals) -> None:
    with terminal(["demo", "--history", "50"], {"TMPDIR": str(tmp_path)}) as screen:
        screen.until("caught up")
        assert list(tmp_path.iterdir())
        screen.process.send_signal(sent)
        assert screen.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_that_is_gone_ends_the_program_without_a_signal(tmp_path: Path) -> None:
    with terminal(["demo", "--history", "50", "--rate", "600"], {"TMPDIR": str(tmp_path)}) as screen:
        screen.until("caught up")
        assert screen.hang_up() == 0
    assert list(tmp_path.iterdir()) == []
