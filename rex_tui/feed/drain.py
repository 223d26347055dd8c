"""One reading of Rex's log up to its end: how far it is, and whether it moves on at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from rex_tui.event import Page
from rex_tui.feed.progress import Progress, ProgressMeter

EMPTY_PAGES_MAX: Final = 5
"""Empty pages in a row, each with a new cursor and the promise of more, before we slow down."""


class Drain:
    """Watches the pages of one reading; a new one begins when Rex had nothing more, or was left in between."""

    def __init__(self, cursor: str | None) -> None:
        """Begin at `cursor`."""
        self._cursors_seen: set[str | None] = {cursor}
        self._contents_seen: set[int] = set()
        self._empty_pages = 0
        self._meter = ProgressMeter()

    def moves_on(self, page: Page) -> bool:
        """Tell whether asking for more would give something else than what we have seen in this drain."""
        self._empty_pages = 0 if page.events or page.quarantined else self._empty_pages + 1
        if page.next_cursor is None or page.next_cursor in self._cursors_seen or self._came_before(page):
            return False
        self._cursors_seen.add(page.next_cursor)
        return self._empty_pages < EMPTY_PAGES_MAX

    def _came_before(self, page: Page) -> bool:
        """Tell whether this reading had a page of just these events, under whatever cursor."""
        if not page.events and not page.quarantined:
            return False
        content = hash((tuple(event.id for event in page.events), tuple(item.raw for item in page.quarantined)))
        if content in self._contents_seen:
            return True
        self._contents_seen.add(content)
        return False

    def progress(self, page: Page, monotonic: float, now: float) -> Progress:
        """Give how far it is; `monotonic` and `now` are the clock's two readings in seconds."""
        position = page.events[-1].occurred if page.events else None
        return self._meter.add(monotonic, len(page.events), position, datetime.fromtimestamp(now, UTC))
