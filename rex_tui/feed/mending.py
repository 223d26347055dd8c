"""A store that is not what it was: damaged, deleted or replaced underneath. What is done about it, and how often."""

from __future__ import annotations

from typing import Final

from rex_tui.store import EventStore, StoreDamaged

MENDS_MAX: Final = 2
"""Damaged stores moved aside in one run before we stop: then the disk itself is not to be trusted."""


class Mending:
    """Knows that a store must be begun anew or opened again, and does it."""

    def __init__(self, store: EventStore) -> None:
        """Watch over this store, with which nothing is wrong so far."""
        self._store = store
        self._damage = ""
        self._reopen = False
        self._mends = 0

    @property
    def wanted(self) -> bool:
        """Tell whether there is something to do before the store is used again."""
        return bool(self._damage) or self._reopen

    @property
    def damage_known(self) -> bool:
        """Tell whether harm was seen that is not mended yet."""
        return bool(self._damage)

    def want_reopened(self) -> None:
        """Have what is at the store's path opened."""
        self._reopen = True

    def want_mended(self, why: str) -> None:
        """Have the damaged file moved aside and a new one begun; `why` is a sentence for people."""
        self._damage = why

    def do(self) -> str:
        """Do what is wanted; give the damage that made it necessary, or "". Raises `StoreError` where it can't be.

        A damaged file that another process writes is that one's to move aside: we open what is there then.
        """
        damage, self._damage, self._reopen = self._damage, "", False
        if not damage or not self._store.writable:
            self._store.reopen()
        elif self._mends < MENDS_MAX:
            self._mends += 1
            self._store.start_over()
        else:
            raise StoreDamaged(damage)
        return damage
