"""From which page an event came: kept beside the events, forgotten with them, and never guessed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.old_store import make_old

from rex_tui.event import Asked, Event, Page, Quarantined
from rex_tui.store import EventStore, StoreDamaged
from rex_tui.store.pages import CURSOR_MAX

URL = "https://acme.rexgtm.com"
HOSTILE = "'; rm -rf ~ #\n\x1b]52;c;eA==\x07\u202e\"\0 ü"
MARCH = datetime(2026, 3, 1, tzinfo=UTC).timestamp()


def event(number: int, month: int = 4) -> Event:
    return Event(f"evt_{number:04}", "deal.won", f"2026-{month:02}-05T12:00:00Z", f'{{"n": {number}}}', MARCH)


def page(*events: Event, asked: Asked | None, cursor: str | None = "next") -> Page:
    return Page(events, (), has_more=True, next_cursor=cursor, asked=asked)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        yield opened


def pages(store: EventStore) -> list[Asked | None]:
    return [store.page_of(seq) for seq in range(1, store.last_seq() + 1)]


def test_each_event_knows_the_page_that_brought_it(store: EventStore) -> None:
    start, second, odd, late = Asked(None, 200), Asked("a", 200), Asked(HOSTILE, 14), Asked("d", 200)
    store.append([page(event(1), event(2), asked=start), page(event(3), asked=second), page(asked=Asked("b", 200))])
    store.append([page(event(4), event(4), event(2), event(5), asked=odd)])
    store.append([page(event(4), event(5), asked=Asked("c", 200)), page(event(5), event(6), asked=late)])
    assert pages(store) == [start, start, second, odd, odd, late]
    assert store.page_of(7) is store.page_of(0) is None
    assert store.problems() == []


def test_what_came_from_no_page_is_given_none(store: EventStore) -> None:
    raw = b'{"id":"evt_0003","type":"deal.won","data":{}}'
    first = Page((event(1),), (Quarantined(raw, "odd"),), has_more=True, next_cursor="a", asked=Asked(None, 200))
    store.append([first, page(event(2), asked=Asked("x" * (CURSOR_MAX + 1), 200))])
    (aside,) = store.set_aside(9)
    store.adopt([(aside.digest, event(3))])
    store.forget_cursor("410", "read again", MARCH)
    store.append([page(event(4), asked=Asked(None, 200))])
    assert [found.type for found in store.events(3, 9)] == ["rex-tui.gap", "deal.won"]
    assert pages(store) == [Asked(None, 200), None, None, None, Asked(None, 200)]


def test_a_page_that_could_not_be_written_is_not_remembered(store: EventStore) -> None:
    store.append([page(event(1), asked=Asked("a", 200))])
    assert store._writer is not None
    store._writer._connection.execute("DROP TABLE shapes")
    with pytest.raises(StoreDamaged):
        store.append([page(event(2), asked=Asked("b", 200))])
    with closing(sqlite3.connect(store.path)) as raw:
        assert raw.execute("SELECT cursor FROM pages").fetchall() == [("a",)]


def test_forgetting_takes_the_cursors_along_that_may_name_what_is_gone(store: EventStore, tmp_path: Path) -> None:
    store.append([page(event(1, 1), event(2, 1), asked=Asked(None, 200))])
    store.append([page(event(3, 1), event(4), asked=Asked("after-0002", 200))])
    store.append([page(event(5), asked=Asked("after-0004", 200)), page(event(6, 1), asked=Asked("after-0005", 200))])
    store.append([page(event(7), event(8, 1), asked=Asked("after-0006", 200))])
    store.append([page(event(9), event(10, 1), asked=None), page(event(11), asked=Asked("after-0010", 200))])
    store.append([page(event(12), event(13, 1), asked=Asked("after-0011", 200))])
    store.forget(MARCH)
    assert store.problems() == []
    assert {seq: found for seq, found in enumerate(pages(store), 1) if found} == {
        5: Asked("after-0004", 200),
        12: Asked("after-0011", 200),
    }
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert not [name for name in (b"after-0002", b"after-0005", b"after-0006", b"after-0010") if name in left]
    store.append([page(event(14), asked=Asked("after-0013", 200))])
    assert store.page_of(13) == Asked("after-0013", 200), "the sequence of a forgotten end is given again"
    store.compact()
    assert store.problems() == []


def test_an_older_store_gets_the_table_and_knows_no_page_of_its_events(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with EventStore(path, URL) as store:
        store.append([page(event(1), asked=Asked(None, 200))])
    make_old(path, 3)
    with EventStore(path, URL) as store:
        assert store.page_of(1) is None
        store.append([page(event(2), asked=Asked("a", 200))])
        assert pages(store) == [None, Asked("a", 200)]
        assert store.problems() == []


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE pages SET last = 99",
        "UPDATE pages SET asked = 0",
        "UPDATE pages SET asked = 'x', last = 'y'",
        "INSERT INTO pages VALUES (2, 3, 'b', 200)",
    ],
)
def test_harm_is_found_by_a_check_and_shown_to_nobody(store: EventStore, harm: str) -> None:
    store.append([page(event(1), event(2), event(3), asked=Asked("a", 200))])
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute(harm)
        raw.commit()
    assert store.problems() == ["The pages that the events came from are not those of the events."]


def test_a_row_that_nobody_wrote_is_told_as_damage(store: EventStore) -> None:
    store.append([page(event(1), asked=Asked("a", 200))])
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute("UPDATE pages SET asked = 'x'")
        raw.commit()
    with pytest.raises(StoreDamaged):
        store.page_of(1)
