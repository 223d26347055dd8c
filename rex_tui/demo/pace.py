"""Live events at a human pace: irregular, sometimes two or three at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

from rex_tui.demo.log import DemoLog
from rex_tui.demo.organisation import Organisation

RATE_PER_MINUTE: Final = 40.0

_MINUTE_S: Final = 60.0
_FIRST_WITHIN_S: Final = 0.4
_LIVELY_EVENTS: Final = 5  # that come soon after the start, for those who only want a look; later ones wait longer
_LIVELY_GAP_S: Final = 0.4
_LIVELY_UP_TO_S: Final = 3.0
_BURST_MAX: Final = 3
_BURST_GAP_SHARE: Final = 0.2
_BURST_GAP_MAX_S: Final = 0.5
_REGULARITY: Final = 2.0  # the shape of a gamma distribution: 1 is as irregular as raindrops, more is more even
_STOP_TIMEOUT_S: Final = 2.0


class Pace:
    """Waits in seconds whose mean is that of `rate_per_minute` events; the same for the same seed."""

    def __init__(self, rate_per_minute: float, seed: int) -> None:
        """Take a rate above 0."""
        self._rng = Random(seed)  # noqa: S311 - it is meant to be repeatable, and secures nothing
        self._gap_s: Final = _MINUTE_S / rate_per_minute
        self._owed_s = 0.0
        self._burst = 1
        self._lively_left = _LIVELY_EVENTS if self._gap_s <= _LIVELY_UP_TO_S else 0

    def first(self) -> float:
        """Give the wait before the first event: short, so that the screen soon moves."""
        return self._rng.random() * min(_FIRST_WITHIN_S, self._gap_s)

    def after_event(self, *, has_follow_up: bool) -> float:
        """Give the wait after an event; `has_follow_up` tells that the next one belongs to it, and comes at once."""
        self._owed_s += self._gap_s
        if has_follow_up and self._burst < _BURST_MAX:
            self._burst += 1
            wait = self._rng.random() * min(self._gap_s * _BURST_GAP_SHARE, _BURST_GAP_MAX_S)
            self._owed_s -= wait
            return wait
        wait = self._owed_s * self._rng.gammavariate(_REGULARITY, 1 / _REGULARITY)
        self._owed_s, self._burst = 0.0, 1
        if self._lively_left > 0:
            self._lively_left -= 1
            self._owed_s = max(0.0, wait - _LIVELY_GAP_S)
            wait -= self._owed_s
        return wait


class LiveFeed:
    """The organisation goes on living: a thread that adds its next events to the log, while in a `with` block."""

    def __init__(
        self, organisation: Organisation, log: DemoLog, rate_per_minute: float, now: Callable[[], datetime]
    ) -> None:
        """Take the mean number of events a minute (0: none at all), and `now`, which gives the aware time."""
        self._organisation: Final = organisation
        self._log: Final = log
        self._rate_per_minute: Final = rate_per_minute
        self._now: Final = now
        self._stopping = Event()
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Start; the first event comes within half a second."""
        if self._rate_per_minute > 0:
            self._stopping.clear()
            self._thread = Thread(target=self._live, name="demo-live", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop at once."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_STOP_TIMEOUT_S)
            self._thread = None

    def _live(self) -> None:
        pace = Pace(self._rate_per_minute, self._organisation.seed)
        wait = pace.first()
        while not self._stopping.wait(wait):
            self._log.append(self._organisation.next_event(self._now()))
            wait = pace.after_event(has_follow_up=self._organisation.has_follow_up)
