"""The intake: pages that came and wait to be written, several in one transaction, in a thread of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from msgspec.structs import replace

from rex_tui.event import Grown, Page
from rex_tui.feed.tenant import TenantCheck
from rex_tui.store import EventStore

T = TypeVar("T")

COMMIT_EVERY_S: Final = 0.2


class Intake:
    """Collects pages and commits them; the store is written by one thread, so that no screen waits for it."""

    def __init__(self, store: EventStore, tenant: TenantCheck) -> None:
        """Write into `store`, with the key that `tenant` has checked."""
        self._store = store
        self._tenant = tenant
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._pages: list[Page] = []
        self._last_commit = float("-inf")
        self.skipping = False
        """Whether events are passed over, because the user chose to go on at the end of Rex's log."""

    def add(self, page: Page) -> None:
        """Take a page, to be written with the next commit."""
        self._pages.append(replace(page, events=(), quarantined=()) if self.skipping else page)

    def due(self, monotonic: float) -> bool:
        """Tell whether it is time to commit, while more comes; `monotonic` is in seconds."""
        return monotonic - self._last_commit >= COMMIT_EVERY_S

    async def commit(self, cursor: str | None, monotonic: float) -> Grown | None:
        """Write what waits, if there is anything that the store has not; `cursor` is the one it has.

        Raises `StoreError`; nothing of the pages is kept then, so they must be asked for again.
        """
        pages, self._pages = self._pages, []
        news = any(page.events or page.quarantined or page.next_cursor not in (None, cursor) for page in pages)
        if not news and not self._tenant.has_news:
            return None
        grown = await self.in_thread(lambda: self._write(pages))
        self._last_commit = monotonic
        return grown

    def drop(self) -> None:
        """Forget what waits, because it is for another log."""
        self._pages = []
        self.skipping = False

    async def in_thread(self, call: Callable[[], T]) -> T:
        """Do something with the store in the thread that writes it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()

    def _write(self, pages: list[Page]) -> Grown:
        self._tenant.accept()
        return self._store.append(pages)
