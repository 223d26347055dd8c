"""How many events of each type a log has before each of its blocks: where a filtered view finds its rows."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import repeat

from rex_tui.store.type_codes import TypeCodes


class BlockCounts:
    """Counts codes by blocks of places, as many blocks as somebody asked for, and keeps the counts."""

    def __init__(self, block_rows: int) -> None:
        """Count so many places together."""
        self._block_rows = block_rows
        self._before: dict[int, array[int]] = {}
        """For each code, how many events have it before each whole block, and behind the last; forgotten ones, too."""
        self._gone: dict[int, int] = {}
        """For each code, how many of the events that `_before` counts are forgotten."""
        self._blocks = 0

    def count(self, codes: TypeCodes, names: int, blocks: int) -> None:
        """Count the first `blocks` blocks of these codes, which are 1 up to `names`, as far as that is not done."""
        for block in range(self._blocks, blocks):
            found = codes.counted(block * self._block_rows, (block + 1) * self._block_rows, names)
            for code in found.keys() - self._before.keys():
                self._before[code] = array("I", repeat(self._gone.get(code, 0), block + 1))
            for code, before in self._before.items():
                before.append(before[-1] + found.get(code, 0))
        self._blocks = max(blocks, self._blocks)

    def rows_before(self, shown: Sequence[bool], blocks: int) -> array[int]:
        """Give how many shown events there are before each of `blocks` counted blocks, and, at its end, in all of them.

        `shown` says it for each code.
        """
        chosen = [self._before[code] for code, one in enumerate(shown) if one and code in self._before]
        none = array("q", bytes(8 * (blocks + 1)))
        gone = sum(self._gone.get(code, 0) for code, one in enumerate(shown) if one and code in self._before)
        return array("q", (sum(before) - gone for before in zip(none, *chosen, strict=False)))

    def forget(self, gone: Mapping[int, int], blocks: int) -> None:
        """Take in that so many events of each code are forgotten, and that the places begin so many blocks later."""
        for code, count in gone.items():
            self._gone[code] = self._gone.get(code, 0) + count
        if blocks > self._blocks or not self._blocks:
            self._before, self._gone, self._blocks = {}, {}, 0
            return
        self._blocks -= blocks
        for code, before in self._before.items():
            del before[:blocks]
            before[0] = self._gone.get(code, 0)
        self._gone = {code: count for code, count in self._gone.items() if code in self._before}
