"""The type of every event, a byte each, in memory: what makes counts and filtered views instant.

It may be read behind the first paint, newest events first: counts are known without it, and what is asked for earlier
is read at once.
"""

from __future__ import annotations

import threading
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Final, Self, TypeAlias

from rex_tui.event import GAP_TYPE, Grown
from rex_tui.store.blocks import EVENTS_A_BLOCK, TYPES, pack
from rex_tui.store.errors import StoreError

BYTE_CODES: Final = 256
BLOCK_ROWS: Final = EVENTS_A_BLOCK
"""Sequences that are counted together: what a filter chooses is known by such blocks, and looked at only there."""
HOLE: Final = 0
"""The code of a sequence that has no event."""
NO_KIND: Final = 255
SLICE_ROWS: Final = 16 * BLOCK_ROWS
"""Sequences whose types are read at a time: few enough that whoever waits for another thread does so for a moment."""

ReadCodes: TypeAlias = Callable[[int, int], bytes]
"""What gives the codes of the sequences from one to another, as `pack_codes` does; it may raise `StoreError`."""


def pack_codes(codes: Iterable[int]) -> bytes:
    """Give type codes as the store keeps them: two bytes each, little-endian."""
    return pack(TYPES, array("H", codes))


class TypeIndex:
    """A type code for each sequence from 1 on, with the names and counts of the codes. Code n is `names[n - 1]`."""

    def __init__(self, names: Iterable[str] = (), packed: bytes = b"", *, block_rows: int = BLOCK_ROWS) -> None:
        """Take the names in the order of their codes, and the codes of all events as `pack_codes` gives them.

        Raises `ValueError` for codes that have no name.
        """
        self.block_rows = block_rows
        self._before: dict[int, array[int]] = {}
        """For each code, how many events have it before each whole block, and behind the last."""
        self._blocks = 0
        self.names: list[str] = list(names)
        self._low = bytearray(packed[::2])
        self._high = bytearray(packed[1::2])
        if not any(self._high):
            self._high = bytearray()
        self._counts: list[int] = self._count()
        holes = self._low.count(HOLE) if not self._high else 0
        if len(packed) % 2 or (not self._high and self.total + holes != len(self)):
            raise ValueError("type codes without a name")
        self.sound = True
        """Whether what was read is as many of each type as was said."""
        self._unread = 0
        self._uncounted: Counter[int] = Counter()
        self._read_codes: ReadCodes = lambda _first, _last: b""
        self._reading = threading.RLock()

    @classmethod
    def behind(cls, counts: Mapping[str, int], holes: int, read: ReadCodes) -> Self:
        """Give an index of so many events of each type, in the order of their codes, and so many sequences without one.

        Nothing is read yet: `read_on` reads it, in any thread, and what is asked for before that is read at once.
        """
        index = cls(counts)
        index._counts = list(counts.values())
        index._uncounted = Counter(dict(enumerate(index._counts, 1))) + Counter({HOLE: holes})
        index._unread = sum(index._counts) + holes
        index._low = bytearray(index._unread)
        index._read_codes = read
        return index

    @property
    def complete(self) -> bool:
        """Tell whether all types are read."""
        return self._unread == 0

    def read_on(self) -> bool:
        """Read the newest slice that is not read yet; tell whether there are more."""
        with self._reading:
            if self._unread:
                first = (self._unread - 1) // SLICE_ROWS * SLICE_ROWS + 1
                try:
                    self._put(first, self._read_codes(first, self._unread))
                except (StoreError, TypeError, ValueError):
                    self.sound, self._unread = False, 0
            return self._unread > 0

    def _put(self, first: int, packed: bytes) -> None:
        """Take in the codes from the sequence `first` up to what is read already; raises `ValueError` for too few."""
        last = self._unread
        if len(packed) != TYPES.width * (last - first + 1):
            raise ValueError("too few type codes")
        low, high = packed[::2], packed[1::2]
        if not self._high and high.count(0) != len(high):
            self._high = bytearray(len(self._low))
        self._low[first - 1 : last] = low
        if self._high:
            self._high[first - 1 : last] = high
        found = dict(self._counted(first - 1, last))
        found[HOLE] = last - first + 1 - sum(count for code, count in found.items() if code != HOLE)
        self._uncounted.subtract(found)
        self._unread = first - 1
        if not self._unread and any(self._uncounted.values()):
            self.sound = False

    def _need(self, first: int) -> None:
        """Read what is not read yet of the sequences from `first` on."""
        while self._unread >= max(first, 1):
            self.read_on()

    def __len__(self) -> int:
        """Give the newest sequence, which is the number of events as long as none were forgotten."""
        return len(self._low)

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
        if not self._high and max(codes, default=0) >= BYTE_CODES:
            self._high = bytearray(len(self._low))
        self._low.extend(code & 0xFF for code in codes)
        if self._high:
            self._high.extend(code >> 8 for code in codes)
        for code in codes:
            if code != HOLE:
                self._counts[code - 1] += 1

    def sequences(self, shown: Sequence[bool], first: int, last: int) -> array[int]:
        """Give the sequences from `first` to `last` whose type is shown, oldest first, four bytes each.

        `shown` says it for each code; a code beyond it is not shown.
        """
        self._need(first)
        codes = self._low[first - 1 : last]
        everything = range(first, first + len(codes))
        if not self._high:
            return array("I", compress(everything, codes.translate(bytes(shown[:BYTE_CODES]).ljust(BYTE_CODES, b"\0"))))
        chosen = frozenset(code for code, one in enumerate(shown) if one)
        both = zip(codes, self._high[first - 1 : last], strict=True)
        return array("I", compress(everything, ((low | high << 8) in chosen for low, high in both)))

    def rows_before(self, shown: Sequence[bool], blocks: int) -> array[int]:
        """Give how many shown rows there are before each of the first `blocks` blocks, and, at its end, in all of them.

        Costs a look at each block, not at each event. `shown` as for `sequences`.
        """
        self._count_blocks(blocks)
        chosen = [self._before[code] for code, one in enumerate(shown) if one and code in self._before]
        none = array("I", bytes(4 * (blocks + 1)))
        return array("I", map(sum, zip(none, *chosen, strict=False)))

    def _count_blocks(self, blocks: int) -> None:
        self._need(1)
        for block in range(self._blocks, blocks):
            found = self._counted(block * self.block_rows, (block + 1) * self.block_rows)
            for code in found.keys() - self._before.keys():
                self._before[code] = array("I", bytes(4 * (block + 1)))
            for code, before in self._before.items():
                before.append(before[-1] + found.get(code, 0))
        self._blocks = max(blocks, self._blocks)

    def _counted(self, start: int, end: int) -> Mapping[int, int]:
        """Count the codes at places from `start` up to `end`."""
        if not self._high:
            found = ((code, self._low.count(code, start, end)) for code in self._byte_codes)
            return {code: count for code, count in found if count}
        return Counter(low | high << 8 for low, high in zip(self._low[start:end], self._high[start:end], strict=True))

    def code_of(self, name: str) -> int | None:
        """Give the code of a type, None where no event has it."""
        return self.names.index(name) + 1 if name in self.names else None

    def sequences_of(self, name: str, first: int = 1) -> list[int]:
        """Give the sequences of one rare type from `first` on; costs a look at each that is found."""
        code = self.code_of(name)
        found: list[int] = []
        if code is None or not self._counts[code - 1]:
            return found
        self._need(first)
        place = first - 2
        while (place := self._low.find(code & 0xFF, place + 1)) >= 0:
            if not self._high or self._high[place] == code >> 8:
                found.append(place + 1)
        return found

    def codes(self, seqs: Sequence[int]) -> Sequence[int]:
        """Give the type code of each of these ascending sequences, `HOLE` where it has no event."""
        self._need(seqs[0] if seqs else len(self) + 1)
        if self._high:
            return array("H", (self._low[seq - 1] | self._high[seq - 1] << 8 for seq in seqs))
        if isinstance(seqs, range):
            return bytes(self._low[seqs.start - 1 : seqs.stop - 1])
        return bytes(self._low[seq - 1] for seq in seqs)

    def kinds(self, seqs: range, kind_of: Callable[[str], int]) -> bytes:
        """Give a byte for each of these sequences: what `kind_of` says of its type, 255 where it has no event."""
        table = bytes([NO_KIND, *map(kind_of, self.names)])
        codes = self.codes(seqs)
        if isinstance(codes, bytes):
            return codes.translate(table[:BYTE_CODES].ljust(BYTE_CODES, b"\xff"))
        return bytes(table[code] for code in codes)

    @property
    def _byte_codes(self) -> range:
        return range(1, min(len(self.names) + 1, BYTE_CODES))

    def _count(self) -> list[int]:
        if not self._high:
            counted = [self._low.count(code) for code in self._byte_codes]
            return counted + [0] * (len(self.names) - len(counted))
        counts = [0] * (len(self.names) + 1)
        for low, high in zip(self._low, self._high, strict=True):
            counts[low | high << 8] += 1  # an IndexError here is for whoever gave us the codes
        return counts[1:]
