"""Grouping: the first event of a rule is told at once, those that follow soon after together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from rex_tui.event import Event

GROUP_S: Final = 5.0
"""A rule alerts at most once in so many seconds."""


class Alert(Struct, frozen=True):
    """What is to be told of a rule: the newest of its events, and how many others came with it."""

    rule: str
    event: Event
    others: int = 0


class _Group(Struct):
    until: float
    waiting: int = 0
    newest: Event | None = None


class Bursts:
    """Groups events by rule. Times are readings of one clock that only goes forward, in seconds."""

    def __init__(self, window_s: float = GROUP_S) -> None:
        """Alert at most once in `window_s` for each rule."""
        self._window_s = window_s
        self._groups: dict[str, _Group] = {}

    def take(self, rule: str, count: int, newest: Event, now: float) -> Alert | None:
        """Take in that so many events matched a rule, `newest` the last of them; give what is to be told at once."""
        group = self._groups.get(rule)
        if group is not None and now < group.until:
            group.waiting += count
            group.newest = newest
            return None
        others = count - 1 + (0 if group is None else group.waiting)
        self._groups[rule] = _Group(now + self._window_s)
        return Alert(rule, newest, others)

    def due(self, now: float) -> Sequence[Alert]:
        """Give what has waited long enough, each to be told now."""
        alerts = []
        for rule, group in list(self._groups.items()):
            if now < group.until:
                continue
            del self._groups[rule]
            if group.newest is not None:
                alerts.append(Alert(rule, group.newest, group.waiting - 1))
                self._groups[rule] = _Group(now + self._window_s)
        return alerts

    def drop(self) -> None:
        """Forget what waits."""
        self._groups.clear()
