"""The columns of an export: an event's own facts, then fields of its payload, as found or as chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from rex_tui.event import Event
from rex_tui.fields import field_of, flat, text_of
from rex_tui.payload import Json, Number, PayloadError, parse

FOUND_MAX: Final = 256
"""Payload columns that are found by looking; a payload made to have more would make a table that nobody can open."""
OWN: Final = ("id", "type", "occurred_at", "received_at")
PREFIX: Final = "data"


def fields_in(text: str) -> tuple[str, ...]:
    """Give the payload fields that a text names, with commas between them; none in an empty one."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


class Columns:
    """The payload's fields that become columns, in the order in which they were met or named."""

    def __init__(self, chosen: Sequence[str] = ()) -> None:
        """Take the chosen fields (`contact.email`, with or without `data.` in front); without any, `survey` finds them.

        `kinds` tells for each field which kinds of values stood in it.
        """
        self.fixed = bool(chosen)
        self.left_out: set[str] = set()
        self.kinds: dict[str, set[str]] = {}
        for field in chosen:
            self.kinds.setdefault("" if field == PREFIX else field.removeprefix(f"{PREFIX}."), set())

    @property
    def heads(self) -> list[str]:
        """Give the name of every column."""
        return [*OWN, *(f"{PREFIX}.{path}" if path else PREFIX for path in self.kinds)]

    def survey(self, events: Iterable[Event]) -> None:
        """Note the fields that these events have, or the kinds of values in those that were chosen."""
        for event in events:
            for path, value in self._chosen(event) if self.fixed else flat(event.data):
                if path not in self.kinds:
                    if len(self.kinds) >= FOUND_MAX:
                        if len(self.left_out) < FOUND_MAX:
                            self.left_out.add(path)
                        continue
                    self.kinds[path] = set()
                self.kinds[path].add(kind_of(value))

    def values(self, event: Event) -> list[Json]:
        """Give what the payload has in each column, None where it has nothing."""
        if self.fixed:
            return [value for _, value in self._chosen(event)]
        found = dict(flat(event.data))
        return [found.get(path) for path in self.kinds]

    def row(self, event: Event) -> list[str]:
        """Give the cells of an event, as texts."""
        return [event.id, event.type, event.occurred_at, moment(event.received_at), *self._texts(event)]

    @property
    def words_left_out(self) -> str:
        """Say which fields found no room, in a sentence; "" where none."""
        count = len(self.left_out)
        if not count:
            return ""
        some = "at least " if count >= FOUND_MAX else ""
        return (
            f"{some}{count:,} more payload fields are left out, of which the first is "
            f"{PREFIX}.{min(self.left_out)[:80]}; name the columns that you need."
        ).capitalize()

    def _texts(self, event: Event) -> list[str]:
        return ["" if value is None else text_of(value) for value in self.values(event)]

    def _chosen(self, event: Event) -> list[tuple[str, Json]]:
        try:
            payload = parse(event.data)
        except PayloadError:
            payload = None
        return [(path, field_of(payload, path)) for path in self.kinds]


def kind_of(value: Json) -> str:
    """Give what a value is: `whole`, `number`, `truth`, `nothing` or `text`."""
    if isinstance(value, Number):
        whole = value.as_int()
        if whole is None:
            return "number"
        return "whole" if -(2**63) <= whole < 2**63 else "text"
    if isinstance(value, bool):
        return "truth"
    return "nothing" if value is None else "text"


def moment(at: float) -> str:
    """Give a time in seconds since the epoch as ISO 8601, in UTC and to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
