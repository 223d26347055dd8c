"""The scanner finds what a look at every event would, in a thread of its own, until it is stopped."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import make_page
from support.hostile import NAMES, hostile

from rex_tui.event import Event, Page
from rex_tui.query.language import Facts, parse
from rex_tui.store import EventStore, ScanStopped, StoreDamaged

URL = "https://acme.example"
TYPES = ["deal.won", "deal.lost", "contact.created", "odd"]


@dataclass(frozen=True)
class Told:
    sql: str
    parameters: tuple[str | int | float | bytes, ...] = ()
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)


def fill(store: EventStore, said: list[tuple[str, str]]) -> list[Event]:
    made = [Event(f"evt_{n}", type_, "", data, 0.0) for n, (type_, data) in enumerate(said, 1)]
    store.append([Page(tuple(made), (), has_more=False, next_cursor=None)])
    return list(store.events(0, len(made)))


payloads = st.sampled_from([hostile(name, "v") for name in NAMES]).filter(lambda text: "\ud800" not in text) | st.text(
    st.sampled_from("aAbB%_\\\"' é"), max_size=6
)
words = st.text(st.sampled_from("aAbB%_\\' é"), min_size=1, max_size=3).filter(lambda word: bool(word.strip()))


@pytest.mark.no_cover
@given(
    st.lists(st.tuples(st.sampled_from(TYPES), payloads), min_size=1, max_size=30),
    words,
    st.sets(st.integers(1, 5), max_size=4),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_it_finds_what_a_look_at_every_event_would(
    said: list[tuple[str, str]], word: str, among: set[int], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder, EventStore(Path(folder) / "rex.db", URL) as store:
        events = fill(store, said)
        index = store.type_index()
        query = parse('"' + word.replace("\\", "\\\\") + '"', None)  # type: ignore[arg-type]
        first, last = (data.draw(st.integers(0, len(events) + 2)) for _ in range(2))
        with store.scanner() as scanner:
            found = scanner.seqs(query.sql(Facts()), first, last)
            some = scanner.seqs(query.sql(Facts()), first, last, among=among, always=[1])
    expected = [event.seq for event in events if first <= event.seq <= last and query.matches(event, Facts())]
    assert found == array("I", expected)
    codes = {event.seq: index.code_of(event.type) for event in events}
    assert list(some) == [
        seq
        for seq in range(max(first, 1), min(last, len(events)) + 1)
        if codes[seq] == 1 or (codes[seq] in among and seq in expected)
    ]


def test_it_calls_the_functions_of_a_condition(tmp_path: Path) -> None:
    with EventStore(tmp_path / "rex.db", URL) as store:
        store.append([make_page(range(10))])
        ends = Told("ends_in(e.id, ?)", ("7",), {"ends_in": lambda text, end: text.endswith(end)})
        with store.scanner() as scanner:
            assert list(scanner.seqs(ends, 1, 10)) == [8]
            assert list(scanner.seqs(ends, 1, 10)) == [8]


def test_it_sees_what_is_written_while_it_is_open(tmp_path: Path) -> None:
    with EventStore(tmp_path / "rex.db", URL) as store, store.scanner() as scanner:
        assert list(scanner.seqs(Told("1"), 1, 100)) == []
        store.append([make_page(range(3))])
        assert list(scanner.seqs(Told("1"), 1, 100)) == [1, 2, 3]


def test_it_is_stopped_from_another_thread_in_the_middle_of_a_scan(tmp_path: Path) -> None:
    begun = threading.Event()
    go_on = threading.Event()

    def look(_data: str) -> int:
        begun.set()
        go_on.wait()
        return 1

    with EventStore(tmp_path / "rex.db", URL) as store:
        store.append([make_page(range(2_000))])
        scanner = store.scanner()

        def stop() -> None:
            begun.wait()
            scanner.stop()
            go_on.set()

        stopper = threading.Thread(target=stop)
        stopper.start()
        with pytest.raises(ScanStopped):
            scanner.seqs(Told("look(e.data)", (), {"look": look}), 1, 2_000)
        stopper.join()
        with pytest.raises(ScanStopped):
            scanner.seqs(Told("1"), 1, 1)
        scanner.close()
        scanner.stop()


def test_what_sqlite_can_not_read_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "rex.db"
    with EventStore(path, URL) as store:
        store.append([make_page(range(3))])
        with store.scanner() as scanner:
            with sqlite3.connect(path) as other:
                other.execute("ALTER TABLE events RENAME TO elsewhere")
            other.close()
            with pytest.raises(StoreDamaged):
                scanner.seqs(Told("1"), 1, 3)
