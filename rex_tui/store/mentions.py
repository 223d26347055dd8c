"""The index from an id to the events that mention it, and from a type to its shape: made from the events alone.

It is written in the transaction that writes the events, so that it always is that of the events; made anew from them
it comes out the same, which is how an older store gets it and how a store is checked.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from rex_tui.event import GAP_TYPE, Drift
from rex_tui.store.shapes import Shapes
from rex_tui.subject import ID_MAX, MENTIONS_MAX, decode_fields, mentioned_ids, subject_of

EVENTS_AT_ONCE: Final = 20_000
KNOWN_MAX: Final = 50_000
"""Ids whose codes are remembered, since most ids come again soon."""
INDEX_TABLES: Final = ("entities", "mentions", "unlisted", "shapes", "drifts")

Entry: TypeAlias = tuple[int, str, int, str, str | None]
"""An event as the index needs it: sequence, type, type code, payload, and what is beside it, as the store has it."""

Told: TypeAlias = Callable[[int, int], None]
"""What is told how far a long work is: how much of how much is done."""


class EntityIndex:
    """Adds events to the index, over the store's one writable connection, inside a transaction of its owner."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Go on with the index that the store has."""
        self._connection = connection
        self._shapes = Shapes(connection)
        self._known: dict[str, int] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Add events, in the order of their sequences."""
        if len(self._known) > KNOWN_MAX:
            self._known.clear()
        mentions: list[tuple[int, int, int]] = []
        unlisted: list[tuple[int]] = []
        drifts: list[Drift] = []
        known, learn, mention = self._known, self._shapes.learn, mentions.append
        for seq, type_, code, data, extra in entries:
            if type_ == GAP_TYPE:
                continue
            fields = decode_fields(data)
            drifts += learn(seq, code, fields)
            ids, all_listed = mentioned_ids(data)
            if extra is not None:
                ids, all_listed = _with_extra(ids, extra, all_listed=all_listed)
            subject = subject_of(type_, data, fields)
            if subject:
                if is_indexable(subject):
                    mention((known.get(subject) or self._code(subject), seq, code))
                else:
                    all_listed = False
            for id_ in ids:
                if id_ != subject:
                    mention((known.get(id_) or self._code(id_), seq, 0))
            if not all_listed:
                unlisted.append((seq,))
        mentions.sort()
        self._connection.executemany("INSERT INTO mentions (entity, seq, subject) VALUES (?, ?, ?)", mentions)
        self._connection.executemany("INSERT INTO unlisted (seq) VALUES (?)", unlisted)
        self._connection.executemany(
            "INSERT INTO drifts (seq, field, kind, before, after) VALUES (?, ?, ?, ?, ?)",
            [(drift.seq, drift.field, drift.kind, drift.before, drift.after) for drift in drifts],
        )
        self._shapes.save()

    def drop(self, ids: Iterable[str]) -> None:
        """Take in that these ids are in the index no more."""
        for id_ in ids:
            self._known.pop(id_, None)

    def _code(self, id_: str) -> int:
        """Give the code of an id, a new one where it has none."""
        found = self._connection.execute("SELECT code FROM entities WHERE id = ?", (id_,)).fetchone()
        if found is None:
            put = self._connection.execute("INSERT INTO entities (id) VALUES (?) RETURNING code", (id_,))
            found = put.fetchone()
        self._known[id_] = code = int(found[0])
        return code


def ids_of(type_: str, data: str, extra: str | None) -> set[str]:
    """Give the ids by which the index knows an event."""
    if type_ == GAP_TYPE:
        return set()
    ids, _all = mentioned_ids(data)
    if extra is not None:
        ids, _all = _with_extra(ids, extra, all_listed=True)
    subject = subject_of(type_, data, decode_fields(data))
    return {*ids, *((subject,) if subject and is_indexable(subject) else ())}


def _with_extra(ids: list[str], extra: str, *, all_listed: bool) -> tuple[list[str], bool]:
    """Add to a payload's ids those in the members beside it, of which `extra` has the JSON texts."""
    try:
        beside = [mentioned_ids(text) for text in json.loads(extra).values()]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise sqlite3.DatabaseError("members that nobody wrote") from error
    found = list(dict.fromkeys([*ids, *(id_ for some, _all in beside for id_ in some)]))
    return found[:MENTIONS_MAX], all_listed and all(whole for _some, whole in beside) and len(found) <= MENTIONS_MAX


def is_indexable(id_: str) -> bool:
    """Tell whether the index takes in an id: one that is not too long and can be written as UTF-8."""
    if len(id_) > ID_MAX:
        return False
    return id_.isascii() or not any("\ud800" <= character <= "\udfff" for character in id_)


def make_index(connection: sqlite3.Connection, told: Told = lambda _done, _all: None) -> None:
    """Make the index anew from the events, in slices, inside a transaction of the caller.

    `told` is called with the sequence up to which it is made, and the newest, from 0 on.
    """
    for table in INDEX_TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    index = EntityIndex(connection)
    newest = connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]
    told(0, newest)
    for part in _entries(connection):
        index.add(part)
        told(part[-1][0], newest)


def find_index_problems(connection: sqlite3.Connection, *, is_whole: bool = True) -> list[str]:
    """Compare the index with the events; give a sentence for all that is not as it should be.

    The caller's connection may be read-only: what the index should be is made beside the store. Shapes, which were
    learnt from all events, are compared only where the log is whole.
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
            if (is_whole or what not in LEARNT)
            and not _same(connection.execute(question), with_events.execute(question))
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
        "SELECT e.seq, t.name, e.type, e.data, e.extra FROM events e JOIN types t ON t.code = e.type"
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

LEARNT: Final = frozenset({"shapes", "drift"})
"""What is learnt as events come, and not forgotten with them: there are no values in it."""
_COMPARED: Final = {
    "ids": ("SELECT e.id, m.seq, m.subject FROM mentions m JOIN entities e ON e.code = m.entity ORDER BY e.id, m.seq"),
    "events with too many ids": "SELECT seq FROM unlisted ORDER BY seq",
    "shapes": "SELECT type, shape FROM shapes ORDER BY type",
    "drift": "SELECT seq, field, kind, before, after FROM drifts ORDER BY seq, field, kind",
}
