"""Checkpoints in the notebook's file, and where they are in the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from rex_tui.checkpoint import MOMENT_MAX, NOWHERE, Checkpoint, Place
from rex_tui.event import parse_time
from rex_tui.store.compact_event import seqs_of

CHECKPOINTS_SCRIPT: Final = """
    CREATE TABLE IF NOT EXISTS checkpoints (
        name TEXT PRIMARY KEY, event_id TEXT NOT NULL, occurred_at TEXT NOT NULL, made_at REAL NOT NULL
    );
    INSERT OR IGNORE INTO checkpoints SELECT 'last-review', '', '', CAST(fact AS REAL) FROM facts
        WHERE name = 'last review' AND CAST(fact AS REAL) > 0 AND CAST(fact AS REAL) <= 4294967295;
    DELETE FROM facts WHERE name = 'last review';
"""
"""The table; older notebooks keep when the log was last reviewed as a fact, in seconds since the epoch, UTC."""
TIMELESS_MAX: Final = 20
"""Rows without a readable time that are passed over at most, to find one that has a time."""


def read_checkpoints(connection: sqlite3.Connection) -> dict[str, Checkpoint]:
    """Give every checkpoint by its name, the latest first."""
    found = connection.execute(
        "SELECT name, event_id, occurred_at, made_at FROM checkpoints ORDER BY made_at DESC, name"
    ).fetchall()
    return {str(name): Checkpoint(str(name), str(id_), str(at), float(made)) for name, id_, at, made in found}


def write_checkpoint(connection: sqlite3.Connection, kept: Checkpoint) -> None:
    """Keep a checkpoint in place of the one that had its name."""
    row = (kept.name, kept.event_id, kept.occurred_at, kept.made_at)
    connection.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)", row)


def place_of(log: sqlite3.Connection, checkpoint: Checkpoint) -> Place:
    """Give where a checkpoint is in a store's log; costs a few look-ups, whatever the log's length."""
    found = seqs_of(log, [checkpoint.event_id])
    if found:
        return Place(checkpoint.name, found[checkpoint.event_id], checkpoint.made_at)
    return Place(checkpoint.name, _by_time(log, checkpoint), checkpoint.made_at, exact=False)


def _by_time(log: sqlite3.Connection, checkpoint: Checkpoint) -> int:
    """Give the sequence before the first event that happened later, or who knows when, as if the log were in order."""
    moment = parse_time(checkpoint.occurred_at)
    if moment is None:
        moment = datetime.fromtimestamp(min(max(checkpoint.made_at, 0), MOMENT_MAX), UTC)
    low, high = 0, int(log.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]) + 1
    end = high
    while low + 1 < high:
        middle = (low + high) // 2
        later = _first_time(log, middle, high)
        if later is None or later[1] > moment:
            high = middle
        else:
            low = later[0]
    return NOWHERE if high == end else high - 1


def _first_time(log: sqlite3.Connection, first: int, end: int) -> tuple[int, datetime] | None:
    """Give the first sequence from `first` on, and before `end`, whose event has a readable time, with that time."""
    rows: Sequence[tuple[int, object]] = log.execute(
        "SELECT seq, occurred_at FROM events WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?",
        (first, end, TIMELESS_MAX),
    ).fetchall()
    for seq, occurred_at in rows:
        moment = parse_time(occurred_at) if isinstance(occurred_at, str) else None
        if moment is not None:
            return seq, moment
    return None
