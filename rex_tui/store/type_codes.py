"""Type codes in memory: a byte for each, and a second one where a log has more types than a byte can tell apart."""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Final, Self

from rex_tui.store.blocks import TYPES, pack

BYTE_CODES: Final = 256
HOLE: Final = 0
"""The code of a sequence that has no event."""


def pack_codes(codes: Iterable[int]) -> bytes:
    """Give type codes as the store keeps them: two bytes each, little-endian."""
    return pack(TYPES, array("H", codes))


class TypeCodes:
    """A code at each place, from 0 on. What the codes stand for, and which sequences have them, others know."""

    def __init__(self, low: bytes | bytearray = b"", high: bytes | bytearray = b"") -> None:
        """Take the low byte of each code, and the high one of each, or none where all of them are 0."""
        self._low = bytearray(low)
        self._high = bytearray(high)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """Take codes as `pack_codes` gives them; raises `ValueError` where the last one is cut off."""
        if len(packed) % TYPES.width:
            raise ValueError("half a type code")
        high = packed[1::2]
        return cls(packed[::2], high if any(high) else b"")

    def __len__(self) -> int:
        """Count the places."""
        return len(self._low)

    @property
    def size(self) -> int:
        """Give the bytes of memory that they take."""
        return sys.getsizeof(self._low) + sys.getsizeof(self._high)

    def part(self, start: int, end: int) -> TypeCodes:
        """Give a copy of the places from `start` up to `end`, as far as there are such."""
        return TypeCodes(self._low[start:end], self._high[start:end])

    # ---- changes

    def put(self, start: int, codes: TypeCodes) -> None:
        """Put other codes at the places from `start` on."""
        end = start + len(codes)
        if codes._high and not self._high:
            self._high = bytearray(len(self))
        self._low[start:end] = codes._low
        if self._high:
            self._high[start:end] = codes._high or bytes(len(codes))

    def extend(self, codes: Sequence[int]) -> None:
        """Add codes behind the last."""
        if not self._high and max(codes, default=0) >= BYTE_CODES:
            self._high = bytearray(len(self))
        self._low.extend(code & 0xFF for code in codes)
        if self._high:
            self._high.extend(code >> 8 for code in codes)

    def clear(self, end: int) -> None:
        """Make the places before `end` holes."""
        self._low[:end] = bytes(end)
        if self._high:
            self._high[:end] = bytes(end)

    def drop(self, places: int) -> None:
        """Let the places begin so many later."""
        del self._low[:places]
        del self._high[:places]

    # ---- answers

    def counted(self, start: int, end: int, names: int) -> Mapping[int, int]:
        """Count each code at the places from `start` up to `end`, holes left out; codes are 1 up to `names`.

        A code that has no name may be left out or not.
        """
        if not self._high:
            codes = range(1, min(names + 1, BYTE_CODES))
            found = ((code, self._low.count(code, start, end)) for code in codes)
            return {code: count for code, count in found if count}
        both = zip(self._low[start:end], self._high[start:end], strict=True)
        counts = Counter(low | high << 8 for low, high in both)
        del counts[HOLE]
        return counts

    def holes(self, start: int, end: int) -> int:
        """Count the holes at the places from `start` up to `end`."""
        if not self._high:
            return self._low.count(HOLE, start, end)
        return sum(not (low or high) for low, high in zip(self._low[start:end], self._high[start:end], strict=True))

    def leading_holes(self) -> int:
        """Count the holes before the first code."""
        if not self._high:
            return len(self) - len(self._low.lstrip(b"\0"))
        pairs = zip(self._low, self._high, strict=True)
        return next((place for place, pair in enumerate(pairs) if any(pair)), len(self))

    def sequences(self, shown: Sequence[bool], first: int) -> array[int]:
        """Give the sequences whose code is shown, where the first place is that of the sequence `first`.

        `shown` says it for each code; a code beyond it is not shown.
        """
        everything = range(first, first + len(self))
        if not self._high:
            table = bytes(shown[:BYTE_CODES]).ljust(BYTE_CODES, b"\0")
            return array("I", compress(everything, self._low.translate(table)))
        chosen = frozenset(code for code, one in enumerate(shown) if one)
        both = zip(self._low, self._high, strict=True)
        return array("I", compress(everything, ((low | high << 8) in chosen for low, high in both)))

    def places_of(self, code: int, start: int) -> list[int]:
        """Give the places from `start` on that have one rare code; costs a look at each that is found."""
        found: list[int] = []
        place = start - 1
        while (place := self._low.find(code & 0xFF, place + 1)) >= 0:
            if not self._high or self._high[place] == code >> 8:
                found.append(place)
        return found

    def at(self, seqs: Sequence[int], first: int) -> bytes | array[int]:
        """Give the code of each of these sequences, where the first place is that of the sequence `first`."""
        if self._high:
            return array("H", (self._low[seq - first] | self._high[seq - first] << 8 for seq in seqs))
        if isinstance(seqs, range):
            return bytes(self._low[seqs.start - first : seqs.stop - first])
        return bytes(self._low[seq - first] for seq in seqs)
