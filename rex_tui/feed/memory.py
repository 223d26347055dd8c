"""What is remembered of Rex's answers about names, in memory and in the store, and how long each of them holds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from math import inf
from typing import Final, Literal

from rex_tui.feed.clock import Clock
from rex_tui.names import NAME_MAX, Remembered, entity_kind
from rex_tui.store import EventStore, StoreError

log = logging.getLogger(__name__)

DAY_S: Final = 86_400.0
"""For how long an answer holds, be it a name or that there is none."""
LOOK_AGAIN_S: Final = 5.0
"""How soon the store is looked into again for an id that it has not: another process may have learned its name."""
ROWS_MAX: Final = 5_000
STAGES: Final = "stages"
"""What stands for all stages where ids do."""


class NameMemory:
    """Remembers answers. What the store can't give or take is not remembered, and does no harm."""

    def __init__(self, store: EventStore, clock: Clock) -> None:
        """Remember in this store, as long as this process writes it."""
        self._store = store
        self._clock = clock
        self._rows: dict[str, Remembered] = {}
        self._looked: dict[str, float] = {}

    def is_settled(self, id_: str, *, named: bool) -> bool:
        """Tell whether there is an answer about an id that still holds; `named` tells whether its name is known."""
        row = self._rows.get(id_)
        return row is not None and self._holds(row) and (named or not row.name)

    def look_up(self, ids: Iterable[str]) -> list[Remembered]:
        """Give what the store has about ids, at most once in `LOOK_AGAIN_S` for each."""
        due = self._due(ids)
        if not due:
            return []
        try:
            found = self._store.remembered(due)
        except StoreError as error:
            log.info("names can't be read: %s", error)
            return []
        self._put(found)
        return found

    def stages(self) -> list[Remembered]:
        """Give every stage that the store has, in pipeline order; none where it was looked at just now."""
        try:
            return [] if not self._due([STAGES]) else self._store.remembered_stages()
        except StoreError as error:
            log.info("names can't be read: %s", error)
            return []

    async def keep(self, rows: Sequence[Remembered]) -> None:
        """Remember answers, and write them, in a thread."""
        self._put(row for row in rows if row.kind != "stage")
        try:
            await asyncio.to_thread(self._store.remember, rows)
        except StoreError as error:
            log.info("names can't be written: %s", error)

    def pass_over(self, id_: str) -> None:
        """Remember, for this session, that asking for an id gave nothing of use."""
        kind = entity_kind(id_)
        if kind is not None:
            self._put([Remembered(id_, kind, "nameless", "", self._clock.now())])

    def _due(self, ids: Iterable[str]) -> list[str]:
        """Give the ids that were not looked up just now, and take note that they are."""
        now = self._clock.monotonic()
        due = [id_ for id_ in ids if self._looked.get(id_, -inf) <= now - LOOK_AGAIN_S]
        for id_ in due:
            self._looked.pop(id_, None)
            self._looked[id_] = now
        _bound(self._looked)
        return due

    # ---- endpoints that refuse

    async def keep_refusal(self, path: str, state: Literal["missing", "forbidden"], why: str) -> None:
        """Remember that an endpoint refuses everything to this key, and why, in a sentence."""
        refusal = Remembered(path, "endpoint", state, why[:NAME_MAX], self._clock.now(), key_tag=self._key_tag())
        await self.keep([refusal])

    def refusals(self, paths: Iterable[str]) -> dict[str, str]:
        """Give why endpoints refused everything to this key, within the last day, by their paths."""
        found = self.look_up(paths)
        tag = self._key_tag()
        return {row.id: row.name for row in found if row.kind == "endpoint" and self._holds(row) and row.key_tag == tag}

    def _key_tag(self) -> str:
        try:
            return self._store.key_tag or ""
        except StoreError:
            return ""

    def _holds(self, row: Remembered) -> bool:
        return 0 <= self._clock.now() - row.learned_at < DAY_S

    def _put(self, rows: Iterable[Remembered]) -> None:
        for row in rows:
            self._rows.pop(row.id, None)
            self._rows[row.id] = row
        _bound(self._rows)


def _bound(found: dict[str, Remembered] | dict[str, float]) -> None:
    """Forget what was put in first, where there is too much."""
    for id_ in list(found)[: max(0, len(found) - ROWS_MAX)]:
        del found[id_]
