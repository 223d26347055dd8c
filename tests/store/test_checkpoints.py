"""Checkpoints: kept beside the store, found in its log by the id of an event, and by time where that is gone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rex_tui.checkpoint import LAST_REVIEW, NOWHERE, Checkpoint, Place, moments_of
from rex_tui.event import Event, Page
from rex_tui.start_store import forget
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook, notebook_path

URL = "https://rex.example"
WEEKLY = Checkpoint("weekly", "evt_2", "2026-03-02T12:00:00Z", 1_772_453_000.0)


def event(day: int, occurred_at: str | None = None) -> Event:
    at = f"2026-03-{day:02}T12:00:00Z" if occurred_at is None else occurred_at
    return Event(f"evt_{day}", "deal.won", at, "{}", 0.0)


def fill(path: Path, *events: Event) -> None:
    with EventStore(path, URL) as store:
        store.append([Page(events, (), has_more=False, next_cursor="c")])


def place(path: Path, checkpoint: Checkpoint) -> Place:
    with EventStore(path, URL) as store:
        return store.places([checkpoint])[checkpoint.name]


def test_a_checkpoint_is_kept_moved_and_dropped_and_the_latest_comes_first(tmp_path: Path) -> None:
    with Notebook(tmp_path / "rex.db") as notebook:
        notebook.keep_checkpoint(Checkpoint("weekly", "evt_1", "", 1.0))
        notebook.keep_checkpoint(Checkpoint("demo", "evt_1", "", 2.0))
        notebook.keep_checkpoint(WEEKLY)
        notebook.keep_checkpoint(Checkpoint("gone", "evt_1", "", 2.0))
        notebook.drop_checkpoint("gone")
    with Notebook(tmp_path / "rex.db") as again:
        assert list(again.checkpoints().values()) == [WEEKLY, Checkpoint("demo", "evt_1", "", 2.0)]


def test_the_time_of_the_last_review_of_an_older_notebook_becomes_a_checkpoint(tmp_path: Path) -> None:
    path = notebook_path(tmp_path / "rex.db")
    for told, expected in (("1773000000.5", 1_773_000_000.5), ("nan", None), ("-5", None), ("1e99", None)):
        with Notebook(tmp_path / "rex.db"), closing(sqlite3.connect(path)) as file, file:
            file.execute("DROP TABLE checkpoints")
            file.execute("INSERT INTO facts VALUES ('last review', ?)", (told,))
        with Notebook(tmp_path / "rex.db") as notebook:
            found = notebook.checkpoints()
            assert notebook.fact("last review") == ""
        assert found == ({} if expected is None else {LAST_REVIEW: Checkpoint(LAST_REVIEW, "", "", expected)})


def test_a_place_survives_a_store_that_is_read_again(tmp_path: Path) -> None:
    fill(tmp_path / "a.db", event(1), event(2), event(3))
    fill(tmp_path / "b.db", event(2), event(3))
    assert place(tmp_path / "a.db", WEEKLY) == Place("weekly", 2, WEEKLY.made_at)
    assert place(tmp_path / "b.db", WEEKLY) == Place("weekly", 1, WEEKLY.made_at)


@pytest.mark.parametrize(
    ("events", "seq"),
    [
        ([], NOWHERE),
        ([event(1)], NOWHERE),
        ([event(3), event(4)], 0),
        ([event(1), event(3), event(4)], 1),
        ([event(1), event(12, "soon"), event(13, ""), event(3)], 1),
        ([*map(event, range(3, 29))], 0),
        ([event(1, ""), event(11, "soon"), event(12, "")], 0),
    ],
)
def test_without_its_event_a_place_is_where_the_time_of_it_is(tmp_path: Path, events: list[Event], seq: int) -> None:
    fill(tmp_path / "rex.db", *events)
    assert place(tmp_path / "rex.db", WEEKLY) == Place("weekly", seq, WEEKLY.made_at, exact=False)


def test_one_that_is_only_a_moment_is_where_that_is(tmp_path: Path) -> None:
    fill(tmp_path / "rex.db", event(1), event(2), event(3))
    assert place(tmp_path / "rex.db", Checkpoint("m", "", "", WEEKLY.made_at)).seq == 2
    for odd in (1e300, -1e300, 0.0):
        found = place(tmp_path / "rex.db", Checkpoint("m", "", "", odd))
        assert (found.seq, found.exact) == (NOWHERE if odd > 0 else 0, False)
    assert list(moments_of([WEEKLY, Checkpoint("odd", "", "", 1e300)])) == ["weekly"]


def test_what_is_forgotten_leaves_no_id_and_the_place_is_found_by_time(tmp_path: Path) -> None:
    path = tmp_path / "rex.db"
    fill(path, event(1), event(2), event(3))
    with Notebook(path) as notebook:
        notebook.keep_checkpoint(WEEKLY)
        notebook.mark("evt_1", "", 0.0)
    cut = event(3).occurred
    assert cut is not None
    forget(path, cut, dry_run=False, yes=True)
    with Notebook(path) as notebook:
        left = notebook.checkpoints()["weekly"]
    assert b"evt_2" not in notebook_path(path).read_bytes()
    assert left == Checkpoint("weekly", "", WEEKLY.occurred_at, WEEKLY.made_at)
    assert place(path, left) == Place("weekly", 0, WEEKLY.made_at, exact=False), "before all that is left"
