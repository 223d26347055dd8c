"""A gap in the log: when it is told, between which ends, and when nothing is missing after all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.fakes import make_event, make_page

from rex_tui.event import GAP_TYPE, Event, Page
from rex_tui.query.filter import DEALS, NOTHING
from rex_tui.query.view import View
from rex_tui.store import EventStore

URL = "https://acme.rexgtm.com"
WHY = "Rex no longer accepts our place in its log (410)."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        opened.append([make_page([1, 2], cursor="a")])
        yield opened


def kinds(store: EventStore) -> list[str]:
    return [event.type if event.type == GAP_TYPE else event.id for event in store.events(0, 100)]


def test_what_comes_after_unknown_events_stands_behind_a_row_with_both_ends(store: EventStore) -> None:
    store.forget_cursor(WHY, "read again", 1_773_662_400.0)
    grown = store.append([make_page([8, 9], cursor="b")])

    assert kinds(store) == ["evt_000001", "evt_000002", GAP_TYPE, "evt_000008", "evt_000009"]
    gap = store.event(3)
    assert gap is not None
    assert json.loads(gap.data) == {
        "why": WHY,
        "last_before": {"id": "evt_000002", "occurred_at": make_event(2).occurred_at},
        "first_after": {"id": "evt_000008", "occurred_at": make_event(8).occurred_at},
        "noticed_at": "2026-03-16T12:00:00Z",
        "choice": "read again",
    }
    assert (len(grown), grown.new_types) == (3, (GAP_TYPE,))
    assert store.append([make_page([8, 9, 10], cursor="c")]).first == 6
    assert kinds(store).count(GAP_TYPE) == 1


def test_a_log_that_still_has_one_of_our_events_has_no_gap(store: EventStore) -> None:
    store.forget_cursor(WHY, "read again", 0.0)
    store.append([make_page([2, 3], cursor="b")])
    store.append([make_page([4], cursor="c")])

    assert kinds(store) == [f"evt_{n:06}" for n in (1, 2, 3, 4)]


def test_a_gap_stays_open_over_a_restart_until_something_comes(store: EventStore, tmp_path: Path) -> None:
    store.forget_cursor(WHY, "go on", 0.0)
    store.append([make_page(cursor="b")])
    store.close()
    with EventStore(tmp_path / "rex.db", URL) as again:
        again.append([make_page(cursor="c")])
        assert kinds(again) == ["evt_000001", "evt_000002"]
        again.append([make_page([5], cursor="d")])
        assert kinds(again) == ["evt_000001", "evt_000002", GAP_TYPE, "evt_000005"]
    store.reopen()


def test_an_empty_log_has_nothing_to_miss(tmp_path: Path) -> None:
    with EventStore(tmp_path / "new.db", URL) as store:
        store.forget_cursor(WHY, "read again", 0.0)
        store.append([make_page([1], cursor="a")])
        assert kinds(store) == ["evt_000001"]


def test_nobody_else_writes_a_gap_into_the_log(store: EventStore) -> None:
    forged = Event("evt_x", GAP_TYPE, "", '{"why": "nothing to see here"}', 1.0)
    assert store.append([Page((forged,), (), has_more=False, next_cursor="b")]).quarantined == 1
    assert kinds(store) == ["evt_000001", "evt_000002"]
    assert b"nothing to see" in store.set_aside(10)[0].raw


def test_a_gap_is_no_event_but_is_shown_under_every_filter(store: EventStore) -> None:
    store.forget_cursor(WHY, "read again", 0.0)
    store.append([make_page([8], cursor="b")])
    index = store.type_index()

    assert (index.total, index.gaps, index.events) == (4, 1, 3)
    for chosen in (NOTHING, DEALS):
        view = View(index, chosen)
        assert 3 in view.seqs(0, len(view))
        assert view.events == len(view) - 1
    assert View(index).total == 3


def test_plain_sql_tells_events_and_gaps_apart(store: EventStore, tmp_path: Path) -> None:
    store.forget_cursor(WHY, "read again", 0.0)
    store.append([make_page([8], cursor="b")])
    raw = sqlite3.connect(tmp_path / "rex.db")
    assert raw.execute("SELECT count(*) FROM log").fetchone() == (3,)
    assert raw.execute("SELECT seq FROM gaps").fetchall() == [(3,)]
    raw.close()
