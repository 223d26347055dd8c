"""What differs between two payloads: all of it, nothing else, and the same from either side."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.event import Row
from rex_tui.payload import Json, parse
from rex_tui.query.changes import CHANGES_MAX, compare
from rex_tui.query.summary import change_words, summarise, tell_change

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "a", "b.c", ""]), inner),
    max_leaves=12,
)
MIRRORED = {"added": "removed", "removed": "added", "changed": "changed"}


def differences(before: object, after: object) -> list[tuple[str, str]]:
    return [(one.kind, one.path) for one in compare(parse(json.dumps(before)), parse(json.dumps(after)))]


@given(VALUES, VALUES)
def test_there_is_a_difference_exactly_where_the_payloads_differ(before: object, after: object) -> None:
    same = json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
    by_id = isinstance(before, list) or isinstance(after, list) or '"id"' in json.dumps([before, after])
    if same:
        assert differences(before, after) == []
    elif not by_id:  # the objects in a list that are told apart by an id may change their places
        assert differences(before, after)


@given(VALUES, VALUES)
def test_seen_from_the_other_side_what_was_added_is_removed(before: object, after: object) -> None:
    there = Counter(differences(before, after))
    back = Counter((MIRRORED[kind], path) for kind, path in differences(after, before))
    assert there == back


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, [("removed", "a"), ("changed", "b"), ("added", "c")]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, [("changed", "a.b.c")]),
        ({"tags": ["x", "y"]}, {"tags": ["y", "z"]}, [("removed", "tags[]"), ("added", "tags[]")]),
        ({"tags": ["x", "y"]}, {"tags": ["y", "x"]}, [("changed", "tags")]),
        ([{"id": "a", "n": 1}, {"id": "b"}], [{"id": "b"}, {"id": "a", "n": 2}], [("changed", ".[a].n")]),
        ([{"n": 1}, {"n": 2}], [{"n": 1}], [("removed", "[1]")]),
        ({"a": None}, {"a": False}, [("changed", "a")]),
        ({"a": "1"}, {"a": 1}, [("changed", "a")]),
        (1, [], [("changed", "")]),
    ],
)
def test_differences_are_told_by_their_paths(before: object, after: object, found: list[tuple[str, str]]) -> None:
    assert differences(before, after) == found


def test_there_is_an_end_to_the_differences_that_are_told() -> None:
    assert len(compare({}, {str(number): None for number in range(5_000)})) == CHANGES_MAX


def test_values_too_deep_to_look_into_are_compared_as_wholes() -> None:
    deep: Json = "a"
    other: Json = "b"
    for _ in range(600):
        deep, other = {"x": deep}, {"x": other}
    assert len(compare(deep, other)) == 1
    assert compare(deep, deep) == []


def test_money_and_ids_are_told_in_words() -> None:
    before, after = parse('{"value": 100000, "n": 5, "gone": []}'), parse('{"value": 120000, "n": 6, "new": true}')
    found = compare(before, after)
    assert [change_words(one) for one in found] == [
        "value 1,000.00 → 1,200.00",
        "n 5 → 6",
        "gone is gone: 0 items",
        "new is new: yes",
    ]
    assert [tell_change(one) for one in found][2:] == [("0 items", ""), ("", "yes")]


def test_an_update_says_what_it_changed_and_how_much_it_leaves_out() -> None:
    data = json.dumps({f"f{n}": n + 1 for n in range(5)})
    row = Row(2, "evt_2", "gadget.updated", "", 0.0, data, len(data), json.dumps({f"f{n}": n for n in range(5)}))
    assert summarise(row).startswith("f0 0 → 1, f1 1 → 2, f2 2 → 3 and 2 more · ")
    broken = Row(2, "evt_2", "gadget.updated", "", 0.0, data, len(data), "{")
    assert "→" not in summarise(broken)
