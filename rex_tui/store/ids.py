"""Finding ids of which only a part is known: by how they begin in an index, by how they end among the entities."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rex_tui.store.compact_event import keys_beginning
from rex_tui.store.errors import StoreDamaged, damaged, translated

LAST_CHARACTER: Final = "\U0010ffff"
"""Sorts after all that an id may go on with."""
_KEYED: Final = (
    "SELECT e.id, i.seq FROM ids AS i JOIN events AS e ON e.seq = i.seq"
    " WHERE i.key BETWEEN ? AND ? AND e.id >= ? AND e.id < ? ORDER BY i.key LIMIT ?"
)
_ODD: Final = "SELECT id, seq FROM odd_ids WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"


class IdReader:
    """Answers over a read-only connection to the store; each answer is a handful, the smallest ids first."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take a connection to the store at `path`."""
        self._connection = connection
        self._path = path

    def events(self, begin: str, limit: int) -> list[tuple[str, int]]:
        """Give the id and sequence of up to `limit` events whose id begins so; a look into an index each.

        Of ULIDs they are those with the earliest times.
        """
        span = (begin, begin + LAST_CHARACTER, limit)
        keys = keys_beginning(begin)
        with translated(self._path):
            found = self._connection.execute(_ODD, span).fetchall()
            found += [] if keys is None else self._connection.execute(_KEYED, (*keys, *span)).fetchall()
        if not all(isinstance(id_, str) and isinstance(seq, int) for id_, seq in found):
            raise StoreDamaged(damaged(self._path))
        return sorted(found)[:limit]

    def entities(self, begin: str, limit: int, end: str = "") -> list[str]:
        """Give up to `limit` ids that events mention and that begin so and, if it is given, end so.

        With an end it looks at every id that begins so: for a thread.
        """
        question = (
            "SELECT id FROM entities WHERE id >= ? AND id < ? AND substr(id, -length(?)) = ? ORDER BY id LIMIT ?"
            if end
            else "SELECT id FROM entities WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
        )
        told = (begin, begin + LAST_CHARACTER, *((end, end) if end else ()), limit)
        with translated(self._path):
            found = self._connection.execute(question, told).fetchall()
        return self._ids(found)

    def mentioned(self, ids: Sequence[str]) -> set[str]:
        """Give those of these ids that events mention."""
        with translated(self._path):
            found = self._connection.execute(
                "SELECT id FROM entities WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
            ).fetchall()
        return set(self._ids(found))

    def _ids(self, rows: Sequence[tuple[object]]) -> list[str]:
        ids = [id_ for (id_,) in rows if isinstance(id_, str)]
        if len(ids) < len(rows):
            raise StoreDamaged(damaged(self._path))
        return ids
