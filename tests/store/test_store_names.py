"""Names in the store: kept beside the events, read by everybody, forgotten with those they are about."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.old_store import make_old

from rex_tui.event import Event, Page
from rex_tui.names import Remembered, Stage
from rex_tui.store import EventStore, StoreDamaged, StoreUnwritable
from rex_tui.store.names import KEPT_MAX

URL = "https://acme.rexgtm.com"
MARCH = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
OLD, NEW = "deal_01AAAA", "deal_01BBBB"
LEAD = Stage("stg_0001", "Lead", "pipe_0001", 0, "open", "#94a3b8")
WON = Stage("stg_0002", "W\x1b\0on", "pipe_0001", 1, "won", "")


def name(id_: str, called: str = "Rollout", learned_at: float = 5.0) -> Remembered:
    return Remembered(id_, "deal", "known", called, learned_at)


def stage(of: Stage, place: int) -> Remembered:
    return Remembered(of.id, "stage", "known", of.name, 5.0, of, place)


NO = Remembered("/deals", "endpoint", "forbidden", "The key may not.", 6.0, key_tag="1234abcd")
MISSING = Remembered("cont_0001", "contact", "missing", "", 7.0)
GONE = Remembered("stg_0003", "stage", "gone", "Old", 4.0, Stage("stg_0003", "Old", "pipe_0001", 0, "", ""))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        events = [
            Event(f"evt_{n}", "deal.won", f"2026-{month}-05T12:00:00Z", f'{{"deal_id":"{id_}"}}', MARCH)
            for n, (month, id_) in enumerate([("01", OLD), ("04", NEW)])
        ]
        opened.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
        yield opened


def test_what_is_remembered_is_read_again_also_by_a_follower(store: EventStore, tmp_path: Path) -> None:
    rows = [name(OLD), NO, MISSING, GONE, stage(WON, 1), stage(LEAD, 0)]
    store.remember(rows)
    store.remember([name(OLD, "Renamed", 9.0)])
    with EventStore(tmp_path / "rex.db", URL) as follower:
        for reader in (store, follower):
            assert reader.remembered_stages() == [stage(LEAD, 0), stage(WON, 1), GONE]
            found = reader.remembered([OLD, "/deals", "cont_0001", "deal_none"])
            assert sorted(found, key=lambda one: one.learned_at) == [NO, MISSING, name(OLD, "Renamed", 9.0)]
        with pytest.raises(StoreUnwritable, match="only follows"):
            follower.remember([NO])
    assert store.problems() == []


def test_names_are_written_while_events_are(store: EventStore) -> None:
    pages = [
        Page(
            tuple(Event(f"evt_{n}_{m}", "t", "", "{}", 1.0) for m in range(200)), (), has_more=True, next_cursor=f"{n}"
        )
        for n in range(30)
    ]
    together = threading.Barrier(2)

    def write_events() -> None:
        together.wait()
        for page in pages:
            store.append([page])

    writing = threading.Thread(target=write_events)
    writing.start()
    together.wait()
    for n in range(200):
        store.remember([name(f"deal_{n:05}")])
    writing.join()
    assert store.last_seq() == 2 + 30 * 200
    assert len(store.remembered([f"deal_{n:05}" for n in range(200)])) == 200
    assert store.problems() == []


def test_with_the_events_that_are_forgotten_go_the_names_that_only_they_have(store: EventStore, tmp_path: Path) -> None:
    store.remember([name(OLD, "Secret Rollout"), name(NEW, "Kept Renewal"), MISSING, NO, stage(LEAD, 0)])
    store.forget(MARCH)
    assert {one.id for one in store.remembered([OLD, NEW, "cont_0001", "/deals"])} == {NEW, "/deals"}
    assert store.remembered_stages() == [stage(LEAD, 0)]
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Kept Renewal" in left
    assert b"Secret Rollout" not in left
    assert store.problems() == []


def test_of_too_many_names_the_oldest_are_forgotten_and_no_stage(store: EventStore) -> None:
    store.remember([stage(LEAD, 0), *(name(f"deal_{n:06}", "x", 100.0 + n) for n in range(KEPT_MAX))])
    assert store.remembered_stages() == [stage(LEAD, 0)]
    kept = {one.id for one in store.remembered([f"deal_{n:06}" for n in (0, KEPT_MAX // 10, KEPT_MAX - 1)])}
    assert kept == {f"deal_{KEPT_MAX // 10:06}", f"deal_{KEPT_MAX - 1:06}"}


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE names SET state = 'odd'",
        "UPDATE names SET kind = 'user'",
        "UPDATE names SET name = x'ff00'",
        "UPDATE names SET details = '['",
        "UPDATE names SET details = '[1]'",
        "UPDATE names SET details = '{}'",
        "UPDATE names SET learned_at = 'soon'",
    ],
)
def test_harm_is_found_by_a_check_and_told_as_damage(store: EventStore, harm: str) -> None:
    store.remember([name(OLD)])
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute(harm)
        raw.commit()
    assert store.problems() == ["Some of the names that are kept are not as they should be."]
    with pytest.raises(StoreDamaged):
        store.remembered([OLD])


def test_an_older_store_gets_the_table(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with EventStore(path, URL) as store:
        store.append([Page((Event("evt_1", "t", "", "{}", 1.0),), (), has_more=False, next_cursor="c")])
    make_old(path, 4)
    with EventStore(path, URL) as store:
        assert (store.last_seq(), store.remembered([OLD]), store.remembered_stages()) == (1, [], [])
        store.remember([name(OLD)])
        assert store.remembered([OLD]) == [name(OLD)]
