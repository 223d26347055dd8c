"""Where pages and names come from, as those who ask see it."""

from __future__ import annotations

from typing import Protocol

from rex_tui.api import Answered
from rex_tui.event import Page, RateBudget
from rex_tui.names import EntityKind, Stage


class EventSource(Protocol):
    """Where pages come from: `RexClient`, or a test's stand-in."""

    async def events(self, cursor: str | None = None, limit: int = 200) -> Page:
        """Give the page after `cursor`; raises `RexError`."""


class NameSource(Protocol):
    """Where names come from: `RexClient`, or a test's stand-in. `budget` is what Rex last said of it."""

    budget: RateBudget

    async def pipelines(self) -> Answered[tuple[Stage, ...]]:
        """Give the stages of all pipelines, in order; raises `RexError`."""

    async def entity(self, kind: EntityKind, id_: str) -> Answered[str]:
        """Give the name of one entity, "" where it has none; raises `RexError`."""
