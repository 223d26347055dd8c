"""The intake: pages that came and wait to be written, several in one transaction, in a thread of their own.

While one transaction is written, Rex is asked for what comes next: the pages of that wait behind it. Where it fails,
they are forgotten with it, since the store's log must have no hole.
"""

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

COMMIT_EVERY_S: Final = 0.1
WAITING_MAX: Final = 40
"""So many pages may wait behind the one transaction that is written; then Rex is not asked before it is."""

Written = Callable[[Grown, str | None], None]
"""Hears what a transaction added to the log, and the cursor behind it, None where the pages named none."""


class Intake:
    """Collects pages and commits them; the store is written by one thread, so that no screen waits for it."""

    def __init__(self, store: EventStore, tenant: TenantCheck, written: Written) -> None:
        """Write into `store`, with the key that `tenant` has checked; `written` hears of every transaction."""
        self._store = store
        self._tenant = tenant
        self._written = written
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._pages: list[Page] = []
        self._under_way: asyncio.Task[None] | None = None
        self._last_commit = float("-inf")
        self.skipping = False
        """Whether events are passed over, because the user chose to go on at the end of Rex's log."""

    def add(self, page: Page) -> None:
        """Take a page, to be written with the next commit."""
        self._pages.append(replace(page, events=(), quarantined=()) if self.skipping else page)

    def due(self, monotonic: float) -> bool:
        """Tell whether it is time to begin a commit, while more comes; `monotonic` is in seconds."""
        if self._under_way is not None and not self._under_way.done():
            return len(self._pages) >= WAITING_MAX
        return monotonic - self._last_commit >= COMMIT_EVERY_S

    async def begin(self, cursor: str | None, monotonic: float) -> None:
        """Begin to write what waits, and do not wait for it; `cursor` is the one that the store has.

        Raises `StoreError` for the transaction before this one, as `settle` does.
        """
        await self.settle()
        pages, self._pages = self._pages, []
        cursors = [page.next_cursor for page in pages if page.next_cursor is not None]
        news = any(page.events or page.quarantined for page in pages) or any(one != cursor for one in cursors)
        if news or self._tenant.has_news:
            self._last_commit = monotonic
            self._under_way = asyncio.create_task(self._commit(pages, cursors[-1] if cursors else None))

    async def settle(self) -> None:
        """Wait for what is being written.

        Raises `StoreError` where that failed; nothing of its pages or of those that came since is kept then, so they
        must be asked for again.
        """
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            behind, self._pages = self._pages, []
            await under_way
            self._pages = behind

    async def commit(self, cursor: str | None, monotonic: float) -> None:
        """Write what waits, and wait until it is written; `begin` and `settle` say the rest."""
        await self.begin(cursor, monotonic)
        await self.settle()

    def drop(self) -> None:
        """Forget what waits, because it is for another log."""
        self._pages = []
        self.skipping = False

    async def in_thread(self, call: Callable[[], T]) -> T:
        """Do something with the store in the thread that writes it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self) -> None:
        """End the thread, once it has written what it is at; that is not told any more."""
        if self._under_way is not None:
            self._under_way.cancel()
        self._thread.shutdown()

    async def _commit(self, pages: list[Page], cursor: str | None) -> None:
        self._written(await self.in_thread(lambda: self._write(pages)), cursor)

    def _write(self, pages: list[Page]) -> Grown:
        self._tenant.accept()
        return self._store.append(pages)
