"""What is asked for from what is seen: the term finds the event it was made from, whatever its payload holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.queries import NOW, events, objects, payloads

from rex_tui.event import Event, SetAside
from rex_tui.payload import Json, Number, PayloadError
from rex_tui.payload import parse as parse_json
from rex_tui.query.language import Facts, QueryError, Way, parse, term_for, with_term
from rex_tui.safe_text import clean

pytestmark = pytest.mark.no_cover  # the cases below go through all of it

ODD_NAMES = ("type", "ID", "re", "data", "0x", "a b", "a.b", "-a", "", "é", "\x1b[2J", "\u202e", "not")
NAMES = st.sampled_from(ODD_NAMES) | st.text(max_size=5)


def event(data: object) -> Event:
    return Event("evt_1", "deal.won", "2026-03-01T00:00:00Z", json.dumps(data), 0.0)


def paths(value: Json, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Json]]:
    """Give every value in a payload with the names that lead to it."""
    found = [(path, value)] if path else []
    if isinstance(value, dict):
        found += [one for name, inner in value.items() for one in paths(inner, (*path, name))]
    elif isinstance(value, list):
        found += [one for inner in value for one in paths(inner, path)]
    return found


def in_other_letters(term: str, data: str) -> bool:
    """Tell whether a term is a word that JSON may write with escapes which nobody needs."""
    return term.lstrip("-").startswith('"') and "\\" in data


@settings(max_examples=200, deadline=None, derandomize=True)
@given(data=objects | payloads | st.dictionaries(NAMES, st.text(max_size=20), max_size=3).map(json.dumps))
def test_what_is_asked_for_is_found_where_it_was_seen(data: str) -> None:
    try:
        value = parse_json(data)
    except PayloadError:
        return
    seen = Event("evt_1", "deal.won", "2026-03-01T00:00:00Z", data, 0.0)
    for path, inner in paths(value):
        for way in ("only", "at least", "at most"):
            term = term_for(path, inner, way)
            if term is not None and not isinstance(inner, list) and not in_other_letters(term, data):
                assert clean(term, 10_000) == term
                assert parse(term, NOW).matches(seen), (term, path, inner)
        but = term_for(path, inner, "all but")
        if but is not None and not isinstance(inner, list) and not in_other_letters(but, data):
            assert not parse(but, NOW).matches(seen)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(made=events, other=st.sampled_from(["acme", "a or b", "(a or b)", "re:/a or b/", "a b or c d", '"x or y"', ""]))
def test_a_term_more_finds_what_both_find(made: Event, other: str) -> None:
    both = parse(with_term(other, "value:5"), NOW)
    apart = parse(other, NOW).matches(made) and parse("value:5", NOW).matches(made)
    assert both.matches(made) is apart


@pytest.mark.parametrize(
    ("path", "value", "way", "term"),
    [
        (("to_stage_id",), "stg_01J6RVYX", "only", "to_stage_id:stg_01J6RVYX"),
        (("contact", "email"), "a@b.example", "all but", "-contact.email:a@b.example"),
        (("value",), Number("5925000"), "at least", "value>=5925000"),
        (("value",), Number("0.10"), "only", "value:0.10e0"),
        (("due_on",), "2026-03-27", "at most", "due_on<=2026-03-27"),
        (("name",), "Granite Interiors", "only", 'name:"Granite Interiors"'),
        (("name",), 'say "x" * \\', "only", 'name:"say \\"x\\" \\* \\\\"'),
        (("name",), "a\x1b[31mb\u202ec", "only", 'name:"a*[31mb*c"'),
        (("name",), "x" * 500, "only", f'name:"{"x" * 200}*"'),
        (("flag",), True, "only", "flag:true"),
        (("flag",), "true", "only", 'flag:"true"'),
        (("gone",), None, "all but", "-gone:null"),
        (("contact",), {"a": "b"}, "only", "contact:*"),
        (("type",), "call", "only", "data.type:call"),
        (("a b",), "acme", "only", '"acme"'),
        (("name",), "acme", "at least", None),
        (("contact",), {"a": "b"}, "at most", None),
        (("items",), [], "only", None),
        (("a b",), Number("5"), "at least", None),
        (("n",), Number("9" * 300), "only", None),
        (("a b",), "\x1b", "only", None),
    ],
)
def test_terms(path: tuple[str, ...], value: Json, way: Way, term: str | None) -> None:
    assert term_for(path, value, way) == term


def test_a_text_of_nothing_but_odd_signs_is_still_a_query() -> None:
    term = term_for(("name",), "".join(f"{letter}\x1b" for letter in "abcdefghijklmnop"), "only")
    assert term is not None
    assert parse(term, NOW).matches(event({"name": "a\x1bb\x1bc\x1bd\x1be\x1bf\x1bg\x1bh\x1bi and more"}))


def test_what_was_set_aside_is_asked_for_in_the_same_words() -> None:
    item = SetAside(1, b"d", b'{"id": 5, "type": "deal.won", "data": {"name": "Acme"}}', "its id is no text", 0.0)
    for text in ("is:quarantined", "is:quarantined acme", "acme or is:quarantined", "(is:quarantined or x) deal.won"):
        assert parse(text, NOW).wants_set_aside
        assert parse(text, NOW).matches_set_aside(item)
    assert not parse("is:quarantined zebra", NOW).matches_set_aside(item)
    for text in ("acme", "-is:quarantined", ""):
        assert not parse(text, NOW).wants_set_aside
    assert not parse("is:quarantined", NOW).matches(event({}), Facts(marked=frozenset({"evt_1"})))
    with pytest.raises(QueryError):
        parse("is:aside", NOW)
