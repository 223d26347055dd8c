"""Times as people write them: `yesterday 14:00`, `3 days ago`, `monday`, `2026-03-01 14:03`, `now`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from rex_tui.safe_text import clean

TEXT_MAX: Final = 60
"""Characters of a text that are repeated to whoever wrote it."""
EXAMPLES: Final = 'Try "yesterday 14:00", "3 days ago", "monday", "2026-03-01 14:03" or "14:03".'
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY_LETTERS: Final = 3
MONTHS_A_YEAR: Final = 12

_SECONDS: Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3_600),
}
_DAYS: Final = {**dict.fromkeys(("d", "day", "days"), 1), **dict.fromkeys(("w", "wk", "week", "weeks"), 7)}
_MONTHS: Final = {
    **dict.fromkeys(("mo", "month", "months"), 1),
    **dict.fromkeys(("y", "yr", "year", "years"), MONTHS_A_YEAR),
}
_RELATIVE: Final = re.compile(r"(?P<count>\d{1,9}|an?) ?(?P<unit>[a-z]{1,7})(?: ago)?", re.ASCII)
_CLOCK: Final = re.compile(r"(?P<h>\d{1,2})(?::(?P<m>\d\d)(?::(?P<s>\d\d))?)? ?(?P<half>am|pm)?", re.ASCII)
_DATE: Final = re.compile(r"(?:(?P<y>\d{4})-)?(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII)
_MONTH: Final = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})", re.ASCII)


class WhenError(ValueError):
    """The text is no time; `str()` is a sentence for people, safe to show."""


class MachineZone(tzinfo):
    """The machine's own time zone, with summer time where and when it has it."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Give how far local time is ahead of UTC then."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Give no answer: the machine does not tell it apart."""
        del moment
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """Give the zone's short name then."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """Give the local time of a time in UTC."""
        return moment.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


def read_time(text: str, now: datetime) -> datetime:
    """Read a time as people write it, seen from `now` and in its zone, which is that of the answer.

    A day without a time is its beginning; a weekday, a time of day or a day without its year is the last one that has
    begun by `now`. A text with a zone of its own (`2026-03-01T14:03Z`) is read in that. Raises `WhenError`.
    """
    words = " ".join(text.lower().replace(",", " ").split())
    try:
        found = _read(words, now)
        if found is not None and (found.tzinfo is not now.tzinfo):
            found = found.astimezone(now.tzinfo)
        if found is not None:
            found.timestamp()  # a zone may not reach as far as the calendar
            return found
    except (ValueError, OverflowError, OSError):
        said = clean(text.strip(), TEXT_MAX)
        raise WhenError(f'"{said}" names a day or a time that there is not. {EXAMPLES}') from None
    said = clean(text.strip(), TEXT_MAX)
    raise WhenError(f'"{said}" is no time that is understood here. {EXAMPLES}' if said else EXAMPLES)


def _read(words: str, now: datetime) -> datetime | None:
    if words == "now":
        return now
    if (seconds := _clock(words)) is not None:
        today = _at(now, seconds)
        return today if today <= now else _at(now - timedelta(days=1), seconds)
    if match := _RELATIVE.fullmatch(words):
        return _ago(match["count"], match["unit"], now)
    if match := _MONTH.fullmatch(words):
        return _midnight(now).replace(year=int(match["y"]), month=int(match["m"]), day=1)
    spaced = re.sub("^last ", "last_", words) if words[:1].isalpha() else words.replace("t", " ", 1)
    day_words, _, clock_words = spaced.partition(" ")
    day = _day(day_words, now)
    if day is not None:
        seconds = _clock(clock_words.removeprefix("at ")) if clock_words else 0
        if seconds is not None:
            return _at(day, seconds)
    return _iso(words, now)


def _iso(words: str, now: datetime) -> datetime | None:
    """Read what else ISO 8601 has: fractions, zones, weeks; it has to begin with a year."""
    if not words[:4].isdecimal() or not words.isascii():
        return None
    try:
        found = datetime.fromisoformat(words.upper())
    except ValueError:
        return None
    return found.replace(tzinfo=now.tzinfo) if found.tzinfo is None else found


def _ago(count: str, unit: str, now: datetime) -> datetime | None:
    number = 1 if count in ("a", "an") else int(count)
    if unit in _SECONDS:
        return (now.astimezone(UTC) - timedelta(seconds=number * _SECONDS[unit])).astimezone(now.tzinfo)
    if unit in _DAYS:
        return now - timedelta(days=number * _DAYS[unit])
    if unit in _MONTHS:
        year, month = divmod(now.year * MONTHS_A_YEAR + now.month - 1 - number * _MONTHS[unit], MONTHS_A_YEAR)
        first = now.replace(year=year, month=month + 1, day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return first.replace(day=min(now.day, (following - timedelta(days=1)).day))
    return None


def _clock(words: str) -> int | None:
    """Give the seconds since midnight that a time of day means, None where it is none."""
    match = _CLOCK.fullmatch(words)
    if match is None or not (match["m"] or match["half"]):
        return None
    hour = int(match["h"])
    if match["half"]:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock's face
            raise ValueError(words)
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    moment = time(hour, int(match["m"] or 0), int(match["s"] or 0))
    return moment.hour * 3_600 + moment.minute * 60 + moment.second


def _day(word: str, now: datetime) -> datetime | None:
    """Give a day, at midnight."""
    today = _midnight(now)
    before = {"today": 0, "yesterday": 1, "tomorrow": -1}
    if word in before:
        return today - timedelta(days=before[word])
    last, word = word.startswith("last_"), word.removeprefix("last_")
    for number, name in enumerate(WEEKDAYS):
        if len(word) >= WEEKDAY_LETTERS and name.startswith(word):
            days = (now.weekday() - number) % 7
            return today - timedelta(days=days or (7 if last else 0))
    match = _DATE.fullmatch(word)
    if match is None or last:
        return None
    day = today.replace(year=int(match["y"] or now.year), month=int(match["m"]), day=int(match["d"]))
    return day.replace(year=day.year - 1) if not match["y"] and day > now else day


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _at(day: datetime, seconds: int) -> datetime:
    """Give a time of day, by the clock on the wall."""
    return _midnight(day).replace(hour=seconds // 3_600, minute=seconds // 60 % 60, second=seconds % 60)
