"""A filter as text shows what the filter shows, and becomes the same filter again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.event import Event, resource_of
from rex_tui.query.filter import DEALS, EVERYTHING, NOTHING, Filter
from rex_tui.query.filter_text import compose, split
from rex_tui.query.language import Facts, parse

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
TYPES = ["deal.won", "deal.lost", "contact.created", "contact.updated", "trigger.deal.stale", "odd", "import.completed"]


def shown(text: str) -> set[str]:
    query = parse(text, NOW)
    return {name for name in TYPES if query.matches(Event("evt_1", name, "", "{}", 0.0), Facts())}


def toggled(start: Filter, presses: list[str]) -> Filter:
    for name in presses:
        if name in TYPES:
            start = start.toggled(name)
        else:
            start = start.toggled_group(name, [one for one in TYPES if resource_of(one) == name])
    return start


filters = st.builds(
    toggled,
    st.sampled_from([EVERYTHING, NOTHING, DEALS, Filter.only(["deal.won"]), Filter.all_but_group("deal")]),
    st.lists(st.sampled_from([*TYPES, *map(resource_of, TYPES)]), max_size=6),
)


@given(filters)
def test_the_text_shows_what_the_filter_shows(chosen: Filter) -> None:
    assert shown(compose(chosen, "", TYPES)) == {name for name in TYPES if chosen.shows(name)}


@given(filters, st.sampled_from(["", "acme", 'acme "big one"', "acme or type:odd", "-acme", "(a or b) c"]))
def test_types_and_query_come_apart_again(chosen: Filter, text: str) -> None:
    types, rest = split(compose(chosen, text, TYPES), NOW, TYPES)
    assert rest == text
    assert {name for name in TYPES if types.shows(name)} == {name for name in TYPES if chosen.shows(name)}


@pytest.mark.parametrize(
    ("chosen", "text", "said"),
    [
        (EVERYTHING, "", ""),
        (EVERYTHING, " acme ", "acme"),
        (DEALS, "acme", "(type:deal.* or type:trigger.deal.*) acme"),
        (Filter.all_but(["deal.won"]), "", "-type:deal.won"),
        (NOTHING, "", "-type:*"),
        (Filter.only_group("odd"), "", "(type:odd or type:odd.*)"),
        (Filter.only(['a "b" c']), "", "type:a*b*c"),
    ],
)
def test_how_a_filter_is_said(chosen: Filter, text: str, said: str) -> None:
    assert compose(chosen, text, TYPES) == said


@pytest.mark.parametrize(
    "text", ["acme type:deal.won", "type:deal.won or acme", "(type:a or type:b) or c", "type:a (b) or (c)"]
)
def test_of_a_text_that_is_not_ours_all_is_query(text: str) -> None:
    assert split(text, NOW, TYPES) == (EVERYTHING, text)
