"""Following: what another process writes into the store, and its place once that process has ended."""

from __future__ import annotations

from collections.abc import Iterator

from rex_tui.event import Grown
from rex_tui.store import EventStore


class Follower:
    """Reads the store's growth, and knows how much of what was forgotten it has told."""

    def __init__(self, store: EventStore) -> None:
        """Follow whichever process writes `store`."""
        self._store = store
        self._forgotten = 0

    def growth(self) -> Iterator[Grown]:
        """Yield what the log has more than at the last look; all of it where this process is the one to write now.

        Whether it is, the store says then. Raises `StoreError`.
        """
        takes_over = self._store.become_writer()
        while len(grown := self._store.refresh()):
            yield grown
            if not takes_over:
                break

    def forgotten(self) -> int:
        """Give up to which sequence the log is forgotten, 0 where that is told already. Raises `StoreError`."""
        before, self._forgotten = self._forgotten, self._store.forgotten().last
        return 0 if self._forgotten == before else self._forgotten  # less than before, where it is another store now
