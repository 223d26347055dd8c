"""What a store and the notes beside it hold that a command line may name, read as any other program may read them.

Nothing is made, mended or waited for, and little is imported: a shell asks for it at every press of Tab.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from rex_tui.event import GAP_TYPE, Row

ROW_DATA_MAX: Final = 32_768
"""Characters of a payload that is looked into."""
BUSY_TIMEOUT_S: Final = 0.2
NOTES_SUFFIX: Final = ".notes"


def types_in(store: Path) -> tuple[str, ...]:
    """Give the types of a store's events, in the order of their names; () where there is no store.

    This and the others raise `sqlite3.Error` or `OSError` where the file can't be read.
    """
    return tuple(
        name for name in _texts(store, "SELECT name FROM types WHERE count > 0 ORDER BY name") if name != GAP_TYPE
    )


def stages_in(store: Path) -> tuple[str, ...]:
    """Give what the stages are called that a store knows."""
    return _texts(store, "SELECT name FROM names WHERE kind = 'stage' AND state = 'known' ORDER BY name")


def newest_in(store: Path, count: int) -> list[Row]:
    """Give so many of the newest events, the newest first, without large payloads."""
    found = _rows(
        store,
        "SELECT seq, id, type, occurred_at, received_at, CASE WHEN length(data) <= ? THEN data END, length(data)"
        " FROM log ORDER BY seq DESC LIMIT ?",
        (ROW_DATA_MAX, count),
    )
    return [Row(*row) for row in found if isinstance(row[1], str) and isinstance(row[5], str | None)]


def filters_in(store: Path) -> tuple[str, ...]:
    """Give the names of the filters that are saved beside a store."""
    return _texts(_notes(store), "SELECT name FROM filters ORDER BY name")


def checkpoints_in(store: Path) -> tuple[str, ...]:
    """Give the names of the checkpoints that are kept beside a store, the latest first."""
    return _texts(_notes(store), "SELECT name FROM checkpoints ORDER BY made_at DESC, name")


def consumers_in(store: Path) -> tuple[str, ...]:
    """Give the names of the consumers whose places are kept beside a store."""
    return _texts(_notes(store), "SELECT name FROM consumers ORDER BY name")


def _notes(store: Path) -> Path:
    return store.with_name(store.name + NOTES_SUFFIX)


def _texts(path: Path, query: str) -> tuple[str, ...]:
    return tuple(name for (name,) in _rows(path, query) if isinstance(name, str))


def _rows(path: Path, query: str, values: tuple[int, ...] = ()) -> list[Any]:
    """Give what a query finds in a file, nothing where there is none.

    A file that nobody has open is read as one that never changes, so that nothing is made beside it.
    """
    if not path.exists():
        return []
    at_rest = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    uri = f"file:{quote(str(path.absolute()))}?mode=ro{at_rest}"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as connection:
        return connection.execute(query, values).fetchall()
