"""What ids are called in an export: by the names known before, those kept beside the log, and those told on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from rex_tui.event import Event
from rex_tui.names import Known, Names, Remembered, nameable_ids
from rex_tui.query.naming import NO_NAMES
from rex_tui.told_names import names_told

LOOKED_MAX: Final = 20_000
"""Ids that are not looked up a second time; then it begins anew, so that memory does not grow with the log."""

Naming: TypeAlias = Callable[[Sequence[Event]], Names]
"""Gives the names for some events that are to be written."""


def no_names(_events: Sequence[Event]) -> Names:
    """Give no name at all."""
    return NO_NAMES


class NamesMet:
    """Learns names as events are met, oldest first."""

    def __init__(self, names: Names, remembered: Callable[[Sequence[str]], Iterable[Remembered]]) -> None:
        """Begin with `names`; `remembered` gives what a store keeps of the names of ids."""
        self._names = names
        self._remembered = remembered
        self._looked: set[str] = set()

    def of(self, events: Sequence[Event]) -> Names:
        """Give the names that are known with these events. Raises `StoreError`."""
        if len(self._looked) > LOOKED_MAX:
            self._looked.clear()
        ids = {id_ for event in events for id_ in nameable_ids(event.data)} - self._looked
        self._looked |= ids
        known = [Known(row.id, row.name, row.learned_at, "rex") for row in self._remembered(sorted(ids)) if row.name]
        told = [
            Known(id_, name, _seconds(event), "payload")
            for event in events
            for id_, name in names_told(event.type, event.data)
        ]
        self._names = self._names.learned([*known, *told])
        return self._names


def _seconds(event: Event) -> float:
    """Give when an event happened, at most when it was received, in seconds since the epoch, UTC."""
    return event.received_at if event.occurred is None else min(event.occurred.timestamp(), event.received_at)
