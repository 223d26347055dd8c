"""What an event says in the columns of the table, read from its payload once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from msgspec import Struct, field

from rex_tui.event import Row
from rex_tui.fields import field_of, text_of
from rex_tui.masking import MASKED
from rex_tui.names import Names
from rex_tui.payload import REX_ID, Json, Number, PayloadError, parse
from rex_tui.query.column import WIDTH_MAX, Column
from rex_tui.query.naming import NO_NAMES
from rex_tui.query.summary import main_id, money, short_id, summarise, summary_of
from rex_tui.safe_text import clean

UNREAD: Final = "…"
"""What stands for a value in a payload that is too large for a row, or that can't be read."""
ITEMS_MAX: Final = 20
"""Items of a list that are told; a longer list, or one of objects, is told by its length."""
MONEY: Final = "value"


class Cell(Struct, frozen=True):
    """What stands in one column, clean; `short` where there is no room for all of it, `id` whole where it is an id.

    What is a `number` is told by its last digits, so it stands at the right edge.
    """

    text: str
    short: str = ""
    id: str = ""
    number: bool = False


class Told(Struct, frozen=True):
    """What an event says in the columns that it was read for; "" in those that it was not."""

    summary: str = ""
    about: str = ""
    fields: Mapping[str, Cell] = field(default_factory=dict)
    """What stands in the other columns, by their names."""


def read_row(row: Row, columns: Iterable[Column], called: Names = NO_NAMES) -> Told:
    """Read what an event says in these columns; its payload is parsed once for all of them, or not at all.

    `called` says what ids are called.
    """
    columns = list(columns)
    names = {column.name for column in columns}
    paths = {column.name: column.path for column in columns if column.path is not None}
    cells = {"id": _id(row.id)} if "id" in names else {}
    told: Callable[[], str] = partial(summarise, row, called)
    try:
        payload = parse(row.data or "") if paths else None
    except PayloadError:
        cells |= dict.fromkeys(paths, Cell(UNREAD))
    else:
        cells |= {name: cell_at(payload, path, called) for name, path in paths.items()}
        told = partial(summary_of, row, payload, called) if paths else told
    return Told(
        told() if "summary" in names else "",
        short_id(main_id(row)) if "about" in names else "",
        cells,
    )


def cell_at(payload: Json, path: str, called: Names = NO_NAMES) -> Cell:
    """Give what stands at a path in a parsed payload; an empty cell where nothing does."""
    value = field_of(payload, path)
    if isinstance(value, Number) or value == MASKED:
        return Cell(_amount(payload, path) or clean(value, WIDTH_MAX), number=True)
    if value is None:
        return Cell(clean(", ".join(map(_plain, _through_lists(payload, path))), WIDTH_MAX))
    if isinstance(value, str) and REX_ID.fullmatch(value):
        name = called.of(value)
        return _id(value) if name is None else Cell(clean(name, WIDTH_MAX), clean(name, WIDTH_MAX), value)
    return Cell(clean(_plain(value), WIDTH_MAX))


def _id(text: str) -> Cell:
    return Cell(clean(text, WIDTH_MAX), short_id(text), text)


def _amount(payload: Json, path: str) -> str:
    """Give an amount of money with its currency; "" where the number at the path is none."""
    before, _dot, name = path.rpartition(".")
    around = field_of(payload, before) if before else payload
    return money(around) if name == MONEY and isinstance(around, dict) else ""


def _through_lists(payload: Json, path: str) -> list[Json]:
    """Give what stands at a path of which a step through a list means each of its items, as in the bar."""
    found = [payload]
    for step in path.split("."):
        items = [item for one in found for item in (one if isinstance(one, list) else [one])][:ITEMS_MAX]
        found = [item[step] for item in items if isinstance(item, dict) and step in item]
        if not found:
            break
    return found


def _plain(value: Json) -> str:
    """Give a value as the text of a cell; objects and long lists by their size, which is all that has room."""
    if isinstance(value, dict):
        return f"{len(value)} field{'' if len(value) == 1 else 's'}"
    if isinstance(value, list):
        if len(value) <= ITEMS_MAX and not any(isinstance(item, dict | list) for item in value):
            return ", ".join(map(_plain, value))
        return f"{len(value)} item{'' if len(value) == 1 else 's'}"
    return short_id(value) if isinstance(value, str) and REX_ID.fullmatch(value) else text_of(value)
