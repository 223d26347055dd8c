"""The table's columns: how wide each is in a given width, and how a cell's text is fitted to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size

MARK_WIDTH: Final = 3
TIME_WIDTH: Final = 14
SHORT_TIME_WIDTH: Final = 8
TYPE_WIDTH: Final = 20
ID_WIDTH: Final = 12
DATE_FROM: Final = 60
ID_FROM: Final = 84
GAP: Final = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of the columns in cells; 0 where a column is left out."""

    time: int
    type: int
    summary: int
    id: int

    @property
    def with_date(self) -> bool:
        """Tell whether there is room for the date beside the time of day."""
        return self.time == TIME_WIDTH


@lru_cache(16)
def columns_for(width: int) -> Columns:
    """Give the columns for a table of this width: a narrow one leaves out the id, then the date."""
    time = TIME_WIDTH if width >= DATE_FROM else SHORT_TIME_WIDTH
    id_ = ID_WIDTH if width >= ID_FROM else 0
    taken = MARK_WIDTH + time + GAP + TYPE_WIDTH + GAP + (id_ + GAP if id_ else 0) + 1
    return Columns(time, TYPE_WIDTH, max(width - taken, 8), id_)


def is_about(x: int, width: int) -> bool:
    """Tell whether a cell of a line is in the last column, which says whom the event is about."""
    columns = columns_for(width)
    return bool(columns.id) and width - 1 - columns.id <= x < width


def fit(text: str, width: int) -> str:
    """Give the text in exactly `width` cells: padded, or cut with an ellipsis."""
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
