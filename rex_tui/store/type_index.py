"""The type of every event, a byte each, in memory: what makes counts and filtered views instant."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress, repeat
from typing import Final

from rex_tui.event import GAP_TYPE, Grown
from rex_tui.store.blocks import EVENTS_A_BLOCK, TYPES, pack

BYTE_CODES: Final = 256
BLOCK_ROWS: Final = EVENTS_A_BLOCK
"""Sequences that are counted together: what a filter chooses is known by such blocks, and looked at only there."""
HOLE: Final = 0
"""The code of a sequence that has no event."""
NO_KIND: Final = 255


def pack_codes(codes: Iterable[int]) -> bytes:
    """Give type codes as the store keeps them: two bytes each, little-endian."""
    return pack(TYPES, array("H", codes))


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
        self._before: dict[int, array[int]] = {}
        """For each code, how many events have it before each whole block, and behind the last; forgotten ones, too."""
        self._gone: dict[int, int] = {}
        """For each code, how many of the events that `_before` counts are forgotten."""
        self._blocks = 0
        self.names: list[str] = list(names)
        self._low = bytearray(packed[::2])
        self._high = bytearray(packed[1::2])
        if not any(self._high):
            self._high = bytearray()
        self._counts: list[int] = self._count()
        holes = self._low.count(HOLE) if not self._high else 0
        if len(packed) % 2 or (not self._high and self.total + holes != len(self._low)):
            raise ValueError("type codes without a name")
        self.forgotten = before + len(self._low) - len(self._low.lstrip(b"\0")) if not self._high else self._leading()
        """The sequences up to this one have no event any more."""

    def __len__(self) -> int:
        """Give the newest sequence, which is the number of events as long as none were forgotten."""
        return self.before + len(self._low)

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
        known = frozenset(self.names)
        new_types = [name for name in grown.new_types if name not in known]
        self.names.extend(new_types)
        self._counts.extend(0 for _ in new_types)
        codes = grown.codes[max(0, len(self) + 1 - grown.first) :]
        if not self._high and max(codes, default=0) >= BYTE_CODES:
            self._high = bytearray(len(self._low))
        if not self.total:
            self.forgotten = len(self) + next((place for place, code in enumerate(codes) if code != HOLE), len(codes))
        self._low.extend(code & 0xFF for code in codes)
        if self._high:
            self._high.extend(code >> 8 for code in codes)
        for code in codes:
            if code != HOLE:
                self._counts[code - 1] += 1

    def forget(self, last: int) -> None:
        """Take in that everything up to a sequence was forgotten; costs a look at what is forgotten."""
        last = min(last, len(self))
        if last <= self.forgotten:
            return
        end = last - self.before
        for code, count in self._counted(0, end).items():
            if code != HOLE:
                self._counts[code - 1] -= count
                self._gone[code] = self._gone.get(code, 0) + count
        self._low[:end] = bytes(end)
        if self._high:
            self._high[:end] = bytes(end)
        blocks = end // self.block_rows
        del self._low[: blocks * self.block_rows]
        del self._high[: blocks * self.block_rows]
        self.before += blocks * self.block_rows
        self._drop_blocks(blocks)
        self.forgotten = last

    def _drop_blocks(self, blocks: int) -> None:
        """Let the counts begin behind so many blocks; what is forgotten in the next is no part of it any more."""
        if blocks > self._blocks or not self._blocks:
            self._before, self._gone, self._blocks = {}, {}, 0
            return
        self._blocks -= blocks
        for code, before in self._before.items():
            del before[:blocks]
            before[0] = self._gone.get(code, 0)
        self._gone = {code: gone for code, gone in self._gone.items() if code in self._before}

    def _leading(self) -> int:
        pairs = zip(self._low, self._high, strict=True)
        return self.before + next((place for place, pair in enumerate(pairs) if any(pair)), len(self._low))

    def sequences(self, shown: Sequence[bool], first: int, last: int) -> array[int]:
        """Give the sequences from `first` to `last` whose type is shown, oldest first, four bytes each.

        `shown` says it for each code; a code beyond it is not shown.
        """
        first = max(first, self.before + 1)
        start, end = first - 1 - self.before, max(0, last - self.before)
        codes = self._low[start:end]
        everything = range(first, first + len(codes))
        if not self._high:
            return array("I", compress(everything, codes.translate(bytes(shown[:BYTE_CODES]).ljust(BYTE_CODES, b"\0"))))
        chosen = frozenset(code for code, one in enumerate(shown) if one)
        both = zip(codes, self._high[start:end], strict=True)
        return array("I", compress(everything, ((low | high << 8) in chosen for low, high in both)))

    def rows_before(self, shown: Sequence[bool], blocks: int) -> array[int]:
        """Give how many shown rows there are before each of the first `blocks` blocks, and, at its end, in all of them.

        Costs a look at each block, not at each event. `shown` as for `sequences`.
        """
        self._count_blocks(blocks)
        chosen = [self._before[code] for code, one in enumerate(shown) if one and code in self._before]
        none = array("I", bytes(4 * (blocks + 1)))
        gone = sum(self._gone.get(code, 0) for code, one in enumerate(shown) if one and code in self._before)
        return array("I", (sum(before) - gone for before in zip(none, *chosen, strict=False)))

    def _count_blocks(self, blocks: int) -> None:
        for block in range(self._blocks, blocks):
            found = self._counted(block * self.block_rows, (block + 1) * self.block_rows)
            for code in found.keys() - self._before.keys() - {HOLE}:
                self._before[code] = array("I", repeat(self._gone.get(code, 0), block + 1))
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
        place = max(first - 2 - self.before, -1)
        while code is not None and (place := self._low.find(code & 0xFF, place + 1)) >= 0:
            if not self._high or self._high[place] == code >> 8:
                found.append(self.before + place + 1)
        return found

    def codes(self, seqs: Sequence[int]) -> bytes | array[int]:
        """Give the type code of each of these ascending sequences, `HOLE` where it has no event."""
        before = self.before
        dropped = bisect_right(seqs, before)  # of a range, too
        if dropped:
            rest = self.codes(seqs[dropped:])
            return bytes(dropped) + rest if isinstance(rest, bytes) else array("H", bytes(2 * dropped)) + rest
        if self._high:
            return array("H", (self._low[seq - 1 - before] | self._high[seq - 1 - before] << 8 for seq in seqs))
        if isinstance(seqs, range):
            return bytes(self._low[seqs.start - 1 - before : seqs.stop - 1 - before])
        return bytes(self._low[seq - 1 - before] for seq in seqs)

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
