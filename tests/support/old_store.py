"""A store as an older version left it: made from one of today's, by taking away what came since."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from rex_tui.store.mentions import INDEX_TABLES

CAME_WITH: Final = {3: INDEX_TABLES, 4: ("pages",), 5: ("names",), 6: ("time_blocks",)}
OLD_EVENTS: Final = """
    BEGIN;
    DROP VIEW log;
    DROP VIEW gaps;
    ALTER TABLE events RENAME TO newer;
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        type INTEGER NOT NULL,
        occurred_at TEXT NOT NULL,
        received_at REAL NOT NULL,
        data TEXT NOT NULL,
        extra TEXT
    );
    INSERT INTO events SELECT seq, id, type, occurred_at, received_at, data, extra FROM newer;
    DROP TABLE newer;
    DROP TABLE ids;
    DROP TABLE odd_ids;
    CREATE VIEW log AS
        SELECT seq, id, name AS type, occurred_at, received_at, data, extra
        FROM events JOIN types ON types.code = events.type WHERE name <> 'rex-tui.gap';
    CREATE VIEW gaps AS
        SELECT seq, received_at AS noticed_at, data
        FROM events JOIN types ON types.code = events.type WHERE name = 'rex-tui.gap';
"""


def make_old(path: Path, version: int) -> None:
    """Turn a closed store into one of a version from 2 to 6."""
    gone = [table for came, tables in CAME_WITH.items() if came > version for table in tables]
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(
            OLD_EVENTS + "".join(f"DROP TABLE {table};" for table in gone) + f"PRAGMA user_version = {version}; COMMIT"
        )
