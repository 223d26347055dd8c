"""When it happened: how many of the shown events fell into each bar of time, and of which kind most of them were."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from rex_tui.query.view import Rows
from rex_tui.store.time_index import NO_TIME, TimeIndex
from rex_tui.store.type_index import TypeIndex

SECOND: Final = 1
MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400
WEEK: Final = 7 * DAY
MONDAY_S: Final = 4 * DAY
"""The first Monday of 1970, at which weeks are aligned."""
SIZES_S: Final = (
    *(count * SECOND for count in (1, 2, 3, 5, 10, 15, 20, 30)),
    *(count * MINUTE for count in (1, 2, 3, 5, 10, 15, 20, 30)),
    *(count * HOUR for count in (1, 2, 3, 4, 6, 8, 12)),
    *(count * DAY for count in (1, 2, 3, 4)),
    *(count * WEEK for count in (1, 2, 3, 4, 8, 13, 26, 52, 104, 208, 520, 1_040, 2_080, 8_320)),
)
"""What a bar may stand for, in seconds: never more than twice as much as the one before, so that bars fill the line."""
ROWS_AT_ONCE: Final = 1_024
KINDS_MAX: Final = 255


@dataclass(frozen=True, slots=True)
class Axis:
    """Bars of `size` seconds, side by side from `start` (seconds since the epoch, UTC) on."""

    start: int
    size: int
    bars: int

    @classmethod
    def over(cls, first: int, last: int, bars: int, offset: int = 0) -> Self:
        """Give the axis from the time `first` to `last` with the finest size that needs at most `bars` bars.

        Bars begin at full minutes, hours, days or Mondays of a zone `offset` seconds ahead of UTC. With less than two
        bars of the largest size, the whole of history is one bar.
        """
        for size in SIZES_S:
            zero = MONDAY_S if size >= WEEK else 0
            start = (first + offset - zero) // size * size + zero - offset
            needed = (last - start) // size + 1
            if needed <= bars:
                break
        else:
            needed = 1
            size = last - start + 1
        return cls(start, size, needed)

    def bar_of(self, moment: int) -> int:
        """Give the bar that a time falls into, the nearest one for a time before or after all of them."""
        return max(0, min((moment - self.start) // self.size, self.bars - 1))

    def start_of(self, bar: int) -> int:
        """Give when a bar begins, in seconds since the epoch, UTC."""
        return self.start + bar * self.size


@dataclass(frozen=True, slots=True)
class Histogram:
    """Events a bar: how many, and the kind that is most frequent among them (0 in an empty bar).

    `first` and `last` are the ends of the log, whatever is shown of it, in seconds since the epoch, UTC.
    """

    axis: Axis
    first: int
    last: int
    counts: tuple[int, ...]
    kinds: tuple[int, ...]


class Tally:
    """Counts the rows of one view into the bars of one axis, and goes on where it ended when the view has grown."""

    def __init__(self, axis: Axis, view: Rows, kind_of: Callable[[str], int], kinds: int) -> None:
        """Count `view`'s rows by what `kind_of` says of their types: 0 to `kinds` - 1, or more for what is no event."""
        self.axis = axis
        self._view = view
        self._kind_of = kind_of
        self._counts = [[0] * axis.bars for _ in range(kinds)]
        self._rows = 0
        self._last_seq = 0

    def goes_on(self, axis: Axis, view: Rows) -> bool:
        """Tell whether this axis and view only add to what was counted; a longer axis is taken over."""
        same = view is self._view and (axis.start, axis.size) == (self.axis.start, self.axis.size)
        if not same or axis.bars < self.axis.bars or len(view) < self._rows:
            return False
        if self._rows and view.seq_at(self._rows - 1) != self._last_seq:
            return False
        for counts in self._counts:
            counts.extend(0 for _ in range(axis.bars - self.axis.bars))
        self.axis = axis
        return True

    def count(self, times: TimeIndex, types: TypeIndex, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Count the rows that came since the last time and whose times are known; tell whether it got to the end.

        `go_on` is asked every `ROWS_AT_ONCE` rows whether it may. It may run in a thread while the view grows.
        """
        known = self._view.row_of(len(times) + 1)
        while self._rows < known:
            if not go_on():
                return False
            seqs = self._view.seqs(self._rows, min(known, self._rows + ROWS_AT_ONCE))
            if not seqs:
                break
            self._add(times.of(seqs), types.kinds(seqs, self._kind_of))
            self._rows += len(seqs)
            self._last_seq = seqs[-1]
        return True

    def histogram(self, times: TimeIndex) -> Histogram:
        """Give what was counted so far."""
        bars = list(zip(*self._counts, strict=True))
        counts = tuple(map(sum, bars))
        return Histogram(self.axis, times.first, times.last, counts, tuple(bar.index(max(bar)) for bar in bars))

    def _add(self, times: array[int], kinds: bytes) -> None:
        """Count these at one go where they all fell into one bar, as most do in a long log; else one by one."""
        axis = self.axis
        earliest, latest = min(times), max(times)
        bar = axis.bar_of(earliest)
        if earliest != NO_TIME and bar == axis.bar_of(latest):
            for kind, counts in enumerate(self._counts):
                counts[bar] += kinds.count(kind)
            return
        start, size, last, known = axis.start, axis.size, axis.bars - 1, len(self._counts)
        for moment, kind in zip(times, kinds, strict=True):
            if moment != NO_TIME and kind < known:
                self._counts[kind][min((moment - start) // size, last)] += 1


def row_at(view: Rows, times: TimeIndex, moment: int) -> int | None:
    """Give the first row whose event happened at or after `moment` (seconds since the epoch, UTC); None without one.

    The log's order is Rex's, which is nearly that of time: a row further on may have happened before `moment`.
    """
    for block in times.blocks_from(moment):
        row, end = view.row_of(block.start), view.row_of(block.stop)
        for found, time in enumerate(times.of(view.seqs(row, end)), row):
            if time >= moment:
                return found
    return None
