"""The machine's clipboard: real processes with programs in the place of xclip; and the queue that leads to it."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from support.terminal import terminal

from rex_tui.ui.clipboard import TERMINAL_TAKES, Clipboard
from rex_tui.ui.system_clipboard import put_on_clipboard, system_clipboard

HOSTILE = "-o\n'; rm -rf ~ #\x1b]52;c;eA==\x07\u202e漢\r\n\t" + "x" * 200_000
WORKS = 'case "$*" in *-o) cat "$HELD" ;; *) cat > "$HELD" ;; esac'
needs_x11 = pytest.mark.skipif(sys.platform != "linux", reason="xclip is Linux's")


def machine(folder: Path, script: str) -> dict[str, str]:
    """Give an environment with an xclip that does what a script says; what it holds is in `held`."""
    tool = folder / "xclip"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    return kept | {"PATH": f"{folder}:{os.environ['PATH']}", "DISPLAY": ":9", "HELD": str(folder / "held")}


@needs_x11
def test_a_text_comes_there_as_it_is_and_by_input_alone(tmp_path: Path) -> None:
    environment = machine(tmp_path, f'echo "$*" >> "$HELD.said"; {WORKS}')
    assert put_on_clipboard(HOSTILE, environment)
    assert (tmp_path / "held").read_bytes() == HOSTILE.encode()
    assert (tmp_path / "held.said").read_text() == "-selection c\n-selection c -o\n"


@needs_x11
@pytest.mark.parametrize(
    "script",
    [
        'echo "Error: Can\'t open display: :9" >&2; exit 1',
        'case "$*" in *-o) echo other ;; *) cat > "$HELD" ;; esac',
    ],
)
def test_what_fails_is_known_to_and_says_nothing(
    tmp_path: Path, script: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not put_on_clipboard("text", machine(tmp_path, script))
    assert capfd.readouterr() == ("", "")


@needs_x11
def test_what_hangs_is_ended(tmp_path: Path) -> None:
    environment = machine(tmp_path, 'echo $$ > "$HELD.pid"; exec sleep 600')
    assert not put_on_clipboard("text", environment, patience_s=3.0)
    with suppress(ProcessLookupError):
        process = os.pidfd_open(int((tmp_path / "held.pid").read_text()))
        assert select.select([process], [], [], 20)[0], "it goes on"
        os.close(process)


@needs_x11
def test_what_was_cut_off_is_not_put_there(tmp_path: Path) -> None:
    environment = machine(tmp_path, WORKS)
    program = [sys.executable, "-m", "rex_tui.ui.system_clipboard", "9"]
    done = subprocess.run(program, input=b"half", env=environment, timeout=60, check=False)
    assert (done.returncode, (tmp_path / "held").exists()) == (1, False)


def test_where_there_is_none_no_program_is_started() -> None:
    local = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert system_clipboard(local) is not None
    assert system_clipboard(local | {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}) is None
    assert system_clipboard(local | {"SSH_TTY": "/dev/pts/1"}) is None
    assert system_clipboard(local | {"TEXTUAL_DRIVER": "a.module:Driver"}) is None, "the screen is in a browser"
    if sys.platform == "linux":
        assert system_clipboard({}) is None


def test_the_screen_does_not_wait_for_it_at_its_start() -> None:
    code = "import sys, rex_tui.ui.app, rex_tui.ui.system_clipboard; print('pyperclip' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False\n"


@needs_x11
def test_a_copy_on_the_screen_is_on_the_machine_and_nothing_is_written_over_it(tmp_path: Path) -> None:
    environment = machine(tmp_path, f"echo scribble >&2; {WORKS}")
    (tmp_path / "broken").mkdir()
    broken = machine(tmp_path / "broken", "echo scribble >&2; exit 1")
    saved = tmp_path / "saved.jsonl"
    saved.write_text('{"id": "evt_1", "type": "deal.won", "occurred_at": "", "data": {}}\n')
    for env, where in ((environment, "id to the clipboard: evt_1"), (broken, "id to the terminal's clipboard")):
        with terminal(["open", str(saved)], {name: env[name] for name in ("PATH", "DISPLAY", "HELD")}) as screen:
            screen.until("1 of 1")
            screen.press("y")
            screen.until("Copy · ")
            screen.press("i")
            screen.until(where)
            screen.press("\x11")
            assert screen.wait() == 0
        assert b"scribble" not in screen.raw
    assert b"\x1b]52;c;ZXZ0XzE=" in screen.raw


async def test_texts_are_put_there_in_order_and_the_last_one_stays() -> None:
    terminal_has: list[str] = []
    machine_has: list[str] = []
    all_sent = asyncio.Event()

    def to_terminal(text: str) -> None:
        terminal_has.append(text)
        if text == "last":
            all_sent.set()

    begun, go_on = threading.Event(), threading.Event()

    def put(text: str) -> bool:
        begun.set()
        assert go_on.wait(20)
        machine_has.append(text)
        return True

    clipboard = Clipboard(to_terminal, put)
    first = asyncio.create_task(clipboard.copy("first"))
    await asyncio.to_thread(begun.wait, 20)
    others = [asyncio.create_task(clipboard.copy(text)) for text in ("passed over", "last")]
    first.cancel()
    await all_sent.wait()
    await asyncio.sleep(0)
    assert terminal_has == ["first", "passed over", "last"]
    go_on.set()
    assert await asyncio.gather(*others) == ["to the terminal's clipboard", "to the clipboard"]
    assert machine_has == ["first", "last"]


async def test_what_can_not_be_copied_whole_is_told() -> None:
    terminal_has: list[str] = []
    clipboard = Clipboard(terminal_has.append)
    assert await clipboard.copy("\ud800") == "to the terminal's clipboard"
    assert terminal_has == ["?"]
    assert await clipboard.copy("x" * (TERMINAL_TAKES + 1)) == "to the terminal's clipboard, if it takes that much"
