"""How times are told in the table: ages, days that begin, and what came late; nothing that means harm gets through."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from support.fakes import NOW
from support.hostile import NAMES, hostile

from rex_tui.event import GAP_TYPE, Event, Row
from rex_tui.query.gap import GapStory
from rex_tui.ui.widgets.event_line import Cells, Times, When, cells_of, when_of
from rex_tui.ui.widgets.histogram import span_words
from rex_tui.ui.widgets.times import exact_time, late_words, relative_time, short_age, table_time

UTC_TIMES = Times(utc=True)
WIDE, NARROW = 80, 50


def cells(occurred_at: str, received_at: float = 0.0, seq: int = 1) -> Cells:
    made = cells_of(Row(seq, "evt_1", "deal.won", occurred_at, received_at, "{}", 2))
    assert isinstance(made, Cells)
    return made


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (0.9, "now"),
        (-0.5, "now"),
        (1, " 1 s"),
        (59.9, "59 s"),
        (60, " 1 min"),
        (3_599, "59 min"),
        (3_600, " 1 h"),
        (86_399, "23 h"),
        (86_400, " 1 d"),
        (29 * 86_400, "29 d"),
        (31 * 86_400, " 1 mo"),
        (400 * 86_400, " 1 y"),
        (2_025 * 31_556_952, "2,025 y"),
        (-185, "in  3 min"),
    ],
)
def test_ages_are_short(seconds: float, words: str) -> None:
    assert short_age(seconds) == words


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (-3_600, ""),
        (0, ""),
        (300, ""),
        (301, "received 5 min 1 s later"),
        (7_200, "received 2 h later"),
        (7_500, "received 2 h 5 min later"),
        (86_400 + 60, "received 1 d later"),
        (30 * 86_400, "received 30 d later"),
        (31_556_952 * 2_000, "received 2,000 y later"),
    ],
)
def test_what_came_late_says_how_late(late: float, words: str) -> None:
    assert late_words(datetime.fromtimestamp(NOW, UTC), NOW + late) == words
    assert late_words(None, NOW + late) == ""


def test_a_day_begins_with_the_first_row_and_where_the_row_above_is_of_another_day() -> None:
    here = cells("2026-03-16T00:00:10Z")
    assert when_of(here, None, WIDE, UTC_TIMES, first=True) == When("03-16 00:00:10", new_day=True, late=False)
    assert when_of(here, None, WIDE, UTC_TIMES, first=False).new_day is False
    assert when_of(here, cells("2026-03-15T23:59:59Z"), WIDE, UTC_TIMES, first=False).new_day is True
    assert when_of(here, cells("2026-03-16T00:00:00Z"), WIDE, UTC_TIMES, first=False).new_day is False
    assert when_of(here, cells("2027-03-16T00:00:00Z"), WIDE, UTC_TIMES, first=False).new_day is True
    assert when_of(here, cells("garbage"), WIDE, UTC_TIMES, first=False).new_day is False
    assert when_of(here, GapStory("2026-03-15T23:00:00Z", "", ""), WIDE, UTC_TIMES, first=False).new_day is True
    assert when_of(here, GapStory("", "", ""), WIDE, UTC_TIMES, first=False).new_day is False
    assert when_of(cells("garbage"), here, WIDE, UTC_TIMES, first=False) == When("garbage", new_day=False, late=False)


def test_a_narrow_table_names_the_day_where_it_begins() -> None:
    here = cells("2026-03-16T08:00:10Z")
    assert when_of(here, cells("2026-03-15T23:59:59Z"), NARROW, UTC_TIMES, first=False).text == "16 08:00"
    assert when_of(here, here, NARROW, UTC_TIMES, first=False).text == "08:00:10"


def test_the_day_is_that_of_the_zone_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        before, after = cells("2026-03-16T14:59:00Z"), cells("2026-03-16T15:01:00Z")
        assert when_of(after, before, WIDE, UTC_TIMES, first=False).new_day is False
        local = when_of(after, before, WIDE, Times(utc=False), first=False)
        assert local == When("03-17 00:01:00", new_day=True, late=False)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_of_what_came_late_together_the_topmost_is_marked() -> None:
    at_once = cells("2026-03-16T12:00:00Z", NOW + 5)
    late = cells("2026-03-16T12:01:00Z", NOW + 3_600)
    with_it = cells("2026-03-16T12:02:00Z", NOW + 3_601)
    later = cells("2026-03-16T12:03:00Z", NOW + 7_200)
    rows: list[Cells | None] = [None, at_once, late, with_it, later, at_once]
    marks = [when_of(row, above, WIDE, UTC_TIMES, first=False).late for above, row in pairwise(rows) if row is not None]
    assert marks == [False, True, False, True, False]


def test_ages_take_the_place_of_times_but_not_of_odd_ones() -> None:
    ages = Times(utc=True, now=NOW + 180)
    assert when_of(cells("2026-03-16T12:00:00Z"), None, WIDE, ages, first=True) == When(" 3 min", False, False)
    assert when_of(cells("soon"), None, WIDE, ages, first=True).text == "soon"
    assert when_of(cells(""), None, WIDE, ages, first=True).text == "–"  # noqa: RUF001 - a dash for people


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize(
    "occurred_at",
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59-12:00"],
)
def test_the_calendars_ends_are_survived_in_every_zone(occurred_at: str) -> None:
    event = Event("evt_1", "deal.won", occurred_at, "{}", NOW)
    here = cells(occurred_at, NOW)
    for utc in (True, False):
        for times in (Times(utc), Times(utc, NOW)):
            said = [when_of(here, cells("2026-03-16T12:00:00Z"), width, times, first=False) for width in (WIDE, NARROW)]
            assert all(when.text.isprintable() and when.text for when in said)
        assert exact_time(occurred_at, utc=utc).isprintable()
        assert table_time(occurred_at, utc=utc, with_date=True)
    assert late_words(event.occurred, NOW).isprintable()
    assert relative_time(occurred_at, NOW).isprintable()


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_time_is_shown_clean_whichever_way_times_are_told(name: str) -> None:
    said = hostile(name, "o")
    here = cells(said, NOW)
    for times in (UTC_TIMES, Times(utc=False), Times(utc=True, now=NOW)):
        for above in (None, here, cells("2026-03-16T12:00:00Z"), GapStory(said, said, said)):
            when = when_of(here, above, WIDE, times, first=above is None)
            assert (when.new_day, when.late) == (False, False)
            assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in when.text)
            assert when_of(cells("2026-03-16T12:00:00Z"), above, WIDE, times, first=False).text.isprintable()


def test_a_gap_says_nothing_of_time_itself() -> None:
    assert isinstance(cells_of(Row(1, "x", GAP_TYPE, "", 0.0, "{}", 2)), GapStory)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 s"),
        (30, "30 s"),
        (60, "1 min"),
        (7_200, "2 h"),
        (86_400, "1 day"),
        (345_600, "4 days"),
        (604_800, "1 week"),
        (1_209_600, "2 weeks"),
    ],
)
def test_the_size_of_a_bar_in_words(size: int, words: str) -> None:
    assert span_words(size) == words
