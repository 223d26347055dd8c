"""Times as people write them: a table of what is meant, and nothing but its own error for anything else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.hostile import NAMES, hostile

from rex_tui.query.when import EXAMPLES, MachineZone, WhenError, read_time

NOW = datetime(2026, 3, 18, 15, 30, 45, 500_000, tzinfo=UTC)  # a Wednesday


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, micro: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", NOW),
        ("  NOW ", NOW),
        ("today", at(2026, 3, 18)),
        ("yesterday", at(2026, 3, 17)),
        ("Yesterday 14:00", at(2026, 3, 17, 14)),
        ("yesterday at 2pm", at(2026, 3, 17, 14)),
        ("yesterday, 14:00", at(2026, 3, 17, 14)),
        ("tomorrow 08:00", at(2026, 3, 19, 8)),
        ("3 days ago", NOW - timedelta(days=3)),
        ("3 days", NOW - timedelta(days=3)),
        ("2d", NOW - timedelta(days=2)),
        ("2d ago", NOW - timedelta(days=2)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("a week ago", NOW - timedelta(days=7)),
        ("90 min", NOW - timedelta(minutes=90)),
        ("45s", NOW - timedelta(seconds=45)),
        ("1 month ago", NOW.replace(month=2)),
        ("14 months ago", NOW.replace(year=2025, month=1)),
        ("1y", NOW.replace(year=2025)),
        ("monday", at(2026, 3, 16)),
        ("mon 9:05", at(2026, 3, 16, 9, 5)),
        ("wednesday", at(2026, 3, 18)),
        ("last wednesday", at(2026, 3, 11)),
        ("last monday 12:00", at(2026, 3, 16, 12)),
        ("thu", at(2026, 3, 12)),
        ("tuesday 14:00", at(2026, 3, 17, 14)),
        ("14:03", at(2026, 3, 18, 14, 3)),
        ("15:31", at(2026, 3, 17, 15, 31)),
        ("14:03:09", at(2026, 3, 18, 14, 3, 9)),
        ("2pm", at(2026, 3, 18, 14)),
        ("12:30 am", at(2026, 3, 18, 0, 30)),
        ("2026-03-01", at(2026, 3, 1)),
        ("2026-03", at(2026, 3, 1)),
        ("2026-03-01 14:03", at(2026, 3, 1, 14, 3)),
        ("2026-03-01 2pm", at(2026, 3, 1, 14)),
        ("2026-03-01T14:03:05", at(2026, 3, 1, 14, 3, 5)),
        ("2026-03-01T14:03:05.250Z", at(2026, 3, 1, 14, 3, 5, 250_000)),
        ("2026-03-01T14:03+02:00", at(2026, 3, 1, 12, 3)),
        ("03-01 14:03:05", at(2026, 3, 1, 14, 3, 5)),
        ("12-24", at(2025, 12, 24)),
        ("2026-02-28", at(2026, 2, 28)),
        ("0001-01-01", at(1, 1, 1)),
        ("9999-12-31 23:59:59", at(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_what_a_text_means(text: str, meant: datetime) -> None:
    found = read_time(text, NOW)
    assert found == meant
    assert found.tzinfo is UTC


def test_a_month_back_from_its_end_is_the_end_of_a_shorter_one() -> None:
    assert read_time("1 month ago", NOW.replace(day=31)) == NOW.replace(month=2, day=28)
    assert read_time("1 month ago", NOW.replace(month=5, day=31)) == NOW.replace(month=4, day=30)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "soon",
        "25:00",
        "14:60",
        "2026-02-30",
        "2026-13-01",
        "13pm",
        "3 moons ago",
        "last",
        "mo",
        "14",
        "2026",
        "999999999 years ago",
        "999999999 days ago",
        "yesterday noonish",
        "last 2026-03-01",
        "\x1b[2J",
        "١٤:٠٣",
        "²:00",
    ],
)
def test_what_is_no_time_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(WhenError) as told:
        read_time(text, NOW)
    assert str(told.value).endswith(EXAMPLES)
    assert "\x1b" not in str(told.value)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_texts_are_told_safely(name: str) -> None:
    with pytest.raises(WhenError) as told:
        read_time(hostile(name, "w"), NOW)
    assert str(told.value).isprintable()


WORDS = st.sampled_from(
    [
        "yesterday",
        "today",
        "monday",
        "last",
        "ago",
        "3",
        "days",
        "2026-03-01",
        "14:00",
        "T",
        "Z",
        "at",
        "pm",
        "now",
        "-",
        ":",
        "0",
        "99999999",
        "month",
        "years",
        "+02:00",
        "0001-01-01",
        "9999-12-31",
        "23:59:59.999",
        "٣",
        "w",
    ]
)
MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, MachineZone()]))


@given(
    st.one_of(
        st.text(max_size=30), st.lists(WORDS, max_size=5).map(" ".join), st.lists(WORDS, max_size=5).map("".join)
    ),
    MOMENTS,
)
@example("1d", datetime(1, 1, 1, tzinfo=UTC))
@example("9999-12-31T23:59:59-12:00", NOW)
@example("tomorrow", datetime(9999, 12, 31, tzinfo=UTC))
def test_any_text_is_a_time_or_a_sentence(text: str, now: datetime) -> None:
    try:
        found = read_time(text, now)
    except WhenError as error:
        told = str(error)
    else:
        told = EXAMPLES
        assert found.tzinfo is now.tzinfo
        assert isinstance(found.timestamp(), float)
    assert told.endswith(EXAMPLES)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_as_the_table_shows_it_is_read_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert read_time(whole.isoformat(" ")[:19], NOW) == whole
    assert read_time(whole.isoformat(), NOW) == whole


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(MachineZone())
    monkeypatch.undo()
    time.tzset()


def test_the_machines_zone_has_summer_time_when_it_is_summer(berlin: datetime) -> None:
    assert (berlin.hour, berlin.tzname()) == (14, "CEST")
    winter = read_time("2026-01-15 14:03", berlin)
    assert winter == datetime(2026, 1, 15, 13, 3, tzinfo=UTC)
    assert winter.tzname() == "CET"
    assert read_time("2026-06-15 14:03", berlin) == datetime(2026, 6, 15, 12, 3, tzinfo=UTC)
    assert read_time("now", berlin) == berlin


def test_hours_ago_are_hours_that_passed_and_days_ago_are_days_on_the_wall(berlin: datetime) -> None:
    after_change = datetime(2026, 3, 29, 10, tzinfo=UTC).astimezone(berlin.tzinfo)
    assert read_time("24 hours ago", after_change) == datetime(2026, 3, 28, 10, tzinfo=UTC)
    assert read_time("1 day ago", after_change) == datetime(2026, 3, 28, 11, tzinfo=UTC)
