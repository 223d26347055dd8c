"""Periods as people name them: whole days and weeks of a zone, and what each is compared with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from rex_tui.query.review.period import NAMES, Period, PeriodError, period_named

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 4, 1, 9, 30, tzinfo=BERLIN)
"""A Wednesday, three days after clocks went forward."""


def span(period: Period) -> tuple[str, str]:
    return f"{period.start:%Y-%m-%d %H:%M %z}", f"{period.end:%Y-%m-%d %H:%M %z}"


@pytest.mark.parametrize(
    ("text", "start", "end", "before"),
    [
        ("today", "2026-04-01 00:00 +0200", "2026-04-02 00:00 +0200", "2026-03-31 00:00 +0200"),
        ("7d", "2026-03-25 09:30 +0100", "2026-04-01 09:30 +0200", "2026-03-18 09:30 +0100"),
        (" 30D ", "2026-03-02 09:30 +0100", "2026-04-01 09:30 +0200", "2026-01-31 09:30 +0100"),
        ("2w", "2026-03-18 09:30 +0100", "2026-04-01 09:30 +0200", "2026-03-04 09:30 +0100"),
        ("this-week", "2026-03-30 00:00 +0200", "2026-04-06 00:00 +0200", "2026-03-23 00:00 +0100"),
        ("last-week", "2026-03-23 00:00 +0100", "2026-03-30 00:00 +0200", "2026-03-16 00:00 +0100"),
        ("this-month", "2026-04-01 00:00 +0200", "2026-05-01 00:00 +0200", "2026-03-01 00:00 +0100"),
        ("last-month", "2026-03-01 00:00 +0100", "2026-04-01 00:00 +0200", "2026-02-01 00:00 +0100"),
        ("this-quarter", "2026-04-01 00:00 +0200", "2026-07-01 00:00 +0200", "2026-01-01 00:00 +0100"),
        ("last-quarter", "2026-01-01 00:00 +0100", "2026-04-01 00:00 +0200", "2025-10-01 00:00 +0200"),
        ("2026-03-28..2026-03-29", "2026-03-28 00:00 +0100", "2026-03-30 00:00 +0200", "2026-03-26 00:00 +0100"),
        ("2026-03-01..2026-03-01", "2026-03-01 00:00 +0100", "2026-03-02 00:00 +0100", "2026-02-28 00:00 +0100"),
    ],
)
def test_a_period_is_in_the_zone_of_who_asks_and_begins_where_the_one_before_ends(
    text: str, start: str, end: str, before: str
) -> None:
    period = period_named(text, NOW)
    assert span(period) == (start, end)
    assert span(period.before) == (before, start)
    assert period_named(period.key, NOW) == period
    assert period.before.name
    assert period.bounds == (period.start.timestamp(), period.end.timestamp())


def test_a_week_of_the_change_of_clocks_has_an_hour_less() -> None:
    start, end = period_named("last-week", NOW).bounds
    assert end - start == 7 * 86_400 - 3_600


def test_since_the_last_review_is_as_long_as_it_is_and_a_week_without_one() -> None:
    last = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    period = period_named("last-review", NOW, last)
    assert (period.start, period.end, period.name) == (last, NOW, "since the last review")
    assert period.before.start.timestamp() == last.timestamp() - (NOW.timestamp() - last.timestamp())
    assert period.start.tzinfo is BERLIN
    for missing in (None, NOW + timedelta(minutes=1), NOW):
        without = period_named("last-review", NOW, missing)
        assert (without.start, without.key) == (period_named("7d", NOW).start, "last-review")
        assert without.name == "the last 7 days (no review yet)"


def test_every_name_that_is_offered_is_one() -> None:
    assert all(period_named(name, NOW).key == name for name in NAMES)
    assert period_named("1d", NOW).name == "the last day"
    assert period_named("7d", datetime(2026, 4, 1, tzinfo=timezone(timedelta(hours=5)))).zone.utcoffset(None)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "0d", "99999d", "3661d", "1m", "-7d", "2026-03-08..2026-03-01", "2026-02-30..2026-03-01"),
        *("2026-03-01", "\u0667d", "\x1b[2Jtoday"),
    ],
)
def test_what_is_no_period_is_refused_with_what_is_possible(text: str) -> None:
    with pytest.raises(PeriodError, match=r"Possible: last-review, today, 7d.*2026-03-01\.\.2026-03-08") as refused:
        period_named(text, NOW)
    assert "\x1b" not in str(refused.value)


def test_what_reaches_out_of_all_time_is_refused_also_by_what_it_would_be_compared_with() -> None:
    early = datetime(1, 2, 3, tzinfo=UTC)
    for text in ("90d", "last-quarter", "this-quarter", "0001-01-02..0001-01-09", "9999-12-31..9999-12-31"):
        with pytest.raises(PeriodError, match="reaches too far"):
            period_named(text, early)


def test_a_period_begins_at_a_checkpoint_and_an_unknown_one_is_told_with_the_nearest() -> None:
    board = NOW - timedelta(days=3)
    made = {"board-meeting": board, "last-visit": board, "later": NOW}
    period = period_named(' Since:"Board-Meeting" ', NOW, None, made)
    assert (period.name, period.bounds) == ("since board-meeting", (board.timestamp(), NOW.timestamp()))
    assert period_named(period.key, NOW, None, made) == period
    assert period_named('since:"board meeting"', NOW, None, made).start == period.start
    assert period_named("since:last-visit", NOW, None, made).name == "since the last visit"
    for text, said in (
        ("since:bord-meeting", "no checkpoint “bord-meeting”. The nearest name is board-meeting."),
        ("since:zzz\x1b", "no checkpoint “zzz␛”. Kept are board-meeting, last-visit, later."),
        ("since:later", "yet to come"),
    ):
        with pytest.raises(PeriodError) as refused:
            period_named(text, NOW, None, made)
        assert said in str(refused.value)
    with pytest.raises(PeriodError, match=r"The name of a checkpoint is missing\. K on the screen keeps one"):
        period_named("since:", NOW)


def test_what_has_not_begun_is_refused() -> None:
    tomorrow = (NOW + timedelta(days=1)).date()
    with pytest.raises(PeriodError, match="has not begun yet"):
        period_named(f"{tomorrow}..{tomorrow}", NOW)
    assert period_named(f"{NOW.date()}..{tomorrow}", NOW).count == 2
