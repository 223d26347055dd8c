"""The events under a filter, as rows: which sequence stands in which row. It never holds an event."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, Protocol

from rex_tui.event import Grown
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.store.type_codes import HOLE
from rex_tui.store.type_index import TypeIndex

BLOCKS_KEPT: Final = 16


class Rows(Protocol):
    """What a table shows: rows, each of one sequence, in ascending order."""

    def __len__(self) -> int:
        """Count the rows."""

    @property
    def total(self) -> int:
        """Count the events there are, shown or not."""

    @property
    def events(self) -> int:
        """Count the events that are shown."""

    def seq_at(self, row: int) -> int:
        """Give the sequence in a row; raises `IndexError` outside of the rows."""

    def seqs(self, first: int, last: int) -> Sequence[int]:
        """Give the sequences in the rows from `first` up to, not including, `last`, as far as there are rows."""

    def row_of(self, seq: int) -> int:
        """Give the row of a sequence; for one that is not shown, the row of the next that is (or the end)."""

    def shows(self, seq: int) -> bool:
        """Tell whether a sequence has a row."""

    def knows(self, seq: int) -> bool:
        """Tell whether it is known if a sequence has a row, so that `shows` is the last word on it."""

    def grow(self, grown: Grown) -> int:
        """Take in what the index took in just before; give the number of rows that came."""

    def forget(self, last: int) -> int:
        """Take in that the index will forget everything up to a sequence; give the number of rows that go."""


class View:
    """Row ↔ sequence under a filter of types: eight bytes a block of events, since the index finds the rest again."""

    def __init__(self, index: TypeIndex, chosen: Filter = EVERYTHING) -> None:
        """Make the view of what `index` knows now; `grow` keeps it up with what comes."""
        self.filter = chosen
        self._index = index
        self._length = len(index)
        self._start = index.before
        """The sequence behind which the first block begins."""
        self._forgotten = index.forgotten
        self._gone = 0
        """How many of the rows that `_before` counts are forgotten."""
        self._is_whole = chosen.is_all and index.total == len(index) - index.forgotten
        self._shown = [False]
        self._before = array("q", [0])
        """The rows before each whole block, and in all of them, as far back as `_known` says."""
        self._known = 0
        """The first block of which the rows before it are known: an index that is not read yet is read from its end."""
        self._tail: array[int] = array("I")
        """The sequences shown behind the last whole block."""
        self._read: dict[int, array[int]] = {}
        if not self._is_whole:
            self._look_at_all()

    def _look_at_all(self) -> None:
        self._know_names()
        self._start, self._gone, self._read = self._index.before, 0, {}
        blocks = (self._length - self._start) // self._index.block_rows
        first = self._start + blocks * self._index.block_rows + 1
        self._tail = self._index.sequences(self._shown, first, self._length)
        if self._index.complete:
            self._known = 0
            self._before = self._index.rows_before(self._shown, blocks)
        else:
            self._known = blocks
            self._before = array("q", bytes(8 * (blocks + 1)))
            self._before[-1] = self._index.rows_shown(self._shown) - len(self._tail)

    def _know(self, block: int) -> None:
        """Count from the first known block back to another one."""
        size = self._index.block_rows
        while self._known > max(block, 0):
            self._known -= 1
            first = self._start + self._known * size + 1
            found = self._index.rows_between(self._shown, first, first + size - 1)
            self._before[self._known] = self._before[self._known + 1] - found

    def _place_of(self, row: int) -> tuple[int, int]:
        """Give the block, as `_before` counts, that a row is in, and its place there.

        Where an index that is not read yet says more events than there are, rows too many are the first one, until the
        index has found that out, and there is a view of what is there.
        """
        while self._known and row < self._before[self._known]:
            self._know(self._known - 1)
        block = max(0, bisect_right(self._before, row, self._known) - 1)
        return block, max(0, row - self._before[block])

    def _know_names(self) -> None:
        self._shown.extend(self.filter.shows(name) for name in self._index.names[len(self._shown) - 1 :])

    def __len__(self) -> int:
        """Count the rows."""
        return self._length - self._forgotten if self._is_whole else self._before[-1] - self._gone + len(self._tail)

    @property
    def total(self) -> int:
        """Count the events there are, shown or not."""
        return self._index.events

    @property
    def events(self) -> int:
        """Count the events that are shown: the rows without those that tell of a gap."""
        return len(self) - self._index.gaps

    def seq_at(self, row: int) -> int:
        """Give the sequence in a row; raises `IndexError` outside of the rows."""
        if not 0 <= row < len(self):
            raise IndexError(row)
        if self._is_whole:
            return self._forgotten + row + 1
        row += self._gone
        block, place = self._place_of(row)
        return self._block(block)[place]

    def seqs(self, first: int, last: int) -> Sequence[int]:
        """Give the sequences in the rows from `first` up to, not including, `last`, as far as there are rows."""
        first, last = max(first, 0), min(last, len(self))
        if self._is_whole:
            return range(self._forgotten + first + 1, self._forgotten + last + 1)
        first, last = first + self._gone, last + self._gone
        found: array[int] = array("I")
        block, place = self._place_of(first)
        while first < last and block < len(self._before):
            part = self._block(block)[place:]
            found.extend(part[: last - first])
            first += len(part)
            block, place = block + 1, 0
        return found

    def row_of(self, seq: int) -> int:
        """Give the row of a sequence; for one that is not shown, the row of the next that is (or the end)."""
        if self._is_whole:
            return max(0, min(seq - 1, self._length) - self._forgotten)
        block = max(0, min((seq - 1 - self._start) // self._index.block_rows, len(self._before) - 1))
        self._know(block)
        return max(0, self._before[block] - self._gone + bisect_left(self._block(block), seq))

    def shows(self, seq: int) -> bool:
        """Tell whether a sequence has a row."""
        row = self.row_of(seq)
        return row < len(self) and self.seq_at(row) == seq

    def knows(self, _seq: int) -> bool:
        """Tell that `shows` is the last word: types are known at once."""
        return True

    def grow(self, grown: Grown) -> int:
        """Take in what the index took in just before; give the number of rows that came."""
        rows, before = len(self), self._length
        self._length = max(self._length, grown.last)
        if self._is_whole:
            if HOLE not in grown.codes:
                return len(self) - rows
            self._is_whole = False
            self._look_at_all()
            return len(self) - rows
        self._know_names()
        size = self._index.block_rows
        while (end := self._start + len(self._before) * size) <= self._length:
            self._tail.extend(self._index.sequences(self._shown, before + 1, end))
            self._before.append(self._before[-1] + len(self._tail))
            self._tail, before = array("I"), end
        self._tail.extend(self._index.sequences(self._shown, before + 1, self._length))
        return len(self) - rows

    def forget(self, last: int) -> int:
        """Take in that everything up to a sequence is about to be forgotten by the index; give the rows that go."""
        last = min(last, self._length)
        if last <= self._forgotten:
            return 0
        rows, self._forgotten = self.row_of(last + 1), last
        if self._is_whole:
            return rows
        self._gone += rows
        blocks = (last - self._start) // self._index.block_rows
        self._start += blocks * self._index.block_rows
        self._tail = self._tail[bisect_right(self._tail, last) :]
        self._before = self._before[blocks:]  # anew, since a copy may be exported
        self._before[0], self._known = self._gone, 0
        self._read = {}
        return rows

    def _block(self, block: int) -> array[int]:
        """Give the sequences shown in a block; those that were looked at lately are kept."""
        if block >= len(self._before) - 1:
            return self._tail
        seqs = self._read.get(block)
        if seqs is None:
            if len(self._read) >= BLOCKS_KEPT:
                self._read = {}
            first = self._start + block * self._index.block_rows + 1
            seqs = self._read[block] = self._index.sequences(self._shown, first, first + self._index.block_rows - 1)
        return seqs
