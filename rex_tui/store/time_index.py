"""When each event happened, four bytes each, in memory: read behind the first paint, newest first, then kept up."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Final

from rex_tui.store.blocks import EVENTS_A_BLOCK
from rex_tui.store.times import NO_TIME

SLICE_ROWS: Final = EVENTS_A_BLOCK
"""Sequences that are read at a time: little enough that the screen's thread never waits long for this one."""
UNREAD: Final = array("I", bytes(4 * SLICE_ROWS))
"""Stands for each slice that is not read yet, so that a long log costs nothing before it is read."""


class TimeIndex:
    """A time for each sequence behind those that are forgotten. One thread puts times in; any may look."""

    def __init__(self, length: int = 0, before: int = 0) -> None:
        """Begin with the sequences up to `length` behind `before`, which is at a slice's end; none is read yet."""
        self._held = before, [UNREAD] * -(-(length - before) // SLICE_ROWS)
        """The sequence behind which times are kept, and they, in slices."""
        self._newest = length
        self._latest = [NO_TIME] * len(self._held[1])
        self._earliest = [NO_TIME] * len(self._latest)
        self._unread = length
        self.first = NO_TIME
        """The earliest time there is, in seconds since the epoch, UTC."""
        self.last = NO_TIME
        """The latest time there is, in seconds since the epoch, UTC."""

    def __len__(self) -> int:
        """Give the newest sequence that is known."""
        return self._newest

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
        before, slices = self._held
        block, place = divmod(first - before - 1, SLICE_ROWS)
        if block == len(slices):
            slices.append(array("I"))
        if slices[block] is UNREAD:
            slices[block] = UNREAD[: self._newest - before - block * SLICE_ROWS]
        slices[block][place : place + len(times)] = times
        self._newest = max(self._newest, first + len(times) - 1)
        self._unread = min(self._unread, first - 1)
        self._look_at(block, slices[block])
        earliest = min(times) or min(filter(None, times), default=NO_TIME)
        if earliest:
            self.first = min(self.first or earliest, earliest)
            latest = max(times)
            self.last = max(self.last, latest)

    def forget(self, last: int) -> None:
        """Drop the times up to a sequence, in the thread that puts times in; whole slices give their memory back."""
        before, slices = self._held
        gone, rest = divmod(min(last, len(self)) - before, SLICE_ROWS)
        if gone > 0:
            del self._latest[:gone], self._earliest[:gone]
            slices = slices[gone:]  # anew, since others may be looking
            self._held = before + gone * SLICE_ROWS, slices
        if gone >= 0 and rest and slices[0] is not UNREAD:
            slices[0][:rest] = UNREAD[:rest]
            self._look_at(0, slices[0])
        self.first = min(filter(None, self._earliest), default=NO_TIME)

    def _look_at(self, block: int, times: array[int]) -> None:
        """Know of a block when its earliest and its latest event happened."""
        self._latest[block : block + 1] = [max(times)]
        self._earliest[block : block + 1] = [min(times) or min(filter(None, times), default=NO_TIME)]

    def at(self, seq: int) -> int:
        """Give the time of a sequence in seconds since the epoch, UTC, or `NO_TIME`."""
        before, slices = self._held
        if not before < seq <= self._newest:
            return NO_TIME
        block, place = divmod(seq - before - 1, SLICE_ROWS)
        return slices[block][place]

    def of(self, seqs: Sequence[int]) -> array[int]:
        """Give the times of ascending sequences, or of a range of them; `NO_TIME` for those that are not known yet."""
        before, slices = self._held
        done, known = bisect_right(seqs, before), bisect_right(seqs, self._newest)
        times = array("I", bytes(4 * done))
        while done < known:
            block = (seqs[done] - before - 1) // SLICE_ROWS
            behind = before + block * SLICE_ROWS + 1
            end = bisect_left(seqs, behind + SLICE_ROWS, done, known)
            held, some = slices[block], seqs[done:end]
            if isinstance(some, range):
                times += held[some.start - behind : some.stop - behind]
            else:
                times.extend([held[seq - behind] for seq in some])
            done = end
        times.extend(repeat(NO_TIME, len(seqs) - known))
        return times

    def blocks_from(self, moment: int) -> Iterator[range]:
        """Yield all sequences, oldest first, in blocks, without the blocks in which none is at or after `moment`."""
        before, newest = self.before, self._newest
        for block, latest in enumerate(tuple(self._latest)):
            if latest >= moment:
                yield range(before + block * SLICE_ROWS + 1, min(before + (block + 1) * SLICE_ROWS, newest) + 1)
