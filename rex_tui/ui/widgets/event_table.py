"""The live table: what the keys and the mouse do in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer

from rex_tui.ui.widgets.columns import layout_of
from rex_tui.ui.widgets.event_rows import EventRows
from rex_tui.ui.widgets.table_keys import TABLE_KEYS

AHEAD_S: Final = 0.06
"""How long the reader has to be at rest before the next page is prepared, in seconds: longer than a key repeats."""


class EventTable(EventRows, can_focus=True, inherit_bindings=False):
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
    BINDINGS: ClassVar[list[BindingType]] = TABLE_KEYS

    @dataclass(eq=False, repr=False)
    class Opened(Message):
        """The reader wants to look into the selected event."""

        seq: int

    @dataclass(eq=False, repr=False)
    class StoryAsked(Message):
        """The reader wants the story of whom the selected event is about."""

        seq: int

    @dataclass(eq=False, repr=False)
    class IdChosen(Message):
        """The reader wants the story of an id that stands in a column."""

        id: str

    _ahead: Timer | None = None

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
            self._look_ahead(step)

    def _look_ahead(self, step: int) -> None:
        """Prepare the rows that another page in the same direction shows, while the reader looks at this one."""
        if self._ahead is not None:
            self._ahead.stop()
        top = self.scroll_offset.y + step
        self._ahead = self.set_timer(AHEAD_S, lambda: self.prepare(top, top + self._page_size))

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
