"""When it happened: how many of the shown events fell into each bar of time, and of which kind most of them were."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from operator import add
from typing import Final, Protocol, Self

from msgspec import Struct

from rex_tui.event import GAP_TYPE
from rex_tui.query.view import Rows
from rex_tui.store.time_index import TimeIndex
from rex_tui.store.times import NO_TIME
from rex_tui.store.type_codes import HOLE
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


class Axis(Struct, frozen=True):
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


class Histogram(Struct, frozen=True):
    """Events a bar: how many, and the kind that is most frequent among them (0 in an empty bar).

    `first` and `last` are the ends of the log, whatever is shown of it, in seconds since the epoch, UTC.
    """

    axis: Axis
    first: int
    last: int
    counts: tuple[int, ...]
    kinds: tuple[int, ...]


class Countable(Protocol):
    """Rows to count: those of a view, or all of a log."""

    def __len__(self) -> int:
        """Count the rows."""

    def seq_at(self, row: int) -> int:
        """Give the sequence in a row."""

    def seqs(self, first: int, last: int) -> Sequence[int]:
        """Give the sequences in the rows from `first` up to, not including, `last`."""

    def row_of(self, seq: int) -> int:
        """Give the row of a sequence, or of the next one that has a row."""


class WholeLog:
    """Every sequence of a log as a row, whatever is shown of it."""

    def __init__(self, types: TypeIndex) -> None:
        """Give the rows of the log that `types` knows, also of what comes."""
        self._types = types

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._types)

    def seq_at(self, row: int) -> int:
        """Give the sequence in a row."""
        return row + 1

    def seqs(self, first: int, last: int) -> range:
        """Give the sequences in the rows from `first` up to, not including, `last`."""
        return range(first + 1, min(last, len(self)) + 1)

    def row_of(self, seq: int) -> int:
        """Give the row of a sequence."""
        return max(0, min(seq - 1, len(self)))


class Tally:
    """Counts rows by bar and type, and goes on where it ended when there are more of them.

    Since it keeps the types apart, one tally of a whole log answers for every choice of types at once.
    """

    def __init__(self, axis: Axis, rows: Countable, first: int = 0) -> None:
        """Count `rows` from the row `first` on into the bars of `axis`."""
        self.axis = axis
        self._source = rows
        self._counts: dict[int, list[int]] = {}
        self._first = self._rows = first
        self._last_seq = 0

    def goes_on(self, axis: Axis, rows: Countable) -> bool:
        """Tell whether this axis and these rows only add to what was counted; a longer axis is taken over."""
        same = rows is self._source and (axis.start, axis.size) == (self.axis.start, self.axis.size)
        if not same or axis.bars < self.axis.bars or len(rows) < self._rows:
            return False
        if self._rows > self._first and rows.seq_at(self._rows - 1) != self._last_seq:
            return False
        for counts in self._counts.values():
            counts.extend(0 for _ in range(axis.bars - self.axis.bars))
        self.axis = axis
        return True

    def is_behind(self, times: TimeIndex) -> bool:
        """Tell whether there are rows with known times that are not counted yet."""
        return self._rows < self._source.row_of(len(times) + 1)

    def count(self, times: TimeIndex, types: TypeIndex, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Count the rows that came since the last time and whose times are known; tell whether it got to the end.

        `go_on` is asked every `ROWS_AT_ONCE` rows whether it may. It may run in a thread while the rows grow.
        """
        known = self._source.row_of(len(times) + 1)
        while self._rows < known:
            if not go_on():
                return False
            seqs = self._source.seqs(self._rows, min(known, self._rows + ROWS_AT_ONCE))
            if not seqs:
                break
            self._add(times.of(seqs), types.codes(seqs))
            self._rows += len(seqs)
            self._last_seq = seqs[-1]
        return True

    def forget(self, rows: int, times: array[int], codes: Sequence[int]) -> None:
        """Take back what was counted of the rows up to `rows`; the last of them have these times and codes."""
        gone = min(rows, self._rows) - self._first
        if gone > 0:
            end = len(times) - max(0, rows - self._rows)
            start = max(0, end - gone)
            self._add(times[start:end], codes[start:end], -1)
        self._first = max(self._first, rows)
        self._rows = max(self._rows, rows)

    def histogram(
        self,
        times: TimeIndex,
        names: Sequence[str],
        kind_of: Callable[[str], int],
        shows: Callable[[str], bool] = lambda _name: True,
    ) -> Histogram:
        """Give what was counted so far of the types that `shows` lets through, each of the kind that `kind_of` says.

        `names` are the names of the type codes.
        """
        kinds: dict[int, list[int]] = {}
        for code, counts in tuple(self._counts.items()):
            name = GAP_TYPE if code == HOLE else names[code - 1]
            if name != GAP_TYPE and shows(name):
                kind = kind_of(name)
                before = kinds.get(kind)
                kinds[kind] = counts if before is None else list(map(add, before, counts))
        order = sorted(kinds)
        bars = list(zip(*(kinds[kind] for kind in order), strict=True)) or [(0,)] * self.axis.bars
        order = order or [0]
        most = tuple(order[bar.index(top)] if (top := max(bar)) else 0 for bar in bars)
        return Histogram(self.axis, times.first, times.last, tuple(map(sum, bars)), most)

    def _add(self, times: array[int], codes: Sequence[int], step: int = 1) -> None:
        """Count these at one go where they all fell into one bar, as most do in a long log; else one by one."""
        if not times:
            return
        axis = self.axis
        earliest, latest = min(times), max(times)
        bar = axis.bar_of(earliest)
        if earliest != NO_TIME and bar == axis.bar_of(latest):
            for code, count in Counter(codes).items():
                counts = self._counts_of(code)
                counts[bar] = max(0, counts[bar] + step * count)
            return
        start, size, last = axis.start, axis.size, axis.bars - 1
        for moment, code in zip(times, codes, strict=True):
            if moment != NO_TIME:
                counts, bar = self._counts_of(code), max(0, min((moment - start) // size, last))
                counts[bar] = max(0, counts[bar] + step)

    def _counts_of(self, code: int) -> list[int]:
        counts = self._counts.get(code)
        if counts is None:
            counts = self._counts[code] = [0] * self.axis.bars
        return counts


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
