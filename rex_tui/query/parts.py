"""Ascending sequences in parts, four bytes each: more of them at either end, and fewer at the front, copy no others."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Final

PART_MAX: Final = 20_000
"""Sequences in a part that grows at the end, after which another is begun."""


class Parts:
    """Sequences by their rows. A copy is for reading: it keeps the rows that there are when it is made."""

    def __init__(self) -> None:
        """Begin with none."""
        self._parts: list[array[int]] = []
        self._before: list[int] = []
        """The rows before each part."""
        self._rows = 0

    def __len__(self) -> int:
        """Count the rows."""
        return self._rows

    def __getitem__(self, rows: slice, /) -> array[int]:
        """Give the sequences in some rows, as far as there are such."""
        first, last, _ = rows.indices(self._rows)
        return self.between(first, last)

    def at(self, row: int) -> int:
        """Give the sequence in a row; raises `IndexError` outside of the rows."""
        if not 0 <= row < self._rows:
            raise IndexError(row)
        part = bisect_right(self._before, row) - 1
        return self._parts[part][row - self._before[part]]

    def between(self, first: int, last: int) -> array[int]:
        """Give the sequences in the rows from `first` up to, not including, `last`, as far as there are rows."""
        row, last = max(first, 0), min(last, self._rows)
        found = array("I")
        while row < last:
            part = bisect_right(self._before, row) - 1
            start = row - self._before[part]
            some = self._parts[part][start : start + last - row]
            found += some
            row += len(some)
        return found

    def row_of(self, seq: int) -> int:
        """Give the row of a sequence; for one that has none, the row of the next that has (or the end)."""
        part = bisect_right(self._parts, seq, key=itemgetter(0)) - 1
        return 0 if part < 0 else min(self._before[part] + bisect_left(self._parts[part], seq), self._rows)

    def put_before(self, parts: Iterable[array[int]]) -> int:
        """Add parts, ascending, before the first; give the rows that came."""
        came = [part for part in parts if part]
        self._take([*came, *self._parts])
        return sum(map(len, came))

    def put_after(self, seqs: Sequence[int]) -> None:
        """Add sequences after the last."""
        if self._parts and len(self._parts[-1]) < PART_MAX:
            self._parts[-1].extend(seqs)
        elif seqs:
            self._parts.append(array("I", seqs))
            self._before.append(self._rows)
        self._rows += len(seqs)

    def forget(self, last: int) -> int:
        """Drop the sequences up to `last`; give the rows that go."""
        gone = self.row_of(last + 1)
        if gone:
            whole = bisect_right(self._parts, last, key=itemgetter(-1))
            left = self._parts[whole:]
            if left:
                left[0] = left[0][bisect_right(left[0], last) :]
            self._take(left)
        return gone

    def _take(self, parts: list[array[int]]) -> None:
        """Have these parts, in lists anew, since a copy keeps those that there were."""
        *before, self._rows = accumulate(map(len, parts), initial=0)
        self._parts, self._before = parts, before
