"""Where the table's columns stand in a given width, and how a cell's text is fitted to its column."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct
from rich.cells import cell_len, set_cell_size

from rex_tui.query.column import USUAL, Column, Columns

MARK_WIDTH: Final = 3
TIME_WIDTH: Final = 14
SHORT_TIME_WIDTH: Final = 8
TYPE_WIDTH: Final = 20
ID_WIDTH: Final = 12
SUMMARY_MIN: Final = 8
FIELD_MIN: Final = 12
MONEY_WIDTH: Final = 16
FIELD_MAX: Final = 24
DATE_FROM: Final = 60
ID_FROM: Final = 84
GAP: Final = 1
_WIDTHS: Final = {"type": TYPE_WIDTH, "summary": SUMMARY_MIN, "about": ID_WIDTH, "id": ID_WIDTH, "received": TIME_WIDTH}
_NAMES: Final = tuple(column.name for column in USUAL)
_LIKE: Final = tuple(
    (re.compile(rf"(?:.*[._])?(?:{names})", re.DOTALL), width)
    for names, width in (
        ("id", ID_WIDTH),
        ("value", MONEY_WIDTH),
        ("at", len("2026-03-16T12:00:00Z")),
        ("name|title|subject|email|url|domain|note|body|reason", FIELD_MAX),
    )
)
"""How wide columns are whose names end like these."""


class Place(Struct, frozen=True):
    """Where a column stands: its first cell in a line, and its width; `own` is the width without room left over."""

    column: Column
    start: int
    width: int
    own: int


class Layout(Struct, frozen=True):
    """The columns that have room in a table's `width`, and how many have none."""

    width: int
    places: tuple[Place, ...]
    left_out: int

    @property
    def with_date(self) -> bool:
        """Tell whether there is room for the date beside the time of day."""
        return any(place.column.name == "time" and place.width >= TIME_WIDTH for place in self.places)

    @property
    def yielding(self) -> int:
        """Give the number of the column that takes the room which the others leave."""
        return _yielding(tuple(place.column for place in self.places))

    def at(self, x: int) -> Place | None:
        """Give the column at a cell of a line; the gap behind a column belongs to it."""
        return next((place for place in self.places if place.start <= x <= place.start + place.width), None)


@lru_cache(32)
def layout_of(columns: Columns, width: int) -> Layout:
    """Give where columns stand in a table of this width.

    What has no room is left out from the end, but never all. A narrow table leaves out whom it is about, then the date.
    """
    wanted = columns
    if tuple(column.name for column in columns) == _NAMES and columns[-1].width is None and width < ID_FROM:
        wanted = columns[:-1]
    widths = [own_width(column, width) for column in wanted]
    room = max(width - MARK_WIDTH, 2)
    while len(widths) > 1 and sum(widths) + GAP * len(widths) > room and columns != USUAL:
        widths.pop()
    shown = wanted[: len(widths)]
    left = room - sum(widths) - GAP * len(widths)
    yielding = _yielding(shown)
    places, start = [], MARK_WIDTH
    for number, (column, own) in enumerate(zip(shown, widths, strict=True)):
        taken = own + left if number == yielding and (left > 0 or len(shown) == 1) else own
        places.append(Place(column, start, taken, min(own, taken)))
        start += taken + GAP
    return Layout(width, tuple(places), 0 if columns == USUAL else len(columns) - len(shown))


def _yielding(columns: Columns) -> int:
    names = [column.name for column in columns]
    return names.index("summary") if "summary" in names else len(names) - 1


def own_width(column: Column, table: int) -> int:
    """Give how wide a column is in a table of some width, where no room is left over."""
    name = column.name
    if column.width is not None:
        return column.width
    if name == "time":
        return TIME_WIDTH if table >= DATE_FROM else SHORT_TIME_WIDTH
    if name in _WIDTHS:
        return _WIDTHS[name]
    usual = next((width for pattern, width in _LIKE if pattern.fullmatch(name)), FIELD_MIN)
    return max(usual, min(len(name), FIELD_MAX))


def edge_at(layout: Layout, x: int) -> int | None:
    """Give the number of the column whose edge to the next one is under a cell of a line, or beside it; None else."""
    edges = [place.start + place.width for place in layout.places[:-1]]
    return next((number for near in (0, 1, -1) for number, edge in enumerate(edges) if edge == x + near), None)


def with_edge_moved(columns: Columns, table: int, edge: int, by: int) -> Columns:
    """Give the columns with the edge behind the one of number `edge` moved `by` cells, as a mouse moves it.

    On the far side of the column that takes what is left, the column behind the edge is the one that changes. No
    column loses its place by it.
    """
    layout = layout_of(columns, table)
    giving = layout.places[layout.yielding]
    spare = giving.width - own_width(giving.column, table)
    before, behind = layout.places[edge], layout.places[edge + 1]
    if edge < layout.yielding:
        changed = before.column.as_wide_as(before.width + min(by, spare))
    else:
        changed = behind.column.as_wide_as(behind.width - max(by, -spare))
    return tuple(changed if column.name == changed.name else column for column in columns)


def fit(text: str, width: int) -> str:
    """Give the text in exactly `width` cells: padded, or cut with an ellipsis."""
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


def fit_right(text: str, width: int, own: int) -> str:
    """Give a number in exactly `width` cells, its end at the edge of its column without the room left over."""
    long = cell_len(text)
    return fit(text.rjust(len(text) + max(own - long, 0)), width)
