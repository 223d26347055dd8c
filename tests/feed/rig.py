"""A poller that tests step: on a real store, with a scripted Rex and a fake clock."""

from __future__ import annotations

from support.fakes import Answer, FakeClock, NoChance, ScriptedRex

from rex_tui.event import Grown
from rex_tui.feed import FeedStatus, Poller
from rex_tui.feed.tenant import KeyTag
from rex_tui.store import EventStore

URL = "http://127.0.0.1:1"
INTERVAL_S = 15.0


class Rig:
    """What a test holds: the poller and everything around it."""

    def __init__(self, store: EventStore, key_tag: KeyTag | None = None, clock: FakeClock | None = None) -> None:
        self.store = store
        self.clock = FakeClock() if clock is None else clock
        self.rex = ScriptedRex()
        self.seen: list[FeedStatus] = []
        self.grown: list[Grown] = []
        self.resets = 0
        self.poller = Poller(
            self.rex,
            store,
            interval_s=INTERVAL_S,
            clock=self.clock,
            random=NoChance(),
            key_tag=key_tag,
            on_status=self.seen.append,
            on_grown=self.grown.append,
        )
        self.poller.on_reset = self._reset

    def _reset(self) -> None:
        self.resets += 1

    async def answer(self, *answers: Answer) -> FeedStatus:
        """Step until all these answers have been given."""
        self.rex.answers += answers
        while self.rex.answers:
            await self.poller.step()
        return self.poller.status

    @property
    def state_name(self) -> str:
        return type(self.poller.status.state).__name__

    @property
    def ids(self) -> list[int]:
        return [int(event.id[4:]) for event in self.store.events(0, 10_000)]
