"""A column of the table: one of the table's own, or a field of the payload by its path; and which are shown when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

BUILT_IN: Final = ("time", "type", "summary", "about", "id", "received")
"""The names with a meaning of their own: every other one is a path into the payload."""
DATA_PREFIX: Final = "data."
"""Before a path that begins like one of them: `data.type`, as in the language of the bar."""
WIDTH_MIN: Final = 3
WIDTH_MAX: Final = 200
_WIDTH: Final = re.compile(r"(.+)=(\d{0,9})", re.DOTALL | re.ASCII)


class Column(Struct, frozen=True):
    """A column: its name, and how wide the user made it, in cells; None where it has its usual width."""

    name: str
    width: int | None = None

    @property
    def path(self) -> str | None:
        """Give the path into the payload; None for a column of the table's own."""
        return None if self.name in BUILT_IN else self.name.removeprefix(DATA_PREFIX)

    @property
    def text(self) -> str:
        """Give the column as the text that `column_of` reads: `value`, or `value=14`."""
        if self.width is not None:
            return f"{self.name}={self.width}"
        return f"{self.name}=" if _WIDTH.fullmatch(self.name) else self.name

    def as_wide_as(self, width: int) -> Column:
        """Give the same column with a width of its own, as far as a column may be so narrow or wide."""
        return replace(self, width=max(WIDTH_MIN, min(width, WIDTH_MAX)))


Columns: TypeAlias = tuple[Column, ...]
"""Columns in their order; never none, and no name twice."""

USUAL: Final[Columns] = tuple(map(Column, BUILT_IN[:4]))
"""The columns of the table where nothing was chosen."""


def column_of(text: str) -> Column | None:
    """Read a column's text; None where it names nothing."""
    found = _WIDTH.fullmatch(text)
    column = Column(text if found is None else found[1])
    if column.path == "":
        return None
    return column.as_wide_as(int(found[2])) if found is not None and found[2] else column


def columns_of(texts: Iterable[str]) -> Columns:
    """Read the texts of columns; those that name nothing, or what was named before, are passed over."""
    named: dict[str, Column] = {}
    for column in map(column_of, texts):
        if column is not None:
            named.setdefault(column.name, column)
    return tuple(named.values())


def column_at(path: str) -> Column:
    """Give the column of a payload's path, whatever it is called."""
    return Column(f"{DATA_PREFIX}{path}" if path in BUILT_IN or path.startswith(DATA_PREFIX) else path)


def with_column(columns: Columns, column: Column) -> Columns:
    """Give the columns with another one at their end, but before `about`, which is the first to make room."""
    place = len(columns) - 1 if columns[-1].name == "about" else len(columns)
    return (*columns[:place], column, *columns[place:])


def chosen_for(choices: Mapping[str, Columns], filters: Sequence[str]) -> Columns:
    """Give the columns chosen for the first of these filters for which some were; else the usual ones."""
    return next((chosen for text in filters if (chosen := choices.get(text))), USUAL)
