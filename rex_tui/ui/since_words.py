"""Times of visits and checkpoints, and what came since, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from rex_tui.checkpoint import Place

NAMES_TOLD: Final = 2
A_WEEK: Final = timedelta(days=6)


def when_words(seconds: float, now: datetime) -> str:
    """Give a time (seconds since the epoch) in the zone of `now`: `17:02` today, `Fri 17:02`, `6 Mar 17:02`."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC).astimezone(now.tzinfo)
    except (OverflowError, ValueError, OSError):
        return "an unknown time"
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    if timedelta() < now.date() - moment.date() <= A_WEEK:
        return f"{moment:%a %H:%M}"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year} {moment:%H:%M}"


def divider_words(visit: Place, now: datetime) -> tuple[str, ...]:
    """Give what a line above the first new event says, the longest first."""
    when = when_words(visit.made_at, now) + ("" if visit.exact else ", by time")
    return f"new since your last visit, {when}", f"new since {when}", "new"
