# ruff: noqa: PT017
"""A query says the same to SQLite as to Python, whatever stands in the log."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rex_tui.event import Event, Page
from rex_tui.query.language import Facts, QueryError, parse
from rex_tui.store import EventStore

pytestmark = pytest.mark.no_cover
NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
EXAMPLES = 10_000 if os.environ.get("REX_TUI_LONG") else 300

WORDS = [
    "acme",
    "ACME",
    "Müller",
    "100%",
    "a_b",
    "c\\d",
    'say "hi"',
    "x/y",
    "ß",
    "👩🏽",
    "e",
    "null",
    "true",
    "deal",
    "stg_A1B2",
]
FIELDS = ["value", "name", "contact.email", "to_stage_id", "list", "list.deep", "currency", "odd key", "data.value"]
VALUES = [
    "50000",
    "500.00",
    "500.00EUR",
    "acme",
    "*@acme.com",
    "*",
    "stg_A1B2",
    "true",
    "none",
    "5e4",
    "0.1",
    "ä*",
    "2026-03-01",
]
PAYLOADS = [
    '{"value": 50000, "currency": "EUR", "name": "Acme"}',
    '{"value": 50001, "name": "M\\u00fcller"}',
    '{"value": 5e4, "name": "Müller \\"x\\/y\\""}',
    '{"v\\u0061lue": 99999, "name": null}',
    '{"value": 1180591620717411303424, "value": 3}',
    '{"value": 1e400, "list": [{"deep": "acme"}, 5, [50000]]}',
    '{"contact": {"email": "ada@ACME.com"}, "to_stage_id": "stg_A1B2"}',
    '{"contact": [{"email": "x"}, {"email": "bob@acme.com"}], "value": "50000"}',
    '"just a text with acme"',
    '[1, 2, {"value": 70000}]',
    "null",
    "true",
    "-0.0",
    '{"name": "\\ud800 half"}',
    '{"a_b": "100%", "odd key": "c\\\\d", "value": null, "list": []}',
    '{"name": "ä👩🏽ß", "list": {"deep": {"deep": 1}}}',
    "[" * 900 + "]" * 900,
]
TIMES = [
    "2026-03-16T11:59:59Z",
    "2026-03-16T12:00:00.500Z",
    "2026-03-15T23:59:59.999Z",
    "2026-03-01T00:00:00Z",
    "2026-03-01T01:00:00+01:00",
    "2026-02-30T10:00:00Z",
    "9999-12-31T23:59:59Z",
    "",
    "soon",
    "2026-03-16",
    "2026-03-16T11:59:59Z\0",
    "2026-03-1٦T11:59:59Z",
]
TYPES = ["deal.won", "deal.stage_changed", "contact.created", "DEAL.WON", "trigger.deal.stale", "we_ird%.x", "a\0b"]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, list[Event]]]:
    path = tmp_path_factory.mktemp("agree") / "rex.db"
    count = max(len(PAYLOADS) * 3, len(TIMES) * 4)
    events = tuple(
        Event(
            f"evt_{n}" if n % 7 else f"evt_acme%_{n}\0x",
            TYPES[n % len(TYPES)],
            TIMES[n % len(TIMES)],
            PAYLOADS[n % len(PAYLOADS)],
            1.0,
        )
        for n in range(count)
    )
    with EventStore(path, "https://rex.example") as store:
        store.append([Page(events, (), has_more=False, next_cursor=None)])
        kept = list(store.events(0, 10_000))
        assert len(kept) == count
        connection = sqlite3.connect(path)
        yield connection, kept
        connection.close()


words = st.sampled_from(WORDS) | st.text(min_size=1, max_size=6)
quoted = words.map(lambda word: '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"')
terms = st.one_of(
    quoted,
    st.sampled_from(
        ["re:/acme/", "re:/[0-9]{5}/", "re:/^deal/", "is:new", "is:marked", "is:quarantined", "id:evt_1*", "id:*acme*"]
    ),
    st.sampled_from(["deal", "deal.*", "*.won", "deal.won,contact.*", "we_ird%.x", "a*"]).map("type:{}".format),
    st.builds(
        "{}{}{}".format,
        st.sampled_from([f for f in FIELDS if " " not in f]),
        st.sampled_from([":", "=", "!=", ">", ">=", "<", "<="]),
        st.sampled_from(VALUES),
    ),
    st.builds(
        "{}:{}".format,
        st.sampled_from(["since", "before", "at"]),
        st.sampled_from(["2026-03-16", "1h", "2026-03-01", "11:59", "yesterday", "monday"]),
    ),
)
queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds("{} {}".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        inner.map("-({})".format),
        st.builds("{} and not {}".format, inner, inner),
    ),
    max_leaves=5,
)


@given(queries, st.integers(0, 60))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_sqlite_and_python_find_the_same(
    log: tuple[sqlite3.Connection, list[Event]], text: str, new_after: int
) -> None:
    connection, events = log
    facts = Facts(frozenset({"evt_1", "evt_5", events[0].id}), new_after)
    try:
        query = parse(text, NOW)
    except QueryError:
        return
    condition = query.sql(facts)
    for name, function in condition.functions.items():
        connection.create_function(name, -1, function, deterministic=True)  # type: ignore[arg-type] # whatever it gives
    found = connection.execute(
        f"SELECT e.seq FROM events AS e WHERE ({condition.sql}) ORDER BY 1", condition.parameters
    )
    assert [seq for (seq,) in found] == [event.seq for event in events if query.matches(event, facts)], text
    nulls = connection.execute(
        f"SELECT count(*) FROM events AS e WHERE ({condition.sql}) IS NULL", condition.parameters
    )
    assert nulls.fetchone() == (0,), text


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ['"', "(", ")", "-", "!", "or ", "and ", "type:", "value>", "re:/", "/", "a", " ", "since:", "\\"]
        ),
        max_size=12,
    ).map("".join)
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_is_a_query_or_says_where_it_is_none(text: str) -> None:
    try:
        query = parse(text, NOW)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        assert error.length >= 1
        assert error.message.isprintable()
    else:
        shorter = query.without_last_part()
        assert shorter.is_all or len(shorter.text) < len(text)
        query.describe().encode()
        json.dumps(query.highlights)
