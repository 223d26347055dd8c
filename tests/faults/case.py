"""What a row of the fault tables says: what Rex does, what rex-tui does, and the cases that show it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from support.fault import Fault

from rex_tui.api.client import BODY_MAX

Trouble: TypeAlias = Literal["down", "unknown authority", "other name", "out of date"]
Choice: TypeAlias = Literal["poll_now", "read_again"]
Kept: TypeAlias = tuple[str, str, str, str]
"""Id, type, time and payload as the store should have them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the server's log: its JSON text, and what should be kept of it (None: it is set aside)."""

    raw: bytes
    kept: Kept | None


def entry(
    number: int,
    data: str = '{"value": 1250000, "currency": "USD"}',
    *,
    type_: str = "deal.won",
    at: str | None = None,
    id_: str | None = None,
) -> Entry:
    """Give a sound entry; `data` is JSON text, the rest are texts."""
    event_id = f"evt_{number:04}" if id_ is None else id_
    time = f"2026-03-16T12:{number // 60 % 60:02}:{number % 60:02}Z" if at is None else at
    head = json.dumps({"id": event_id, "type": type_, "occurred_at": time})
    return Entry(f'{head[:-1]}, "data": {data}}}'.encode(), (event_id, type_, time, data))


def odd(raw: str | bytes, *kept: str) -> Entry:
    """Give an entry by its text; `kept` is id, type, time and payload, or nothing where it is set aside."""
    text = raw.encode() if isinstance(raw, str) else raw
    if not kept:
        return Entry(text, None)
    id_, type_, at, data = kept
    return Entry(text, (id_, type_, at, data))


def between(*odds: Entry) -> tuple[Entry, ...]:
    """Give these entries between sound ones."""
    return (entry(1), *odds, entry(2), entry(3))


LOG: Final = tuple(map(entry, range(1, 6)))


@dataclass(frozen=True, slots=True)
class Case:
    """Some faults at once, and what should come of them.

    The first `known` entries of `log` are read in peace, then the faults are committed and the rest of the log comes
    to be. They stay for `hold_s` seconds of the feed's clock, or until it stops; meanwhile at most `requests` pages
    may be asked for. Then they end, and one event more happens. With `user` the feed must have stopped, and goes on
    once the user did that; else it must come back alone. At the end the store must hold what the log says, once and in
    order, `set_aside` things must be set aside, and `says` are the states that the feed went through, without repeats.
    """

    id: str
    says: str
    requests: int
    faults: tuple[Fault, ...] = ()
    log: tuple[Entry, ...] = LOG
    known: int = 0
    page_max: int = 2
    set_aside: int = 0
    hold_s: float = 60.0
    user: Choice | None = None
    trouble: Trouble | None = None
    deadline_s: float = 20.0
    body_max: int = BODY_MAX
    words: str = ""
    """What the feed must have said of the fault, in part."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the README: what Rex does, what rex-tui does, and the cases behind it."""

    rex: str
    rex_tui: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under a heading."""

    title: str
    rows: tuple[Row, ...]
