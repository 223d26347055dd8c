"""The place in Rex's log from which the next page is asked for."""

from __future__ import annotations

from rex_tui.event import Page
from rex_tui.feed.drain import Drain
from rex_tui.feed.progress import Progress


class Position:
    """Owns the cursor, which may be ahead of the store's, and watches the reading that goes on from it."""

    def __init__(self, cursor: str | None) -> None:
        """Begin a reading at `cursor`, None for the start of Rex's log."""
        self.cursor = cursor
        """What the next page is asked for with."""
        self._drain = Drain(cursor)

    def begin_at(self, cursor: str | None) -> None:
        """Begin another reading at a cursor."""
        self.cursor = cursor
        self._drain = Drain(cursor)

    def move_behind(self, page: Page) -> bool:
        """Go on behind a page; tell whether Rex has more, and asking for it leads on. Else the reading is over."""
        leads_on = page.has_more and self._drain.moves_on(page)
        if page.next_cursor is not None:
            self.cursor = page.next_cursor
        if not leads_on:
            self._drain = Drain(self.cursor)
        return leads_on

    def progress(self, page: Page, monotonic: float, now: float) -> Progress:
        """Give how far the reading is with this page; `monotonic` and `now` are the clock's two readings in seconds."""
        return self._drain.progress(page, monotonic, now)
