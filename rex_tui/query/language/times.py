"""Times as people ask for them, and comparing them with when an event happened.

Everything is reckoned in whole seconds, UTC. A word like `monday` and a date without a zone are in the zone of the one
who asks. An event without a readable time matches no question about time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from msgspec import Struct

from rex_tui.event import Event, parse_time
from rex_tui.query.language.errors import QueryError
from rex_tui.query.language.terms import Calls, Cost, Facts, Fragment
from rex_tui.store.compact_event import SECONDS

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_UNITS: Final = {
    "s": _SECOND,
    "m": _MINUTE,
    "min": _MINUTE,
    "h": timedelta(hours=1),
    "d": _DAY,
    "w": timedelta(weeks=1),
}
_AGO: Final = re.compile(r"(\d{1,9})(s|min|m|h|d|w)", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?P<seconds>:\d\d)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_DAY: Final = 3
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DECEMBER: Final = 12
EXPECTED: Final = "a time like 2d, 3h, monday, yesterday, 14:03, 2026-03-01 or “2026-03-01 14:03”"
_LOOKS_USUAL: Final = "(e.happened GLOB '????-??-??T??:??:??Z' OR e.happened GLOB '????-??-??T??:??:??.???Z')"
_SURELY_USUAL: Final = (
    "e.happened >= '0001' AND substr(e.happened, 12, 2) < '24' AND ("
    "(e.happened GLOB '????-??-??T??:??:??Z' AND substr(e.happened, 1, 20) = e.happened"
    " AND substr(e.happened, 9, 2) < '29' AND julianday(e.happened) IS NOT NULL)"
    " OR strftime('%Y-%m-%dT%H:%M:%SZ', e.happened, '+0 seconds') = e.happened"
    " OR strftime('%Y-%m-%dT%H:%M:%fZ', e.happened, '+0 seconds') = e.happened)"
)


class SystemZone(tzinfo):
    """The machine's own time zone, with the offset that holds at the time in question, summer time included."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Give the offset at a local time."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> None:
        """Leave open how much of the offset is summer time."""
        del moment

    def tzname(self, moment: datetime | None) -> str | None:
        """Give the zone's name at a local time."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """Give a time in UTC as local time."""
        return moment.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


def local_now() -> datetime:
    """Give the time now in the machine's own zone, as `parse` wants it."""
    return datetime.now(SystemZone())


class Span(Struct, frozen=True):
    """What a time stands for: from its first second up to, not including, `end`, both UTC."""

    start: datetime
    end: datetime


def read_span(text: str, now: datetime, position: int) -> Span:
    """Read a time: a moment, a minute, a day or a month. Raises `QueryError`."""
    length = max(1, len(text))
    try:
        span = _span(text.strip().lower(), now)
        whole = None if span is None else Span(_whole(span[0]), _whole(span[1]))
    except OverflowError:
        raise QueryError("This time is too far away: expected one in the years 1 to 9999.", position, length) from None
    except ValueError as error:
        raise QueryError(f"There is no such time ({error}): expected {EXPECTED}.", position, length) from None
    if whole is None:
        raise QueryError(f"Expected {EXPECTED}.", position, length)
    return whole


def _span(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    if text == "now":
        return now, now.astimezone(UTC) + _SECOND
    if ago := _AGO.fullmatch(text):
        moment = now.astimezone(UTC) - int(ago[1]) * _UNITS[ago[2]]
        return moment, moment + _SECOND
    if clock := _CLOCK.fullmatch(text):
        at = time(int(clock[1]), int(clock[2]), int(clock[3] or 0))
        start = _local(now.date(), at, now)
        if start > now.astimezone(UTC):
            start = _local(now.date() - _DAY, at, now)
        return start, start + (_SECOND if clock[3] else _MINUTE)
    if moment_text := _MOMENT.fullmatch(text.upper()):
        moment = datetime.fromisoformat(moment_text[0])
        start = (moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)).astimezone(UTC)
        return start, start + (_SECOND if moment_text["seconds"] else _MINUTE)
    return _days(text, now)


def _days(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """Read a day or a month."""
    if month := _MONTH.fullmatch(text):
        first = date(int(month[1]), int(month[2]), 1)
        following = date(first.year + first.month // _DECEMBER, first.month % _DECEMBER + 1, 1)
        return _local(first, time(), now), _local(following, time(), now)
    day = _day(text, now)
    return None if day is None else (_local(day, time(), now), _local(day + _DAY, time(), now))


def _day(text: str, now: datetime) -> date | None:
    today = now.date()
    if text in ("today", "yesterday"):
        return today if text == "today" else today - _DAY
    for number, name in enumerate(_DAYS):
        if len(text) >= _SHORT_DAY and name.startswith(text):
            return today - (today.weekday() - number) % 7 * _DAY
    return date.fromisoformat(text) if _DATE.fullmatch(text) else None


def _local(day: date, at: time, now: datetime) -> datetime:
    return datetime.combine(day, at, now.tzinfo).astimezone(UTC)


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def in_words(moment: datetime, now: datetime) -> str:
    """Give a time in few words, in the zone of `now`: `14:03` today, `Mon 23 Nov`, `1 Mar 2024 12:00`."""
    try:
        local = moment.astimezone(now.tzinfo)
    except (OverflowError, ValueError):  # the first and the last day there is
        local = moment
    today = now.date()
    at = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    if local.time() == time():
        at = ""
    if local.date() == today:
        return at or "today"
    day = f"{local:%a} {local.day} {local:%b}" if local.year == today.year else f"{local.day} {local:%b} {local.year}"
    return f"{day} {at}".rstrip()


def seconds(text: object) -> int | None:
    """Give the whole second, since the epoch, in which an event happened; None where its time can't be read."""
    moment = parse_time(text) if isinstance(text, str) else None
    return None if moment is None else (moment - _EPOCH) // _SECOND


class Between(Struct, frozen=True):
    """Events from `start` on and before `end`, both whole seconds UTC; None leaves a side open."""

    start: datetime | None
    end: datetime | None
    said: str

    def matches(self, event: Event, facts: Facts) -> bool:
        """Compare the event's time."""
        del facts
        at = seconds(event.occurred_at)
        if at is None:
            return False
        return all(at >= bound if operator == ">=" else at < bound for operator, bound in self._bounds())

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give a comparison of numbers for times that are kept so, of texts for others that look usual, else a call.

        What is outside as a text is outside if it looks usual, for then it is, or is no time at all. What is inside
        is inside if it is sure to be a time: with a day and an hour that there are, and nothing behind a NUL.
        """
        del facts
        call = calls.name(seconds)
        bounds = self._bounds()
        counted = " AND ".join(f"{SECONDS.replace('happened', 'e.happened')} {operator} ?" for operator, _ in bounds)
        inside = " AND ".join(f"e.happened {operator} ?" for operator, _ in bounds)
        asked = " AND ".join(f"{call}(e.happened) {operator} ?" for operator, _ in bounds)
        texts = tuple(bound.replace(tzinfo=None).isoformat() for bound in (self.start, self.end) if bound is not None)
        numbers = tuple(bound for _, bound in bounds)
        sql = (
            f"(CASE WHEN typeof(e.happened) = 'integer' THEN {counted}"
            f" WHEN {inside} THEN (CASE WHEN {_SURELY_USUAL} THEN 1 ELSE coalesce({asked}, 0) END)"
            f" WHEN {_LOOKS_USUAL} THEN 0 ELSE coalesce({asked}, 0) END)"
        )
        return Fragment(sql, (*numbers, *texts, *numbers, *numbers), Cost.TIME)

    def words(self) -> str:
        """Give the span as it was asked for."""
        return self.said

    def highlights(self) -> tuple[str, ...]:
        """Give none."""
        return ()

    def _bounds(self) -> list[tuple[str, int]]:
        bounds = ((">=", self.start), ("<", self.end))
        return [(operator, (bound - _EPOCH) // _SECOND) for operator, bound in bounds if bound is not None]
