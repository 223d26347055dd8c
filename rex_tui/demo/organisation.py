"""A simulated organisation whose log is the same for the same seed."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from rex_tui.demo.register import entity_of, pipelines_of
from rex_tui.demo.rhythm import busy_times
from rex_tui.demo.stories import SURE, next_story, opening
from rex_tui.demo.world import Draft, Payload, Stage, World

HISTORY_SPAN: Final = timedelta(days=30)

# From half of a history on, every eighth event or so starts the story of a type that has not occurred.
_SURE_EVERY: Final = 8
_FOLLOW_UP_MAX: Final = timedelta(seconds=1.5)
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class DemoEvent(Struct, frozen=True):
    """An event as the demo's Rex keeps it: `occurred_at` like `2026-03-16T12:05:00Z`, `data` as compact JSON text."""

    id: str
    type: str
    occurred_at: str
    data: str


class Organisation:
    """A small company's CRM, told as events: who came in, what was sold, what was forgotten.

    It lives in one thread at a time; `pipelines` and `entity` may be asked from any.
    """

    def __init__(self, seed: int) -> None:
        """Found the organisation; the same `seed` lives through the same stories."""
        self.seed: Final = seed
        self._start_afresh()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Give the pipeline's six stages, in order; the same for the same seed."""
        return self._world.stages

    def pipelines(self) -> list[Payload]:
        """Give the pipelines with their stages, as JSON has them."""
        return pipelines_of(self._world)

    def entity(self, kind: str, id_: str) -> Payload | None:
        """Give one of the `deals`, `contacts` or `companies`, as JSON has it; None where there is no such one."""
        return entity_of(self._world, kind, id_)

    @property
    def has_follow_up(self) -> bool:
        """Tell whether the next event belongs to the same happening as the last, as a move's second event does."""
        return bool(self._follow_ups)

    def history(self, count: int, end: datetime, span: timedelta = HISTORY_SPAN) -> list[DemoEvent]:
        """Give exactly `count` events in order, over the `span` before `end` (aware), the last one shortly before it.

        The organisation starts afresh with them. Of 500 events or more, every documented type has at least one.
        """
        self._start_afresh()
        end = end.astimezone(UTC)
        missing = dict(SURE)
        events: list[DemoEvent] = []
        for index, slot in enumerate(busy_times(self._world.rng, count, end, span)):
            at = slot
            if self._follow_ups and index < count - 1:
                at = min(slot, self._last + _FOLLOW_UP_MAX * self._world.rng.random())
            elif missing and index >= count // 2 and index % _SURE_EVERY == 0:
                self._make_sure(missing, slot)
            event = self._make(at)
            missing.pop(event.type, None)
            events.append(event)
        return events

    def next_event(self, at: datetime) -> DemoEvent:
        """Give the event that comes next in the very same stories, at the aware time `at` or the last event's."""
        return self._make(max(at.astimezone(UTC), self._last))

    def _start_afresh(self) -> None:
        self._world = World(self.seed)
        self._follow_ups: deque[Draft] = deque()
        self._last = self._world.now

    def _make_sure(self, missing: Iterable[str], at: datetime) -> None:
        self._world.now = at
        for event_type in missing:
            if drafts := SURE[event_type](self._world):
                self._follow_ups.extend(drafts)
                return

    def _make(self, at: datetime) -> DemoEvent:
        world = self._world
        world.now = self._last = at
        if not self._follow_ups:
            self._follow_ups.extend(next_story(world) if world.companies else opening(world))
        event_type, payload = self._follow_ups.popleft()
        world.step += 1
        return DemoEvent(
            id=world.new_id("evt"),
            type=event_type,
            occurred_at=f"{at.isoformat(timespec='seconds')[:19]}Z",
            data=_JSON.encode(payload),
        )
