"""A question to Rex: one at a time, and it may be given up."""

from __future__ import annotations

import asyncio
from typing import Final

from rex_tui.event import Page
from rex_tui.feed.source import EventSource
from rex_tui.feed.tenant import TenantCheck

PAGE_LIMIT: Final = 200


class Question:
    """Owns the request that is out."""

    def __init__(self, source: EventSource, tenant: TenantCheck) -> None:
        """Ask `source`, once `tenant` has no doubt about whose log that is."""
        self._source = source
        self._tenant = tenant
        self._request: asyncio.Future[Page] | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether a page was asked for, and is not taken in yet."""
        return self._request is not None

    async def ask(self, cursor: str | None) -> Page | None:
        """Give the page after `cursor`, None where that was given up; the question is open until `close`.

        Raises `RexError`, `OtherOrganisation` or `StoreError`.
        """
        self._request = asyncio.ensure_future(self._page(cursor))
        try:
            return await self._request
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return None

    def give_up(self) -> None:
        """Wait for the answer no longer, which loses nothing."""
        if self._request is not None:
            self._request.cancel()

    def close(self) -> None:
        """Let another question be asked."""
        self._request = None

    async def _page(self, cursor: str | None) -> Page:
        await self._tenant.check(self._source)
        return await self._source.events(cursor, PAGE_LIMIT)
