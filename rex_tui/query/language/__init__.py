"""A stand-in until the language itself is merged: every word must stand somewhere in the event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rex_tui.event import Event


class QueryError(ValueError):
    """The text is no question; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer depends on beside the event itself."""

    marked: frozenset[str] = frozenset()
    new_after: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """A question that was read."""

    text: str

    def matches(self, event: Event, _facts: Facts) -> bool:
        """Tell whether an event is an answer."""
        line = event.json_line().lower()
        return all(word in line for word in self.text.lower().split())


def parse(text: str, _now: datetime) -> Query:
    """Read a question; raises `QueryError`."""
    if text.startswith("("):
        raise QueryError("This ( is never closed.")
    return Query(text)
