"""The filter: a value made from another by what the reader does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.query.filter import DEALS, EVERYTHING, NOTHING, Filter

TYPES = ["deal.won", "deal.lost", "contact.created", "contact.updated", "trigger.deal.stale", "odd", "import.completed"]


def shown(chosen: Filter) -> set[str]:
    return {name for name in TYPES if chosen.shows(name)}


def test_everything_shows_everything_also_what_comes_later() -> None:
    assert shown(EVERYTHING) == set(TYPES)
    assert EVERYTHING.shows("never.seen")
    assert EVERYTHING.is_all


def test_only_one_type_hides_the_rest_and_what_comes_later() -> None:
    chosen = Filter.only(["deal.won"])
    assert shown(chosen) == {"deal.won"}
    assert not chosen.shows("never.seen")


def test_all_but_one_type_shows_what_comes_later() -> None:
    chosen = Filter.all_but(["deal.won"])
    assert shown(chosen) == set(TYPES) - {"deal.won"}
    assert chosen.shows("never.seen")


def test_the_preset_deals_has_deals_and_their_triggers() -> None:
    assert shown(DEALS) == {"deal.won", "deal.lost", "trigger.deal.stale"}
    assert DEALS.shows("deal.of_a_type_to_come")
    assert not DEALS.shows("dealer.created")


def test_a_group_goes_off_and_on_as_a_whole() -> None:
    deals = ["deal.won", "deal.lost"]
    off = EVERYTHING.toggled_group("deal", deals)
    assert shown(off) == set(TYPES) - set(deals)
    assert not off.shows("deal.of_a_type_to_come")
    assert off.toggled_group("deal", deals) == EVERYTHING


def test_a_group_that_is_partly_shown_goes_on_first() -> None:
    partly = EVERYTHING.toggled("deal.won")
    assert partly.toggled_group("deal", ["deal.won", "deal.lost"]) == EVERYTHING


def test_one_type_of_a_hidden_group_can_be_shown() -> None:
    chosen = Filter.all_but_group("deal").toggled("deal.won")
    assert shown(chosen) == set(TYPES) - {"deal.lost"}


@given(st.lists(st.sampled_from(TYPES), max_size=8))
def test_a_toggled_type_turns_round_and_nothing_else_does(presses: list[str]) -> None:
    chosen = EVERYTHING
    for name in presses:
        before = shown(chosen)
        chosen = chosen.toggled(name)
        assert shown(chosen) == before ^ {name}
    odd_presses = {name for name in presses if presses.count(name) % 2}
    assert chosen == Filter.all_but(odd_presses)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (EVERYTHING, "all events"),
        (NOTHING, "nothing"),
        (DEALS, "deals"),
        (Filter.only(["deal.won"]), "only deal.won"),
        (Filter.only_group("contact"), "only contact.*"),
        (Filter.all_but(["deal.won", "deal.lost"]), "all but deal.lost and deal.won"),
        (Filter.all_but(TYPES[:3]), "4 types"),
        (Filter.only_group("deal").toggled("deal.won"), "1 type"),
        (Filter.only(["\x1b]0;evil\x07"]), "only ␛]0;evil␇"),
    ],
)
def test_a_filter_says_in_words_what_it_shows(chosen: Filter, words: str) -> None:
    assert chosen.describe(TYPES) == words
