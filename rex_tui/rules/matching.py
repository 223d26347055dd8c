"""Asking rules of what came: read from the store a few events at a time, in a thread of the caller's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Final

from msgspec import Struct, field

from rex_tui.event import GAP_TYPE, Event
from rex_tui.rules.live import came_too_late
from rex_tui.rules.rule import Rule
from rex_tui.store import EventStore

EVENTS_A_READ: Final = 100
RUN_MAX: Final = 200
RUN_CHARACTERS: Final = 8_000_000
"""Events, and characters of their payloads, that are kept for one command out of one look at what came."""


class Matched(Struct):
    """What matched one rule: how many, the newest of them, and how many came too late to be told.

    `to_run` are the events for the rule's command, oldest first, and `unrun` counts those that were too many for it.
    """

    count: int = 0
    newest: Event | None = None
    late: int = 0
    to_run: list[Event] = field(default_factory=list)
    unrun: int = 0
    _characters: int = 0

    def add(self, event: Event, *, runs: bool) -> None:
        """Take an event that matched."""
        if came_too_late(event):
            self.late += 1
            return
        self.count += 1
        self.newest = event
        if not runs:
            return
        self._characters += len(event.data)
        if len(self.to_run) < RUN_MAX and self._characters <= RUN_CHARACTERS:
            self.to_run.append(event)
        else:
            self.unrun += 1


def matched(
    store: EventStore,
    rules: Sequence[Rule],
    spans: Iterable[tuple[int, int]],
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Matched]:
    """Give what matched, by the names of the rules, of the sequences in `spans` (both ends included).

    Raises `StoreError`. It ends early, with a part, when `stopped` says so.
    """
    found: dict[str, Matched] = {}
    with closing(store.reader()) as reader:
        for first, last in spans:
            after = first - 1
            while after < last and not stopped():
                events = list(reader.events(after, EVENTS_A_READ, last))
                if not events:
                    break
                after = events[-1].seq
                _ask(rules, events, found)
    return found


def _ask(rules: Sequence[Rule], events: Iterable[Event], found: dict[str, Matched]) -> None:
    for event in events:
        if event.type == GAP_TYPE:
            continue
        for rule in rules:
            if rule.query.matches(event):
                found.setdefault(rule.name, Matched()).add(event, runs=bool(rule.setting.run))
