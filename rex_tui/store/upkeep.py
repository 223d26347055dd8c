"""Looking after a store: is it sound, what must be deleted for good, and how much of the file is empty space."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from msgspec import Struct

from rex_tui.event import parse_time
from rex_tui.payload import PayloadError, parse
from rex_tui.store import blocks
from rex_tui.store.compact_event import find_id_problems
from rex_tui.store.digest import digest_of
from rex_tui.store.mentions import find_index_problems, make_index
from rex_tui.store.names import find_name_problems, forget_names
from rex_tui.store.pages import find_page_problems, forget_pages
from rex_tui.store.retention import (
    NOTHING,
    faded_ids,
    find_retention_problems,
    forget_remnants,
    forgotten_in,
    put_faded,
)
from rex_tui.store.times import make_times, packed_times
from rex_tui.store.type_codes import HOLE, pack_codes

PROBLEMS_NAMED: Final = 20
ROWS_AT_ONCE: Final = 10_000
TOO_DEEP_TO_TELL: Final = 500
"""A payload nested deeper may be JSON that no parser here takes apart; it was kept as it came."""


class Deleted(Struct, frozen=True):
    """What was deleted for good: events by type, with the first and last time among them, and set-aside items.

    `size_before` and `size_after` are the file's, in bytes; `left` is the number of events that stay.
    """

    types: dict[str, int]
    first: str
    last: str
    set_aside: int
    left: int
    size_before: int
    size_after: int

    @property
    def events(self) -> int:
        """Count the events that were deleted."""
        return sum(self.types.values())


class StoreUpkeep:
    """Deletes and compacts, over the store's one writable connection."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take a writable connection to the store at `path`."""
        self._connection = connection
        self._path = path

    def compact(self) -> tuple[int, int]:
        """Give the space of deleted rows back to the disk; give the file's bytes before and after."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = self._path.stat().st_size
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return before, self._path.stat().st_size

    def forget(self, before: float) -> Deleted:
        """Delete what happened before a time, in seconds since the epoch, so that no byte of it stays in the file.

        An event without a readable time counts by when it was received, as does what was set aside. A digest of each
        event's id stays, so that reading Rex's log again does not bring it back. Names of deals, contacts and companies
        go with the last event that mentions them.
        """
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            types, first, last = self._delete_events(before)
            aside = self._connection.execute("DELETE FROM quarantine WHERE received_at < ?", (before,)).rowcount
            make_blocks(self._connection)
            faded = faded_ids(self._connection)
            make_index(self._connection)
            put_faded(self._connection, faded)
            forget_remnants(self._connection, before)
            forget_pages(self._connection)
            forget_names(self._connection)
            self._connection.execute(
                "INSERT INTO meta (key, value) VALUES ('epoch', 1)"
                " ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
            )
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        size_before, size_after = self.compact()
        left = self._connection.execute("SELECT count(*) FROM log").fetchone()[0]
        return Deleted(types, first, last, aside, left, size_before, size_after)

    def _delete_events(self, before: float) -> tuple[dict[str, int], str, str]:
        chosen: Counter[str] = Counter()
        span: list[tuple[float, str]] = []
        for _, old in old_rows(self._connection, before):
            self._connection.executemany(
                "INSERT OR IGNORE INTO forgotten (digest) VALUES (?)", [(digest_of(row[1]),) for row in old]
            )
            self._connection.executemany("DELETE FROM events WHERE seq = ?", [(row[0],) for row in old])
            chosen.update(row[2] for row in old)
            span += [(_happened(row[3], row[4]), row[3]) for row in old]
            span = [min(span), max(span)] if span else []
        self._connection.executemany(
            "UPDATE types SET count = count - ? WHERE name = ?", [(count, name) for name, count in chosen.items()]
        )
        first, last = (span[0][1], span[-1][1]) if span else ("", "")
        return dict(chosen.most_common()), first, last


OldRow: TypeAlias = tuple[int, str, str, str, float]


def old_rows(connection: sqlite3.Connection, before: float) -> Iterator[tuple[int, list[OldRow]]]:
    """Yield the log in parts: up to which sequence, and what in it happened before a time, in seconds since the epoch.

    A row is sequence, id, type, `occurred_at` and `received_at`. The rows that were yielded may be deleted.
    """
    seq = 0
    rows = "SELECT seq, id, type, occurred_at, received_at FROM log WHERE seq > ? ORDER BY seq LIMIT ?"
    while found := connection.execute(rows, (seq, ROWS_AT_ONCE)).fetchall():
        seq = found[-1][0]
        yield seq, [row for row in found if _happened(row[3], row[4]) < before]


def find_problems(connection: sqlite3.Connection) -> list[str]:
    """Compare a store with itself, from end to end; give a sentence for all that is not as it should be.

    Only here are compact forms compared with the rows: a start looks at their lengths alone, so that two type blocks
    that changed places, with the same counts in all, are noticed by nobody else.
    """
    connection.execute("BEGIN")
    try:
        found = connection.execute(f"PRAGMA integrity_check({PROBLEMS_NAMED})").fetchall()
        problems = [f"SQLite says: {said}" for (said,) in found if said != "ok"]
        if problems:
            return problems
        rows = dict(connection.execute("SELECT type, count(*) FROM events GROUP BY type").fetchall())
        if {code: count for code, count in connection.execute("SELECT code, count FROM types") if count} != rows:
            problems.append("The counts by type are not those of the events.")
        problems.extend(find_id_problems(connection))
        if blocks.read(connection, blocks.TYPES) != _packed_types(connection):
            problems.append("The compact form of the types is not that of the events.")
        if blocks.read(connection, blocks.TIMES) != b"".join(packed_times(connection)):
            problems.append("The compact form of the times is not that of the events.")
        problems.extend(
            f"The payload of event {seq} is no JSON."
            for seq, data in connection.execute("SELECT seq, data FROM events WHERE NOT json_valid(data)")
            if not _is_json(data)
        )
        problems.extend(find_index_problems(connection, is_whole=forgotten_in(connection) == NOTHING))
        problems.extend(find_page_problems(connection))
        problems.extend(find_name_problems(connection))
        problems.extend(find_retention_problems(connection))
    finally:
        connection.execute("COMMIT")
    return problems[:PROBLEMS_NAMED]


def make_counts(connection: sqlite3.Connection) -> None:
    """Count the events of each type anew."""
    found = dict(connection.execute("SELECT type, count(*) FROM events GROUP BY type").fetchall())
    codes = [code for (code,) in connection.execute("SELECT code FROM types")]
    connection.executemany("UPDATE types SET count = ? WHERE code = ?", [(found.get(code, 0), code) for code in codes])


def make_blocks(connection: sqlite3.Connection) -> None:
    """Make the compact forms anew from the rows; a sequence without a row is a hole in each of them."""
    blocks.clear(connection, blocks.TYPES)
    blocks.put(connection, blocks.TYPES, blocks.before_blocks(connection) + 1, _packed_types(connection))
    make_times(connection)


def _packed_types(connection: sqlite3.Connection) -> bytes:
    """Give the type codes of all rows, from the first block on that has one.

    Raises `DatabaseError` for rows as only a damaged file has them.
    """
    before = blocks.before_blocks(connection)
    codes = [HOLE] * (blocks.last_seq(connection) - before)
    try:
        for seq, code in connection.execute("SELECT seq, type FROM events"):
            codes[seq - before - 1] = code
        return pack_codes(codes)
    except (IndexError, TypeError, OverflowError) as error:
        raise sqlite3.DatabaseError("rows that contradict each other") from error


def _is_json(data: str) -> bool:
    try:
        parse(data)
    except PayloadError:
        return data.count("[") + data.count("{") > TOO_DEEP_TO_TELL
    return True


def _happened(occurred_at: str, received_at: float) -> float:
    occurred = parse_time(occurred_at)
    return received_at if occurred is None else occurred.timestamp()
