"""Reading payloads: every number keeps its spelling, and a level at a time gives the same as all at once."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.payload import LARGE, Json, Level, Number, PayloadError, parse, parse_level, references

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def whole(value: Json | Level | msgspec.Raw) -> Json:
    """Read all levels."""
    if isinstance(value, msgspec.Raw):
        return whole(parse_level(bytes(value)))
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return value


@given(json_values)
def test_a_level_at_a_time_gives_what_all_at_once_gives(value: object) -> None:
    text = json.dumps({"large": ["x" * LARGE, value], "value": value})
    assert whole(parse_level(text.encode())) == parse(text)


def test_half_a_surrogate_pair_is_read_all_at_once() -> None:
    text = json.dumps({"half": "\ud800", "large": "x" * LARGE})
    assert parse_level(text.encode()) == {"half": "\ud800", "large": "x" * LARGE}


@pytest.mark.parametrize("text", ["", "{", "NaN", "[1,]", "[" * 20_000 + "]" * 20_000, "{" + " " * LARGE])
def test_what_is_no_json_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(PayloadError):
        parse(text)
    with pytest.raises(PayloadError):
        parse_level(text.encode())


@pytest.mark.parametrize(("text", "whole_number"), [("7", 7), ("1.0", None), ("1e3", None), ("9" * 5_000, None)])
def test_a_number_keeps_its_digits(text: str, whole_number: int | None) -> None:
    number = parse(text)
    assert isinstance(number, Number)
    assert number == text
    assert number.as_int() == whole_number


def test_ids_are_found_wherever_they_stand() -> None:
    text = '{"deal": {"stages": [{"id": "stg_01HQAAAA"}]}, "by": "usr_01HQ", "x": "not_an id", "n": 7}'
    assert list(references(parse(text))) == [("by", "usr_01HQ"), ("deal.stages[0].id", "stg_01HQAAAA")]
