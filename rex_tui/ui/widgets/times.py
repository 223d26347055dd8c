"""Times as people read them: to the second, in UTC or in the machine's own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import humanize

from rex_tui.event import parse_time
from rex_tui.safe_text import clean

LATE_S: Final = 300.0
"""An event that was received later than this was not received as it happened."""
UNITS_TOLD: Final = 2
_AGES: Final = ((31_556_952, "y"), (2_629_746, "mo"), (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def table_time(occurred_at: str, *, utc: bool, with_date: bool) -> str:
    """Give an event's time for a table's column; an odd one is shown as it came, a missing one as a dash."""
    moment = parse_time(occurred_at)
    if moment is None:
        return clean(occurred_at, 14) or "–"  # noqa: RUF001 - a dash for people
    return in_zone(moment, utc=utc).strftime("%m-%d %H:%M:%S" if with_date else "%H:%M:%S")


def exact_time(occurred_at: str, *, utc: bool) -> str:
    """Give an event's time in full, with the zone; what Rex sent where that is no time."""
    moment = parse_time(occurred_at)
    if moment is None:
        return f"time {clean(occurred_at, 60)!r}, which is none" if occurred_at else "no time given"
    return in_zone(moment, utc=utc).strftime("%Y-%m-%d %H:%M:%S %Z")


def relative_time(occurred_at: str, now: float) -> str:
    """Give how long ago an event was, seen from `now` (seconds since the epoch); "" where its time is none."""
    moment = parse_time(occurred_at)
    if moment is None:
        return ""
    here = datetime.fromtimestamp(now, UTC).replace(tzinfo=None)
    told = humanize.naturaltime(moment.replace(tzinfo=None), when=here)
    return "just now" if told == "now" else told


def short_age(seconds: float) -> str:
    """Give how long ago something was, short enough for a column: `3 min`; what is ahead of the clock is `in 3 min`."""
    whole = int(abs(seconds))
    if not whole:
        return "now"
    size, unit = next((step for step in _AGES if whole >= step[0]), _AGES[-1])
    return f"{'in ' if seconds < 0 else ''}{whole // size:>2,} {unit}"


def late_words(occurred: datetime | None, received_at: float) -> str:
    """Give how much later than it happened an event was received (seconds since the epoch); "" where it was at once."""
    if not came_late(occurred, received_at):
        return ""
    left = int(received_at - occurred.timestamp()) if occurred else 0
    said: list[str] = []
    for size, unit in _AGES:
        if left >= size and len(said) < UNITS_TOLD:
            said.append(f"{left // size:,} {unit}")
            left %= size
        elif said:
            break
    return f"received {' '.join(said)} later"


def came_late(occurred: datetime | None, received_at: float) -> bool:
    """Tell whether an event was received (seconds since the epoch) more than `LATE_S` after it happened."""
    return occurred is not None and received_at - occurred.timestamp() > LATE_S


def in_zone(moment: datetime, *, utc: bool) -> datetime:
    """Give an aware time in UTC or in the machine's own zone; at the calendar's very ends it stays in UTC."""
    try:
        return moment.astimezone(UTC) if utc else moment.astimezone()
    except (OverflowError, ValueError):
        return moment
