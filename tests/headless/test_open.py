"""`rex-tui open` as a user runs it: real files, a real terminal, no Rex."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from support.fakes import make_event
from support.terminal import Terminal, terminal

COUNT = 3_000
TEXT = "".join(f"{make_event(number).json_line()}\n" for number in range(COUNT))


def look_around(screen: Terminal) -> None:
    screen.until(f"■ file · {COUNT:,} events, 1 set aside")
    screen.until(f"{COUNT:,} of {COUNT:,}")
    assert "caught up" not in screen.text
    assert "cursor" not in screen.text
    for key in " rY\x12\x0e":
        screen.press(key)
        screen.until("there is no Rex to ask")
    screen.press("g")
    screen.until("evt_000000")
    screen.press("e")
    screen.until("it is no JSON, or was cut off")
    screen.press("q")
    screen.until_gone("Set aside · 1")
    screen.press("q")
    assert screen.wait() == 0


def test_a_file_is_shown_and_nothing_of_it_stays(tmp_path: Path) -> None:
    file = tmp_path / "saved.jsonl.gz"
    file.write_bytes(gzip.compress(f"{TEXT}oops\n".encode()))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with terminal(["open", str(file)], {"TMPDIR": str(scratch)}) as screen:
        screen.until("saved.jsonl.gz")
        assert [oct(folder.stat().st_mode & 0o777) for folder in scratch.iterdir()] == ["0o700"]
        look_around(screen)
    assert not list(scratch.iterdir())
    assert [entry.name for entry in tmp_path.iterdir() if entry != scratch] == ["saved.jsonl.gz"]


def test_events_come_from_a_pipe_and_keys_from_the_terminal() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(f"{TEXT}oops\n".encode())
        file.seek(0)
        with terminal(["open", "-"], {}, stdin=file) as screen:
            screen.until("standard input")
            look_around(screen)


def test_what_could_not_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "cut.gz"
    whole = gzip.compress(os.urandom(50_000).hex().encode() + b"\n" + TEXT.encode())
    file.write_bytes(whole[: len(whole) - 60])
    with terminal(["open", str(file)], {}) as screen:
        screen.until("▲ file, not all of it")
        screen.until("cut.gz is damaged or cut off")
        screen.press("\x1b")
        screen.until_gone("Not all of it could be read")
        screen.press("q")
        assert screen.wait() == 0


def test_hostile_names_and_contents_are_harmless(tmp_path: Path) -> None:
    name = "\x1b]0;evil\x07\u202e.jsonl"
    (tmp_path / name).write_text(f"\x1b[2J\x1b]0;evil\x07\n{TEXT}")
    with terminal(["open", str(tmp_path / name)], {}) as screen:
        screen.until("1 set aside")
        screen.press("e")
        screen.until("␛[2J")
        screen.press("qq")
        assert screen.wait() == 0
    assert b"\x1b]0;evil" not in screen.raw
    assert b"\x1b[2J\x1b]" not in screen.raw


def test_what_can_not_be_shown_is_a_sentence(tmp_path: Path) -> None:
    with terminal(["open", str(tmp_path / "none.jsonl")], {}) as screen:
        assert screen.wait() == 2
        assert "none.jsonl can't be read" in screen.text
    with terminal(["open", str(tmp_path)], {}) as screen:
        assert screen.wait() == 2
        assert "is a folder" in screen.text
    done = subprocess.run(
        [sys.executable, "-m", "rex_tui", "open", __file__], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("rex-tui: The screen needs a terminal")
