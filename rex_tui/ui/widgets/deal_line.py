"""A deal of a review as a line, and the head over such lines."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from rex_tui.query.review.review import DealRow, Review
from rex_tui.query.review.words import (
    ARROW,
    NONE,
    name_words,
    path_words,
    stay_words,
    value_words,
)
from rex_tui.query.summary import short_id
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.columns import fit

STUCK_SIGN: Final = "!"
SORTED_SIGN: Final = "▾"
DAY_S: Final = 86_400.0
OWNER_LIMIT: Final = 40
TOLD: Final = (
    ("won", "won", "bold $success"),
    ("lost", "lost", "bold $error"),
    ("deleted", "deleted", "$rex-faint"),
    ("created", "new", "$accent"),
    ("moved", "moved", "$secondary"),
)


class Widths(NamedTuple):
    """The cells of each column, a space after each included; 0 for one that has no room. The path has what is left."""

    name: int
    told: int
    value: int
    last: int
    owner: int


WIDE: Final = Widths(34, 9, 19, 12, 18)
MEDIUM: Final = Widths(28, 9, 17, 9, 0)
NARROW: Final = Widths(22, 8, 16, 8, 0)
WIDE_FROM: Final = 138
MEDIUM_FROM: Final = 96
SIGN_WIDTH: Final = 2
PATH_MIN: Final = 26
HEADS: Final = {"name": "name", "told": "period", "value": "value", "last": "last", "owner": "owner"}
SORTED_BY: Final = {"name": "name", "value": "value", "last": "last", "path": "stage"}


def widths(width: int) -> Widths:
    """Give the columns for a line of so many cells."""
    return WIDE if width >= WIDE_FROM else MEDIUM if width >= MEDIUM_FROM else NARROW


def deal_line(row: DealRow, review: Review, width: int) -> Content:
    """Give a deal as a line: if it is stuck, its name, what happened, value, last activity, owner and its way."""
    own, deal = widths(width), row.deal
    told = next(((word, style) for name, word, style in TOLD if name in row.happened), ("", ""))
    path_style = "$rex-faint" if row.status != "open" else "$foreground"
    room = width - SIGN_WIDTH - sum(own)
    parts = [
        (fit(STUCK_SIGN if row.is_stuck else "", SIGN_WIDTH), "bold $warning"),
        (_cell(name_words(deal), own.name), "bold" if row.status == "open" else "$foreground"),
        (_cell(told[0], own.told), told[1]),
        (_right(value_words(deal), own.value), "$foreground"),
        (_right(_idle(row), own.last), "$warning" if row.is_stuck else "$rex-faint"),
        (_cell(owner_words(deal.owner), own.owner), "$rex-faint"),
        (_way(row, review, room), path_style),
    ]
    return Content.assemble(*[part for part in parts if part[0]])


def deals_head(width: int, sort: str) -> tuple[Content, list[tuple[int, str]]]:
    """Give the head, and where each column that sorts begins: its cell, and the order that it stands for."""
    own, text, places = widths(width), " " * SIGN_WIDTH, []
    for name, cells in zip(Widths._fields, own, strict=True):
        if not cells:
            continue
        order = SORTED_BY.get(name, "")
        words = HEADS[name] + (f" {SORTED_SIGN}" if order and order == sort else "")
        places.append((cell_len(text), order))
        text += _right(words, cells) if name in ("value", "last") else _cell(words, cells)
    places.append((cell_len(text), SORTED_BY["path"]))
    text += ("stage, time in it" if own is NARROW else "path and time in stage") + (
        f" {SORTED_SIGN}" if sort == "stage" else ""
    )
    return Content.styled(f" {fit(text, max(1, width))}", "$rex-faint"), places


def owner_words(owner: str) -> str:
    """Give an owner's name, or a short id."""
    return short_id(owner) if owner and " " not in owner else clean(owner, OWNER_LIMIT)


def _idle(row: DealRow) -> str:
    return NONE if row.idle_days is None else stay_words(row.idle_days * DAY_S)


def _cell(text: str, width: int) -> str:
    return f"{fit(text, width - 1)} " if width else ""


def _right(text: str, width: int) -> str:
    """Give a text at the right of its column, two cells before the next."""
    cells = width - 2
    return fit(" " * max(0, cells - cell_len(text)) + text, cells) + "  "


def _way(row: DealRow, review: Review, room: int) -> str:
    """Give a deal's way, or its last stage alone where there is little room."""
    path = path_words(row.deal, review.end, review.stages)
    if room >= PATH_MIN:
        return _end_of(path, room)
    stops = path.rsplit(ARROW, 2)
    return stops[-2] if row.status != "open" and len(stops) > 1 else stops[-1]


def _end_of(path: str, room: int) -> str:
    """Give the end of a way that is too long: where a deal is tells more than where it came from."""
    if cell_len(path) <= room:
        return path
    stops = path.split(ARROW)
    end = stops.pop()
    while stops and cell_len(f"…{ARROW}{stops[-1]}{ARROW}{end}") <= room:
        end = f"{stops.pop()}{ARROW}{end}"
    return f"…{ARROW}{end}"
