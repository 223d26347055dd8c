"""The store commands as a user runs them: real processes, a real file."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from support.program import run as run_program

from rex_tui.event import Event, Page, Quarantined
from rex_tui.headless.set_aside import retry
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook

URL = "https://acme.rexgtm.com"
GOOD = b'{"id":"evt_9","type":"deal.won","occurred_at":"2026-03-03T12:00:00Z","data":{"n":9}}'


run = partial(run_program, "store")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "rex.db"
    with EventStore(file, URL) as store:
        old = [Event(f"evt_{n}", "contact.created", "2026-01-05T12:00:00Z", f'{{"n":{n}}}', 1e9) for n in range(5)]
        new = [Event("evt_5", "deal.won", "2026-03-05T12:00:00Z", "{}", 2e9)]
        aside = (Quarantined(b'{"id": \x1b[31m', "it is no JSON"), Quarantined(b"\xff\xfe", "it is no UTF-8"))
        store.append([Page((*old, *new), aside, has_more=False, next_cursor="c")])
    return file


def test_the_path_is_printed_for_a_flag_a_variable_and_a_tenant(tmp_path: Path) -> None:
    assert run("path", REX_TUI_STORE="/x/y.db").stdout == "/x/y.db\n"
    assert run("--store", "/x/z.db", "path").stdout == "/x/z.db\n"
    shown = run("path", REX_URL=URL, XDG_DATA_HOME=str(tmp_path)).stdout
    assert "acme.rexgtm.com-" in shown
    assert not list(tmp_path.iterdir()), "asking for the path makes nothing"
    none = run("path")
    assert (none.returncode, none.stdout) == (2, "")
    assert "Which store?" in none.stderr


def test_a_sound_store_is_called_sound(path: Path) -> None:
    done = run("--store", str(path), "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "6 events of 2 types, 0 gaps, 2 set aside, newest 2026-03-05T12:00:00Z" in done.stdout
    assert "Sound from end to end." in done.stdout


def test_a_harmed_store_is_named_and_left_as_it_is(path: Path) -> None:
    harmed = bytearray(path.read_bytes())
    harmed[3 * 4096 : 5 * 4096] = bytes(2 * 4096)
    path.write_bytes(harmed)
    done = run("--store", str(path), "check")
    assert done.returncode == 5
    assert done.stdout.count("Not sound:") + done.stderr.count("is damaged") >= 1
    assert [file.name for file in path.parent.iterdir() if "damaged" in file.name] == []


def test_there_is_nothing_to_check_where_no_store_is(tmp_path: Path) -> None:
    done = run("--store", str(tmp_path / "none.db"), "check")
    assert done.returncode == 5
    assert "There is no store at" in done.stderr
    assert not list(tmp_path.iterdir())


def test_forgetting_says_what_it_would_and_what_it_did_delete(path: Path) -> None:
    would = run("--store", str(path), "forget", "--before", "2026-02-01", "--dry-run")
    assert would.stdout == "5 of 6 events happened before 2026-02-01 00:00:00 UTC.\n"
    unasked = run("--store", str(path), "forget", "--before", "2026-02-01")
    assert unasked.returncode == 2
    assert "Nothing was deleted: say --yes" in unasked.stderr
    did = run("--store", str(path), "forget", "--before", "2026-02-01T01:00+01:00", "--yes")
    assert did.returncode == 0
    assert "Deleted 5 events from 2026-01-05T12:00:00Z to 2026-01-05T12:00:00Z (5 contact.created)" in did.stdout
    assert "1 event stays" in did.stdout
    with EventStore(path, URL) as store:
        assert [event.id for event in store.events(0, 10)] == ["evt_5"]


@pytest.mark.parametrize("date", ["yesterday-ish", "2026-13-01", ""])
def test_a_date_that_is_none_deletes_nothing(path: Path, date: str) -> None:
    done = run("--store", str(path), "forget", "--before", date, "--yes")
    assert done.returncode == 2
    assert "2026-01-31" in done.stderr


def test_compacting_says_from_what_to_what(path: Path) -> None:
    assert run("--store", str(path), "compact").stdout.startswith("Compacted from ")


def test_set_aside_things_are_listed_verbatim(path: Path) -> None:
    lines = [json.loads(line) for line in run("--store", str(path), "quarantine").stdout.splitlines()]
    assert [line["reason"] for line in lines] == ["it is no JSON", "it is no UTF-8"]
    assert lines[0]["raw"] == '{"id": \x1b[31m'
    assert base64.b64decode(lines[1]["raw_base64"]) == b"\xff\xfe"


def test_what_can_be_read_now_joins_the_log_and_the_rest_stays(path: Path) -> None:
    with EventStore(path, URL) as store:
        other = b'{"id":"evt_5","type":"deal.won","occurred_at":"2026-03-05T12:00:00Z","data":{"other":1}}'
        same = b'{"id":"evt_5","type":"deal.won","occurred_at":"2026-03-05T12:00:00Z","data":{}}'
        aside = tuple(Quarantined(raw, "an older rex-tui could not read it") for raw in (GOOD, other, same))
        store.append([Page((), aside, has_more=False, next_cursor=None)])
        assert store.quarantined() == 5
    done = run("--store", str(path), "retry-quarantine")
    assert done.stdout == "2 joined the log, 3 still set aside.\n"
    with EventStore(path, URL) as store:
        assert [event.id for event in store.events(5, 10)] == ["evt_5", "evt_9"]
        assert store.event(7) is not None
        assert other in [item.raw for item in store.set_aside(10)]
        assert retry(store) == (0, 3)


@pytest.mark.parametrize("command", [["compact"], ["forget", "--before", "2026-02-01", "--yes"], ["retry-quarantine"]])
def test_a_store_that_another_process_writes_is_not_touched(path: Path, command: list[str]) -> None:
    with EventStore(path, URL) as store:
        done = run("--store", str(path), *command)
        assert done.returncode == 5
        assert f"(process {os.getpid()}) writes this store" in done.stderr
        assert store.last_seq() == 6


def test_damaged_stores_that_were_moved_aside_are_named_when_something_is_forgotten(path: Path) -> None:
    aside = path.with_name("rex.db.damaged-20260101T000000Z")
    aside.write_bytes(b"old")
    assert str(aside) in run("--store", str(path), "forget", "--before", "2026-02-01", "--yes").stdout


def test_marks_of_forgotten_events_are_forgotten_too(path: Path) -> None:
    with Notebook(path) as notebook:
        for n in (1, 5):
            notebook.mark(f"evt_{n}", "secret", float(n))
        notebook.mark("evt_of another time", "", 9.0)
    assert run("--store", str(path), "path").stdout == f"{path}\n{path}.notes\n"
    done = run("--store", str(path), "forget", "--before", "2026-02-01", "--yes")
    assert "1 of your marks, with its note, went with them." in done.stdout
    with Notebook(path) as notebook:
        assert list(notebook.marks()) == ["evt_5", "evt_of another time"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("command", [["store", "check"], ["review", "--format", "csv"]])
def test_a_standard_output_without_room_is_a_sentence(path: Path, command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "rex_tui", "--store", str(path), *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        5,
        "rex-tui: Standard output can't be written (No space left on device).\n",
    )
