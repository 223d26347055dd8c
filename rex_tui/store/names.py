"""What ids are called, as Rex answered: beside the events, and never needed to read them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, cast, get_args

from rex_tui.names import (
    Remembered,
    RememberedKind,
    RememberedState,
    Stage,
    stage_kind,
)
from rex_tui.store.errors import StoreDamaged, damaged, translated

KEPT_MAX: Final = 50_000
"""Names that are kept; then the tenth that was learned first is forgotten, and asked for again when it is seen."""
NAMES_SCRIPT: Final = """
    CREATE TABLE names (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, details TEXT NOT NULL, learned_at REAL NOT NULL,
        state TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX stage_names ON names (kind) WHERE kind = 'stage';
    CREATE INDEX names_by_age ON names (learned_at);
"""
"""`details` is JSON: of a stage its pipeline, position, kind, colour and place among all; of an endpoint that answers
nothing the tag of the key."""
_ALL: Final = "SELECT id, kind, name, details, learned_at, state FROM names"
_OF_IDS: Final = f"{_ALL} WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own words
_OF_STAGES: Final = f"{_ALL} WHERE kind = 'stage'"
_LIKE: Final = (
    f"{_ALL} WHERE kind NOT IN ('stage', 'endpoint') AND instr(lower(name), lower(?)) ORDER BY learned_at DESC LIMIT ?"
)
_KINDS: Final[tuple[str, ...]] = get_args(RememberedKind)
_STATES: Final[tuple[str, ...]] = get_args(RememberedState)


def put_names(connection: sqlite3.Connection, names: Sequence[Remembered]) -> None:
    """Keep what is known of these names, inside a transaction of the caller."""
    connection.executemany(
        "INSERT OR REPLACE INTO names (id, kind, name, details, learned_at, state) VALUES (?, ?, ?, ?, ?, ?)",
        [(one.id, one.kind, one.name, _details(one), one.learned_at, one.state) for one in names],
    )
    if connection.execute("SELECT count(*) FROM names").fetchone()[0] > KEPT_MAX:
        connection.execute(
            "DELETE FROM names WHERE id IN (SELECT id FROM names WHERE kind NOT IN ('stage', 'endpoint')"
            " ORDER BY learned_at LIMIT ?)",
            (KEPT_MAX // 10,),
        )


def forget_names(connection: sqlite3.Connection) -> None:
    """Forget the deals, contacts and companies that no event mentions any more; after the index was made anew."""
    connection.execute(
        "DELETE FROM names WHERE kind NOT IN ('stage', 'endpoint') AND id NOT IN (SELECT id FROM entities)"
    )


def forget_names_of(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Forget the deals, contacts and companies of these ids."""
    connection.executemany(
        "DELETE FROM names WHERE id = ? AND kind NOT IN ('stage', 'endpoint')", [(id_,) for id_ in ids]
    )


def find_name_problems(connection: sqlite3.Connection) -> list[str]:
    """Look at every name; give a sentence where one is not as it should be."""
    good = all(_read(row) is not None for row in connection.execute(_ALL))
    return [] if good else ["Some of the names that are kept are not as they should be."]


class NameReader:
    """Reads names over a read-only connection."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take a connection to the store at `path`."""
        self._connection = connection
        self._path = path

    def remembered(self, ids: Sequence[str]) -> list[Remembered]:
        """Give what is kept of the names of those of these ids that were asked about; a screenful, not a log."""
        with translated(self._path):
            found = self._connection.execute(_OF_IDS, (json.dumps(list(ids)),)).fetchall()
        return self._all(found)

    def like(self, text: str, limit: int) -> list[Remembered]:
        """Give up to `limit` deals, contacts and companies with a text in their name, in either case for plain letters.

        It looks at every name that is kept: for a thread.
        """
        with translated(self._path):
            found = self._connection.execute(_LIKE, (text, limit)).fetchall()
        return self._all(found)

    def stages(self) -> list[Remembered]:
        """Give every stage that is kept, in pipeline order, those that are gone last."""
        with translated(self._path):
            found = self._connection.execute(_OF_STAGES).fetchall()
        return sorted(self._all(found), key=lambda one: (one.state != "known", one.place))

    def _all(self, rows: Iterable[tuple[object, ...]]) -> list[Remembered]:
        found = []
        for row in rows:
            one = _read(row)
            if one is None:
                raise StoreDamaged(damaged(self._path))
            found.append(one)
        return found


def _details(one: Remembered) -> str:
    if one.stage is not None:
        stage = one.stage
        return json.dumps([stage.pipeline_id, stage.position, stage.kind, stage.colour, one.place])
    return json.dumps([one.key_tag])


def _read(row: tuple[object, ...]) -> Remembered | None:
    """Give a row as it was put; None for one that nobody put: a file may hold anything."""
    id_, kind, name, details, learned_at, state = row
    if not (isinstance(id_, str) and isinstance(name, str) and isinstance(details, str)):
        return None
    if kind not in _KINDS or state not in _STATES or not isinstance(learned_at, float):
        return None
    try:
        told = json.loads(details)
    except (ValueError, RecursionError):
        return None
    kind, state = cast("RememberedKind", kind), cast("RememberedState", state)
    match told:
        case [str(pipeline_id), int(position), str(of_kind), str(colour), int(place)] if kind == "stage":
            stage = Stage(id_, name, pipeline_id, position, stage_kind(of_kind), colour)
            return Remembered(id_, kind, state, name, learned_at, stage, place)
        case [str(key_tag)] if kind != "stage":
            return Remembered(id_, kind, state, name, learned_at, key_tag=key_tag)
    return None
