"""How a catch-up goes: where in history it is, how fast, and how long it will still take."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Final

from msgspec import Struct, field

WINDOW_S: Final = 10.0
SETTLED_S: Final = 1.0
"""How long to watch before an estimate is worth telling."""


class Progress(Struct, frozen=True):
    """A catch-up at a glance.

    `position` is the time (UTC) of the last event read, None while unknown; `events_per_s` covers the last
    `WINDOW_S` seconds; `left_s` is an estimate in seconds, None while there is no honest one.
    """

    position: datetime | None = None
    events_per_s: float | None = None
    left_s: float | None = None

    @property
    def is_long(self) -> bool:
        """Tell whether it has gone on for a while; a page or two of what has just happened is read sooner."""
        return self.events_per_s is not None


class ProgressMeter(Struct):
    """Turns page after page into a `Progress`.

    How many events are still to come, Rex does not say, so the estimate goes by event time: if the last ten seconds
    brought us three days of history, the ten days up to now will take about half a minute.
    """

    _marks: deque[tuple[float, int, datetime | None]] = field(default_factory=deque)
    _events: int = 0

    def add(self, monotonic: float, events: int, position: datetime | None, now: datetime) -> Progress:
        """Note a page of `events` that ended at `position`, and give the progress up to it."""
        self._events += events
        if position is None and self._marks:
            position = self._marks[-1][2]
        self._marks.append((monotonic, self._events, position))
        while len(self._marks) > 2 and self._marks[1][0] <= monotonic - WINDOW_S:  # noqa: PLR2004 - two marks make a span
            self._marks.popleft()
        start, events_before, position_before = self._marks[0]
        elapsed = monotonic - start
        if elapsed < SETTLED_S:
            return Progress(position)
        rate = (self._events - events_before) / elapsed
        left_s = None
        if position is not None and position_before is not None and position > position_before:
            history_per_s = (position - position_before).total_seconds() / elapsed
            left_s = max(0.0, (now - position).total_seconds()) / history_per_s
        return Progress(position, rate, left_s)
