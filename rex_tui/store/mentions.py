"""The index from an id to the events that mention it, and from a type to its shape: made from the events alone.

It is written in the transaction that writes the events, so that it always is that of the events; made anew from them
it comes out the same, which is how an older store gets it and how a store is checked.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from rex_tui.event import GAP_TYPE, Drift
from rex_tui.store.shapes import Shapes
from rex_tui.subject import ID_MAX, decode_fields, mentioned_ids, subject_of

EVENTS_AT_ONCE: Final = 20_000
KNOWN_MAX: Final = 20_000
"""Ids whose codes are remembered, since most ids come again soon."""
INDEX_TABLES: Final = ("entities", "mentions", "unlisted", "shapes", "drifts")

Entry: TypeAlias = tuple[int, str, int, str]
"""An event as the index needs it: sequence, type, type code, payload."""


class EntityIndex:
    """Adds events to the index, over the store's one writable connection, inside a transaction of its owner."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Go on with the index that the store has."""
        self._connection = connection
        self._shapes = Shapes(connection)
        self._known: dict[str, int] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add events, in the order of their sequences."""
        mentions: list[tuple[str, int, int]] = []
        unlisted: list[tuple[int]] = []
        drifts: list[Drift] = []
        for seq, type_, code, data in entries:
            if type_ == GAP_TYPE:
                continue
            fields = decode_fields(data)
            drifts += self._shapes.learn(seq, code, fields)
            ids, all_listed = mentioned_ids(data)
            subject = subject_of(type_, data, fields)
            if subject:
                all_listed = all_listed and is_indexable(subject)
                if is_indexable(subject):
                    mentions.append((subject, seq, code))
            mentions += [(id_, seq, 0) for id_ in ids if id_ != subject]
            if not all_listed:
                unlisted.append((seq,))
        self._put_mentions(mentions)
        self._connection.executemany("INSERT INTO unlisted (seq) VALUES (?)", unlisted)
        self._connection.executemany(
            "INSERT INTO drifts (seq, field, kind, before, after) VALUES (?, ?, ?, ?, ?)",
            [(drift.seq, drift.field, drift.kind, drift.before, drift.after) for drift in drifts],
        )
        self._shapes.save()

    def _put_mentions(self, mentions: Sequence[tuple[str, int, int]]) -> None:
        codes = self._codes({id_ for id_, _seq, _subject in mentions})
        self._connection.executemany(
            "INSERT INTO mentions (entity, seq, subject) VALUES (?, ?, ?)",
            sorted([(codes[id_], seq, subject) for id_, seq, subject in mentions]),
        )

    def _codes(self, ids: set[str]) -> dict[str, int]:
        """Give the codes of ids, and one to each that has none."""
        asked = ids.difference(self._known)
        if len(self._known) > KNOWN_MAX:
            self._known.clear()
            asked = ids
        plain = [id_ for id_ in asked if "\0" not in id_]  # SQLite's JSON would cut a text off at a NUL
        found = dict(
            self._connection.execute(
                "SELECT id, code FROM entities WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(plain),)
            )
        )
        for id_ in asked.difference(plain):
            found.update(self._connection.execute("SELECT id, code FROM entities WHERE id = ?", (id_,)))
        last = self._connection.execute("SELECT max(code) FROM entities").fetchone()[0] or 0
        fresh = {id_: code for code, id_ in enumerate(sorted(asked.difference(found)), last + 1)}
        self._connection.executemany("INSERT INTO entities (id, code) VALUES (?, ?)", fresh.items())
        self._known |= found | fresh
        return self._known


def is_indexable(id_: str) -> bool:
    """Tell whether the index takes in an id: one that is not too long and can be written as UTF-8."""
    if len(id_) > ID_MAX:
        return False
    return id_.isascii() or not any("\ud800" <= character <= "\udfff" for character in id_)


def make_index(connection: sqlite3.Connection) -> None:
    """Make the index anew from the events, in slices, inside a transaction of the caller."""
    for table in INDEX_TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    index = EntityIndex(connection)
    for part in _entries(connection):
        index.add(part)


def find_index_problems(connection: sqlite3.Connection) -> list[str]:
    """Compare the index with the events; give a sentence for all that is not as it should be.

    The caller's connection may be read-only: what the index should be is made beside the store.
    """
    with_events = sqlite3.connect("", isolation_level=None)  # a file of SQLite's own, gone when it is closed
    try:
        with_events.executescript(INDEX_SCRIPT)
        with_events.execute("BEGIN")
        index = EntityIndex(with_events)
        for part in _entries(connection):
            index.add(part)
        return [
            f"The index of {what} is not that of the events."
            for what, question in _COMPARED.items()
            if not _same(connection.execute(question), with_events.execute(question))
        ]
    finally:
        with_events.close()


def _same(one: sqlite3.Cursor, other: sqlite3.Cursor) -> bool:
    while (rows := one.fetchmany(EVENTS_AT_ONCE)) == other.fetchmany(EVENTS_AT_ONCE):
        if not rows:
            return True
    return False


def _entries(connection: sqlite3.Connection) -> Iterator[list[Entry]]:
    seq = 0
    rows = (
        "SELECT e.seq, t.name, e.type, e.data FROM events e JOIN types t ON t.code = e.type"
        " WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
    )
    while part := connection.execute(rows, (seq, EVENTS_AT_ONCE)).fetchall():
        seq = part[-1][0]
        yield part


INDEX_SCRIPT: Final = """
    CREATE TABLE entities (code INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
    CREATE TABLE mentions (
        entity INTEGER NOT NULL, seq INTEGER NOT NULL, subject INTEGER NOT NULL, PRIMARY KEY (entity, seq)
    ) WITHOUT ROWID;
    CREATE TABLE unlisted (seq INTEGER PRIMARY KEY);
    CREATE TABLE shapes (type INTEGER PRIMARY KEY, shape TEXT NOT NULL);
    CREATE TABLE drifts (
        seq INTEGER NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
        PRIMARY KEY (seq, field, kind)
    ) WITHOUT ROWID;
"""
"""`mentions.subject` is the code of the event's type where the event is about the entity, and 0 where it only names it.

`unlisted` has the events of which an id is not in the index: they have too many, or one too long.
"""

_COMPARED: Final = {
    "ids": ("SELECT e.id, m.seq, m.subject FROM mentions m JOIN entities e ON e.code = m.entity ORDER BY e.id, m.seq"),
    "events with too many ids": "SELECT seq FROM unlisted ORDER BY seq",
    "shapes": "SELECT type, shape FROM shapes ORDER BY type",
    "drift": "SELECT seq, field, kind, before, after FROM drifts ORDER BY seq, field, kind",
}
