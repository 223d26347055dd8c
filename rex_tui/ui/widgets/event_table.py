"""The live table: keys, mouse and painting; it reads and paints only what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
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
from rex_tui.ui.widgets.columns import layout_of
from rex_tui.ui.widgets.divider import Divider
from rex_tui.ui.widgets.event_line import Times, marks_of
from rex_tui.ui.widgets.event_lines import EventLines
from rex_tui.ui.widgets.paint_line import RULE, SIGN, STYLES
from rex_tui.ui.widgets.row_window import RowWindow
from rex_tui.ui.widgets.table_keys import TABLE_KEYS


class EventTable(RowWindow, can_focus=True, inherit_bindings=False):
    """A virtual table of events: one line each, oldest on top, following the end until the reader moves away."""

    ALLOW_SELECT = False  # a drag selects no text here; y copies
    DEFAULT_CSS = """
    EventTable {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"event-table--{name}" for name in STYLES}
    BINDINGS: ClassVar[list[BindingType]] = TABLE_KEYS

    utc: reactive[bool] = reactive(False)
    relative: reactive[bool] = reactive(False)
    """Whether times are told as how long ago they were."""
    divider: reactive[Divider | None] = reactive(None)
    """The line above the first event that came since a place in the log."""
    fresh_s: float = 3.0
    """How long fresh rows keep their mark, in seconds."""

    @dataclass
    class Opened(Message):
        """The reader wants to look into the selected event."""

        seq: int

    @dataclass
    class StoryAsked(Message):
        """The reader wants the story of whom the selected event is about."""

        seq: int

    @dataclass
    class IdChosen(Message):
        """The reader wants the story of an id that stands in a column."""

        id: str

    @dataclass
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
        """Say ids by these names."""
        self._lines.name(names)
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

    # ---- what the reader does

    def action_move(self, rows: int) -> None:
        """Select the event some rows further; past the end, follow."""
        if not len(self._view):
            return
        row = self._cursor_row + rows
        if row >= len(self._view):
            self.action_follow()
            return
        self._select(max(row, 0))

    def action_page(self, pages: float) -> None:
        """Go a page up or down, or a part of one."""
        step = max(1, round(abs(pages) * (self._page_size - 1))) * (1 if pages > 0 else -1)
        if pages > 0 and self._cursor_row >= len(self._view) - 1:
            self.action_follow()
        elif len(self._view):
            self.follow = False
            top = self.scroll_offset.y
            self._scroll_to_row(top + step)
            self._select(max(0, min(self._cursor_row + step, len(self._view) - 1)))

    def action_oldest(self) -> None:
        """Go to the oldest event."""
        if len(self._view):
            self._select(0)

    def action_follow(self) -> None:
        """Go to the newest event and follow from there."""
        self.unseen = 0
        self.follow = True
        self._pin()

    def action_open(self) -> None:
        """Look into the selected event."""
        if self.cursor_seq is not None:
            self.post_message(self.Opened(self.cursor_seq))

    def action_story(self) -> None:
        """Ask for the story of whom the selected event is about."""
        if self.cursor_seq is not None:
            self.post_message(self.StoryAsked(self.cursor_seq))

    def on_click(self, event: events.Click) -> None:
        """Select the event under the mouse; a second click looks into it, one on an id asks for the id's story."""
        row = self._row_under(event)
        if row is None:
            return
        event.stop()
        self._select(row)
        offset = event.get_content_offset(self)
        layout = layout_of(self._lines.columns, self.scrollable_content_region.width)
        place = None if offset is None else layout.at(offset.x)
        name = "" if place is None else place.column.name
        if name == "about":
            self.action_story()
        elif id_ := self._lines.id_in(self._view.seq_at(row), name):
            self.post_message(self.IdChosen(id_))
        elif event.chain > 1:
            self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which row a click would select."""
        self._hover(self._row_under(event))

    def on_leave(self) -> None:
        """Forget the row under the mouse."""
        self._hover(None)

    def on_mouse_scroll_down(self) -> None:
        """Follow again when the wheel goes on at the very end."""
        if self.scroll_offset.y >= self.max_scroll_y and not self.follow:
            self.action_follow()

    def _row_under(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        row = None if offset is None else offset.y + self.scroll_offset.y
        return row if row is not None and row < len(self._view) else None

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
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Give the line at `y` of the window; it only looks up."""
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if row >= len(self._view):
            return Strip.blank(width, self.rich_style)
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
        line = self._lines.line(seq, above, width, mark, over, times, self._words).apply_style(self.rich_style)
        return line if self.divider is None else self.divider.drawn(line, self._view, row, self._style)

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
