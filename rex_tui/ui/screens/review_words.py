"""A review's period and what is not known of it, in words and colours."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final

from textual.content import Content

from rex_tui.query.review.period import Period
from rex_tui.query.review.review import Review
from rex_tui.ui.widgets.masked_chip import CHIP

DAY: Final = "%Y-%m-%d"
MINUTE: Final = "%Y-%m-%d %H:%M"


def period_words(period: Period, now: datetime) -> str:
    """Give when a period begins and ends: whole days by their dates, the last one included."""
    start, end = period.start, period.end
    is_over = end.timestamp() <= now.timestamp()
    if _is_midnight(start) and _is_midnight(end):
        last = datetime.fromtimestamp(end.timestamp() - 1, UTC).astimezone(period.zone)
        first_day, last_day = f"{start:{DAY}}", f"{last:{DAY}}"
        told = first_day if first_day == last_day else f"{first_day} to {last_day}"
        return told if is_over else f"{told}, not over yet"
    return (
        f"{start:{MINUTE}} to {end:{MINUTE}}" if end.timestamp() < now.timestamp() - 1 else f"{start:{MINUTE}} to now"
    )


def name_and_time(period: Period, now: datetime) -> tuple[str, str]:
    """Give a period's name, and after it what else there is to say of when it begins and ends."""
    words = period_words(period, now)
    is_told = words.startswith(period.name)  # as two days are
    return period.name, words.removeprefix(period.name) if is_told else f" · {words}"


def heading(
    period: Period, now: datetime, review: Review | None, reading: float | None, behind: str, *, masked: bool = False
) -> Content:
    """Give the period, what it is compared with, if it is masked; while the log is read, how far back it is counted.

    `reading` is a moment in seconds since the epoch, UTC, None where nothing is being read;
    `behind` says, clean, why the log is behind Rex's.
    """
    name, when = name_and_time(period, now)
    parts: list[tuple[str, str]] = [
        ("Review ", "bold $accent"),
        *([CHIP, (" ", "")] if masked else []),
        (f" {name}", "bold"),
        (when, "$foreground"),
    ]
    if review is None or not review.complete:
        back = "" if reading is None else f" back to {_day(reading, period.zone)}"
        early = " · all but changes and older deals is there already" if review is not None else ""
        parts.append((f" · counting{back} …{early}", "$warning"))
    elif review.before is None:
        parts.append((" · nothing to compare with", "$rex-faint"))
    else:
        former = period.before
        parts.append((f" · against {former.name}", "$rex-faint"))
    if behind:
        parts.append((f" · {behind}", "$warning"))
    return Content.assemble(*parts)


def unknown_words(review: Review | None) -> Content:
    """Say what the log can't know, and nothing where it knows all."""
    if review is None or not review.unknown:
        return Content()
    return Content.styled("Not known: " + " ".join(review.unknown), "$rex-faint")


def _day(moment: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(moment, UTC).astimezone(zone):{DAY}}"


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
