"""Where the feed waits: until a time or a call, and the oldest part of the log is forgotten meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from rex_tui.feed.clock import Clock
from rex_tui.feed.forgetting import Forgetting, InThread
from rex_tui.store import StoreError

log = logging.getLogger(__name__)

URGENT_SLICES: Final = 20
"""Slices that are forgotten at once in a catch-up."""


class WaitingRoom:
    """Owns the call that ends a wait, and the slices that are forgotten. For one who waits; anybody may call."""

    def __init__(self, clock: Clock, in_thread: InThread, forgotten: Callable[[int], None]) -> None:
        """Wait by `clock`, forget with `in_thread`; `forgotten` hears up to which sequence."""
        self._clock = clock
        self._in_thread = in_thread
        self._forgotten = forgotten
        self._call = asyncio.Event()
        self.forgetting: Forgetting | None = None
        """What is forgotten, where the store is not to keep everything."""

    def call(self) -> None:
        """End the wait; without one, the next."""
        self._call.set()

    def answer(self) -> None:
        """Have a call that came meanwhile end no wait, because what it was for is being done."""
        self._call.clear()

    async def wait_for_call(self) -> None:
        """Wait until somebody calls."""
        await self._call.wait()
        self._call.clear()

    async def wait(self, seconds: float) -> None:
        """Wait so long at most, and forget nothing."""
        await self._clock.wait(self._call, self._clock.monotonic() + seconds)
        self._call.clear()

    async def wait_and_forget(self, until: float | None = None) -> None:
        """Wait until that time on the clock's `monotonic`, or for a call alone, and forget what is due meanwhile."""
        while self.forgetting is not None and (until is None or self.forgetting.next_at < until):
            await self._clock.wait(self._call, self.forgetting.next_at)
            if self._call.is_set():
                break
            await self._forget(self.forgetting)
        if until is None:
            await self._call.wait()
        else:
            await self._clock.wait(self._call, until)
        self._call.clear()

    async def forget_what_is_urgent(self) -> None:
        """Forget about as much as a catch-up brings between two commits, where it has brought far too much."""
        with suppress(StoreError):  # which the next writing tells
            if self.forgetting is not None and self.forgetting.is_urgent:
                for _ in range(URGENT_SLICES):
                    await self._forget(self.forgetting)

    async def _forget(self, forgetting: Forgetting) -> None:
        """Forget a slice; where the store can't, the next writing tells, and it is tried again when it is due."""
        try:
            last = await forgetting.slice(self._in_thread)
        except StoreError as error:
            log.warning("nothing was forgotten: %s", error)
            return
        if last:
            self._forgotten(last)
