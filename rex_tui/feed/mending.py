"""A store that is not what it was: damaged, deleted or replaced underneath. What is done about it, and how often."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from rex_tui.feed.intake import Intake
from rex_tui.feed.position import Position
from rex_tui.feed.standing import Standing
from rex_tui.feed.tenant import TenantCheck
from rex_tui.store import EventStore, StoreDamaged, StoreError

MENDS_MAX: Final = 2
"""Damaged stores moved aside in one run before we stop: then the disk itself is not to be trusted."""


class Mending:
    """Knows that a store must be begun anew or opened again, and does it."""

    def __init__(
        self, store: EventStore, standing: Standing, position: Position, intake: Intake, tenant: TenantCheck
    ) -> None:
        """Watch over this store, with which nothing is wrong so far; the others begin anew with it."""
        self._store = store
        self._standing = standing
        self._position = position
        self._intake = intake
        self._tenant = tenant
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

    async def do(self) -> str:
        """Do what is wanted; give the damage that made it necessary, or "". Raises `StoreError` where it can't be.

        The log is another one from here on, so that status, place and tenant are read anew, and what waits to be
        written is forgotten.
        """
        with suppress(StoreError):  # what is wrong with it is known
            await self._intake.settle()
        damage, self._damage, self._reopen = self._damage, "", False
        self._open(damage)
        self._standing.read_anew()
        self._position.begin_at(self._standing.status.cursor)
        self._intake.drop()
        self._tenant.again()
        return damage

    def _open(self, damage: str) -> None:
        """Begin a damaged store anew; one that another process writes is that one's to move aside: we look again."""
        if not damage or not self._store.writable:
            self._store.reopen()
        elif self._mends < MENDS_MAX:
            self._mends += 1
            self._store.start_over()
        else:
            raise StoreDamaged(damage)
