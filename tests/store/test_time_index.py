"""When each event happened: what SQLite reads, Python reads the same, whatever stands where a time should."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.fakes import NOW
from support.hostile import NAMES, hostile

from rex_tui.event import Event, Grown, Page, parse_time
from rex_tui.store import EventStore, StoreError, TimeIndex, TimeReader
from rex_tui.store.compact_event import EVENTS_SCRIPT, coded
from rex_tui.store.time_index import SLICE_ROWS
from rex_tui.store.times import NO_TIME, TEXT_MAX, TIME_MAX, make_times, read_times

URL = "http://127.0.0.1:1"
ODD = [
    "",
    "now",
    "12:00",
    "20:15:00",
    "2026.5",
    "2461100.5",
    "2026-03-16",
    "2026-03-16 12:00:00",
    "2026-03-16T12:00:00",
    "2026-03-16T12:00:00.25Z",
    "2026-03-16T12:00:00+02:00",
    "2026-03-16T12:00:60Z",
    "2026-02-29T12:00:00Z",
    "2024-02-29T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-04-31T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-00-10T12:00:00Z",
    "2026-03-00T12:00:00Z",
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00Z",
    "2106-02-07T06:28:15Z",
    "2106-02-07T06:28:16Z",
    "9999-12-31T23:59:59Z",
    "-0001-01-01T00:00:00Z",
    "2026-W12-1",
    "2026-03-16T12:00:00Z trailing",
    "٢٠٢٦-03-16T12:00:00Z",
    "2026-03-16T12:00:00," + "4" * TEXT_MAX,
]


def expected(text: str) -> int:
    moment = parse_time(text) if len(text) <= TEXT_MAX else None
    seconds = NO_TIME if moment is None else int(moment.timestamp() // 1)
    return seconds if NO_TIME < seconds <= TIME_MAX else NO_TIME


def append(store: EventStore, texts: Sequence[str]) -> Grown:
    first = store.last_seq() + 1
    events = tuple(Event(f"evt_{n}", "deal.won", text, "{}", NOW) for n, text in enumerate(texts, first))
    return store.append([Page(events, (), has_more=False, next_cursor=None)])


def load(index: TimeIndex, reader: TimeReader, last: int) -> list[tuple[int, int]]:
    slices = []
    for first, end in index.missing(last):
        slices.append((first, end))
        index.put(first, reader.times(first, end))
    return slices


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        yield opened


@pytest.mark.parametrize("text", ODD)
def test_every_spelling_gives_what_python_reads_in_it(store: EventStore, text: str) -> None:
    append(store, ["2026-03-16T12:00:00Z", text])
    with store.time_reader() as reader:
        assert list(reader.times(1, 2)) == [int(NOW), expected(text)]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_text_is_no_time_and_spoils_no_other(store: EventStore, name: str) -> None:
    said = hostile(name, "o").encode(errors="replace").decode()
    append(store, [said, "2026-03-16T12:00:00Z", said])
    with store.time_reader() as reader:
        assert list(reader.times(1, 3)) == [NO_TIME, int(NOW), NO_TIME]


STAMPS = st.datetimes().map(lambda moment: f"{moment.isoformat()[:19]}Z")
DATES = st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-8]{1,6})?Z", fullmatch=True)


@given(st.lists(st.one_of(STAMPS, DATES, st.sampled_from(ODD)), min_size=1, max_size=20))
@example(["2026-03-16T12:00:00Z"])
def test_sqlite_and_python_read_the_same(texts: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(EVENTS_SCRIPT)
        happened = [one for text in texts for one in (text, coded(text))]
        connection.executemany(
            "INSERT INTO events (id, type, happened, received_at, data) VALUES (?, 1, ?, 0.0, '')",
            [(str(number), one) for number, one in enumerate(happened)],
        )
        both = [expected(text) for text in texts for _ in range(2)]
        assert list(read_times(connection, 1, len(happened))) == both


def test_what_is_damaged_has_no_time(store: EventStore) -> None:
    append(store, ["2026-03-16T12:00:00Z"] * 5)
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute("UPDATE events SET happened = x'ff00fe' WHERE seq = 2")
        other.execute("UPDATE events SET happened = CAST(x'c3282020' AS TEXT) WHERE seq = 3")
        other.execute("UPDATE events SET happened = x'17' WHERE seq = 4")
    with closing(sqlite3.connect(store.path)) as other:
        assert list(read_times(other, 1, 5)) == [int(NOW), NO_TIME, NO_TIME, NO_TIME, int(NOW)]
    assert any("compact form of the times" in problem for problem in store.problems())


def test_deleted_events_leave_a_place_without_a_time(store: EventStore) -> None:
    append(store, [f"2026-03-16T12:00:0{n}Z" for n in range(6)])
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute("DELETE FROM events WHERE seq IN (1, 3, 4)")
        make_times(other)
    with store.time_reader() as reader:
        assert [bool(time) for time in reader.times(1, 6)] == [False, True, False, False, True, True]
        assert list(reader.times(3, 4)) == [NO_TIME, NO_TIME]


@pytest.mark.parametrize("harm", ["DELETE FROM time_blocks", "UPDATE time_blocks SET times = x'0102'"])
def test_a_compact_form_that_lacks_something_is_read_from_the_rows_and_made_anew(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "harmed.db"
    stamps = [f"2026-03-16T12:{n // 60 % 60:02}:{n % 60:02}Z" for n in range(SLICE_ROWS + 3)]
    with EventStore(path, URL) as store:
        append(store, stamps)
        with closing(sqlite3.connect(path)) as other, other:
            other.execute(harm)
        assert any("compact form of the times" in problem for problem in store.problems())
        with store.time_reader() as reader:
            assert list(reader.times(SLICE_ROWS - 1, SLICE_ROWS + 3)) == [*map(expected, stamps[-5:])]
    with EventStore(path, URL) as store:
        assert store.problems() == []


def test_a_store_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        TimeReader(tmp_path / "none.db")


def test_it_reads_newest_first_and_then_what_came(store: EventStore) -> None:
    total = 2 * SLICE_ROWS + 10
    append(store, ["2026-03-16T12:00:00Z"] * total)
    index = TimeIndex(total)
    assert (index.complete, index.percent) == (False, 0)
    with store.time_reader() as reader:
        slices = load(index, reader, total)
        assert slices == [(2 * SLICE_ROWS + 1, total), (SLICE_ROWS + 1, 2 * SLICE_ROWS), (1, SLICE_ROWS)]
        assert (index.complete, index.percent) == (True, 100)
        grown = append(store, ["2026-03-16T12:00:05Z", "garbage", "2026-03-15T12:00:00Z"])
        assert index.at(grown.last) == NO_TIME
        assert load(index, reader, grown.last) == [(grown.first, grown.last)]
    assert [index.at(seq) for seq in range(grown.first, grown.last + 2)] == [
        int(NOW) + 5,
        NO_TIME,
        int(NOW) - 86_400,
        NO_TIME,
    ]
    assert (index.first, index.last) == (int(NOW) - 86_400, int(NOW) + 5)


times_lists = st.lists(st.integers(0, 50), max_size=40)


@given(times_lists, st.lists(times_lists, max_size=3), st.data())
def test_an_index_that_grew_answers_as_a_list_would(
    start: list[int], more: list[list[int]], data: st.DataObject
) -> None:
    known = [NO_TIME, *start]
    index = TimeIndex(len(start))
    for part in [[], *more]:
        known += part
        for first, last in index.missing(len(known) - 1):
            index.put(first, array("I", known[first : last + 1]))
    assert len(index) == len(known) - 1
    assert [index.at(seq) for seq in range(len(known))] == known
    assert list(index.of(range(1, len(known) + 2))) == [*known[1:], NO_TIME, NO_TIME]
    some = sorted(data.draw(st.sets(st.integers(1, len(known) + 3))))
    assert list(index.of(array("I", some))) == [known[seq] if seq < len(known) else NO_TIME for seq in some]
    told = [time for time in known if time]
    assert (index.first, index.last) == ((min(told), max(told)) if told else (NO_TIME, NO_TIME))
    moment = data.draw(st.integers(1, 60))
    found = [seq for block in index.blocks_from(moment) for seq in block if index.at(seq) >= moment]
    assert found == [seq for seq, time in enumerate(known) if time >= moment]


@pytest.mark.parametrize("last", [1, 100, SLICE_ROWS, SLICE_ROWS + 100, 2 * SLICE_ROWS])
def test_a_log_that_forgot_its_beginning_begins_at_the_first_event_that_is_left(last: int) -> None:
    times = array("I", range(1_000, 1_000 + 2 * SLICE_ROWS + 10))
    index = TimeIndex(len(times))
    for first, end in index.missing(len(times)):
        index.put(first, times[first - 1 : end])
    index.forget(last)
    assert (index.first, index.last) == (times[last], times[-1])
    assert (index.at(last), index.at(last + 1)) == (NO_TIME, times[last])
    assert next(iter(index.blocks_from(0))).start <= last + 1


def test_an_empty_log_is_read_at_once() -> None:
    index = TimeIndex()
    assert (index.complete, index.percent, list(index.missing(0))) == (True, 100, [])
