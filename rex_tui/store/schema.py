"""The store's tables, their versions, and the connections to them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rex_tui.store import blocks
from rex_tui.store.blocks import BLOCKS_SCRIPT
from rex_tui.store.compact_event import LAYOUT_SCRIPT, move_events
from rex_tui.store.errors import StoreForeign, StoreTooNew
from rex_tui.store.mentions import INDEX_SCRIPT, Told, make_index
from rex_tui.store.names import NAMES_SCRIPT
from rex_tui.store.pages import PAGES_SCRIPT
from rex_tui.store.retention import RETENTION_SCRIPT
from rex_tui.store.times import make_times

APPLICATION_ID: Final = 0x52657854  # "RexT": tells our files from other SQLite databases
FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
BUSY_TIMEOUT_S: Final = 5.0
READERS_CACHE_KIB: Final = 300
"""What a connection that only reads keeps of the file; SQLite's 2,000 are no faster where the machine keeps it too."""
BEING_MADE: Final = "being_made"
"""The fact, in `meta`, which process is filling the tables of a newer version; gone when it is done."""


def _move_and_time(connection: sqlite3.Connection, told: Told) -> None:
    """Bring the events into the columns of now, then make the times of a store that never had them."""
    move_events(connection, told)
    if not blocks.is_as_long_as(connection, blocks.TIMES, blocks.last_seq(connection)):
        make_times(connection, told)


MIGRATIONS: Final[Sequence[str]] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE types (code INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, count INTEGER NOT NULL);
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        type INTEGER NOT NULL,
        occurred_at TEXT NOT NULL,
        received_at REAL NOT NULL,
        data TEXT NOT NULL,
        extra TEXT
    );
    CREATE TABLE type_blocks (block INTEGER PRIMARY KEY, codes BLOB NOT NULL);
    CREATE TABLE quarantine (
        digest BLOB PRIMARY KEY, raw BLOB NOT NULL, reason TEXT NOT NULL, received_at REAL NOT NULL
    );
    CREATE VIEW log AS
        SELECT seq, id, name AS type, occurred_at, received_at, data, extra
        FROM events JOIN types ON types.code = events.type;
    """,
    """
    CREATE TABLE forgotten (digest BLOB PRIMARY KEY) WITHOUT ROWID;
    DROP VIEW log;
    CREATE VIEW log AS
        SELECT seq, id, name AS type, occurred_at, received_at, data, extra
        FROM events JOIN types ON types.code = events.type WHERE name <> 'rex-tui.gap';
    CREATE VIEW gaps AS
        SELECT seq, received_at AS noticed_at, data
        FROM events JOIN types ON types.code = events.type WHERE name = 'rex-tui.gap';
    """,
    INDEX_SCRIPT,
    PAGES_SCRIPT,
    NAMES_SCRIPT,
    BLOCKS_SCRIPT,
    LAYOUT_SCRIPT,
    "",
    RETENTION_SCRIPT,
)
"""One script a version; the version of a store is the number of scripts it went through.

Other programs build on the views `log` and `gaps`: their names and columns stay, and mean what the README says.
"""
FILLED: Final[Mapping[int, Callable[[sqlite3.Connection, Told], None]]] = {
    3: make_index,
    8: _move_and_time,
}
"""What fills the tables that a version brought, from the events that a store had before.

The columns of version 7 are filled by a step of its own, which commits slice by slice.
"""
PAGE_BYTES: Final = 8192
"""The page of a new file: rows of some hundred bytes leave half as much of it empty as of one of the usual 4096."""


def create_file(path: Path) -> None:
    """Make sure that the store's file exists; a new one is for its owner only, as is a folder made for it."""
    if not path.parent.exists():
        path.parent.mkdir(mode=FOLDER_MODE, parents=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))


def close_to_others(path: Path) -> None:
    """Take the store's file away from everybody but its owner."""
    if path.stat().st_mode & 0o077:
        path.chmod(FILE_MODE)


def connect(path: Path, *, writable: bool, at_rest: bool = False) -> sqlite3.Connection:
    """Open a connection in autocommit mode; only the holder of the store's lock may open a writable one.

    `at_rest` is for a file that nobody has open: then nothing is made beside it, as reading otherwise does.
    """
    uri = f"file:{quote(str(path.absolute()))}?mode={'rw' if writable else 'ro'}{'&immutable=1' if at_rest else ''}"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S, check_same_thread=False, cached_statements=64
    )
    if not writable:
        connection.execute(f"PRAGMA cache_size = -{READERS_CACHE_KIB}")
    return connection


def version_of(connection: sqlite3.Connection, path: Path, newest: int = len(MIGRATIONS)) -> int:
    """Give the schema version, 0 for an empty file; raises `StoreTooNew`, or `StoreForeign` for another program's."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise StoreForeign(f"{path} is a database of another program. Name another file with --store.")
    if version > newest:
        raise StoreTooNew(
            f"{path} was written by a newer rex-tui (its layout is {version}, this one knows {newest}). "
            "Update rex-tui, or name another file with --store."
        )
    return version


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    migrations: Sequence[str] = MIGRATIONS,
    told: Told = lambda _done, _all: None,
) -> None:
    """Bring the store to the newest version, each step in a transaction of its own.

    `told` is called with how many of how many events are done where that takes long. Whoever ends the program then
    does no harm: what was not committed is taken back, and the next start goes on from there.
    Raises `StoreTooNew`, or `StoreForeign` for a file of another program, before anything in it is changed.
    """
    version = version_of(connection, path, len(migrations))
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # heeded only where there is nothing yet
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if 0 < version < len(migrations):
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (BEING_MADE, str(os.getpid())))
    for number in range(version, len(migrations)):
        try:
            connection.executescript(f"BEGIN IMMEDIATE; {migrations[number]}")
            if number + 1 in FILLED:
                FILLED[number + 1](connection, told)
            if number + 1 == len(migrations):
                connection.execute("DELETE FROM meta WHERE key = ?", (BEING_MADE,))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def maker_of(connection: sqlite3.Connection) -> str:
    """Give the number of the process that brings the store up to date, as text; "" where none said that it does."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return ""
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (BEING_MADE,)).fetchone()
    return "" if found is None else str(found[0])
