"""When each event happened, four bytes each, in memory: read behind the first paint, newest first, then kept up."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Final

from rex_tui.store.blocks import EVENTS_A_BLOCK
from rex_tui.store.times import NO_TIME

SLICE_ROWS: Final = EVENTS_A_BLOCK
"""Sequences that are read at a time: little enough that the screen's thread never waits long for this one."""


class TimeIndex:
    """A time for each sequence from 1 on. One thread puts times in; any may look."""

    def __init__(self, length: int = 0) -> None:
        """Make room for the sequences 1 to `length`, none of which is read yet."""
        self._times = array("I", bytes(4 * (length + 1)))
        self._latest = [NO_TIME] * -(-length // SLICE_ROWS)
        self._unread = length
        self.first = NO_TIME
        """The earliest time there is, in seconds since the epoch, UTC."""
        self.last = NO_TIME
        """The latest time there is, in seconds since the epoch, UTC."""

    def __len__(self) -> int:
        """Give the newest sequence that is known."""
        return len(self._times) - 1

    @property
    def complete(self) -> bool:
        """Tell whether all times are read."""
        return self._unread == 0

    @property
    def percent(self) -> int:
        """Give how much is read."""
        return 100 if self.complete else 100 * (len(self) - self._unread) // len(self)

    def missing(self, last: int) -> Iterator[tuple[int, int]]:
        """Yield the slices to read and `put`, one after another: what came up to `last`, then backwards to the first.

        Each must be put before the next is asked for.
        """
        while len(self) < last:
            yield len(self) + 1, min(last, (len(self) // SLICE_ROWS + 1) * SLICE_ROWS)
        while self._unread:
            yield (self._unread - 1) // SLICE_ROWS * SLICE_ROWS + 1, self._unread

    def put(self, first: int, times: array[int]) -> None:
        """Take in the times of the sequences from `first` on, which `missing` has just named."""
        self._times[first : first + len(times)] = times
        self._unread = min(self._unread, first - 1)
        for block in range((first - 1) // SLICE_ROWS, (first + len(times) - 2) // SLICE_ROWS + 1):
            latest = max(self._times[block * SLICE_ROWS + 1 : (block + 1) * SLICE_ROWS + 1])
            self._latest[block : block + 1] = [latest]
        earliest = min(times) or min(filter(None, times), default=NO_TIME)
        if earliest:
            self.first = min(self.first or earliest, earliest)
            latest = max(times)
            self.last = max(self.last, latest)

    def at(self, seq: int) -> int:
        """Give the time of a sequence in seconds since the epoch, UTC, or `NO_TIME`."""
        return self._times[seq] if 0 < seq < len(self._times) else NO_TIME

    def of(self, seqs: Sequence[int]) -> array[int]:
        """Give the times of ascending sequences, or of a range of them; `NO_TIME` for those that are not known yet."""
        known = bisect_right(seqs, len(self))
        if isinstance(seqs, range):
            times = self._times[seqs.start : seqs.start + known]
        else:
            times = array("I", map(self._times.__getitem__, seqs[:known]))
        times.extend(repeat(NO_TIME, len(seqs) - known))
        return times

    def blocks_from(self, moment: int) -> Iterator[range]:
        """Yield all sequences, oldest first, in blocks, without the blocks in which none is at or after `moment`."""
        for block, latest in enumerate(self._latest):
            if latest >= moment:
                yield range(block * SLICE_ROWS + 1, min((block + 1) * SLICE_ROWS + 1, len(self._times)))
