"""The line above the first event that came since a place in the log.

It takes no row: the row above that event is underlined from edge to edge, and says at its right end what begins below.
Where no row is above, the first one says it itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from rex_tui.query.view import Rows

ROOM_LEFT: Final = 2
"""The words take at most half of a row, if shorter ones can be had."""
_LINE: Final = Style(underline=True)


class Divider(Struct, frozen=True):
    """A line behind the sequence `after`, with clean words, the longest first; the last of them always have room."""

    after: int
    words: tuple[str, ...]

    def drawn(self, strip: Strip, rows: Rows, row: int, style_of: Callable[[str], Style]) -> Strip:
        """Give a row's strip with the line below it, where that is its place; it only looks up."""
        is_new = rows.seq_at(row) > self.after
        if is_new:
            return self._labelled(strip, style_of("since")) if row == 0 else strip
        if row + 1 >= len(rows) or rows.seq_at(row + 1) <= self.after:
            return strip
        return self._labelled(strip, style_of("since")).apply_style(_LINE)

    def _labelled(self, strip: Strip, style: Style) -> Strip:
        width = strip.cell_length
        label = next((one for one in self.words if ROOM_LEFT * cell_len(one) <= width), self.words[-1])
        label = f" ▾ {label} "
        left = max(0, width - cell_len(label))
        return Strip.join([strip.crop(0, left), Strip([Segment(label, style)])]).crop(0, width)
