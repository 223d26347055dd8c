"""The type of every event, a byte each, in memory: what makes counts and filtered views instant.

It may be read behind the first paint, newest events first: counts are known without it, and what is asked for earlier
is read at once.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Self, TypeAlias

from rex_tui.event import GAP_TYPE, Grown
from rex_tui.store.block_counts import BlockCounts
from rex_tui.store.blocks import EVENTS_A_BLOCK
from rex_tui.store.errors import StoreError
from rex_tui.store.type_codes import BYTE_CODES, HOLE, TypeCodes

BLOCK_ROWS: Final = EVENTS_A_BLOCK
"""Sequences that are counted together: what a filter chooses is known by such blocks, and looked at only there."""
NO_KIND: Final = 255
SLICE_ROWS: Final = 16 * BLOCK_ROWS
"""Sequences whose types are read at a time: few enough that whoever waits for another thread does so for a moment."""

ReadCodes: TypeAlias = Callable[[int, int], bytes]
"""What gives the codes of the sequences from one to another, as `pack_codes` does; it may raise `StoreError`."""


class TypeIndex:
    """A type code for each sequence that may have an event, with the names and counts of the codes.

    Code n is `names[n - 1]`. The sequences up to `before` are forgotten; blocks are counted behind it.
    """

    def __init__(
        self, names: Iterable[str] = (), packed: bytes = b"", before: int = 0, *, block_rows: int = BLOCK_ROWS
    ) -> None:
        """Take the names in the order of their codes, and the codes of all sequences behind `before`.

        They are as `pack_codes` gives them. Raises `ValueError` for codes that have no name.
        """
        self.block_rows = block_rows
        self.before = before
        self.names: list[str] = list(names)
        self._codes = TypeCodes.unpacked(packed)
        self._blocks = BlockCounts(block_rows)
        counted = self._counted(0, len(self._codes))
        self._counts = [counted.get(code, 0) for code in range(1, len(self.names) + 1)]
        if self.total + self._codes.holes(0, len(self._codes)) != len(self._codes):
            raise ValueError("type codes without a name")
        self.forgotten = before + self._codes.leading_holes()
        """The sequences up to this one have no event any more."""
        self.sound = True
        """Whether what was read is as many of each type as was said."""
        self._unread = before
        self._uncounted: Counter[int] = Counter()
        self._read_codes: ReadCodes = lambda _first, _last: b""
        self._read_forgotten: Callable[[], int] = lambda: 0
        self._reading = threading.RLock()

    # ---- reading it behind the first paint

    @classmethod
    def behind(
        cls,
        counts: Mapping[str, int],
        holes: int,
        read: ReadCodes,
        before: int = 0,
        read_forgotten: Callable[[], int] = lambda: 0,
    ) -> Self:
        """Give an index of so many events of each type, in the order of their codes, and so many sequences without one.

        The sequences are those behind `before`; `read_forgotten` gives up to which there is no event any more. Nothing
        is read yet: `read_on` reads it, in any thread, and what is asked for before that is read at once.
        """
        index = cls(counts, before=before)
        index._counts = list(counts.values())
        index._uncounted = Counter(dict(enumerate(index._counts, 1))) + Counter({HOLE: holes})
        index._codes = TypeCodes(bytes(sum(index._counts) + holes))
        index._unread = len(index)
        index._read_codes = read
        index._read_forgotten = read_forgotten
        index.forgotten = before
        return index

    @property
    def complete(self) -> bool:
        """Tell whether all types are read."""
        return self._unread <= self.before

    def read_on(self) -> bool:
        """Read the newest slice that is not read yet; tell whether there are more."""
        with self._reading:
            if not self.complete:
                first = self.before + (self._unread - self.before - 1) // SLICE_ROWS * SLICE_ROWS + 1
                try:
                    self._put(first, TypeCodes.unpacked(self._read_codes(first, self._unread)))
                except (StoreError, TypeError, ValueError):
                    self.sound, self._unread = False, self.before
            return not self.complete

    def _put(self, first: int, codes: TypeCodes) -> None:
        """Take in the codes from the sequence `first` up to what is read already; raises `ValueError` for too few."""
        if len(codes) != self._unread - first + 1:
            raise ValueError("too few type codes")
        self._codes.put(first - 1 - self.before, codes)
        found = dict(codes.counted(0, len(codes), len(self.names)))
        found[HOLE] = len(codes) - sum(found.values())
        self._uncounted.subtract(found)
        self._unread = first - 1
        if self.complete and any(self._uncounted.values()):
            self._take_in_forgotten()

    def _take_in_forgotten(self) -> None:
        """Count no events that were forgotten while the others were read; all else that is missing is not sound."""
        missing = {code: count for code, count in self._uncounted.items() if count and code != HOLE}
        gone = self.before + self._codes.leading_holes()
        is_told = self.forgotten < gone <= self._read_forgotten()
        if not is_told or min(missing.values(), default=-1) < 0 or gone - self.forgotten < sum(missing.values()):
            self.sound = False
            return
        for code, count in missing.items():
            self._counts[code - 1] -= count

    def _need(self, first: int) -> None:
        """Read what is not read yet of the sequences from `first` on."""
        while self._unread >= max(first, self.before + 1):
            self.read_on()

    # ---- what is kept, and costs nothing

    def __len__(self) -> int:
        """Give the newest sequence, which is the number of events as long as none were forgotten."""
        return self.before + len(self._codes)

    @property
    def counts(self) -> dict[str, int]:
        """Give the number of events of each type, kept, not scanned."""
        return dict(zip(self.names, self._counts, strict=True))

    @property
    def total(self) -> int:
        """Give the number of rows: events, and gaps between them."""
        return sum(self._counts)

    @property
    def gaps(self) -> int:
        """Give the number of rows that tell of a gap."""
        return self.counts.get(GAP_TYPE, 0)

    @property
    def events(self) -> int:
        """Give the number of events."""
        return self.total - self.gaps

    def code_of(self, name: str) -> int | None:
        """Give the code of a type, None where no event has it."""
        return self.names.index(name) + 1 if name in self.names else None

    # ---- what changes it

    def grow(self, grown: Grown) -> None:
        """Take in what was added to the log; what is known already is left alone."""
        with self._reading:
            self._grow(grown)

    def _grow(self, grown: Grown) -> None:
        known = frozenset(self.names)
        new_types = [name for name in grown.new_types if name not in known]
        self.names.extend(new_types)
        self._counts.extend(0 for _ in new_types)
        codes = grown.codes[max(0, len(self) + 1 - grown.first) :]
        if not self.total:
            self.forgotten = len(self) + next((place for place, code in enumerate(codes) if code != HOLE), len(codes))
        self._codes.extend(codes)
        for code in codes:
            if code != HOLE:
                self._counts[code - 1] += 1

    def forget(self, last: int) -> None:
        """Take in that everything up to a sequence was forgotten; costs a look at what is forgotten."""
        last = min(last, len(self))
        if last > self.forgotten:
            self._need(self.before + 1)
            with self._reading:
                self._forget(last)

    def _forget(self, last: int) -> None:
        end = last - self.before
        gone = self._counted(0, end)
        for code, count in gone.items():
            self._counts[code - 1] -= count
        blocks = end // self.block_rows
        self._codes.clear(end)
        self._codes.drop(blocks * self.block_rows)
        self._blocks.forget(gone, blocks)
        self.before += blocks * self.block_rows
        self._unread = self.before
        self.forgotten = last

    # ---- what is asked

    def sequences(self, shown: Sequence[bool], first: int, last: int) -> array[int]:
        """Give the sequences from `first` to `last` whose type is shown, oldest first, four bytes each.

        `shown` says it for each code; a code beyond it is not shown.
        """
        self._need(first)
        with self._reading:
            first = max(first, self.before + 1)
            codes = self._codes.part(first - 1 - self.before, max(0, last - self.before))
        return codes.sequences(shown, first)

    def rows_before(self, shown: Sequence[bool], blocks: int) -> array[int]:
        """Give how many shown rows there are before each of the first `blocks` blocks, and, at its end, in all of them.

        Costs a look at each block, not at each event. `shown` as for `sequences`.
        """
        self._need(1)
        self._blocks.count(self._codes, len(self.names), blocks)
        return self._blocks.rows_before(shown, blocks)

    def rows_shown(self, shown: Sequence[bool]) -> int:
        """Give how many shown rows there are in all, as far as is said: nothing is read for it. `shown` as before."""
        return sum(count for count, one in zip(self._counts, shown[1:], strict=False) if one)

    def rows_between(self, shown: Sequence[bool], first: int, last: int) -> int:
        """Give how many shown rows there are from the sequence `first` to `last`. `shown` as before."""
        self._need(first)
        with self._reading:
            start = max(0, first - 1 - self.before)
            found = self._counted(start, max(start, last - self.before))
        return sum(count for code, count in found.items() if code < len(shown) and shown[code])

    def sequences_of(self, name: str, first: int = 1) -> list[int]:
        """Give the sequences of one rare type from `first` on; costs a look at each that is found."""
        code = self.code_of(name)
        if code is None or not self._counts[code - 1]:
            return []
        self._need(first)
        places = self._codes.places_of(code, max(first - 1 - self.before, 0))
        return [self.before + place + 1 for place in places]

    def codes(self, seqs: Sequence[int]) -> bytes | array[int]:
        """Give the type code of each of these ascending sequences, `HOLE` where it has no event."""
        self._need(seqs[0] if seqs else len(self) + 1)
        with self._reading:
            dropped = bisect_right(seqs, self.before)  # of a range, too
            codes = self._codes.at(seqs[dropped:], self.before + 1)
        if not dropped:
            return codes
        return bytes(dropped) + codes if isinstance(codes, bytes) else array("H", bytes(2 * dropped)) + codes

    def kinds(self, seqs: range, kind_of: Callable[[str], int]) -> bytes:
        """Give a byte for each of these sequences: what `kind_of` says of its type, 255 where it has no event."""
        table = bytes([NO_KIND, *map(kind_of, self.names)])
        codes = self.codes(seqs)
        if isinstance(codes, bytes):
            return codes.translate(table[:BYTE_CODES].ljust(BYTE_CODES, b"\xff"))
        return bytes(table[code] for code in codes)

    def _counted(self, start: int, end: int) -> Mapping[int, int]:
        return self._codes.counted(start, end, len(self.names))
