"""The events that a query finds, as rows: known from the newest back to where the search has come."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import copy

from rex_tui.event import GAP_TYPE, Event, Grown, Row
from rex_tui.query.filter import Filter
from rex_tui.query.language import Facts, Query
from rex_tui.query.parts import Parts
from rex_tui.store.type_index import TypeIndex


class FoundView:
    """Row ↔ sequence under a filter and a query. It grows at both ends, by what was found for it.

    One span of sequences was looked at, `first` to `last`; everything older and everything newer is still to be
    searched. Rows that tell of a gap are always among those that are found.
    """

    def __init__(self, index: TypeIndex, chosen: Filter, query: Query) -> None:
        """Begin with nothing found, at the end of what `index` knows."""
        self.filter = chosen
        self.query = query
        self.last = len(index)
        """The newest sequence that was looked at."""
        self.first = self.last + 1
        """The oldest sequence that was looked at."""
        self._index = index
        self._found = Parts()
        self._gaps = index.sequences_of(GAP_TYPE)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._found)

    @property
    def total(self) -> int:
        """Count the events there are, shown or not."""
        return self._index.events

    @property
    def events(self) -> int:
        """Count the events that were found so far: the rows without those that tell of a gap."""
        return len(self) - (bisect_right(self._gaps, self.last) - bisect_left(self._gaps, self.first))

    @property
    def complete(self) -> bool:
        """Tell whether everything that is known was looked at."""
        return self.first <= self._index.forgotten + 1 and self.last >= len(self._index)

    @property
    def waiting(self) -> range:
        """Give the sequences that came since and were not looked at."""
        return range(self.last + 1, len(self._index) + 1)

    @property
    def progress(self) -> float:
        """Give the share of the log that was looked at, from 0 to 1."""
        kept = len(self._index) - self._index.forgotten
        return min(1, (self.last - self.first + 1) / max(1, kept))

    def seq_at(self, row: int) -> int:
        """Give the sequence in a row; raises `IndexError` outside of the rows."""
        return self._found.at(row)

    def seqs(self, first: int, last: int) -> Sequence[int]:
        """Give the sequences in the rows from `first` up to, not including, `last`, as far as there are rows."""
        return self._found.between(first, last)

    def kept(self) -> Parts:
        """Give the sequences in the rows that there are now, for reading, whatever is found or forgotten later."""
        return copy(self._found)

    def row_of(self, seq: int) -> int:
        """Give the row of a sequence; for one that is not shown, the row of the next that is (or the end)."""
        return self._found.row_of(seq)

    def shows(self, seq: int) -> bool:
        """Tell whether a sequence has a row."""
        row = self.row_of(seq)
        return row < len(self) and self._found.at(row) == seq

    def knows(self, seq: int) -> bool:
        """Tell whether it was looked at a sequence, so that `shows` is the last word on it."""
        return self.first <= seq <= self.last

    def next_match(self, seq: int, step: int) -> int | None:
        """Give the event found next after (`step` 1) or before (-1) a sequence; None where there is none."""
        row = self.row_of(seq) - (step < 0) + (step > 0 and self.shows(seq))
        while 0 <= row < len(self):
            found = self._found.at(row)
            place = bisect_left(self._gaps, found)
            if place == len(self._gaps) or self._gaps[place] != found:
                return found
            row += step
        return None

    def grow(self, _grown: Grown) -> int:
        """Take in what the index took in just before: it is `waiting` until it was looked at, and no row yet."""
        return 0

    def forget(self, last: int) -> int:
        """Take in that everything up to a sequence is forgotten; give the number of rows that go."""
        del self._gaps[: bisect_right(self._gaps, last)]
        return self._found.forget(last)

    def found_before(self, first: int, found: Sequence[array[int]]) -> int:
        """Take in what was found from the sequence `first` up to where the search was; give the rows that came.

        `found` is in parts, all of them ascending, which belong to this view from now on.
        """
        if first >= self.first:
            return 0
        self.first = first
        gone = self._index.forgotten
        return self._found.put_before(
            part[bisect_right(part, gone) :] if part and part[0] <= gone else part for part in found
        )

    def found_after(self, last: int, found: Sequence[int]) -> int:
        """Take in what was found from where the search was up to the sequence `last`; give the rows that came."""
        fresh = found[bisect_right(found, self.last) :]
        self._gaps += self._index.sequences_of(GAP_TYPE, (self._gaps[-1] if self._gaps else 0) + 1)
        self.last = max(self.last, last)
        self._found.put_after(fresh)
        return len(fresh)

    def matching(self, rows: Sequence[Row], facts: Facts) -> list[int] | None:
        """Give the sequences of those rows that are to be shown; None where a row has no payload to tell by."""
        found = []
        for row in rows:
            if row.type == GAP_TYPE:
                found.append(row.seq)
            elif self.filter.shows(row.type):
                if row.data is None:
                    return None
                event = Event(row.id, row.type, row.occurred_at, row.data, row.received_at, row.seq)
                if self.query.matches(event, facts):
                    found.append(row.seq)
        return found
