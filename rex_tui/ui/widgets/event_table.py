"""The live table: a window on the view that reads and paints only what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from rex_tui.event import Row
from rex_tui.query.view import View
from rex_tui.ui.widgets.event_line import CURSOR_MARK, FRESH_MARK, EventLines
from rex_tui.ui.widgets.resource import GLYPHS

FRESH_S: Final = 3.0


class EventTable(ScrollView, can_focus=True):
    """A virtual table of events: one line each, oldest on top, following the end until the reader moves away.

    The selected event is kept by its sequence, so nothing that arrives moves it. While the table follows, the newest
    event is the selected one.
    """

    ALLOW_SELECT = False  # a drag selects no text here; y copies
    DEFAULT_CSS = """
    EventTable {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "event-table--time",
        "event-table--summary",
        "event-table--id",
        "event-table--cursor",
        "event-table--cursor-blurred",
        "event-table--hover",
        "event-table--fresh",
        "event-table--empty",
        *(f"event-table--{look}" for look in GLYPHS),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="table.open", tooltip="Look into the payload"),
        Binding("end,G", "follow", "Follow", key_display="G", id="table.follow", tooltip="Newest, and follow"),
        Binding("up,k", "move(-1)", "Event before", show=False, id="table.up"),
        Binding("down,j", "move(1)", "Event after", show=False, id="table.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="table.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="table.page_down"),
        Binding("home,g", "oldest", "Oldest event", show=False, id="table.oldest"),
    ]

    follow: reactive[bool] = reactive(True)
    utc: reactive[bool] = reactive(False)
    cursor_seq: reactive[int | None] = reactive(None, repaint=False)
    unseen: reactive[int] = reactive(0, repaint=False)
    """Rows that came since the table stopped following."""

    @dataclass
    class Highlighted(Message):
        """Another event is the selected one; None when there is none."""

        seq: int | None

    @dataclass
    class Opened(Message):
        """The reader wants to look into the selected event."""

        seq: int

    @dataclass
    class FollowChanged(Message):
        """The table began or ceased to follow the end, or the number of rows that wait below it changed."""

        follow: bool
        unseen: int

    def __init__(self, view: View, read_rows: Callable[[Sequence[int]], list[Row]], *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Show `view`, reading rows by their sequences with `read_rows`, a screenful at a time."""
        super().__init__(id=id)
        self._view = view
        self._lines = EventLines(read_rows, self._style)
        self._fresh_from: int | None = None
        self._fresh_timer: Timer | None = None
        self._hover_row: int | None = None
        self._pinning = False

    # ---- what the screen tells it

    def show(self, view: View) -> None:
        """Show another view; the selected event stays in its place on the screen if the view has it."""
        offset = 0 if self.cursor_seq is None else self._view.row_of(self.cursor_seq) - self.scroll_offset.y
        self._view = view
        self._fit_size()
        if self.follow or self.cursor_seq is None:
            self._pin()
        else:
            row = min(view.row_of(self.cursor_seq), len(view) - 1)
            self._scroll_to_row(row - max(0, min(offset, self._page_size - 1)))
            self.cursor_seq = view.seq_at(row) if row >= 0 else None
        self.unseen = 0
        self.refresh()

    def grew(self, rows: int, *, fresh_from: int | None = None) -> None:
        """Take in that the view grew by `rows`; those from the sequence `fresh_from` on are fresh for a moment."""
        if fresh_from is not None:
            self._fresh_from = fresh_from
            if self._fresh_timer is not None:
                self._fresh_timer.stop()
            self._fresh_timer = self.set_timer(FRESH_S, self.settle)
        if not rows:
            return
        bottom = self.scroll_offset.y + self._page_size
        self._fit_size()
        if self.follow:
            self._pin()
        else:
            self.unseen += rows
            if len(self._view) - rows < bottom:
                self.refresh()

    def settle(self) -> None:
        """Take the mark off fresh rows."""
        if self._fresh_from is not None:
            self._fresh_from = None
            self.refresh()

    def stay(self) -> None:
        """Cease to follow, because what is on screen is being read."""
        self.follow = False

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

    def action_page(self, pages: int) -> None:
        """Go a page up or down."""
        step = max(1, self._page_size - 1)
        if pages > 0 and self._cursor_row >= len(self._view) - 1:
            self.action_follow()
        elif len(self._view):
            self.follow = False
            top = self.scroll_offset.y
            self._scroll_to_row(top + pages * step)
            self._select(max(0, min(self._cursor_row + pages * step, len(self._view) - 1)))

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

    def on_click(self, event: events.Click) -> None:
        """Select the event under the mouse; a second click looks into it."""
        row = self._row_under(event)
        if row is None:
            return
        event.stop()
        self._select(row)
        if event.chain > 1:
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

    # ---- keeping the window in place

    def watch_follow(self, follow: bool) -> None:  # noqa: FBT001 - textual calls it
        """Tell the screen."""
        self.post_message(self.FollowChanged(follow, self.unseen))

    def watch_unseen(self, unseen: int) -> None:
        """Tell the screen."""
        self.post_message(self.FollowChanged(self.follow, unseen))

    def watch_cursor_seq(self, before: int | None, seq: int | None) -> None:
        """Repaint the two lines, and tell the screen."""
        for changed in (before, seq):
            if changed is not None:
                self.refresh_line(self._view.row_of(changed))
        self.post_message(self.Highlighted(seq))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Cease to follow when the reader scrolls away from the end, by wheel or bar."""
        super().watch_scroll_y(old_value, new_value)
        if not self._pinning and round(new_value) < round(old_value) and new_value < self.max_scroll_y:
            self.follow = False

    def on_resize(self) -> None:
        """Keep the end, or the selected event, in sight."""
        self._fit_size()
        if self.follow:
            self._pin()
        elif self.cursor_seq is not None:
            self._scroll_into_sight(self._cursor_row)

    @property
    def _page_size(self) -> int:
        return max(1, self.scrollable_content_region.height)

    @property
    def _cursor_row(self) -> int:
        if self.cursor_seq is None:
            return len(self._view) - 1
        return min(self._view.row_of(self.cursor_seq), len(self._view) - 1)

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

    def _select(self, row: int) -> None:
        """Select a row as the reader's own choice, which ends following."""
        self.follow = False
        self.cursor_seq = self._view.seq_at(row)
        self._scroll_into_sight(row)

    def _scroll_into_sight(self, row: int) -> None:
        top = self.scroll_offset.y
        if row < top:
            self._scroll_to_row(row)
        elif row >= top + self._page_size:
            self._scroll_to_row(row - self._page_size + 1)

    def _pin(self) -> None:
        self._scroll_to_row(len(self._view) - self._page_size)
        self.cursor_seq = self._view.seq_at(len(self._view) - 1) if len(self._view) else None
        self.refresh()

    def _scroll_to_row(self, row: int) -> None:
        self._pinning = True
        try:
            self.scroll_to(y=max(0, row), animate=False, force=True)
        finally:
            self._pinning = False

    def _fit_size(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._view))

    # ---- painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """Read what the lines to paint need in one go, then paint them."""
        top = self.scroll_offset.y + crop.y
        self._lines.read(self._view.seqs(top, top + crop.height))
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Give the line at `y` of the window; it only looks up."""
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if row >= len(self._view):
            return Strip.blank(width, self.rich_style)
        seq = self._view.seq_at(row)
        over = ["hover"] * (row == self._hover_row)
        mark = FRESH_MARK if self._fresh_from is not None and seq >= self._fresh_from else " "
        if seq == self.cursor_seq:
            over.append("cursor" if self.has_focus else "cursor-blurred")
            mark += CURSOR_MARK
        return self._lines.line(seq, width, mark, over, utc=self.utc).apply_style(self.rich_style)

    def notify_style_update(self) -> None:
        """Paint anew when the colours change."""
        self._lines.repaint()
        super().notify_style_update()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"event-table--{name}", partial=True)
