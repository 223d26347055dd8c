"""The whole log in one line: how much happened when, what of, and which part of it the table shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from rex_tui.query.histogram import DAY, HOUR, MINUTE, WEEK, Histogram
from rex_tui.ui.keys import bound
from rex_tui.ui.widgets.columns import fit
from rex_tui.ui.widgets.resource import GLYPHS, look_of
from rex_tui.ui.widgets.times import in_zone

BLOCKS: Final = "▁▂▃▄▅▆▇█"
LOOKS: Final = tuple(GLYPHS)
"""The looks of the kinds, in the order of their numbers."""
EDGE: Final = 1
LABEL_WIDTH: Final = 11
FACTS_WIDTH: Final = 14
BARS_MIN: Final = 10
SUMMER_S: Final = 2 * HOUR
"""Bars of days begin at midnight of the zone as it is now: this much later is the day meant, in summer and winter."""


def kind_of(event_type: str) -> int:
    """Give the kind of an event type for the histogram: the place of its look among `LOOKS`."""
    return LOOKS.index(look_of(event_type))


class Picture(Struct, frozen=True):
    """All that the line shows: texts left and right of the bars, and of each bar its block, its look and its mark."""

    left: str
    bars: tuple[tuple[str, str, str], ...]
    right: str


class HistogramLine(Widget, can_focus=True):
    """One line of bars, a block character each. It shows what it is given and paints only when that is another."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    HistogramLine {
        height: 1;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "histogram--label",
        "histogram--view",
        "histogram--cursor",
        *(f"histogram--{look}" for look in GLYPHS),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("histogram", "time.earlier", "move(-1)", "Earlier"),
        bound("histogram", "time.later", "move(1)", "Later"),
        bound("histogram", "time.first", "end(0)"),
        bound("histogram", "time.last", "end(-1)"),
        bound("histogram", "time.table", "leave", "Table"),
    ]

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """The reader wants to see what happened from a time on, in seconds since the epoch, UTC."""

        moment: int

    @dataclass(eq=False, repr=False)
    class Left(Message):
        """The reader is done here and wants to go to the table."""

    @dataclass(eq=False, repr=False)
    class Resized(Message):
        """There is room for another number of bars."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Show nothing until `show` says what."""
        super().__init__(id=id)
        self._histogram: Histogram | None = None
        self._seen: tuple[int, int] | None = None
        self._utc = False
        self._waiting = ""
        self._cursor: int | None = None
        self._picture = Picture("", (), "")

    @property
    def room(self) -> int:
        """Give the number of bars that there is room for."""
        return max(self.size.width - 2 * EDGE - LABEL_WIDTH - FACTS_WIDTH - 2, BARS_MIN)

    @property
    def bar(self) -> int | None:
        """Give the place of the bar at which the reader is, None where the reader is elsewhere."""
        return self._cursor

    def show(self, histogram: Histogram | None, seen: tuple[int, int] | None, *, utc: bool, waiting: str) -> None:
        """Show a histogram, and on it the times that the table shows now, in seconds since the epoch, UTC.

        Without one, `waiting` is said in its place.
        """
        before = self._histogram
        if histogram is None:
            self._cursor = None
        elif self._cursor is not None and before is not None and before.axis != histogram.axis:
            self._cursor = histogram.axis.bar_of(before.axis.start_of(self._cursor))
        self._histogram, self._seen, self._utc, self._waiting = histogram, seen, utc, waiting
        self._paint()

    # ---- what the reader does

    def action_move(self, bars: int) -> None:
        """Go some bars further, and the table along."""
        if self._histogram is not None and self._cursor is not None:
            self._go(self._cursor + bars)

    def action_end(self, bar: int) -> None:
        """Go to the first or the last bar."""
        if self._histogram is not None:
            self._go(bar % self._histogram.axis.bars)

    def action_leave(self) -> None:
        """Go on to the table."""
        self.post_message(self.Left())

    def on_focus(self) -> None:
        """Begin where the table is."""
        if self._histogram is not None:
            axis = self._histogram.axis
            self._cursor = axis.bars - 1 if self._seen is None else axis.bar_of(self._seen[1])
        self._paint()

    def on_blur(self) -> None:
        """Show the ends again."""
        self._cursor = None
        self._paint()

    def on_click(self, event: events.Click) -> None:
        """Go to the bar under the mouse."""
        offset = event.get_content_offset(self)
        bar = -1 if offset is None else offset.x - EDGE - LABEL_WIDTH - 1
        if self._histogram is not None and 0 <= bar < self._histogram.axis.bars:
            event.stop()
            self._go(bar)

    def on_resize(self) -> None:
        """Ask for as many bars as there is room for."""
        self.post_message(self.Resized())

    def _go(self, bar: int) -> None:
        assert self._histogram is not None  # noqa: S101 - nobody comes here without one
        axis = self._histogram.axis
        bar = max(0, min(bar, axis.bars - 1))
        if self.has_focus:
            self._cursor = bar
        self._paint()
        self.post_message(self.Chosen(axis.start_of(bar)))

    # ---- painting

    def _paint(self) -> None:
        picture = self._drawn()
        if picture != self._picture:
            self._picture = picture
            self.refresh()

    def _drawn(self) -> Picture:
        histogram = self._histogram
        if histogram is None:
            return Picture(self._waiting, (), "")
        axis, most = histogram.axis, max(histogram.counts)
        seen = range(0)
        if self._seen is not None:
            seen = range(axis.bar_of(self._seen[0]), axis.bar_of(self._seen[1]) + 1)
        bars = tuple(
            (
                _block(count, most, marked=bar in seen or bar == self._cursor),
                LOOKS[kind],
                "cursor" if bar == self._cursor else "view" if bar in seen else "",
            )
            for bar, (count, kind) in enumerate(zip(histogram.counts, histogram.kinds, strict=True))
        )
        if self._cursor is None:
            ends = self._label(histogram.first), self._label(histogram.last)
            return Picture(ends[0], bars, f"{ends[1]} · a bar is {span_words(axis.size)}")
        count = histogram.counts[self._cursor]
        facts = f"{count:,} event{'' if count == 1 else 's'}"
        if count:
            facts += f" · mostly {LOOKS[histogram.kinds[self._cursor]]}"
        start = axis.start_of(self._cursor)
        return Picture(self._label(start + SUMMER_S * (axis.size >= DAY)), bars, facts)

    def _label(self, moment: int) -> str:
        """Give a time as exactly as the size of the bars asks for."""
        assert self._histogram is not None  # noqa: S101 - nobody comes here without one
        size = self._histogram.axis.size
        shown = in_zone(datetime.fromtimestamp(moment, UTC), utc=self._utc)
        return f"{shown:%Y-%m-%d}" if size >= DAY else f"{shown:%m-%d %H:%M}" if size >= MINUTE else f"{shown:%H:%M:%S}"

    def render_line(self, y: int) -> Strip:
        """Give the one line."""
        width, style = self.size.width, self.rich_style
        picture, label = self._picture, self._style("label")
        if y or not width:
            return Strip.blank(width, style)
        if not picture.bars:
            return Strip([Segment(" " + fit(picture.left, width - 1), label)]).apply_style(style)
        marks = {"": Style.null(), "view": self._style("view"), "cursor": self._style("cursor")}
        segments = [Segment(" " * EDGE + fit(picture.left, LABEL_WIDTH) + " ", label)]
        segments += [Segment(block, self._style(look) + marks[mark]) for block, look, mark in picture.bars]
        room = width - EDGE - LABEL_WIDTH - 1 - len(picture.bars) - 1
        words = picture.right if len(picture.right) <= room else picture.right.partition(" · ")[0]
        segments.append(Segment(" " + fit(words, max(room, 1)), label))
        return Strip(segments).crop(0, width).apply_style(style)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"histogram--{name}", partial=True)


def _block(count: int, most: int, *, marked: bool) -> str:
    """Give the block for a count beside the highest one; a marked one leaves something of its ground to be seen."""
    if not count:
        return " "
    height = -(-count * len(BLOCKS) // most)
    return BLOCKS[min(height, len(BLOCKS) - marked) - 1]


def span_words(size: int) -> str:
    """Give a bar's size in words: `6 h`, `2 weeks`."""
    for unit, name in ((WEEK, "week"), (DAY, "day"), (HOUR, "h"), (MINUTE, "min")):
        if size >= unit:
            count = size // unit
            return f"{count} {name}{'s' if count > 1 and unit >= DAY else ''}"
    return f"{size} s"
