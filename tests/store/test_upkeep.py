"""Looking after a store: checking it, compacting it, and deleting for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rex_tui.event import Event, Page, Quarantined
from rex_tui.store import EventStore, StoreGone, StoreUnwritable
from rex_tui.store.schema import MIGRATIONS

URL = "https://acme.rexgtm.com"
MARCH = datetime(2026, 3, 1, tzinfo=UTC).timestamp()


def event(number: int, month: int, *, occurred_at: str | None = None, received_at: float = MARCH + 9) -> Event:
    when = f"2026-{month:02}-05T12:00:00Z" if occurred_at is None else occurred_at
    data = f'{{"email": "person{number}@example.com", "padding": "{"x" * 200}"}}'
    return Event(f"evt_{number:04}", f"contact.kind{number % 3}", when, data, received_at)


JANUARY = [event(n, 1) for n in range(300)]
APRIL = [event(n, 4) for n in range(300, 310)]


def page(events: list[Event], cursor: str = "c", aside: tuple[Quarantined, ...] = ()) -> Page:
    return Page(tuple(events), aside, has_more=False, next_cursor=cursor)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        opened.append([page(JANUARY), page(APRIL)])
        yield opened


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_what_is_forgotten_is_in_no_byte_of_the_files_and_the_rest_stays(store: EventStore, tmp_path: Path) -> None:
    assert b"person7@example.com" in bytes_of(tmp_path)

    deleted = store.forget(MARCH)

    assert (deleted.events, deleted.left, deleted.set_aside) == (300, 10, 0)
    assert deleted.types == {f"contact.kind{n}": 100 for n in range(3)}
    assert (deleted.first, deleted.last) == ("2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z")
    assert deleted.size_after < deleted.size_before
    left = bytes_of(tmp_path)
    assert not [n for n in range(300) if f"person{n}@".encode() in left or f"evt_{n:04}".encode() in left]
    assert [e.id for e in store.events(0, 1_000)] == [e.id for e in APRIL]
    assert store.problems() == []
    index = store.type_index()
    assert (len(index), index.events, index.counts) == (
        310,
        10,
        {f"contact.kind{n}": 4 if n == 0 else 3 for n in range(3)},
    )


def test_what_is_forgotten_does_not_come_back_when_the_log_is_read_again(store: EventStore) -> None:
    store.forget(MARCH)
    late = event(900, 1)
    store.append([page([*JANUARY, late, *APRIL])])
    assert [e.id for e in store.events(0, 1_000)] == [*(e.id for e in APRIL), "evt_0900"]
    store.reopen()
    store.append([page(JANUARY)])
    assert store.last_seq() == 311


def test_an_event_without_a_readable_time_counts_by_when_it_came(store: EventStore) -> None:
    store.append([page([event(1000, 1, occurred_at="soon", received_at=MARCH + 1)])])
    store.append([page([event(1001, 1, occurred_at="", received_at=MARCH - 1)])])
    store.append([page([], aside=(Quarantined(b"{old", "broken"),))])
    store.forget(MARCH)
    kept = [e.id for e in store.events(0, 1_000)]
    assert "evt_1000" in kept
    assert "evt_1001" not in kept


def test_a_log_can_be_forgotten_whole_and_goes_on(store: EventStore) -> None:
    assert store.forget(MARCH * 2).left == 0
    assert (store.last_seq(), store.cursor) == (0, "c")
    assert store.append([page([event(5000, 5)])]).first == 1
    assert store.problems() == []


def test_a_follower_notices_that_a_part_was_deleted(store: EventStore, tmp_path: Path) -> None:
    with EventStore(tmp_path / "rex.db", URL) as follower:
        follower.type_index()
        assert len(follower.refresh()) == 0
        store.forget(MARCH)
        with pytest.raises(StoreGone, match="deleted a part"):
            follower.refresh()
        follower.reopen()
        assert follower.type_index().events == 10
        with pytest.raises(StoreUnwritable, match="Another rex-tui writes"):
            follower.forget(MARCH)


def test_compacting_gives_space_back_and_loses_nothing(store: EventStore, tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "rex.db")
    raw.executescript("CREATE TABLE waste (x); INSERT INTO waste VALUES (zeroblob(2000000)); DROP TABLE waste;")
    raw.close()
    before, after = store.compact()
    assert before > 2_000_000 > after
    assert len(list(store.events(0, 1_000))) == 310
    assert store.problems() == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE types SET count = 1", "counts by type"),
        ("DELETE FROM type_blocks", "compact form of the types"),
        ("UPDATE time_blocks SET times = zeroblob(length(times))", "compact form of the times"),
        ("UPDATE events SET data = '{' WHERE seq = 7", "payload of event 7 is no JSON"),
    ],
)
def test_a_store_that_contradicts_itself_is_told(store: EventStore, tmp_path: Path, harm: str, said: str) -> None:
    assert store.problems() == []
    raw = sqlite3.connect(tmp_path / "rex.db")
    with raw:
        raw.execute(harm)
    raw.close()
    assert [problem for problem in store.problems() if said in problem]


def test_a_payload_that_sqlite_finds_too_deep_is_no_problem(store: EventStore) -> None:
    deep = '{"a":' + "[" * 3_000 + "]" * 3_000 + "}"
    store.append([page([Event("evt_deep", "odd", "", deep, 1.0)])])
    assert store.problems() == []


def test_set_aside_things_are_listed_in_pages(store: EventStore) -> None:
    store.append([page([], aside=tuple(Quarantined(b"{%d" % n, f"reason {n}") for n in range(5)))])
    first = store.set_aside(3)
    rest = store.set_aside(3, first[-1].number)
    assert [item.raw for item in first + rest] == [b"{%d" % n for n in range(5)]
    assert first[0].reason == "reason 0"


def test_a_store_of_the_first_layout_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    raw = sqlite3.connect(path, isolation_level=None)
    raw.executescript(MIGRATIONS[0])
    raw.executescript(f"PRAGMA application_id = {0x52657854}; PRAGMA user_version = 1;")
    raw.execute("INSERT INTO types VALUES (1, 'deal.won', 1)")
    raw.execute("INSERT INTO events VALUES (1, 'evt_1', 1, '', 1.0, '{}', NULL)")
    raw.execute("INSERT INTO meta VALUES ('base_url', ?), ('cursor', 'c')", (URL,))
    raw.close()
    with EventStore(path, URL) as store:
        assert (store.last_seq(), store.cursor, store.problems()) == (1, "c", [])
        assert len(store.key_salt) >= 16
        assert store.key_tag is None
        store.accept_key("1234abcd")
        assert store.key_tag == "1234abcd"
