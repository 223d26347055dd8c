"""What a period's days brought: deals created, won and lost, each as bars over one axis of days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content
from textual.widget import Widget

from rex_tui.query.review.review import Day
from rex_tui.ui.widgets.columns import fit

BLOCKS: Final = " ▁▂▃▄▅▆▇█"
EIGHTHS: Final = 8
ROWS: Final = (("created", "created", "$accent"), ("won", "won", "$success"), ("lost", "lost", "$error"))
LABEL_WIDTH: Final = 9
LONG_LABEL_WIDTH: Final = 15
"""Cells for the labels; in rows of one line what it is and how many stand in one line."""
BAR_MAX: Final = 7
BROAD: Final = 5
"""From so many cells on, a bar has two between it and the next."""
LABEL_ROOM: Final = 7
"""Cells that a day's name takes on the axis, with room before the next one."""
EDGE: Final = 1


class DayChart(Widget):
    """Three rows of bars, a bar a day, or one of several days where they are too many."""

    DEFAULT_CSS = """
    DayChart {
        height: 1fr;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty."""
        super().__init__(id=id)
        self._days: tuple[Day, ...] = ()
        self._waiting = ""

    def show(self, days: tuple[Day, ...], waiting: str = "") -> None:
        """Show these days; without any, say what is `waiting` in their place."""
        if (days, waiting) != (self._days, self._waiting):
            self._days, self._waiting = days, waiting
            self.refresh()

    def render(self) -> Content:
        """Give the chart."""
        height = (self.size.height - 1) // len(ROWS)
        left = (LABEL_WIDTH if height > 1 else LONG_LABEL_WIDTH) + EDGE
        room = self.size.width - left - EDGE
        if not self._days:
            return Content.styled(f" {self._waiting or 'No day of the period is in the log.'}", "$rex-faint")
        if room < 1 or height < 1:
            return Content()
        together = -(-len(self._days) // room)
        starts = self._days[::together]
        width = max(1, min(BAR_MAX, room // len(starts)))
        lines: list[Content] = []
        for name, words, style in ROWS:
            counts = _summed(self._days, name, together)
            labels = [words, f"{sum(counts):,}"] if height > 1 else [f"{words} {sum(counts):,}"]
            bars = _bars(counts, width, height)
            for number, bar in enumerate(bars):
                said = labels[number] if number < len(labels) else ""
                tone = style if number == 0 else f"bold {style}"
                lines.append(Content.assemble((fit(f" {said}", left), tone), (bar, style)))
        unit = "" if together == 1 else f"{together} d a bar"
        axis = _axis(starts, width, room)
        lines.append(Content.styled(f"{fit(f' {unit}', left)}{axis}", "$rex-faint"))
        return Content("\n").join(lines)


def _summed(days: Sequence[Day], name: str, together: int) -> list[int]:
    return [
        sum(getattr(day, name) for day in days[first : first + together]) for first in range(0, len(days), together)
    ]


def _bars(counts: Sequence[int], width: int, height: int) -> list[str]:
    """Draw bars of so many cells in so many lines, the highest as high as there is room."""
    largest = max([*counts, 1])
    gap = 2 if width >= BROAD else min(1, width - 1)
    full = height * EIGHTHS - (2 if height > 1 else 0)  # so that the rows do not touch
    lines = []
    for line in range(height):
        floor = (height - 1 - line) * EIGHTHS
        cells = []
        for count in counts:
            eighths = max(1, round(count / largest * full)) if count else 0
            cells.append(BLOCKS[max(0, min(EIGHTHS, eighths - floor))] * (width - gap) + " " * gap)
        lines.append("".join(cells))
    return lines


def _axis(starts: Sequence[Day], width: int, room: int) -> str:
    """Name as many days as there is room for."""
    text = ""
    every = -(-LABEL_ROOM // width)
    for number in range(0, len(starts), every):
        longer = text.ljust(number * width) + f"{starts[number].start:%m-%d}"
        if len(longer) <= room:
            text = longer
    return text
