"""The names known now, and telling of it when something is called otherwise than before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rex_tui.feed.clock import Clock
from rex_tui.feed.memory import NameMemory
from rex_tui.names import Known, Names, Remembered, Stage, entity_kind, is_stage
from rex_tui.store import EventStore
from rex_tui.told_names import names_told


class KnownNames:
    """Holds the names of the moment; `on_names` hears of each change, in the event loop."""

    def __init__(self, memory: NameMemory, clock: Clock, overrides: Mapping[str, str]) -> None:
        """Begin with the user's own names; `memory` says which answers still hold."""
        self._memory = memory
        self._clock = clock
        self.names = Names(overrides)
        self.on_names: Callable[[Names], None] = lambda _: None

    def is_wanting(self, id_: str) -> bool:
        """Tell whether there is a reason to ask for the name of an id: none holds, and Rex has names of its kind."""
        known = self.names.known(id_)
        if is_stage(id_):
            return known is None
        if entity_kind(id_) is None or (known is not None and known.source != "rex"):
            return False
        return not self._memory.is_settled(id_, named=known is not None)

    def rex_calls(self, id_: str) -> str:
        """Give what Rex called an entity the last time, "" where it did not."""
        known = self.names.known(id_)
        return known.name if known is not None and known.source == "rex" else ""

    def learn_from(self, told: Iterable[tuple[str, str, float]]) -> None:
        """Take the names that payloads tell: of each its type, JSON text and time (seconds since the epoch)."""
        now = self._clock.now()
        self.take(
            Known(id_, name, min(at, now), "payload")
            for event_type, data, at in told
            for id_, name in names_told(event_type, data)
        )

    def take_rows(self, rows: Iterable[Remembered]) -> None:
        """Take names that the store has."""
        now = self._clock.now()
        self.take(Known(row.id, row.name, min(row.learned_at, now), "rex") for row in rows if row.name)

    def take(self, told: Iterable[Known]) -> None:
        """Take names."""
        told = list(told)
        before, self.names = self.names, self.names.learned(told)
        if any(self.names.of(one.id) != before.of(one.id) for one in told):
            self.on_names(self.names)

    def list_stages(self, stages: Sequence[Stage], now: float) -> list[Remembered]:
        """Take the stages that the pipelines have, in their order; give what is to be remembered of them."""
        before, self.names = self.names, self.names.with_stages(stages, now)
        if self.names.stages != before.stages:
            self.on_names(self.names)
        listed = {stage.id for stage in stages}
        gone = [stage for stage in before.listed if stage.id not in listed]
        rows = [Remembered(one.id, "stage", "known", one.name, now, one, place) for place, one in enumerate(stages)]
        return rows + [Remembered(one.id, "stage", "gone", one.name, now, one) for one in gone]

    def read_stages(self) -> float | None:
        """Take the stages that the store has; give how many seconds ago Rex listed them, None where it has none."""
        rows = self._memory.stages()
        if not rows:
            return None
        now = self._clock.now()
        learned_at = max(row.learned_at for row in rows)
        listed = [row.stage for row in rows if row.state == "known" and row.stage is not None]
        self.list_stages(listed, min(learned_at, now))
        self.take_rows(rows)
        return now - learned_at


def kept_names(store: EventStore, overrides: Mapping[str, str], clock: Clock) -> Names:
    """Give the names of stages that a store has, for a command that asks Rex for none; entities it can look up."""
    known = KnownNames(NameMemory(store, clock), clock, overrides)
    known.read_stages()
    return known.names
