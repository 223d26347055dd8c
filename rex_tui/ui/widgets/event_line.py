"""One line of the table: what an event says in it, and how that is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from rex_tui.event import GAP_TYPE, Row
from rex_tui.query.gap import GapStory, gap_story
from rex_tui.query.summary import main_id, short_id, summarise
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.columns import GAP, MARK_WIDTH, columns_for, fit
from rex_tui.ui.widgets.gap_line import paint_gap
from rex_tui.ui.widgets.resource import GLYPHS, look_of
from rex_tui.ui.widgets.times import table_time

CACHED_LINES: Final = 1_000
FRESH_MARK: Final = "▌"
DRIFT_MARK: Final = "±"
CURSOR_MARK: Final = "›"  # noqa: RUF001 - a pointer for people


@dataclass(frozen=True, slots=True)
class Cells:
    """What one event says in the table: clean texts, made once."""

    occurred_at: str
    type: str
    look: str
    summary: str
    id: str
    drifted: bool = False


class EventLines:
    """The lines of a table: reads the events a screenful at a time, and paints each line once."""

    def __init__(self, read_rows: Callable[[Sequence[int]], list[Row]], style_of: Callable[[str], Style]) -> None:
        """Read rows by their sequences with `read_rows`; `style_of` gives the style of a name."""
        self._read_rows = read_rows
        self._style_of = style_of
        self._cells: LRUCache[int, Cells | GapStory] = LRUCache(CACHED_LINES)
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(CACHED_LINES)

    def read(self, seqs: Sequence[int]) -> None:
        """Read what the lines of these sequences say, as far as it is not known, in one go."""
        missing = [seq for seq in seqs if seq not in self._cells]
        if missing:
            for row in self._read_rows(missing):
                self._cells[row.seq] = cells_of(row)

    def line(self, seq: int, width: int, mark: str, over: Sequence[str], *, utc: bool) -> Strip:
        """Give the line of a sequence that was read, from the cache where it is there; else an empty one."""
        key = (seq, width, mark, *over, utc)
        strip = self._strips.get(key)
        if strip is None:
            cells = self._cells.get(seq)
            if cells is None:
                return Strip.blank(width)
            strip = self._strips[key] = paint(cells, mark, width, over, self._style_of, utc=utc)
        return strip

    def forget(self) -> None:
        """Forget what the lines say, because the log is another one."""
        self._cells.clear()
        self._strips.clear()

    def repaint(self) -> None:
        """Forget how the lines looked, because the colours changed."""
        self._strips.clear()


def cells_of(row: Row) -> Cells | GapStory:
    """Give what an event, or a gap, says in the table."""
    if row.type == GAP_TYPE:
        return gap_story(row.data)
    return Cells(
        row.occurred_at,
        clean(row.type, 60),
        look_of(row.type),
        summarise(row),
        short_id(main_id(row)),
        row.drifted,
    )


def _summary(
    cells: Cells, gap: str, width: int, style_of: Callable[[str], Style], strong: Style
) -> list[tuple[str, Style]]:
    """Give the summary, after a mark where the shape of the payload is new."""
    style = style_of("summary") + strong
    if not cells.drifted:
        return [(gap + fit(cells.summary, width), style)]
    return [(f"{gap}{DRIFT_MARK} ", style_of("drift")), (fit(cells.summary, width - len(DRIFT_MARK) - 1), style)]


def paint(
    cells: Cells | GapStory,
    mark: str,
    width: int,
    over: Sequence[str],
    style_of: Callable[[str], Style],
    *,
    utc: bool,
) -> Strip:
    """Give the line in `width` cells. `over` names the styles laid over all of it; `style_of` resolves a name."""
    laid_over = Style.combine([Style.null(), *map(style_of, over)])
    if isinstance(cells, GapStory):
        return paint_gap(cells, mark, width, style_of("gap") + laid_over, utc=utc)
    columns = columns_for(width)
    strong = style_of("fresh") if FRESH_MARK in mark else Style.null()
    time = table_time(cells.occurred_at, utc=utc, with_date=columns.with_date)
    gap = " " * GAP
    parts = [
        (mark.ljust(MARK_WIDTH), strong),
        (fit(time, columns.time), style_of("time")),
        (gap + fit(f"{GLYPHS[cells.look]} {cells.type}", columns.type), style_of(cells.look)),
        *_summary(cells, gap, columns.summary, style_of, strong),
    ]
    if columns.id:
        parts.append((gap + fit(cells.id, columns.id), style_of("id")))
    segments = [Segment(text, style + laid_over) for text, style in parts]
    return Strip(segments).adjust_cell_length(width, laid_over)
