"""Reading the index: which events mention an id, what came before an event, and where a shape changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from rex_tui.event import Drift, Mentions, Row, action_of, resource_of
from rex_tui.store.blocks import first_seq
from rex_tui.store.errors import StoreDamaged, damaged, translated
from rex_tui.store.mentions import is_indexable
from rex_tui.store.retention import faded_events
from rex_tui.subject import subject_of

PREVIOUS_DATA_MAX: Final = 32_768
"""Characters of an earlier payload that a table's row is worth."""
ALL: Final = -1
"""A limit that is none, to SQLite."""
UPDATES: Final = ("updated", ".changed", "modified")
"""How the actions end that say that something is otherwise now, and not what."""
NAMES_ITS_CHANGES: Final = ('"changes"', '"changed"', '"changed_fields"', '"fields_changed"')


class StoryReader:
    """Answers from the index, over the reader's connection."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take a read-only connection to a store of the newest version, at `path`."""
        self._connection = connection
        self._path = path

    def mentions(self, id_: str, limit: int) -> Mentions:
        """Give the newest `limit` events that mention an id, and how many there are; none for an id never seen."""
        if not is_indexable(id_):
            return Mentions((), 0, 0, 0)
        with translated(self._path), _snapshot(self._connection):
            entity, is_cut = self._entity(id_), first_seq(self._connection) > 1
            if entity is None:
                return Mentions((), 0, 0, 0, may_be_more=is_cut)
            total, about, first = self._connection.execute(
                "SELECT count(*), coalesce(sum(subject > 0), 0), coalesce(min(seq), 0) FROM mentions WHERE entity = ?",
                (entity,),
            ).fetchone()
            newest = self._connection.execute(
                "SELECT seq FROM mentions WHERE entity = ? ORDER BY seq DESC LIMIT ?", (entity, limit)
            ).fetchall()
            forgotten = faded_events(self._connection, entity)
            is_cut = is_cut and not forgotten and not self._begins_with(entity, first)
        seqs = tuple(self._whole(seq) for (seq,) in reversed(newest))
        return Mentions(seqs, total, about, first, forgotten, may_be_more=is_cut)

    def _begins_with(self, entity: int, seq: int) -> bool:
        """Tell whether an entity was created by the event `seq`, so that none before it can have been about it."""
        found = self._connection.execute(
            "SELECT name FROM mentions JOIN types ON code = subject WHERE entity = ? AND seq = ?", (entity, seq)
        ).fetchone()
        return found is not None and action_of(str(found[0])) == "created"

    def seqs_mentioning(self, id_: str) -> Sequence[int]:
        """Give all events that mention an id, oldest first; none for an id never seen."""
        return self.mentions(id_, ALL).seqs

    def previous(self, seq: int, id_: str, resource: str) -> int | None:
        """Give the event before `seq` that is about an id and whose type is of a resource; None where there is none."""
        with translated(self._path):
            entity = self._entity(id_) if is_indexable(id_) else None
            if entity is None:
                return None
            types = self._connection.execute("SELECT code, name FROM types").fetchall()
            codes = [code for code, name in types if resource_of(str(name)) == resource]
            return self._previous(seq, entity, codes)

    def ends_about(self, ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Give the first and the newest event that are about each of these ids, the same where there is one.

        An id that no event is about is left out. One question for all: in a thread, each waits for its turn.
        """
        sound = [id_ for id_ in ids if is_indexable(id_) and "\0" not in id_]
        with translated(self._path):
            found = self._connection.execute(
                "SELECT id, (SELECT seq FROM mentions WHERE entity = code AND subject > 0 ORDER BY seq LIMIT 1),"
                " (SELECT seq FROM mentions WHERE entity = code AND subject > 0 ORDER BY seq DESC LIMIT 1)"
                " FROM entities WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(sound),),
            ).fetchall()
        return {id_: (self._whole(first), self._whole(last)) for id_, first, last in found if first is not None}

    def mentioned_after(self, id_: str, seq: int) -> bool:
        """Tell whether an event after the sequence `seq` mentions an id."""
        with translated(self._path):
            entity = self._entity(id_) if is_indexable(id_) else None
            newest = self._connection.execute("SELECT max(seq) FROM mentions WHERE entity = ?", (entity,)).fetchone()[0]
        return newest is not None and self._whole(newest) > seq

    def drifts(self, seqs: Sequence[int]) -> list[Drift]:
        """Give what was new in the shape of these events' payloads."""
        with translated(self._path):
            found = self._connection.execute(
                "SELECT seq, field, kind, before, after FROM drifts"
                " WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, field, kind",
                (json.dumps(list(seqs)),),
            ).fetchall()
        if not all(isinstance(text, str) for row in found for text in row[1:]):
            raise StoreDamaged(damaged(self._path))
        return [Drift(*row) for row in found]

    def unlisted(self) -> int:
        """Count the events of which an id is not in the index, since it is too long or they have too many."""
        with translated(self._path):
            row = self._connection.execute("SELECT count(*) FROM unlisted").fetchone()
        return int(row[0])

    def complete(self, rows: Sequence[Row]) -> list[Row]:
        """Give table rows with what they need of other events: what was before an update, and whether a shape drifted.

        Only updates that do not say themselves what they changed are looked up.
        """
        drifted = {drift.seq for drift in self.drifts([row.seq for row in rows])}
        return [
            replace(row, before=self._before(row), drifted=row.seq in drifted)
            if row.seq in drifted or tells_no_changes(row)
            else row
            for row in rows
        ]

    def _before(self, row: Row) -> str | None:
        if not tells_no_changes(row):
            return None
        seq = self.previous(row.seq, subject_of(row.type, row.data or ""), resource_of(row.type))
        if seq is None:
            return None
        with translated(self._path):
            found = self._connection.execute(
                "SELECT data FROM events WHERE seq = ? AND length(data) <= ?", (seq, PREVIOUS_DATA_MAX)
            ).fetchone()
        return None if found is None else str(found[0])

    def _entity(self, id_: str) -> int | None:
        found = self._connection.execute("SELECT code FROM entities WHERE id = ?", (id_,)).fetchone()
        return None if found is None else int(found[0])

    def _previous(self, seq: int, entity: int, codes: Sequence[int]) -> int | None:
        found = self._connection.execute(
            "SELECT seq FROM mentions WHERE entity = ? AND seq < ? AND subject IN (SELECT value FROM json_each(?))"
            " ORDER BY seq DESC LIMIT 1",
            (entity, seq, json.dumps(list(codes))),
        ).fetchone()
        return None if found is None else self._whole(found[0])

    def _whole(self, value: object) -> int:
        if not isinstance(value, int):
            raise StoreDamaged(damaged(self._path))
        return value


def tells_no_changes(row: Row) -> bool:
    """Tell whether an event is an update whose payload does not list what it changed."""
    if row.data is None or not action_of(row.type).endswith(UPDATES):
        return False
    return not any(name in row.data for name in NAMES_ITS_CHANGES)


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")
