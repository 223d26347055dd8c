"""The export as somebody sees it who types it: a bar, a question, Ctrl-C; and places where nothing can be written."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.program import in_text
from support.terminal import terminal
from support.warm import run_warm

from rex_tui.event import Event, Page
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook

COUNT = 400
LIMIT = 200_000


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "rex.db"
    with EventStore(path, "https://acme.rexgtm.com") as opened, Notebook(path) as notebook:
        events = [
            Event(
                f"evt_{n:04}",
                "deal.won",
                "2026-03-16T12:00:00Z",
                json.dumps({"n": n, "text": os.urandom(600).hex()}),
                1.0,
            )
            for n in range(COUNT)
        ]
        opened.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
        notebook.mark("evt_0001", "", 1.0)
    return path


def left(folder: Path) -> set[str]:
    """Give what is in the folder beside the store."""
    return {file.name for file in folder.iterdir() if not file.name.startswith("rex.db")}


def test_a_bar_moves_and_a_file_is_written_over_only_when_that_is_agreed_to(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    words = ["export", "--store", str(store), "-o", str(out)]
    with terminal(words, {}) as screen:
        screen.until(f"Wrote {COUNT} events to")
        assert screen.wait() == 0
    assert b"Exporting" in screen.raw
    assert b"100%" in screen.raw
    out.write_text("mine")
    with terminal(words, {}) as screen:
        screen.until("is there already. Write over it? [y/N]")
        screen.press("n\r")
        screen.until("Nothing was written.")
        assert screen.wait() == 2
    with terminal(words, {}, interrupts=True) as screen:
        screen.until("Write over it?")
        screen.press_until("\x03", "Interrupted.")  # a key that comes while the line to type in is made goes unheard
        assert screen.wait() == 130
    assert out.read_text() == "mine"
    with terminal(words, {}) as screen:
        screen.until("Write over it?")
        screen.press("y\r")
        screen.until(f"Wrote {COUNT} events to")
        assert screen.wait() == 0
    assert out.read_text().startswith("id,type,")
    assert left(tmp_path) == {"out.csv"}


def test_ctrl_c_on_the_way_leaves_what_was_there(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("mine")
    pipe = tmp_path / "pause"
    os.mkfifo(pipe)
    # A format that waits in the middle, so that the interrupt does not depend on how fast this machine is.
    (tmp_path / "sitecustomize.py").write_text(
        "import rex_tui.export.texts as texts\n"
        "write = texts.JsonLines.write\n"
        "def waiting(self, file, events):\n"
        "    write(self, file, events)\n"
        f"    print('half way', flush=True); open({str(pipe)!r}).read()\n"
        "texts.JsonLines.write = waiting\n"
    )
    words = ["export", "--store", str(store), "-o", str(out), "--force"]
    with terminal(words, {"PYTHONPATH": str(tmp_path)}, measured=False, interrupts=True) as screen:
        screen.until("half way")
        assert len(list(tmp_path.glob(".out*.part"))) == 1
        screen.press("\x03")
        screen.until("Interrupted. Nothing was kept of the file.")
        assert screen.wait() == 130
    assert out.read_text() == "mine"
    assert left(tmp_path) - {"__pycache__"} == {"out.jsonl", "pause", "sitecustomize.py"}


def test_on_a_terminal_the_events_themselves_are_clean_and_without_a_bar(store: Path) -> None:
    with EventStore(store, None) as opened:
        evil = Event("evt_evil", "deal.won", "", '{"x": "\x9b31m\u202e"}', 1.0)
        opened.append([Page((evil,), (), has_more=False, next_cursor="d")])
    with terminal(["export", "--store", str(store), "--where", "evt_evil"], {}) as screen:
        screen.until('"id": "evt_evil"')
        assert screen.wait() == 0
    assert b"Exporting" not in screen.raw
    assert "\u202e".encode() not in screen.raw


@pytest.mark.parametrize("ending", ["jsonl", "csv", "md", "parquet", "arrow"])
def test_a_disk_without_room_is_a_sentence_and_leaves_nothing(store: Path, tmp_path: Path, ending: str) -> None:
    if ending in ("parquet", "arrow"):
        pytest.importorskip("pyarrow")
    out = tmp_path / f"out.{ending}"
    fields = ["--fields", "text"] if ending == "md" else []

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT if ending != "md" else LIMIT // 4, resource.RLIM_INFINITY))

    done = export("--store", str(store), "-o", str(out), *fields, before=little_room)
    assert (done.returncode, done.stderr) == (
        5,
        f"rex-tui: {out} can't be written (File too large). Nothing of it was kept.\n",
    )
    assert left(tmp_path) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_a_standard_output_without_room_is_a_sentence(store: Path, format_: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = export("--store", str(store), "--format", format_, stdout=full.fileno())
    assert (done.returncode, done.stderr) == (
        5,
        "rex-tui: Standard output can't be written (No space left on device).\n",
    )


def test_what_can_not_be_a_file_is_a_sentence_and_is_left_as_it_was(store: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "no" / "such")
    (tmp_path / "device").symlink_to("/dev/null")
    before = left(tmp_path)
    for name, said in (
        ("folder", "is no file that could be replaced"),
        ("loop", "is no file that could be replaced"),
        ("device", "is no file that could be replaced"),
        ("nowhere", "can't be written (No such file or directory)"),
        ("rex.db/x", "can't be written (Not a directory)"),
        (f"{'a' * 300}.csv", "can't be written (File name too long)"),
    ):
        done = export("--store", str(store), "-o", str(tmp_path / name), "--force")
        assert (done.returncode, done.stderr.count("\n")) == (5, 1)
        assert said in done.stderr
    assert left(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_sentence(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o555)
    done = export("--store", str(store), "-o", str(folder / "x"))
    folder.chmod(0o755)
    assert (done.returncode, "Permission denied" in done.stderr) == (5, True)
    assert not list(folder.iterdir())


def test_the_store_is_never_written_over(store: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(store)
    (tmp_path / "hard").hardlink_to(store)
    notes = store.with_name("rex.db.notes")
    kept = notes.read_bytes()
    for target in (store, tmp_path / "link", tmp_path / "hard", notes, store.with_name("rex.db.lock")):
        done = export("--store", str(store), "-o", str(target), "--force")
        assert done.returncode == 5
        assert "belongs to the store itself, which stays as it is" in done.stderr
    assert notes.read_bytes() == kept
    with EventStore(store, None) as opened:
        assert (opened.last_seq(), opened.problems()) == (COUNT, [])
    assert stat.S_ISLNK((tmp_path / "link").lstat().st_mode)


def export(
    *arguments: str, before: Callable[[], None] | None = None, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REX_", "COV"))}
    if before is None and stdout == subprocess.PIPE:
        return in_text(run_warm(["export", *arguments], kept))
    return subprocess.run(
        [sys.executable, "-m", "rex_tui", "export", *arguments],
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=before,
    )
