"""Events in plain words, one line each: for eyes, for screen readers, and for a terminal's search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Final

from rex_tui.event import Event, Row, resource_of
from rex_tui.headless.formats import Format
from rex_tui.names import Names
from rex_tui.query.naming import NO_NAMES
from rex_tui.query.summary import ARROW, summarise
from rex_tui.safe_text import clean

TYPE_MAX: Final = 60
TYPE_WIDTH: Final = 20
TIME_MAX: Final = 25
ROW_DATA_MAX: Final = 32_768
"""Payloads with more characters are not looked into, as in the table."""
_SPOKEN: Final = ((" · ", ", "), (ARROW, " to "))
"""Signs that a screen reader spells out or leaves out, and what says the same."""
_COLOURS: Final[Mapping[str, int]] = {
    "contact": 94,
    "company": 36,
    "deal": 33,
    "activity": 32,
    "task": 96,
    "trigger": 31,
    "import": 35,
}
"""The colour of a resource's types, as the number in the terminal's own sequence: the user's palette decides."""


class Plain(Format):
    """Each event as its time, type, and what happened, in the names that are known."""

    made_for_terminals = True

    def __init__(self, naming: Callable[[Sequence[Event]], Names], *, colour: bool, utc: bool) -> None:
        """Write times in UTC or in the machine's own zone, types in colour or not; `naming` gives names for events."""
        super().__init__("", self._lines)
        self._naming = naming
        self._colour = colour
        self._utc = utc
        self._names = NO_NAMES

    def meet(self, events: Sequence[Event]) -> None:
        """Learn the names for these events. Raises `StoreError`."""
        self._names = self._naming(events)

    def _lines(self, events: Sequence[Event]) -> str:
        return "".join(f"{self._line(event)}\n" for event in events)

    def _line(self, event: Event) -> str:
        type_ = clean(event.type, TYPE_MAX)
        room = " " * (TYPE_WIDTH - len(type_))
        number = _COLOURS.get(resource_of(event.type)) if self._colour else None
        told = type_ if number is None else f"\x1b[{number}m{type_}\x1b[0m"
        return f"{plain_time(event, utc=self._utc)}  {told}{room}  {spoken_summary(event, self._names)}".rstrip()


def plain_time(event: Event, *, utc: bool) -> str:
    """Give when an event happened, to the second; what Rex sent where that is no time."""
    moment = event.occurred
    if moment is None:
        return clean(event.occurred_at, TIME_MAX) or "without a time"
    try:
        return (moment.astimezone(UTC) if utc else moment.astimezone()).strftime(f"%Y-%m-%d %H:%M:%S{'Z' * utc}")
    except (OverflowError, ValueError, OSError):
        return clean(event.occurred_at, TIME_MAX)


def spoken_summary(event: Event, names: Names) -> str:
    """Give what happened in words, clean, on one line."""
    size = len(event.data)
    data = event.data if size <= ROW_DATA_MAX else None
    told = summarise(Row(event.seq, event.id, event.type, event.occurred_at, event.received_at, data, size), names)
    for sign, words in _SPOKEN:
        told = told.replace(sign, words)
    return told.replace(": open it in the detail pane", "")
