"""A query gives one answer, whether SQLite or Python gives it, on whatever an event may hold."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.queries import FACTS, IDS, NAMES, NOW, ODD_DATA, PLACES, TIMES, TYPES, events, objects, queries

from rex_tui.event import Event, Page
from rex_tui.payload import PayloadError
from rex_tui.payload import parse as parse_json
from rex_tui.query.language import Facts, Query, QueryError, parse
from rex_tui.query.language.fields import NESTED_MAX, values_at
from rex_tui.store import EventStore
from rex_tui.store.compact_event import EVENTS_SCRIPT, coded, put_ids

EXAMPLES = 10_000 if os.environ.get("REX_TUI_LONG") else 100
pytestmark = pytest.mark.no_cover  # what it goes through, test_language does too; measured, it takes twice as long

OFTEN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not os.environ.get("REX_TUI_LONG"),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@dataclass(frozen=True)
class Kept:
    """A real store's connection and its events."""

    connection: sqlite3.Connection
    events: list[Event] = field(repr=False)


def store_of(path: Path, found: list[Event]) -> None:
    with EventStore(path, "https://rex.example") as store:
        store.append([Page(tuple(found), (), has_more=False, next_cursor="c")])


def asked_of_sqlite(connection: sqlite3.Connection, query: Query, facts: Facts = FACTS) -> set[int]:
    condition = query.sql(facts)
    for name, function in condition.functions.items():
        connection.create_function(name, -1, cast("Any", function), deterministic=True)
    sql = f"SELECT e.seq FROM events AS e WHERE {condition.sql}"
    return {seq for (seq,) in connection.execute(sql, condition.parameters)}


def asked_of_python(found: list[Event], query: Query, facts: Facts = FACTS) -> set[int]:
    return {event.seq for event in found if query.matches(event, facts)}


@pytest.fixture(scope="module")
def scratch() -> Iterator[sqlite3.Connection]:
    """A store in memory, with the real store's tables, which a test may fill anew for each example."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(
            "CREATE TABLE types (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, count INTEGER NOT NULL);"
            f"{EVENTS_SCRIPT}; DROP TABLE odd_ids;"
            "CREATE TABLE odd_ids (id TEXT, seq INTEGER);"  # those made here may share an id
        )
        yield connection


def fill(connection: sqlite3.Connection, made: list[Event]) -> list[Event]:
    found = [replace(event, seq=seq) for seq, event in enumerate(made, 1)]
    names = list(dict.fromkeys(event.type for event in found))
    connection.execute("DELETE FROM events")
    connection.execute("DELETE FROM types")
    connection.executemany("INSERT INTO types VALUES (?, ?, 0)", list(enumerate(names, 1)))
    connection.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, 0.0, ?, NULL)",
        [(e.seq, e.id, names.index(e.type) + 1, coded(e.occurred_at), e.data) for e in found],
    )
    put_ids(connection, ((event.id, event.seq) for event in found))
    return found


@OFTEN
@given(text=queries, made=st.lists(events, min_size=3, max_size=8))
def test_sqlite_and_python_give_the_same_answer(scratch: sqlite3.Connection, text: str, made: list[Event]) -> None:
    try:
        query = parse(text, NOW, names=NAMES, places=PLACES)
    except QueryError:
        assume(False)
    found = fill(scratch, made)
    assert asked_of_sqlite(scratch, query) == asked_of_python(found, query)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A real store of one event for each odd thing."""
    path = tmp_path_factory.mktemp("asked") / "rex.db"
    odd = [
        *(Event(f"odd_{n}", "deal.won", "2026-03-16T12:30:15Z", data, 0.0) for n, data in enumerate(ODD_DATA)),
        *(Event(f"time_{n}", "deal.won", at, "{}", 0.0) for n, at in enumerate(TIMES)),
        *(Event(f"type_{n}", name, "", "5", 0.0) for n, name in enumerate(TYPES)),
        *(Event(id_, "deal.lost", "", "5", 0.0) for id_ in IDS),
    ]
    store_of(path, odd)
    with EventStore(path, "https://rex.example") as store:
        found = list(store.events(0, 10_000))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield Kept(connection, found)


@OFTEN
@given(text=queries)
def test_a_real_store_with_every_odd_thing_gives_the_same_answer(kept: Kept, text: str) -> None:
    try:
        query = parse(text, NOW, names=NAMES, places=PLACES)
    except QueryError:
        assume(False)
    assert asked_of_sqlite(kept.connection, query) == asked_of_python(kept.events, query)


def naively(value: object, path: tuple[str, ...]) -> list[object]:
    if isinstance(value, list):
        return [found for item in value for found in naively(item, path)]
    if not path:
        return [value]
    return naively(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else []


@OFTEN
@given(data=objects | st.sampled_from([odd for odd in ODD_DATA if odd.count("[") + odd.count("{") <= NESTED_MAX]))
@pytest.mark.parametrize("path", [("value",), ("currency",), ("a", "b"), ("é",), ("a", "a", "value")])
def test_a_quick_look_at_a_field_finds_what_reading_the_whole_payload_finds(path: tuple[str, ...], data: str) -> None:
    try:
        expected = naively(parse_json(data), path)
    except PayloadError:
        expected = []
    assert [value for value, _ in values_at(data, path)] == expected


@OFTEN
@given(text=queries | st.text() | st.text(alphabet='()!-"\\*:<>=/ \0\ud800aé0.,{}[]|+?%_~').map("value:a ".__add__))
def test_reading_a_query_raises_nothing_else_and_says_where(text: str) -> None:
    wrong: QueryError | None = None
    try:
        query = parse(text, NOW, {"a": text, "b": "filter:b", "c": "acme"}, NAMES, PLACES)
    except QueryError as error:
        wrong = error
    if wrong is not None:
        assert 0 <= wrong.position <= len(text)
        assert wrong.length >= 1
        assert wrong.message.endswith(".")
        query_line, caret = wrong.shown(text).split("\n")
        assert query_line.isprintable()
        assert caret.endswith("^")
        return
    assert query.describe().isprintable()
    while not query.is_all:
        query, before = query.without_last_part(), query
        assert len(query.text) < len(before.text)
