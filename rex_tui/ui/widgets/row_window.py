"""A window on a view: which rows are on screen, which one is selected, and whether it follows the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar

from rex_tui.query.view import Rows

BAR_PARTS: Final = 8
"""Parts of a cell in which a scroll bar can begin."""
ROWS_BEFORE: Final = 4
"""What is gone to stands this part of the page below its top."""


class RowWindow(ScrollView):
    """Keeps its place over a view that grows: the end while it follows, else what is being read.

    The selected event is kept by its sequence, so nothing that arrives moves it. While the window follows, the newest
    event is the selected one. What the rows look like is for a subclass to say.
    """

    follow: reactive[bool] = reactive(True)
    cursor_seq: reactive[int | None] = reactive(None, repaint=False)
    unseen: reactive[int] = reactive(0, repaint=False)
    """Rows that came since the table stopped following."""

    @dataclass(eq=False, repr=False)
    class Highlighted(Message):
        """Another event is the selected one; None when there is none."""

        seq: int | None

    @dataclass(eq=False, repr=False)
    class FollowChanged(Message):
        """The table began or ceased to follow the end, or the number of rows that wait below it changed."""

        follow: bool
        unseen: int

    def __init__(self, view: Rows, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Show `view`, whose rows a subclass paints."""
        super().__init__(id=id)
        self._view = view
        self._pinning = False
        self._sought: tuple[int, int] | None = None
        """A sequence that is to be selected, at this line of the window, once the view knows it."""

    def show(self, view: Rows) -> None:
        """Show another view; the selected event stays in its place on the screen if the view has it.

        Where a search has still to come to it, that is done when it has.
        """
        if self._sought is None and self.cursor_seq is not None and not self.follow:
            self._sought = self.cursor_seq, self._view.row_of(self.cursor_seq) - self.scroll_offset.y
        self._view = view
        self._fit_size()
        if self.follow or self._sought is None:
            self._sought = None
            self._pin()
        else:
            self._go_to_sought()
        self.unseen = 0
        self.refresh()

    def come_back(self, seq: int, line: int, unseen: int) -> None:
        """Begin at the event of a sequence, at this line of the window, with so many rows that wait below.

        Where there is no window yet, or a search has still to come to it, that is done when there is, or it has.
        """
        self._sought = seq, line
        self.follow = False
        self.unseen = unseen
        self._go_to_sought()

    @property
    def is_seeking(self) -> bool:
        """Tell whether it has not come yet to what is to be selected."""
        return self._sought is not None

    @property
    def cursor_line(self) -> int:
        """Give the line of the window in which the selected event is."""
        return self._cursor_row - self.scroll_offset.y

    def grew_front(self, rows: int) -> None:
        """Take in that the view grew by `rows` before its first row; what is on screen stays where it is."""
        self._move_with(rows)
        if self.cursor_seq is None and len(self._view):
            self.cursor_seq = self._view.seq_at(len(self._view) - 1)

    def shrank_front(self, rows: int) -> None:
        """Take in that the view lost its first `rows`; what is on screen stays where it is, as far as it is there.

        Where the selected event is gone, the oldest that is left is the selected one.
        """
        self._move_with(-rows)
        if not len(self._view):
            self.cursor_seq = None
        elif self.cursor_seq is not None:
            self.cursor_seq = max(self.cursor_seq, self._view.seq_at(0))

    def _move_with(self, rows: int) -> None:
        """Keep on screen what is there, now that so many rows came before it, or, of a negative number, went."""
        top = self.scroll_offset.y
        self._fit_size()
        if self.follow:
            self._pin()
        elif self._sought is not None:
            self._go_to_sought()
        else:
            self._scroll_to_row(top + rows)
        self.refresh()

    def select_seq(self, seq: int) -> None:
        """Select the event of a sequence, or the next one that has a row, as the reader's own choice."""
        if len(self._view):
            self._select(min(self._view.row_of(seq), len(self._view) - 1))

    def grew(self, rows: int) -> None:
        """Take in that the view grew by `rows`."""
        bottom = self.scroll_offset.y + self._page_size
        self._fit_size()
        if self.follow:
            self._pin()
        else:
            self.unseen += rows
            if len(self._view) - rows < bottom:
                self.refresh()

    def stay(self) -> None:
        """Cease to follow, because what is on screen is being read."""
        self.follow = False

    def go_to(self, row: int) -> None:
        """Select a row as the reader's own choice, with what comes after it in sight, too."""
        if len(self._view):
            row = max(0, min(row, len(self._view) - 1))
            self._scroll_to_row(row - self._page_size // ROWS_BEFORE)
            self._select(row)

    @property
    def rows_on_screen(self) -> range:
        """Give the rows that are in sight."""
        top = self.scroll_offset.y
        return range(top, min(top + self._page_size, len(self._view)))

    def watch_follow(self, follow: bool) -> None:  # noqa: FBT001 - textual calls it
        """Tell the screen."""
        if follow:
            self._sought = None
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
        bar = self.vertical_scrollbar
        if _drawn_at(bar, bar.position) == _drawn_at(bar, new_value):  # it looks the same, and is not to be painted
            bar.set_reactive(ScrollBar.position, bar.validate_position(new_value))
        super().watch_scroll_y(old_value, new_value)
        if not self._pinning:
            self._sought = None
            if round(new_value) < round(old_value) and new_value < self.max_scroll_y:
                self.follow = False

    def on_resize(self) -> None:
        """Keep the end, or the selected event, in sight."""
        self._fit_size()
        if self.follow:
            self._pin()
        elif self._sought is not None:
            self._go_to_sought()
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

    def _select(self, row: int) -> None:
        """Select a row as the reader's own choice, which ends following."""
        self.follow = False
        self._sought = None
        self.cursor_seq = self._view.seq_at(row)
        self._scroll_into_sight(row)

    def _go_to_sought(self) -> None:
        """Select what was selected before, in its place on the screen, or what is nearest to it as far as is known."""
        if self._sought is not None:
            seq, line = self._sought
            row = min(self._view.row_of(seq), len(self._view) - 1)
            if not self.size:
                self._scroll_to_row(0)  # any other place would be none of this window's
            else:
                self._scroll_to_row(row - max(0, min(line, self._page_size - 1)))
                self._sought = None if self._view.knows(seq) else self._sought
            self.cursor_seq = self._view.seq_at(row) if row >= 0 else None

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


def _drawn_at(bar: ScrollBar, position: float) -> int:
    """Give in which part of a cell a scroll bar begins that stands at the row `position`."""
    height, rows, all_rows = bar.size.height, bar.window_size, bar.window_virtual_size
    if rows >= all_rows:
        return 0
    thumb = max(1, rows * height / all_rows)
    return int((height - thumb) * position / (all_rows - rows) * BAR_PARTS)
