"""A Rex that is asked for names alone, and says what a test tells it to."""

from __future__ import annotations

import asyncio

from rex_tui.api import Answered, NotFound, RexError
from rex_tui.event import RateBudget
from rex_tui.names import EntityKind, Stage

STAGES = (
    Stage("stg_0001", "Lead", "pipe_0001", 0, "open", "#94a3b8"),
    Stage("stg_0002", "Won", "pipe_0001", 1, "won", "#22c55e"),
)


class NameRex:
    """Answers with what `said` holds for a path, an error or a name; everything else is not there."""

    def __init__(self) -> None:
        self.budget = RateBudget(1000, 900, 10.0)
        self.stages: tuple[Stage, ...] | RexError = STAGES
        self.said: dict[str, str | RexError] = {}
        self.asked: list[str] = []
        self.running = 0
        self.most_running = 0
        self.hold: asyncio.Event | None = None
        self.begun = asyncio.Event()

    async def pipelines(self) -> Answered[tuple[Stage, ...]]:
        await self._note("pipelines")
        if isinstance(self.stages, RexError):
            raise self.stages
        return Answered(self.stages, self.budget)

    async def entity(self, kind: EntityKind, id_: str) -> Answered[str]:
        await self._note(id_)
        said = self.said.get(id_, NotFound("Rex has nothing there (404)."))
        said = self.said.get(kind, said)
        if isinstance(said, RexError):
            raise said
        return Answered(said, self.budget)

    async def _note(self, what: str) -> None:
        self.asked.append(what)
        self.running += 1
        self.begun.set()
        self.most_running = max(self.most_running, self.running)
        try:
            if self.hold is not None:
                await self.hold.wait()
        finally:
            self.running -= 1
