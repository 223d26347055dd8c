"""The row of a gap: a line across the table that says between which times events may be missing."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from rex_tui.query.gap import GapStory
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.columns import MARK_WIDTH, fit
from rex_tui.ui.widgets.times import exact_time, table_time

RULE: Final = "╌"
ROOM_FOR_WHY: Final = 12


def gap_words(story: GapStory, *, utc: bool) -> str:
    """Give what may be missing, between which ends, and why, in one line."""
    ends = " and ".join(exact_time(end, utc=utc) for end in (story.before, story.after))
    return f"gap: events may be missing between {ends} · {clean(story.why, 200)}"


def short_gap_words(story: GapStory, *, utc: bool) -> str:
    """Give the same for a narrow table."""
    ends = "–".join(table_time(end, utc=utc, with_date=True) for end in (story.before, story.after))  # noqa: RUF001
    return f"gap {ends}: events may be missing"


def paint_gap(story: GapStory, mark: str, width: int, style: Style, *, utc: bool) -> Strip:
    """Give the line in `width` cells: as many words as find room, between rules."""
    room = max(width - MARK_WIDTH - 2 * 3, 1)
    words = gap_words(story, utc=utc)
    if cell_len(words) > room + ROOM_FOR_WHY and cell_len(short_gap_words(story, utc=utc)) <= room:
        words = short_gap_words(story, utc=utc)
    words = fit(words, min(cell_len(words), room))
    text = f"{RULE * 2} {words} {RULE * width}"
    return Strip([Segment(mark.ljust(MARK_WIDTH), style), Segment(text, style)]).crop(0, width)
