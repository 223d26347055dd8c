"""The columns of an event: ids and times come back as they came, ids are found, and an older store's events move in."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.old_store import make_old

from rex_tui.event import Event, Page
from rex_tui.store import EventStore
from rex_tui.store.compact_event import (
    ALPHABET,
    CODED,
    EVENTS_SCRIPT,
    ID_KEY,
    MOVED_AT_ONCE,
    coded,
    find_id_problems,
    having,
    key_of,
    keys_beginning,
    put_ids,
)
from rex_tui.store.upkeep import make_blocks

URL = "https://acme.rexgtm.com"
OLD = 6
"""The newest version with whole texts in its columns."""

ULIDS = st.builds("{}{}".format, st.sampled_from("01279Z"), st.text(ALPHABET, min_size=25, max_size=25))
IDS = st.one_of(
    ULIDS.map("evt_{}".format),
    ULIDS.map("deal_{}".format),
    ULIDS.map(lambda ulid: f"evt_{ulid}".lower()),
    ULIDS.map(lambda ulid: f"evt_{ulid[:20]}U{ulid[21:]}"),
    ULIDS.map("evt_{}\0".format),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
)
TIMES = st.one_of(
    st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='seconds')}Z"),
    st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='milliseconds')}Z"),
    st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,6})?(Z|\+00:00)?"),
    st.text(st.characters(codec="utf-8")),
    st.sampled_from(
        [
            *("1970-01-01T00:00:00Z", "1973-12-31T23:59:59.999Z", "1974-01-01T00:00:00.000Z", "4999-12-31T23:59:59Z"),
            *("5000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T23:59:60Z"),
            *("2026-03-01T12:00:00Z\0", "1772366400", "", "2026-03-01T12:00:00.9999Z", "2026-03-01T12:00:00.999Z"),
            *("2026-03-01t12:00:00Z", "2026-03-01T12:00:00z", "٢٠٢٦-03-01T12:00:00Z"),
        ]
    ),
)


@given(times=st.lists(TIMES, min_size=1))
def test_a_time_comes_back_as_it_came_whoever_put_it_in(times: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(EVENTS_SCRIPT)
        connection.execute("CREATE TABLE old (occurred_at TEXT)")
        connection.executemany("INSERT INTO old VALUES (?)", [(text,) for text in times])
        put = "INSERT INTO events (id, type, happened, received_at, data)"
        connection.executemany(
            f"{put} VALUES (?, 1, ?, 0, '')", [(str(n), coded(text)) for n, text in enumerate(times)]
        )
        connection.execute(f"{put} SELECT 'old' || rowid, 1, {CODED}, 0, '' FROM old ORDER BY rowid")
        found = [text for (text,) in connection.execute("SELECT occurred_at FROM events ORDER BY seq")]
        assert found == times * 2
        kept = [kept for (kept,) in connection.execute("SELECT happened FROM events ORDER BY seq")]
        assert kept[: len(times)] == kept[len(times) :], "SQL and Python keep the same"


def test_usual_times_are_numbers() -> None:
    assert coded("2026-03-16T12:00:00Z") == 1773662400
    assert coded("2026-03-16T12:00:00.123Z") == 1773662400123
    assert coded("2026-03-16T12:00:00+00:00") == "2026-03-16T12:00:00+00:00"


@given(ids=st.lists(IDS, min_size=1, max_size=8, unique=True), begin=st.integers(0, 31))
def test_ids_come_back_have_the_key_that_python_gives_and_are_found(ids: list[str], begin: int) -> None:
    twins = [f"{id_[:20]}{'0' if id_[20] != '0' else '1'}{id_[21:]}" for id_ in ids if key_of(id_) is not None]
    put = list(dict.fromkeys([*ids, *twins]))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(EVENTS_SCRIPT)
        connection.executemany(
            "INSERT INTO events (id, type, happened, received_at, data) VALUES (?, 1, '', 0, '')",
            [(id_,) for id_ in put],
        )
        assert [row[0] for row in connection.execute(f"SELECT {ID_KEY} FROM events ORDER BY seq")] == list(
            map(key_of, put)
        )
        assert find_id_problems(connection) == ["The index of the events' ids is not that of the events."]
        put_ids(connection, ((id_, seq) for seq, id_ in enumerate(put, 1)))
        assert find_id_problems(connection) == []
        condition, parameters = having(ids)
        found = connection.execute(f"SELECT e.id FROM events AS e WHERE {condition}", parameters)
        assert {id_ for (id_,) in found} == set(ids)
        connection.execute("DELETE FROM events WHERE seq = 1")
        assert find_id_problems(connection) == []
    for id_ in ids:
        key, span = key_of(id_), keys_beginning(id_[:begin])
        if key is not None:
            assert span is not None
            assert span[0] <= key <= span[1]


@pytest.mark.parametrize("begin", ["evt_8", "EVT", "deal_01", "evt_0i", "evt_0L"])
def test_no_key_begins_so(begin: str) -> None:
    assert keys_beginning(begin) is None


def test_ids_that_begin_so_are_given_with_and_without_a_key(tmp_path: Path) -> None:
    ulids = [f"evt_01J{digit}{'0' * 22}" for digit in "ABC"]
    came = [*reversed(ulids), "evt_01JB!", "evt_zzz", "deal"]
    with EventStore(tmp_path / "rex.db", URL) as store, closing(store.reader()) as reader:
        store.append([page([Event(id_, "deal.won", "", "{}", 1.0) for id_ in came])])
        assert reader.ids.events("evt_01J", 3) == sorted([(ulids[0], 3), ("evt_01JB!", 4), (ulids[1], 2)])
        assert reader.ids.events("evt_01JB", 9) == sorted([("evt_01JB!", 4), (ulids[1], 2)])
        assert reader.ids.events("de", 9) == [("deal", 6)]


def page(events: list[Event]) -> Page:
    return Page(tuple(events), (), has_more=False, next_cursor="c")


def old_events(count: int) -> list[Event]:
    texts = ["2026-03-16T12:00:00Z", "2026-03-16T12:00:00.5Z", "never", "2026-03-16T12:00:00.250Z"]
    ids = ("evt_01J{:023}", "odd_{}", "evt_01K{:023}")
    return [
        Event(ids[n % 3].format(n), "deal.won", texts[n % 4], f'{{"n":{n}}}', n / 7, extra={"x": "1"} if n % 5 else {})
        for n in range(count)
    ]


class Ended(Exception):
    """The program was ended while it moved events."""


def test_events_of_an_older_store_move_and_who_is_ended_goes_on_from_there(tmp_path: Path) -> None:
    path, events = tmp_path / "rex.db", old_events(2 * MOVED_AT_ONCE + 10)
    with EventStore(path, URL) as store:
        store.append([page(events)])
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM events WHERE seq = 3")
        raw.execute("UPDATE types SET count = count - 1")
        make_blocks(raw)
    make_old(path, OLD)

    def end_it(done: int, newest: int) -> None:
        told.append((done, newest))
        if done == MOVED_AT_ONCE + 1:  # one of the first is a hole
            raise Ended

    told: list[tuple[int, int]] = []
    with suppress(Ended):
        EventStore(path, URL, told=end_it)
    with closing(sqlite3.connect(path)) as raw:
        left = raw.execute("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM moving)").fetchone()
        assert left == (MOVED_AT_ONCE, len(events) - 1 - MOVED_AT_ONCE), "a slice has moved, and no more"

    with EventStore(path, URL, told=lambda done, newest: told.append((done, newest))) as store:
        assert store.problems() == []
        found = list(store.events(0, len(events)))
        assert [(e.seq, e.id, e.type, e.occurred_at, e.received_at, e.data, dict(e.extra)) for e in found] == [
            (n, e.id, e.type, e.occurred_at, e.received_at, e.data, dict(e.extra))
            for n, e in enumerate(events, 1)
            if n != 3
        ]
        assert store.append([page([*events[:2], *events[3:]])]).last == len(events), "each is known by its id"
        assert store.seqs_of([events[0].id, events[1].id, "none"]) == {events[0].id: 1, events[1].id: 2}
    with closing(sqlite3.connect(path)) as raw:
        assert not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'moving'").fetchone()
