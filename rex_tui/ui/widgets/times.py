"""Times as people read them: to the second, in UTC or in the machine's own zone."""

from __future__ import annotations

from datetime import UTC, datetime

import humanize

from rex_tui.event import parse_time
from rex_tui.safe_text import clean


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
    return humanize.naturaltime(moment.replace(tzinfo=None), when=here)


def in_zone(moment: datetime, *, utc: bool) -> datetime:
    """Give an aware time in UTC or in the machine's own zone."""
    return moment.astimezone(UTC) if utc else moment.astimezone()
