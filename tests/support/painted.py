"""What a browser's screen shows, read with pyte from the bytes that it was sent."""

from __future__ import annotations

import pyte
from support.terminal import UNSEEN


class Painted:
    """A screen of so many columns and rows."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, sent: bytes) -> None:
        self._stream.feed(UNSEEN.sub(b"", sent))

    @property
    def text(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        """Give the lines; pyte's own way measures each character, which takes long."""
        rows = map(self._screen.buffer.__getitem__, range(self.rows))
        return ["".join([row[column].data for column in range(self.columns)]) for row in rows]

    def place_of(self, words: str) -> tuple[int, int]:
        """Give the column and row of the first of these words."""
        for row, line in enumerate(self._lines()):
            if words in line:
                return line.index(words), row
        raise AssertionError(f"nowhere {words!r}:\n{self.text}")
