"""The rows of the live table as they look: read a screenful at a time, and painted once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer

from rex_tui.event import Row
from rex_tui.names import Names
from rex_tui.query.column import Columns
from rex_tui.query.view import Rows
from rex_tui.rule_settings import RuleColor
from rex_tui.ui.widgets.bare import Bare
from rex_tui.ui.widgets.divider import Divider
from rex_tui.ui.widgets.event_line import Times, marks_of
from rex_tui.ui.widgets.event_lines import EventLines
from rex_tui.ui.widgets.paint_line import RULE, SIGN, STYLES, Look
from rex_tui.ui.widgets.row_window import RowWindow


class EventRows(RowWindow):
    """A window on a view of events, one line each; it reads and paints only what it shows."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"event-table--{name}" for name in STYLES}

    utc: reactive[bool] = reactive(False)
    relative: reactive[bool] = reactive(False)
    """Whether times are told as how long ago they were."""
    divider: reactive[Divider | None] = reactive(None)
    """The line above the first event that came since a place in the log."""
    fresh_s: float = 3.0
    """How long fresh rows keep their mark, in seconds."""

    @dataclass(eq=False, repr=False)
    class NumbersMet(Message):
        """Numbers were read, in these columns."""

        columns: frozenset[str]

    def __init__(self, view: Rows, read_rows: Callable[[Sequence[int]], list[Row]], *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Show `view`, reading rows by their sequences with `read_rows`, a screenful at a time."""
        super().__init__(view, id=id)
        self._lines = EventLines(read_rows, self._style)
        self._fresh_from: int | None = None
        self._fresh_timer: Timer | None = None
        self._hover_row: int | None = None
        self._matching: Rows | None = None
        self._words: tuple[str, ...] = ()
        self._marked: frozenset[int] = frozenset()
        self._now = 0.0
        self._under = Style.null()
        self._styles_cache = Bare(self.render_line)

    # ---- what the screen tells it

    def begin_anew(self, view: Rows) -> None:
        """Show the newest rows of another log, and follow it."""
        self._lines.forget()
        self._fresh_from = self._hover_row = self.cursor_seq = None
        self.follow = True
        self.show(view)

    def show_columns(self, columns: Columns) -> None:
        """Show other columns, or the same in other widths."""
        if columns != self._lines.columns:
            self._lines.choose(columns)
            self.refresh()

    @property
    def numbers(self) -> frozenset[str]:
        """Give the columns in which numbers were read."""
        return self._lines.numbers

    def freshen(self, first: int) -> None:
        """Mark the rows from the sequence `first` on as fresh for a moment."""
        self._fresh_from = first
        if self._fresh_timer is not None:
            self._fresh_timer.stop()
        self._fresh_timer = self.set_timer(self.fresh_s, self.settle)

    def tick(self, now: float) -> None:
        """Take in the time, in seconds since the epoch; only lines whose words change with it are painted."""
        before, self._now = self._now, now
        if self.relative:
            rows = self.rows_on_screen
            for row, seq in enumerate(self._view.seqs(rows.start, rows.stop), rows.start):
                if self._lines.aged(seq, before, now):
                    self.refresh_line(row)

    def settle(self) -> None:
        """Take the mark off fresh rows."""
        if self._fresh_from is not None:
            self._fresh_from = None
            self.refresh()

    def highlight(self, words: tuple[str, ...], matching: Rows | None = None) -> None:
        """Highlight these words in every row, and mark the rows of the sequences that `matching` shows."""
        if words != self._words or matching is not self._matching:
            self._words, self._matching = words, matching
            self.refresh()

    def show_names(self, names: Names) -> None:
        """Say ids by these names; nothing is painted anew if what is on screen says the same by them."""
        rows = self.rows_on_screen
        if not self._lines.name(names).isdisjoint(self._view.seqs(rows.start, rows.stop)):
            self.refresh()

    def show_rules(self, color_of: Callable[[Row], RuleColor | None]) -> None:
        """Highlight the rows for which `color_of` gives a colour; it is asked once of each row that is shown."""
        self._lines.rule(color_of)
        self.refresh()

    def show_marks(self, marked: frozenset[int]) -> None:
        """Show which sequences the user has marked."""
        if marked != self._marked:
            self._marked = marked
            self.refresh()

    def grew_front(self, rows: int) -> None:
        """Keep also the row under the mouse."""
        if self._hover_row is not None:
            self._hover_row += rows
        super().grew_front(rows)

    def shrank_front(self, rows: int) -> None:
        """Keep also the row under the mouse."""
        if self._hover_row is not None:
            self._hover_row = max(0, self._hover_row - rows)
        super().shrank_front(rows)

    def _hover(self, row: int | None) -> None:
        if row != self._hover_row:
            before, self._hover_row = self._hover_row, row
            for changed in (before, row):
                if changed is not None:
                    self.refresh_line(changed)

    # ---- painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """Read what the lines to paint need in one go, then paint them."""
        top = self.scroll_offset.y + crop.y
        known = self._lines.numbers
        self._lines.read(self._view.seqs(top - 1, top + crop.height))
        if self._lines.numbers != known:
            self.post_message(self.NumbersMet(self._lines.numbers))
        self._under = self.rich_style  # textual works it out anew each time it is asked
        return super().render_lines(crop)

    def prepare(self, first: int, last: int) -> None:
        """Read and paint the rows from one to before another, so that little is left to do when they come in sight."""
        first, last = max(0, first), min(last, len(self._view))
        self._lines.read(self._view.seqs(first - 1, last))
        background = self.background_colors[1]
        for row in range(first, last):
            line = self._line(row)
            for line_filter in self.get_line_filters():
                line = line.apply_filter(line_filter, background)

    def render_line(self, y: int) -> Strip:
        """Give the line at `y` of the window; it only looks up."""
        row = y + self.scroll_offset.y
        if row >= len(self._view):
            return Strip.blank(self.scrollable_content_region.width, self._under)
        line = self._line(row)
        return line if self.divider is None else self.divider.drawn(line, self._view, row, self._style)

    def _line(self, row: int) -> Strip:
        """Give the line of a row that was read."""
        seq = self._view.seq_at(row)
        over = ["hover"] * (row == self._hover_row)
        selected, ruled = seq == self.cursor_seq, self._lines.color(seq)
        matching = self._matching is not None and self._matching.shows(seq)
        over = ["match"] * matching + [f"{RULE}{ruled}"] * (ruled is not None) + over
        over += ["cursor" if self.has_focus else "cursor-blurred"] * selected
        mark = marks_of(
            fresh=self._fresh_from is not None and seq >= self._fresh_from,
            marked=seq in self._marked,
            selected=selected,
            matching=matching,
            ruled=ruled is not None,
        )
        above = self._view.seq_at(row - 1) if row else None
        times = Times(self.utc, self._now if self.relative else None)
        look = Look(mark, self._under, tuple(over), self._words)
        return self._lines.line(seq, above, self.scrollable_content_region.width, look, times)

    def notify_style_update(self) -> None:
        """Paint anew when the colours change."""
        self._lines.repaint()
        super().notify_style_update()

    def _style(self, name: str) -> Style:
        if name.startswith(RULE):  # a colour that what is behind it shines through
            return Style(bgcolor=self.get_visual_style(f"event-table--{name}").rich_style.bgcolor)
        if name.startswith(SIGN):
            return Style(color=self.get_visual_style(f"event-table--{RULE}{name[len(SIGN) :]}").rich_style.color)
        return self.get_component_rich_style(f"event-table--{name}", partial=True)
