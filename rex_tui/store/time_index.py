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
    """A time for each sequence behind those that are forgotten. One thread puts times in; any may look."""

    def __init__(self, length: int = 0, before: int = 0) -> None:
        """Make room for the sequences up to `length` behind `before`, whole slices; none of them is read yet."""
        self._held = before, array("I", bytes(4 * (length - before + 1)))
        """The sequence behind which times are kept, and they, after a place that is not used."""
        self._latest = [NO_TIME] * -(-(length - before) // SLICE_ROWS)
        self._earliest = [NO_TIME] * len(self._latest)
        self._unread = length
        self.first = NO_TIME
        """The earliest time there is, in seconds since the epoch, UTC."""
        self.last = NO_TIME
        """The latest time there is, in seconds since the epoch, UTC."""

    def __len__(self) -> int:
        """Give the newest sequence that is known."""
        before, times = self._held
        return before + len(times) - 1

    @property
    def complete(self) -> bool:
        """Tell whether all times are read."""
        return self._unread <= self.before

    @property
    def before(self) -> int:
        """Give the sequence behind which times are kept."""
        return self._held[0]

    @property
    def percent(self) -> int:
        """Give how much is read."""
        return 100 if self.complete else 100 * (len(self) - self._unread) // (len(self) - self.before)

    def missing(self, last: int) -> Iterator[tuple[int, int]]:
        """Yield the slices to read and `put`, one after another: what came up to `last`, then backwards to the first.

        Each must be put before the next is asked for.
        """
        while len(self) < last:
            yield len(self) + 1, min(last, (len(self) // SLICE_ROWS + 1) * SLICE_ROWS)
        while not self.complete:
            yield (self._unread - 1) // SLICE_ROWS * SLICE_ROWS + 1, self._unread

    def put(self, first: int, times: array[int]) -> None:
        """Take in the times of the sequences from `first` on, which `missing` has just named."""
        before, held = self._held
        place = first - before
        held[place : place + len(times)] = times
        self._unread = min(self._unread, first - 1)
        for block in range((place - 1) // SLICE_ROWS, (place + len(times) - 2) // SLICE_ROWS + 1):
            self._look_at(block, held)
        earliest = min(times) or min(filter(None, times), default=NO_TIME)
        if earliest:
            self.first = min(self.first or earliest, earliest)
            latest = max(times)
            self.last = max(self.last, latest)

    def forget(self, last: int) -> None:
        """Drop the times up to a sequence, in the thread that puts times in; whole slices give their memory back."""
        before, times = self._held
        slices, rest = divmod(min(last, len(self)) - before, SLICE_ROWS)
        if slices > 0:
            dropped = slices * SLICE_ROWS
            del self._latest[:slices], self._earliest[:slices]
            times = times[:1] + times[dropped + 1 :]  # anew, since others may be looking
            self._held = before + dropped, times
        if slices >= 0 and rest:
            times[1 : rest + 1] = array("I", bytes(4 * rest))
            self._look_at(0, times)
        self.first = min(filter(None, self._earliest), default=NO_TIME)

    def _look_at(self, block: int, held: array[int]) -> None:
        """Know of a block when its earliest and its latest event happened."""
        times = held[block * SLICE_ROWS + 1 : (block + 1) * SLICE_ROWS + 1]
        self._latest[block : block + 1] = [max(times)]
        self._earliest[block : block + 1] = [min(times) or min(filter(None, times), default=NO_TIME)]

    def at(self, seq: int) -> int:
        """Give the time of a sequence in seconds since the epoch, UTC, or `NO_TIME`."""
        before, times = self._held
        return times[seq - before] if before < seq < before + len(times) else NO_TIME

    def of(self, seqs: Sequence[int]) -> array[int]:
        """Give the times of ascending sequences, or of a range of them; `NO_TIME` for those that are not known yet."""
        before, held = self._held
        gone, known = bisect_right(seqs, before), bisect_right(seqs, before + len(held) - 1)
        times = array("I", bytes(4 * gone))
        if isinstance(seqs, range):
            times += held[max(seqs.start, before + 1) - before : seqs.start + known - before]
        else:
            times.extend(held[seq - before] for seq in seqs[gone:known])
        times.extend(repeat(NO_TIME, len(seqs) - known))
        return times

    def blocks_from(self, moment: int) -> Iterator[range]:
        """Yield all sequences, oldest first, in blocks, without the blocks in which none is at or after `moment`."""
        before, times = self._held
        for block, latest in enumerate(tuple(self._latest)):
            if latest >= moment:
                yield range(before + block * SLICE_ROWS + 1, before + min((block + 1) * SLICE_ROWS + 1, len(times)))
