"""Trying a rule on the log that is stored: what it would have told, had somebody watched all the time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Final

from msgspec import Struct

from rex_tui.event import Event, Row
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.language import Query, parse
from rex_tui.query.language.terms import And
from rex_tui.query.summary import summarise
from rex_tui.rules.bursts import Bursts
from rex_tui.rules.rule import Rule
from rex_tui.store import EventStore

ROWS_A_READ: Final = 500
LAST_TOLD: Final = 3
ALERTING: Final = frozenset({"toast", "bell", "notify"})


class Told(Struct, frozen=True):
    """One of the last events that matched, with what is said of it, clean."""

    row: Row
    summary: str


class Trial(Struct, frozen=True):
    """What a rule would have done: events that match, alerts after grouping, runs of its command, the last events."""

    rule: Rule
    events: int
    alerts: int
    runs: int
    last: tuple[Told, ...]


def tried(
    rule: Rule,
    store: EventStore,
    days: int,
    now: datetime,
    interval_s: float,
    names: Names,
    masking: Masking | None = None,
) -> Trial:
    """Give what a rule would have done in the `days` before `now`, with a poll each `interval_s` seconds.

    Only events with a readable time count, and each counts as if it had come with the next poll after it happened.
    What is told of the last of them has passed `masking`. Raises `StoreError`.
    """
    since = parse(f"since:{days}d", now)
    query = Query(rule.setting.where, And(tuple(filter(None, (since.term, rule.query.term)))), since.reading)
    with store.scanner() as scanner:
        seqs = scanner.seqs(query.sql(), 1, store.last_seq())
    moments: list[float] = []
    newest: list[tuple[float, int]] = []
    with closing(store.reader()) as reader:
        for first in range(0, len(seqs), ROWS_A_READ):
            found = [(_moment(row), row.seq) for row in reader.plain_rows(seqs[first : first + ROWS_A_READ])]
            told = [(moment, seq) for moment, seq in found if moment is not None and moment <= now.timestamp()]
            moments += [moment for moment, _seq in told]
            newest = sorted([*newest, *told])[-LAST_TOLD:]
        rows = {row.seq: row for row in reader.rows([seq for _moment_of, seq in newest])}
    last = [rows[seq] for _moment_of, seq in reversed(newest) if seq in rows]
    return Trial(
        rule,
        len(moments),
        _alerts(moments, interval_s) if ALERTING & rule.setting.do else 0,
        len(moments) if rule.setting.run else 0,
        tuple(Told(row, summarise(row if masking is None else masking.row(row), names)) for row in last),
    )


def _moment(row: Row) -> float | None:
    occurred = Event(row.id, row.type, row.occurred_at, "", row.received_at).occurred
    return None if occurred is None else occurred.timestamp()


def _alerts(moments: Sequence[float], interval_s: float) -> int:
    """Count alerts, by the very grouping that the screen does."""
    polls: dict[float, int] = {}
    for moment in moments:
        poll = math.ceil(moment / interval_s) * interval_s
        polls[poll] = polls.get(poll, 0) + 1
    bursts, alerts = Bursts(), 0
    nothing = Event("", "", "", "", 0.0)
    for poll, count in sorted(polls.items()):
        alerts += len(bursts.due(poll))
        alerts += bursts.take("", count, nothing, poll) is not None
    return alerts + len(bursts.due(math.inf))
