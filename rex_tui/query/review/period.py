"""The time that a review is about: named as people name it, half open, with the one before it to compare with.

All ends are in the zone of `now`, whose days may have 23 or 25 hours; weeks begin on Monday.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from rex_tui.checkpoint import LAST_REVIEW, LAST_VISIT, nearest_name
from rex_tui.safe_text import clean

DEFAULT_DAYS: Final = 7
"""Days of the period since the last review where there was none yet."""
DAYS_MAX: Final = 3_660
NAMES: Final = (
    LAST_REVIEW,
    *("today", "7d", "30d", "90d"),
    *("this-week", "last-week", "this-month", "last-month", "this-quarter", "last-quarter"),
)
"""What a menu offers; any number of days (`10d`) or weeks (`2w`) and two dates (`2026-03-01..2026-03-08`) do, too."""
SINCE: Final = "since:"
"""Before the name of a checkpoint, where that is when a period begins."""
POSSIBLE: Final = (
    "last-review, today, 7d, 30d, 90d (any number of days d or weeks w), this-week, last-week, this-month, "
    "last-month, this-quarter, last-quarter, since:NAME for a checkpoint, or two days like 2026-03-01..2026-03-08"
)
TIME_MAX: Final = 2**32 - 1
"""The last second that an event is known to have happened in; the first is that of 1970."""
TEXT_MAX: Final = 60
_AGO: Final = re.compile(r"(\d{1,5})([dw])", re.ASCII)
_DATES: Final = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)
_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {LAST_REVIEW: "since the last review", LAST_VISIT: "since the last visit"}
)
_NO_CHECKPOINTS: Final[Mapping[str, datetime]] = MappingProxyType({})
_DAY: Final = timedelta(days=1)
_MONTHS: Final = 12
_A_QUARTER: Final = 3

Unit: TypeAlias = Literal["", "day", "month"]
"""What a period is made of; "" is seconds, whatever the clock on the wall said."""


class PeriodError(ValueError):
    """The text names no period; `str()` is a sentence for people, safe to show."""


class Period(Struct, frozen=True):
    """A span of time: from `start` up to, not including, `end`, both aware and in the zone of who asked.

    `name` is for people, `key` is what `period_named` reads; `unit` and `count` tell what `before` goes back by.
    """

    name: str
    start: datetime
    end: datetime
    key: str = ""
    unit: Unit = ""
    count: int = 0

    @property
    def before(self) -> Period:
        """Give the period of the same length that ends where this one starts; the calendar's, for one of a calendar."""
        match self.unit:
            case "day":
                start = self.start - self.count * _DAY
            case "month":
                start = _midnight(_months_on(self.start.date(), -self.count), self.start.tzinfo)
            case _:
                length = self.end.timestamp() - self.start.timestamp()
                start = _moment(self.start.timestamp() - length, self.start.tzinfo)
        return Period(_BEFORE.get(self.key) or self._name_before, start, self.start, "", self.unit, self.count)

    @property
    def _name_before(self) -> str:
        if self.unit != "day":
            return "as long before"
        return "the day before" if self.count == 1 else f"the {self.count} days before"

    @property
    def bounds(self) -> tuple[float, float]:
        """Give both ends in seconds since the epoch, UTC."""
        return self.start.timestamp(), self.end.timestamp()

    @property
    def zone(self) -> tzinfo:
        """Give the zone whose days are counted."""
        return self.start.tzinfo or UTC


def period_named(
    text: str,
    now: datetime,
    last_review: datetime | None = None,
    checkpoints: Mapping[str, datetime] = _NO_CHECKPOINTS,
) -> Period:
    """Read a period, seen from `now` (aware) and in its zone; raises `PeriodError`.

    Without a last review, or with one that is yet to come, `last-review` is a week, and its name says so.
    `checkpoints` are the aware times at which checkpoints were made, by their names.
    """
    asked = text.strip().lower()
    try:
        if asked.startswith(SINCE):
            period: Period | None = _since(asked.removeprefix(SINCE).strip('"'), now, checkpoints)
        else:
            period = _named(asked, now, last_review)
        known = period is None or (period.before.bounds[0] < period.bounds[0] >= 0 and period.bounds[1] <= TIME_MAX)
    except PeriodError:
        raise
    except (OverflowError, ValueError):
        known = False
    if not known:
        raise PeriodError(f"“{clean(text, TEXT_MAX)}” reaches too far. Possible: {POSSIBLE}.")
    if period is None:
        raise PeriodError(f"“{clean(text, TEXT_MAX)}” is no period. Possible: {POSSIBLE}.")
    if period.start.timestamp() > now.timestamp():
        raise PeriodError(f"“{clean(text, TEXT_MAX)}” has not begun yet, so there is nothing to review.")
    return replace(period, key=asked)


def _named(asked: str, now: datetime, last_review: datetime | None) -> Period | None:
    if asked == LAST_REVIEW:
        if last_review is not None and last_review.timestamp() < now.timestamp():
            return Period("since the last review", _moment(last_review.timestamp(), now.tzinfo), now)
        return replace(_days(DEFAULT_DAYS, now), name=f"the last {DEFAULT_DAYS} days (no review yet)")
    if asked in _CALENDAR:
        return _CALENDAR[asked](now)
    if ago := _AGO.fullmatch(asked):
        days = int(ago[1]) * (7 if ago[2] == "w" else 1)
        return _days(days, now) if 0 < days <= DAYS_MAX else None
    if dates := _DATES.fullmatch(asked):
        return _between(dates[1], dates[2], now.tzinfo)
    return None


def _since(name: str, now: datetime, checkpoints: Mapping[str, datetime]) -> Period:
    name = "-".join(name.split())  # as it is kept
    shown = clean(name, TEXT_MAX)
    made = checkpoints.get(name)
    if made is None:
        nearest = nearest_name(name, checkpoints)
        known = f"Kept are {', '.join(checkpoints)}" if checkpoints else "K on the screen keeps one"
        known = f"The nearest name is {nearest}" if nearest else known
        missing = f"There is no checkpoint “{shown}”" if name else "The name of a checkpoint is missing"
        raise PeriodError(f"{missing}. {clean(known, 2 * TEXT_MAX)}.")
    if made.timestamp() >= now.timestamp():
        raise PeriodError(f"The checkpoint “{shown}” is of a time that is yet to come, so no period begins there.")
    return Period(_CALLED.get(name, f"since {shown}"), _moment(made.timestamp(), now.tzinfo), now)


def _days(days: int, now: datetime) -> Period:
    name = "the last day" if days == 1 else f"the last {days} days"
    return Period(name, now - days * _DAY, now, unit="day", count=days)


def _between(first: str, last: str, zone: tzinfo | None) -> Period | None:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    if end < start:
        return None
    name = first if start == end else f"{first} to {last}"
    return Period(name, _midnight(start, zone), _midnight(end + _DAY, zone), unit="day", count=(end - start).days + 1)


def _today(now: datetime) -> Period:
    start = _midnight(now.date(), now.tzinfo)
    return Period("today", start, _midnight(now.date() + _DAY, now.tzinfo), unit="day", count=1)


def _week(now: datetime, back: int, name: str) -> Period:
    monday = now.date() - (now.weekday() + 7 * back) * _DAY
    return Period(name, _midnight(monday, now.tzinfo), _midnight(monday + 7 * _DAY, now.tzinfo), unit="day", count=7)


def _of_months(now: datetime, count: int, back: int, name: str) -> Period:
    first = date(now.year, (now.month - 1) // count * count + 1, 1)
    start = _months_on(first, -count * back)
    end = _months_on(start, count)
    return Period(name, _midnight(start, now.tzinfo), _midnight(end, now.tzinfo), unit="month", count=count)


def _months_on(first: date, months: int) -> date:
    """Give the first day of the month that is so many months on."""
    year, month = divmod(first.year * _MONTHS + first.month - 1 + months, _MONTHS)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return date(year, month + 1, 1)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(), zone)


def _moment(seconds: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)


_CALENDAR: Final[Mapping[str, Callable[[datetime], Period]]] = MappingProxyType(
    {
        "today": _today,
        "this-week": lambda now: _week(now, 0, "this week"),
        "last-week": lambda now: _week(now, 1, "last week"),
        "this-month": lambda now: _of_months(now, 1, 0, "this month"),
        "last-month": lambda now: _of_months(now, 1, 1, "last month"),
        "this-quarter": lambda now: _of_months(now, _A_QUARTER, 0, "this quarter"),
        "last-quarter": lambda now: _of_months(now, _A_QUARTER, 1, "last quarter"),
    }
)
_BEFORE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "today": "yesterday",
        "this-week": "last week",
        "last-week": "the week before",
        "this-month": "last month",
        "last-month": "the month before",
        "this-quarter": "last quarter",
        "last-quarter": "the quarter before",
    }
)
