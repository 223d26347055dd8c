"""The log's times and its histogram: read and counted in a thread, one piece of work at a time."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Final, Self

from msgspec import Struct
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import get_current_worker

from rex_tui.query.filter import EVERYTHING
from rex_tui.query.histogram import Axis, Histogram, Tally, WholeLog
from rex_tui.query.view import Rows, View
from rex_tui.store import StoreError, TimeIndex, TimeReader, TypeIndex
from rex_tui.ui.widgets.histogram import kind_of

GROWTH_S: Final = 0.25
"""How long growth is collected before it is read and counted."""
SLICES_A_SHOW: Final = 8
"""Slices that are read before the screen is told how far it is."""
STEPS_A_PAUSE: Final = 4
PAUSE_S: Final = 0.0003
"""Python lets a thread that computes go on for 5 ms, which keys would feel; so this one pauses about every ms."""


class Log(Struct):
    """One log's times, and what was counted last. A new log is a new one of these."""

    types: TypeIndex
    times: TimeIndex
    whole: WholeLog
    tally: Tally | None = None
    """Of the whole log, type by type: it answers for every choice of types."""
    found: Tally | None = None
    """Of what a query found, which no other answers for."""
    gone: list[tuple[int, bytes | array[int]]] = []  # each log gets its own
    """What was forgotten and is still counted: up to which sequence, and the codes of the last of them."""
    over: bool = False
    """The screen shows another log now."""

    @classmethod
    def of(cls, types: TypeIndex) -> Self:
        """Give a log of which no time is read yet."""
        return cls(types, TimeIndex(len(types), types.before), WholeLog(types))

    def axis(self, bars: int, offset: int) -> Axis:
        """Give the axis that covers the times read so far."""
        return Axis.over(self.times.first, self.times.last, bars, offset)


@dataclass(slots=True)
class Wish:
    """The histogram that is wanted: of which rows, with how many bars, how many seconds ahead of UTC."""

    view: Rows
    bars: int
    offset: int = 0
    stale: bool = field(default=False, compare=False)
    """Another one is wanted by now."""


class TimeLine:
    """Owns the times and the histogram. All but the work itself happens in the screen's thread."""

    def __init__(
        self, screen: Screen[None], open_reader: Callable[[], TimeReader], changed: Callable[[], None]
    ) -> None:
        """Work in `screen`'s workers, over readers from `open_reader`; call `changed` when there is news to show."""
        self._screen = screen
        self._open_reader = open_reader
        self._changed = changed
        self._log = Log.of(TypeIndex())
        self._wish: Wish | None = None
        self._working = False
        self._again = False
        self._timer: Timer | None = None
        self.histogram: Histogram | None = None
        self.failed = ""

    @property
    def times(self) -> TimeIndex:
        """Give when each event happened, as far as it is read."""
        return self._log.times

    @property
    def settled(self) -> bool:
        """Tell whether nothing is still to be read, counted or shown."""
        return not self._working and self._timer is None

    @property
    def waiting(self) -> str:
        """Give what is said in place of a histogram."""
        if self.failed:
            return self.failed
        if not self.times.complete:
            return f"reading times… {self.times.percent} %"
        return "No event has a time yet." if not self.times.first else "counting…"

    def begin_anew(self, types: TypeIndex) -> None:
        """Read the times of another log."""
        self._log.over = True
        self._log = Log.of(types)
        self.histogram = self._wish = None

    def want(self, view: Rows, bars: int, offset: int) -> None:
        """Count a view's rows into at most `bars` bars, of days as they are `offset` seconds ahead of UTC."""
        wish = Wish(view, bars, offset)
        if wish != self._wish:
            if self._wish is not None:
                self._wish.stale = True
            self._wish = wish
        if self._working or not self._counted(wish):
            self._start()

    def _counted(self, wish: Wish) -> bool:
        """Show at once what is counted already: another choice of types needs no thread, however long the log."""
        log = self._log
        if log.tally is None or not isinstance(wish.view, View) or len(log.times) < len(log.types):
            return False
        if log.tally.is_behind(log.times) or not log.tally.goes_on(log.axis(wish.bars, wish.offset), log.whole):
            return False
        self.histogram = log.tally.histogram(log.times, log.types.names, kind_of, wish.view.filter.shows)
        return True

    def forget(self, last: int, codes: bytes | array[int]) -> None:
        """Take in that everything up to a sequence is forgotten; the last of them had these codes."""
        self._log.gone.append((last, codes))
        self.grew()

    def grew(self) -> None:
        """Read and count, in a moment, what the wanted view has more by now."""
        if self._timer is None:
            self._timer = self._screen.set_timer(GROWTH_S, self._start)

    def _start(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._working:
            self._again = True
        elif self._wish is not None:
            self._working = True
            work = partial(self._work, self._log, self._wish)
            self._screen.run_worker(work, name="times", group="times", thread=True)

    def _done(self, log: Log, wish: Wish, histogram: Histogram | None, failed: str) -> None:
        self._working = False
        again, self._again = self._again, False
        if not log.over:
            self.failed = failed
            if not wish.stale:
                self.histogram = histogram
            self._changed()
        if again or log.over or wish.stale:
            self._start()

    # ---- in the thread

    def _work(self, log: Log, wish: Wish) -> None:
        """Read what is not read yet, then count what is not counted yet."""
        worker = get_current_worker()
        histogram, failed = None, ""
        _forget(log)
        try:
            if self._read(log, lambda: not (worker.is_cancelled or log.over)):
                histogram = _count(log, wish, considerate(lambda: not (worker.is_cancelled or log.over or wish.stale)))
        except StoreError as error:
            failed = f"The times of the events can't be read: {error}"
        if not worker.is_cancelled:
            self._screen.call_later(self._done, log, wish, histogram, failed)

    def _read(self, log: Log, go_on: Callable[[], bool]) -> bool:
        with self._open_reader() as reader:
            for number, (first, last) in enumerate(log.times.missing(len(log.types))):
                if not go_on():
                    return False
                log.times.put(first, reader.times(first, last))
                if number % SLICES_A_SHOW == 0:
                    self._screen.call_later(self._changed)
        return True


def _forget(log: Log) -> None:
    """Take back what was counted of the forgotten, then let go of their times."""
    while log.gone:
        last, codes = log.gone.pop(0)
        if log.tally is not None:
            log.tally.forget(last, log.times.of(range(last - len(codes) + 1, last + 1)), codes)
        log.times.forget(last)


def considerate(may: Callable[[], bool]) -> Callable[[], bool]:
    """Give `may`, which now also leaves the processor to the screen's thread from time to time."""
    asked = count(1)

    def may_after_a_pause() -> bool:
        if next(asked) % STEPS_A_PAUSE == 0:
            time.sleep(PAUSE_S)
        return may()

    return may_after_a_pause


def _count(log: Log, wish: Wish, go_on: Callable[[], bool]) -> Histogram | None:
    if not log.times.first:
        return None
    axis = log.axis(wish.bars, wish.offset)
    view = wish.view
    if isinstance(view, View):
        if log.tally is None or not log.tally.goes_on(axis, log.whole):
            log.tally = Tally(axis, log.whole, log.types.forgotten)
        tally, shows = log.tally, view.filter.shows
    else:
        if log.found is None or not log.found.goes_on(axis, view):
            log.found = Tally(axis, view)
        tally, shows = log.found, EVERYTHING.shows
    counted = tally.count(log.times, log.types, go_on)
    return tally.histogram(log.times, log.types.names, kind_of, shows) if counted else None
