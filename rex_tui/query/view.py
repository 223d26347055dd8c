"""The events under a filter, as rows: which sequence stands in which row. It never holds an event."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

from rex_tui.event import Grown
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.store.type_index import HOLE, TypeIndex


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


class View:
    """Row ↔ sequence under a filter, four bytes a shown event, and none while everything is shown."""

    def __init__(self, index: TypeIndex, chosen: Filter = EVERYTHING) -> None:
        """Make the view of what `index` knows now; `grow` keeps it up with what comes."""
        self.filter = chosen
        self._index = index
        self._length = len(index)
        self._seqs: array[int] | None = None
        self._shown: list[bool] = []
        if not (chosen.is_all and index.total == len(index)):
            self._seqs = index.sequences(chosen.shows)

    def __len__(self) -> int:
        """Count the rows."""
        return self._length if self._seqs is None else len(self._seqs)

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
        return row + 1 if self._seqs is None else self._seqs[row]

    def seqs(self, first: int, last: int) -> Sequence[int]:
        """Give the sequences in the rows from `first` up to, not including, `last`, as far as there are rows."""
        first, last = max(first, 0), min(last, len(self))
        if self._seqs is None:
            return range(first + 1, last + 1)
        return self._seqs[first:last]

    def row_of(self, seq: int) -> int:
        """Give the row of a sequence; for one that is not shown, the row of the next that is (or the end)."""
        if self._seqs is None:
            return max(0, min(seq - 1, self._length))
        return bisect_left(self._seqs, seq)

    def shows(self, seq: int) -> bool:
        """Tell whether a sequence has a row."""
        row = self.row_of(seq)
        return row < len(self) and self.seq_at(row) == seq

    def knows(self, _seq: int) -> bool:
        """Tell that `shows` is the last word: types are known at once."""
        return True

    def grow(self, grown: Grown) -> int:
        """Take in what the index took in just before; give the number of rows that came."""
        before = len(self)
        if self._seqs is None and HOLE in grown.codes:
            self._seqs = array("I", range(1, self._length + 1))
        fresh = range(max(grown.first, self._length + 1), grown.last + 1)
        self._length = max(self._length, grown.last)
        if self._seqs is not None:
            self._shown.extend(self.filter.shows(name) for name in self._index.names[len(self._shown) :])
            for seq in fresh:
                code = grown.codes[seq - grown.first]
                if code != HOLE and self._shown[code - 1]:
                    self._seqs.append(seq)
        return len(self) - before
