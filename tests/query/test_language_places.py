"""Asking for what came since a checkpoint: by its place in the log, whatever its time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rex_tui.checkpoint import Place
from rex_tui.event import Event, SetAside
from rex_tui.names import Names
from rex_tui.query.language import Completion, Known, QueryError, complete, parse
from rex_tui.query.language.places import name_as_typed, wrong_name
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.rule import RuleError, read_rule

NOW = datetime(2026, 3, 16, 13, 30, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 13, 17, 2, tzinfo=UTC).timestamp()
PLACES = {
    "last-visit": Place("last-visit", 4, FRIDAY),
    "weekly-review": Place("weekly-review", 2, FRIDAY),
    "lost": Place("lost", 3, FRIDAY, exact=False),
    "monday": Place("monday", 1, FRIDAY),  # made by hand: a time stays a time
}


def found(text: str) -> list[int]:
    late = [Event(f"evt_{n}", "deal.won", "2020-01-01T00:00:00Z", "{}", 0.0, n) for n in range(1, 6)]
    query = parse(text, NOW, {"mine": "since:weekly-review"}, places=PLACES)
    return [event.seq for event in late if query.matches(event)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("since:weekly-review", [3, 4, 5]),
        ('since:"Weekly-Review"', [3, 4, 5]),
        ('since:"weekly  review"', [3, 4, 5]),
        ("before:weekly-review", [1, 2]),
        ("since!=weekly-review", [1, 2]),
        ("since:weekly-review before:last-visit", [3, 4]),
        ("filter:mine -since:last-visit", [3, 4]),
        ("since:monday", []),
    ],
)
def test_events_are_told_apart_by_their_place_and_not_by_their_time(text: str, expected: list[int]) -> None:
    assert found(text) == expected


def test_a_query_says_its_places_and_when_they_were_made() -> None:
    query = parse("since:weekly-review or -before:lost", NOW, places=PLACES)
    assert (
        query.describe() == "since weekly-review (Fri 13 Mar 17:02) or not before lost (by its time, Fri 13 Mar 17:02)"
    )
    assert [place.name for place in query.places] == ["weekly-review", "lost"]
    aside = SetAside(1, b"", b"x", "why", 0.0)
    assert not any(parse(text, NOW, places=PLACES).matches_set_aside(aside) for text in ("since:lost", "before:lost"))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            "acme since:weekly-reveiw",
            11,
            "There is no time and no checkpoint “weekly-reveiw”; the nearest name is weekly-",
        ),
        ("since:zzzz", 6, "or a checkpoint: last-visit, weekly-review, lost, monday."),
        ("before:2026-02-30", 7, "There is no such time"),
        ("since:", 6, "or a checkpoint"),
        ("at:weekly-review", 3, "Expected a time like"),
    ],
)
def test_an_unknown_name_is_told_at_its_place_with_the_nearest(text: str, place: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, NOW, places=PLACES)
    assert caught.value.position == place
    assert message in caught.value.message


def test_without_a_visit_before_this_one_it_says_so() -> None:
    with pytest.raises(QueryError, match="There is no visit before this one yet"):
        parse("since:last-visit", NOW)


def test_a_rule_can_t_ask_for_a_checkpoint_and_is_told_so() -> None:
    rule = RuleSetting("Late", "type:deal.won since:weekly-review", place="Rule “Late”")
    with pytest.raises(RuleError, match=r"character 21\. Expected a time .*; checkpoints can't be asked for by a rule"):
        read_rule(rule, NOW, {}, Names())


def test_checkpoints_are_completed_behind_times() -> None:
    known = Known(checkpoints=("last-visit", "weekly-review", "to\x1b[2J"))
    assert complete("since:we", 8, known) == [Completion(6, 8, "weekly-review", "checkpoint")]
    assert [one.text for one in complete("before:to", 9, known)] == ["today"]
    assert "last-visit" not in [one.text for one in complete("at:", 3, known)]


@pytest.mark.parametrize(
    ("typed", "name", "why"),
    [
        ("  Weekly  Review ", "weekly-review", ""),
        ("Größe_1.b", "größe_1.b", ""),
        ("Mon", "mon", "is a time"),
        ("Last Visit", "last-visit", "keeps itself"),
        ("2d", "2d", "begins with a letter"),
        ("a:b", "a:b", "begins with a letter"),
        ("\x1b[2J", "␛[2j", "begins with a letter"),
        ("", "", "begins with a letter"),
    ],
)
def test_a_name_is_one_that_can_be_typed_and_is_no_time(typed: str, name: str, why: str) -> None:
    assert name_as_typed(typed) == name
    assert why in wrong_name(name, NOW)
    assert bool(why) == bool(wrong_name(name, NOW))
