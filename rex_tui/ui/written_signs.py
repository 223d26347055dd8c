"""The one door for signs: every line of every widget passes it where a terminal can't show all of them."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from rex_tui.signs import TABLES, Signs, written

KEYS: Final = {"→": "Right", "←": "Left", "↑": "Up", "↓": "Down", "⏎": "Enter", "⌫": "Backspace"}


class WrittenSigns(LineFilter):
    """Writes our signs as far as a terminal has them, and what it can't write as `?`, each as wide as it was.

    Lines are kept with what became of them, so nothing is done twice, and nothing at all where all signs can be shown.
    """

    def __init__(self, signs: Signs, encoding: str) -> None:
        """Draw with these signs; `encoding` limits what can be written, "" where it is all."""
        super().__init__(enabled=signs != "unicode" or bool(encoding))
        self._signs = signs
        self._encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - textual's
        """Give the parts of a line in signs that can be written."""
        return [Segment(self._written(text), style, control) for text, style, control in segments]

    def key(self, shown: str) -> str:
        """Give what a key is called, by a word for each of its signs that is not drawn."""
        return "".join(KEYS.get(one, one) if ord(one) in TABLES[self._signs] else one for one in shown)

    def _written(self, text: str) -> str:
        if text.isascii():
            return text
        told = written(text, self._signs, self._encoding)
        width = cell_len(text)
        return told if cell_len(told) == width else set_cell_size(told, width)
