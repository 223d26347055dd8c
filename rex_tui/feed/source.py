"""Where pages come from, as the poller sees it."""

from __future__ import annotations

from typing import Protocol

from rex_tui.event import Page


class EventSource(Protocol):
    """Where pages come from: `RexClient`, or a test's stand-in."""

    async def events(self, cursor: str | None = None, limit: int = 200) -> Page:
        """Give the page after `cursor`; raises `RexError`."""
