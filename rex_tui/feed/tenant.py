"""Whose log is it: a key that is new to a store must show that log before a row of its own is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeAlias

from rex_tui.feed.source import EventSource
from rex_tui.store import EventStore

KeyTag: TypeAlias = Callable[[bytes], str]
"""Gives a tag of the API key under a salt: enough to tell whether it is another key than last time."""

FIRST_EVENTS: Final = 50
"""Events asked for, from the start of Rex's log, to see whether one of them is known."""


class OtherOrganisation(Exception):
    """The key shows another log than the one in the store; `str()` is one sentence for people."""


class TenantCheck:
    """Compares the first events of Rex's log with the store, once, and only for a key that the store has not seen.

    A rotated key of the same organisation passes, since Rex still has an event of ours at the start of its log.
    """

    def __init__(self, store: EventStore, key_tag: KeyTag | None) -> None:
        """Check for `store` the key of which `key_tag` gives tags; None trusts every key."""
        self._store = store
        self._key_tag = key_tag
        self._passed = key_tag is None
        self._new_tag: str | None = None

    @property
    def has_news(self) -> bool:
        """Tell whether `accept` has something to write."""
        return self._passed and self._new_tag is not None

    async def check(self, source: EventSource) -> None:
        """Ask Rex, if that is needed; raises `OtherOrganisation`, `RexError` or `StoreError`."""
        if self._passed or self._key_tag is None:
            return
        tag = await asyncio.to_thread(self._key_tag, self._store.key_salt)
        if tag != self._store.key_tag:
            if self._store.last_seq() or self._store.quarantined():
                page = await source.events(None, FIRST_EVENTS)
                if not self._store.knows(page):
                    raise OtherOrganisation(
                        f"Rex shows another organisation's log to this API key than the one kept in {self._store.path}."
                    )
            self._new_tag = tag
        self._passed = True

    def accept(self) -> None:
        """Note in the store that the key belongs to it; raises `StoreError`."""
        if self.has_news and self._new_tag is not None:
            self._store.accept_key(self._new_tag)
            self._new_tag = None

    def again(self) -> None:
        """Check again before the next page, because the store is another one now."""
        self._passed = self._key_tag is None
        self._new_tag = None
