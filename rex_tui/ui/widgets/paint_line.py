"""How the line of an event is painted: its columns, the marks beside them, and the words that were asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeAlias

from msgspec import Struct
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from rex_tui.query.cell import Cell
from rex_tui.query.gap import GapStory
from rex_tui.rule_settings import COLORS
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.columns import GAP, MARK_WIDTH, Layout, Place, fit, fit_right
from rex_tui.ui.widgets.event_line import DRIFT_MARK, FRESH_MARK, LATE_MARK, MARKED_SIGN, RULE_MARK, Cells, When
from rex_tui.ui.widgets.gap_line import paint_gap
from rex_tui.ui.widgets.resource import GLYPHS

TIMES: Final = ("time", "received")
"""The columns that nothing is searched in."""
EMPTY: Final = Cell("")
RULE: Final = "rule-"
"""How the name of the style of a line begins that a rule highlights in a colour."""
SIGN: Final = "sign-"
"""How the name of the style of its sign begins."""
STYLES: Final = (
    *("time", "summary", "id", "cursor", "cursor-blurred", "hover", "fresh", "empty", "gap", "match", "marked"),
    *("found", "day", "since", "late", "drift", *GLYPHS),
    *(f"{RULE}{color}" for color in COLORS),
)
"""The names of all styles of a line."""
Piece: TypeAlias = tuple[str, Style]


class Look(Struct, frozen=True):
    """How a line looks besides what it says: the three signs before it, and the styles it is laid between.

    `under` is the style of the table below it, `over` names those laid over all of it, and `words` are highlighted.
    """

    mark: str
    under: Style
    over: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def paint(
    cells: Cells | GapStory,
    when: When | None,
    look: Look,
    layout: Layout,
    style_of: Callable[[str], Style],
    *,
    utc: bool,
) -> Strip:
    """Give the line in this layout; `style_of` resolves the name of a style."""
    mark, over = look.mark, look.over
    laid_over = Style.combine([Style.null(), *map(style_of, over)])
    if isinstance(cells, GapStory) or when is None:
        assert isinstance(cells, GapStory)  # noqa: S101 - only a gap says nothing of time
        return paint_gap(cells, mark, layout.width, look.under + style_of("gap") + laid_over, utc=utc)
    strong = style_of("fresh") if FRESH_MARK in mark else Style.null()
    signs = [(mark[0], style_of("marked") if mark[0] == MARKED_SIGN else strong)]
    ruled = next((name for name in over if name.startswith(RULE)), "")
    sign = strong + style_of(f"{SIGN}{ruled[len(RULE) :]}") if ruled else strong
    signs += [(one, sign if one == RULE_MARK else strong) for one in mark[1:].ljust(MARK_WIDTH - 1)]
    pieces = [("".join(one for one, _ in same), style) for style, same in groupby(signs, key=itemgetter(1))]
    for name, told in _columns(cells, when, layout, style_of, strong):
        if look.words and name not in TIMES:
            found = style_of("found")
            pieces += [piece for text, style in told for piece in pieces_of(text, look.words, style, style + found)]
        else:
            pieces += told
    return _strip(pieces, look.under, laid_over, layout.width)


def _strip(pieces: Sequence[Piece], under: Style, over: Style, width: int) -> Strip:
    """Give pieces between these styles as a line of some width."""
    segments = [Segment(text, under + style + over) for text, style in pieces]
    left = width - sum(segment.cell_length for segment in segments)
    if left < 0:
        return Strip(segments).crop(0, width)
    return Strip([*segments, Segment(" " * left, under + over)] if left else segments, width)


def _columns(
    cells: Cells, when: When, layout: Layout, style_of: Callable[[str], Style], strong: Style
) -> Iterator[tuple[str, list[Piece]]]:
    """Yield what stands in each column, with the gap before it, in which the mark of a late event stands behind time.

    The mark of a new shape stands before the summary, else before the type, else before the first column that is left.
    """
    names = [place.column.name for place in layout.places]
    others = [name for name in names if name not in TIMES] or names
    marked = next((name for name in ("summary", "type") if name in names), others[0]) if cells.drifted else None
    late = (LATE_MARK if when.late else " " * GAP, style_of("late"))
    gap = ""
    for place in layout.places:
        name = place.column.name
        if name == marked:
            mark = f"{gap}{DRIFT_MARK} "
            text, style = _column(cells, when, place, place.width - len(mark) + len(gap), style_of, strong)
            yield name, [(mark, style_of("drift")), (text, style)]
        else:
            text, style = _column(cells, when, place, place.width, style_of, strong)
            yield name, [(gap + text, style)]
        gap = " " * GAP
        if name == "time":
            gap = ""
            yield name, [late]


def _column(
    cells: Cells, when: When, place: Place, width: int, style_of: Callable[[str], Style], strong: Style
) -> Piece:
    """Give what stands in a column, in `width` cells."""
    style = style_of("summary") + strong
    match place.column.name:
        case "time":
            text, style = when.text, style_of("day" if when.new_day else "time")
        case "received":
            text, style = when.received, style_of("time")
        case "type":
            text, style = f"{GLYPHS[cells.look]} {cells.type}", style_of(cells.look)
        case "summary":
            text = cells.told.summary
        case "about":
            text, style = cells.told.about, style_of("id")
        case name:
            cell = cells.told.fields.get(name, EMPTY)
            if cell.number:
                return fit_right(cell.text, width, place.own), style
            text = cell.short if cell.short and cell_len(cell.text) > width else cell.text
            style = style_of("id") if cell.id else style
    return fit(text, width), style


def pieces_of(text: str, words: tuple[str, ...], style: Style, found: Style) -> list[tuple[str, Style]]:
    """Cut a text at the words, in any case, that stand in it, and give those their own style."""
    pieces, end = [], 0
    for hit in _finder(words).finditer(text):
        pieces += [(text[end : hit.start()], style), (hit[0], found)]
        end = hit.end()
    return [piece for piece in [*pieces, (text[end:], style)] if piece[0]]


@lru_cache(8)
def _finder(words: tuple[str, ...]) -> re.Pattern[str]:
    """Give what finds the words as they are shown, the longest first."""
    shown = sorted({clean(word) for word in words if word}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, shown)) or r"(?!)", re.IGNORECASE | re.ASCII)
