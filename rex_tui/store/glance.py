"""A glance at a store from outside: what its own counters say, without taking, making or mending anything."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from msgspec import Struct

from rex_tui.event import GAP_TYPE
from rex_tui.store.errors import translated
from rex_tui.store.lock import WriterLock
from rex_tui.store.schema import MIGRATIONS, connect, version_of

UNKNOWN_PROCESS: Final = "?"


class Glance(Struct, frozen=True):
    """What a store says of itself: bytes, the version of its layout, whose it is, how much is in it, who writes it.

    `writer` is the number of the process that writes it now, as text, "" where none does. `newest` is when the newest
    event happened, as it came.
    """

    size: int
    version: int
    newest_version: int = len(MIGRATIONS)
    base_url: str = ""
    events: int = 0
    types: int = 0
    gaps: int = 0
    set_aside: int = 0
    newest: str = ""
    writer: str = ""


def glance(path: Path) -> Glance | None:
    """Give what the store at `path` says of itself, None where there is none; raises `StoreError`."""
    with translated(path):
        if not path.exists():
            return None
        size = path.stat().st_size
        at_rest = not path.with_name(f"{path.name}-wal").exists()
        with closing(connect(path, writable=False, at_rest=at_rest)) as connection:
            version = version_of(connection, path)
            if not version:
                return Glance(size, 0, writer=_writer(path, UNKNOWN_PROCESS))
            told = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('base_url', 'writer')"))
            counts = dict(connection.execute("SELECT name, count FROM types"))
            gaps = int(counts.pop(GAP_TYPE, 0))
            return Glance(
                size,
                version,
                base_url=str(told.get("base_url", "")),
                events=sum(counts.values()),
                types=sum(count > 0 for count in counts.values()),
                gaps=gaps,
                set_aside=int(connection.execute("SELECT count(*) FROM quarantine").fetchone()[0]),
                newest=_newest(connection),
                writer=_writer(path, str(told.get("writer", UNKNOWN_PROCESS))),
            )


def _newest(connection: Connection) -> str:
    row = connection.execute("SELECT occurred_at FROM log ORDER BY seq DESC LIMIT 1").fetchone()
    return "" if row is None else str(row[0])


def _writer(path: Path, last: str) -> str:
    """Give the process that writes the store, which was `last` if anyone; the lock is let go at once."""
    lock = WriterLock(path)
    if not lock.was_there:
        return ""
    try:
        return "" if lock.take() else last
    finally:
        lock.release()
