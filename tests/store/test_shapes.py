"""When the payloads of a type begin to look otherwise: told once, and not while a type is being learnt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from rex_tui.demo import SEED, Organisation
from rex_tui.event import Event, Page
from rex_tui.store import EventStore
from rex_tui.store.shapes import FIELDS_MAX, LEARN_MAX

URL = "https://acme.rexgtm.com"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        yield opened


def put(store: EventStore, *payloads: object, type_: str = "deal.won") -> list[tuple[int, str, str, str, str]]:
    """Append payloads; give the drift of all events so far."""
    first = store.last_seq() + 1
    texts = [payload if isinstance(payload, str) else json.dumps(payload) for payload in payloads]
    events = [Event(f"evt_{first + n}", type_, "", text, 1.0) for n, text in enumerate(texts)]
    store.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
    assert store.problems() == []
    found = store.drifts(range(1, store.last_seq() + 1))
    return [(drift.seq, drift.field, drift.kind, drift.before, drift.after) for drift in found]


LOOK = {"a": 1, "deal": {"value": 1, "name": "x"}}


@pytest.mark.parametrize(
    ("then", "drift"),
    [
        (LOOK | {"b": "x"}, [("b", "gained", "", "text")]),
        ({"deal": LOOK["deal"]}, [("a", "lost", "number", "")]),
        (LOOK | {"a": "1"}, [("a", "retyped", "number", "text")]),
        (LOOK | {"a": 1.5}, []),
        (LOOK | {"a": None}, []),
        (LOOK | {"deal": {"value": "1", "name": "x"}}, [("deal.value", "retyped", "number", "text")]),
        (LOOK | {"deal": {"name": "x"}}, [("deal.value", "lost", "number", "")]),
        (LOOK | {"deal": {"value": 1, "name": "x", "y": True}}, [("deal.y", "gained", "", "true/false")]),
        (LOOK | {"deal": []}, [("deal", "retyped", "object", "list")]),
        (LOOK | {"deal": {"value": {"deeper": 1}, "name": "x"}}, [("deal.value", "retyped", "number", "object")]),
        ("[]", []),
    ],
)
def test_a_drift_is_told_of_the_first_event_that_has_it(
    store: EventStore, then: object, drift: list[tuple[str, str, str, str]]
) -> None:
    put(store, *[LOOK] * 8)
    told = [(9, *one) for one in drift]
    assert put(store, then) == told
    assert put(store, then, LOOK, then) == told


def test_nothing_is_drift_while_a_type_is_being_learnt(store: EventStore) -> None:
    assert put(store, {"a": 1}, {"b": 1}, {"a": "x"}, {}, {"c": {}}) == []
    assert put(store, {"d": 1}) == [], "eight times five events after the last new thing it is learnt"


def test_it_is_learnt_after_a_hundred_events_at_the_latest(store: EventStore) -> None:
    put(store, *[{f"f{n % 50}": 1} for n in range(LEARN_MAX)])
    assert put(store, {"new": 1}) == [(LEARN_MAX + 1, "new", "gained", "", "number")]


def test_what_was_learnt_is_known_after_a_restart(tmp_path: Path) -> None:
    for _ in range(4):
        with EventStore(tmp_path / "rex.db", URL) as store:
            put(store, LOOK, LOOK)
    with EventStore(tmp_path / "rex.db", URL) as store:
        assert put(store, LOOK | {"b": 1}) == [(9, "b", "gained", "", "number")]


def test_a_row_says_that_its_shape_drifted(store: EventStore) -> None:
    put(store, *[LOOK] * 8, {})
    assert [row.drifted for row in store.rows(range(1, 10))] == [False] * 8 + [True]


def test_a_type_with_fields_without_end_has_no_shape_and_stops_nothing(store: EventStore) -> None:
    put(store, *[LOOK] * 8)
    put(store, {f"x{n}": n for n in range(FIELDS_MAX + 1)})
    assert put(store, {"new": 1}) == []


def test_fields_with_odd_names_are_left_out(store: EventStore) -> None:
    put(store, *[LOOK] * 8)
    assert put(store, LOOK | {"x" * 5_000: 1}, '{"a": 1, "deal": {"value": 1, "name": "x"}, "\\ud800": 1}') == []


def test_random_payloads_give_the_same_drift_a_page_at_a_time_as_all_at_once(store: EventStore) -> None:
    random = Random(5)
    values: list[object] = [1, "x", None, {"a": 1}, {"a": "x"}, {"b": 1}, [], True]
    for _ in range(40):
        put(store, *[{name: random.choice(values) for name in random.sample("abcd", 3)} for _ in range(7)])


def test_the_demo_whose_shapes_never_change_has_next_to_no_drift(tmp_path: Path) -> None:
    told = Organisation(SEED).history(8_000, datetime(2026, 1, 1, tzinfo=UTC))
    events = tuple(Event(one.id, one.type, "", one.data, 1.0) for one in told)
    with EventStore(tmp_path / "rex.db", URL) as store:
        store.append([Page(events, (), has_more=False, next_cursor="c")])
        assert len(store.drifts(range(1, 8_001))) <= 5
