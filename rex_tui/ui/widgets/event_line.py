"""One line of the table: what an event says in it, and how that is painted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from rex_tui.event import GAP_TYPE, Row, parse_time
from rex_tui.query.gap import GapStory, gap_story
from rex_tui.query.summary import main_id, short_id, summarise
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.columns import GAP, MARK_WIDTH, columns_for, fit
from rex_tui.ui.widgets.gap_line import paint_gap
from rex_tui.ui.widgets.resource import GLYPHS, look_of
from rex_tui.ui.widgets.times import LATE_S, came_late, in_zone, short_age, table_time

CACHED_LINES: Final = 1_000
FRESH_MARK: Final = "▌"
MATCH_MARK: Final = "•"
MARKED_SIGN: Final = "★"
LATE_MARK: Final = "⇣"
DRIFT_MARK: Final = "±"
CURSOR_MARK: Final = "›"  # noqa: RUF001 - a pointer for people


@dataclass(frozen=True, slots=True)
class Cells:
    """What one event says in the table: clean texts, made once; and its times, `received_at` in seconds, UTC."""

    occurred_at: str
    type: str
    look: str
    summary: str
    id: str
    moment: datetime | None
    received_at: float
    drifted: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """How times are told: in which zone, and, where they are relative, seen from when (seconds since the epoch)."""

    utc: bool
    now: float | None = None


@dataclass(frozen=True, slots=True)
class When:
    """What a line says of time: its text, whether a day begins with it, and whether it came late."""

    text: str
    new_day: bool
    late: bool


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

    def line(
        self,
        seq: int,
        above: int | None,
        width: int,
        mark: str,
        over: Sequence[str],
        times: Times,
        words: tuple[str, ...] = (),
    ) -> Strip:
        """Give the line of a sequence that was read, from the cache where it is there; else an empty one.

        `above` is the sequence in the row above, if there is one, which was read, too; `words` are highlighted.
        """
        cells = self._cells.get(seq)
        if cells is None:
            return Strip.blank(width)
        if isinstance(cells, GapStory):
            when = None
        else:
            when = when_of(cells, None if above is None else self._cells.get(above), width, times, first=above is None)
        key = (seq, width, mark, *over, words, times.utc, when)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = paint(cells, when, mark, width, over, self._style_of, words, utc=times.utc)
        return strip

    def aged(self, seq: int, before: float, now: float) -> bool:
        """Tell whether an event's age reads differently now than it did `before`."""
        cells = self._cells.get(seq)
        if not isinstance(cells, Cells) or cells.moment is None:
            return False
        at = cells.moment.timestamp()
        return short_age(before - at) != short_age(now - at)

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
        parse_time(row.occurred_at),
        row.received_at,
        row.drifted,
    )


def when_of(cells: Cells, above: Cells | GapStory | None, width: int, times: Times, *, first: bool) -> When:
    """Give what a line says of time, knowing what stands `above` it; `first` is the log's first line.

    Of events that came late together, the topmost is the one that is marked.
    """
    late = came_late(cells.moment, cells.received_at) and not (
        isinstance(above, Cells)
        and came_late(above.moment, above.received_at)
        and abs(above.received_at - cells.received_at) < LATE_S
    )
    if cells.moment is not None and times.now is not None:
        return When(short_age(times.now - cells.moment.timestamp()), new_day=False, late=late)
    with_date = columns_for(width).with_date
    new_day = False
    if cells.moment is not None:
        here = in_zone(cells.moment, utc=times.utc)
        before = parse_time(above.before) if isinstance(above, GapStory) else above.moment if above else None
        new_day = first or (before is not None and in_zone(before, utc=times.utc).date() != here.date())
        if new_day and not with_date:
            return When(f"{here:%d %H:%M}", new_day, late)
    return When(table_time(cells.occurred_at, utc=times.utc, with_date=with_date), new_day, late)


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
    when: When | None,
    mark: str,
    width: int,
    over: Sequence[str],
    style_of: Callable[[str], Style],
    words: tuple[str, ...] = (),
    *,
    utc: bool,
) -> Strip:
    """Give the line in `width` cells. `over` names the styles laid over all of it; `style_of` resolves a name.

    `words` are highlighted where they stand in the line.
    """
    laid_over = Style.combine([Style.null(), *map(style_of, over)])
    if isinstance(cells, GapStory) or when is None:
        assert isinstance(cells, GapStory)  # noqa: S101 - only a gap says nothing of time
        return paint_gap(cells, mark, width, style_of("gap") + laid_over, utc=utc)
    columns = columns_for(width)
    strong = style_of("fresh") if FRESH_MARK in mark else Style.null()
    gap = " " * GAP
    begin = [(mark[0], style_of("marked") if mark[0] == MARKED_SIGN else strong)]
    begin += [(mark[1:].ljust(MARK_WIDTH - 1), strong)]
    begin += [(fit(when.text, columns.time), style_of("day" if when.new_day else "time"))]
    parts = [
        (LATE_MARK if when.late else gap, style_of("late")),
        (fit(f"{GLYPHS[cells.look]} {cells.type}", columns.type), style_of(cells.look)),
        *_summary(cells, gap, columns.summary, style_of, strong),
    ]
    if columns.id:
        parts.append((gap + fit(cells.id, columns.id), style_of("id")))
    if words:
        found = style_of("found")
        parts = [piece for text, style in parts for piece in pieces_of(text, words, style, style + found)]
    segments = [Segment(text, style + laid_over) for text, style in begin + parts]
    return Strip(segments).adjust_cell_length(width, laid_over)


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
