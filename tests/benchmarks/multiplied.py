"""Making a long log of a short one inside SQLite: the same payloads again and again, with ids and times of their own.

Columns and tables are those that the store has, not repeated here; how it keeps a time is seen in its own rows. What is
derived from the rows is made by the product's own code, but for the index of mentions, which is multiplied with them:
made anew, it would take an hour.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from rex_tui.store.compact_event import put_ids_of
from rex_tui.store.mentions import make_index
from rex_tui.store.schema import connect
from rex_tui.store.shapes import Shapes
from rex_tui.store.upkeep import make_blocks
from rex_tui.subject import decode_fields

PASSES_MAX: Final = 200
"""More often than the shape of a type changes by what came before already."""
MENTIONS: Final = ["entity", "seq", "subject"]
"""The columns of the index as it can be multiplied; with others it is made anew."""
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TIME_DIGITS: Final = 10
PREFIX: Final = "evt_"


def multiply(path: Path, base: int, count: int, step_s: float) -> None:
    """Repeat the first `base` events of the store at `path` until there are `count`, each `step_s` after the last.

    Nobody else may have the store open.
    """
    if count <= base:
        return
    with closing(connect(path, writable=True)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("BEGIN EXCLUSIVE")
        copies = -(-count // base)
        connection.execute("CREATE TEMP TABLE copies (n INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO copies VALUES (?)", [(number,) for number in range(1, copies)])
        _multiply_events(connection, base, count, step_s)
        connection.execute("UPDATE types SET count = (SELECT count(*) FROM events WHERE type = code)")
        make_blocks(connection)
        _multiply_mentions(connection, base, count)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def _multiply_events(connection: sqlite3.Connection, base: int, count: int, step_s: float) -> None:
    # hidden is 0 for a column that holds what it is given; others are made of these
    columns = [row[1] for row in connection.execute("PRAGMA table_xinfo(events)") if row[6] == 0]
    at_ms = f"CAST({_start_ms(connection)} + seq * {1000 * step_s!r} AS INTEGER)"
    connection.execute("CREATE TEMP TABLE numbered AS SELECT * FROM events WHERE seq <= ?", (base,))
    made = {
        "seq": "seq",
        "id": _ulid_at("at_ms", "substr(id, 15)"),
        "received_at": "at_ms / 1000.0",
        _time_column(columns): _time_at(connection, _time_column(columns)),
    }
    chosen = ", ".join(made.get(column, column) for column in columns)
    repeated = ", ".join(column for column in columns if column != "seq")
    connection.execute(
        f"INSERT INTO events ({', '.join(columns)})"
        f" SELECT {chosen} FROM (SELECT *, {at_ms} AS at_ms FROM (SELECT b.seq + n * ?1 AS seq, {repeated}"
        " FROM copies CROSS JOIN numbered AS b WHERE b.seq + n * ?1 <= ?2))",
        (base, count),
    )
    connection.execute("DROP TABLE numbered")
    put_ids_of(connection, base, count)


def _start_ms(connection: sqlite3.Connection) -> float:
    """Give when the log begins, in milliseconds since the epoch."""
    found: float = connection.execute("SELECT received_at FROM events ORDER BY seq LIMIT 1").fetchone()[0]
    return 1000 * found


def _ulid_at(at_ms: str, rest: str) -> str:
    """Give, in SQL, an id of a millisecond; `rest` are the characters behind its time."""
    digits = " || ".join(
        f"substr('{ALPHABET}', 1 + (({at_ms} >> {5 * place}) & 31), 1)" for place in reversed(range(TIME_DIGITS))
    )
    return f"'{PREFIX}' || {digits} || {rest}"


def _time_column(columns: list[str]) -> str:
    """Give the column that keeps when an event happened."""
    return "happened" if "happened" in columns else "occurred_at"


def _time_at(connection: sqlite3.Connection, column: str) -> str:
    """Give, in SQL, a time as the store keeps it: as the text that came, in seconds, or in smaller parts of one."""
    kept, received_at = connection.execute(f"SELECT {column}, received_at FROM events LIMIT 1").fetchone()
    if isinstance(kept, str):
        return "strftime('%Y-%m-%dT%H:%M:%SZ', at_ms / 1000, 'unixepoch')"
    return f"at_ms / 1000 * {max(1, round(kept / received_at))}"


def _multiply_mentions(connection: sqlite3.Connection, base: int, count: int) -> None:
    if [row[1] for row in connection.execute("PRAGMA table_info(mentions)")] != MENTIONS:
        make_index(connection)
        return
    connection.execute(
        "CREATE TEMP TABLE mentioned (entity INTEGER, seq INTEGER, subject INTEGER, PRIMARY KEY (entity, seq))"
        " WITHOUT ROWID"
    )
    connection.execute("INSERT INTO mentioned SELECT entity, seq, subject FROM mentions WHERE seq <= ?", (base,))
    # Deleted and written in the order of the key, so that no page is ever split, or visited twice.
    connection.execute("DELETE FROM mentions")
    connection.execute(
        "INSERT INTO mentions (entity, seq, subject)"
        " SELECT e.entity, m.seq + c.n * ?1, m.subject FROM (SELECT DISTINCT entity FROM mentioned) AS e"
        " CROSS JOIN (SELECT 0 AS n UNION ALL SELECT n FROM copies) AS c CROSS JOIN mentioned AS m"
        " WHERE m.entity = e.entity AND m.seq + c.n * ?1 <= ?2",
        (base, count),
    )
    connection.execute(
        "INSERT INTO unlisted SELECT seq + n * ?1 FROM copies CROSS JOIN unlisted"
        " WHERE seq <= ?1 AND seq + n * ?1 <= ?2",
        (base, count),
    )
    _learn_again(connection, base, count)


def _learn_again(connection: sqlite3.Connection, base: int, count: int) -> None:
    """Let the shapes of the types learn the same payloads as often as they come, or until they learn nothing more."""
    rows = "SELECT seq, type, data FROM events WHERE seq <= ? ORDER BY seq"
    payloads = [(seq, code, decode_fields(data)) for seq, code, data in connection.execute(rows, (base,))]
    shapes = Shapes(connection)
    known = _shapes(connection)
    for copy in range(1, min(-(-count // base), PASSES_MAX)):
        for seq, code, fields in payloads:
            if seq + copy * base <= count:
                shapes.learn(seq + copy * base, code, fields)
        shapes.save()
        before, known = known, _shapes(connection)
        if known == before:
            break


def _shapes(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    return connection.execute("SELECT type, shape FROM shapes ORDER BY type").fetchall()
