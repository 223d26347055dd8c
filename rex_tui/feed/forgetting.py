"""When the oldest part of the log is forgotten: in small slices, in pauses of the feed, behind every consumer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeAlias

from rex_tui.feed.clock import Clock
from rex_tui.keep import Keep
from rex_tui.store import EventStore, StoreError
from rex_tui.store.consumers import held_back
from rex_tui.store.notebook import Notebook

InThread: TypeAlias = Callable[[Callable[[], int]], Awaitable[int]]

FIRST_AFTER_S: Final = 5.0
"""How long after a start nothing is forgotten, since there is enough to do."""
LOOK_EVERY_S: Final = 30.0
"""How often it is looked whether something is to be forgotten, where there was nothing."""
PAUSE_MIN_S: Final = 0.1
PAUSES_A_SLICE: Final = 9
"""So many times as long as a slice took nothing is done after it: at most a tenth of a core is taken."""
ONCE_S: Final = 5.0
"""How long a program that ends when it has caught up forgets before that."""
URGENT_EVENTS: Final = 250_000
"""With so many events too much, a catch-up no longer goes first: the file would outgrow what the user allowed."""


class Forgetting:
    """Forgets what is not to be kept, while this process writes the store. For one caller at a time."""

    def __init__(self, store: EventStore, notebook: Notebook, keep: Keep, clock: Clock) -> None:
        """Keep what `keep` says of the log in `store`, and what the consumers in `notebook` have not come to yet."""
        self._store = store
        self._notebook = notebook
        self._keep = keep
        self._clock = clock
        self.holds: list[Callable[[], int | None]] = []
        """Each gives a sequence behind which nothing may be forgotten yet, None for no such place."""
        self.next_at = clock.monotonic() + FIRST_AFTER_S
        """When the next slice is due, on the clock's `monotonic`."""

    async def slice(self, in_thread: InThread) -> int:
        """Forget a slice, with `in_thread` for the writing; give up to which sequence, 0 where nothing was due.

        Raises `StoreError`.
        """
        begun, last = self._clock.monotonic(), 0
        try:
            if self._store.writable and not self._keep.is_all:
                up_to, named = self._up_to(), self._named()
                last = await in_thread(lambda: self._store.prune(self._keep, self._clock.now(), up_to, named))
        finally:
            now = self._clock.monotonic()
            self.next_at = now + (max(PAUSE_MIN_S, PAUSES_A_SLICE * (now - begun)) if last else LOOK_EVERY_S)
        return last

    async def for_a_while(self, seconds: float = ONCE_S) -> None:
        """Forget slice after slice, for so many seconds at most; where the store can't, the next start goes on."""
        end = self._clock.monotonic() + seconds
        with suppress(StoreError):
            while await self.slice(asyncio.to_thread) and self._clock.monotonic() < end:
                pass

    @property
    def is_urgent(self) -> bool:
        """Tell whether so much is to be forgotten that it can't wait for the feed; raises `StoreError`."""
        return self._store.writable and self._store.is_overdue(self._keep, self._clock.now(), URGENT_EVENTS)

    def _up_to(self) -> int:
        """Give the sequence behind which nothing may be forgotten: where the slowest reader is."""
        held = held_back(self._store, self._notebook.consumers().values())
        places = [self._store.last_seq(), *(place for hold in self.holds if (place := hold()) is not None)]
        return min([*places, *([] if held is None else [held.seq - 1])])

    def _named(self) -> frozenset[str]:
        """Give the ids of the events of which the user wants to know that they were there."""
        try:
            checkpoints = self._notebook.checkpoints().values()
            return frozenset(self._notebook.marks()) | {one.event_id for one in checkpoints}
        except StoreError:
            return frozenset()
