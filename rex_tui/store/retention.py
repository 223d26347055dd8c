"""Forgetting the oldest part of the log, a slice a transaction, and its part of the derived tables with it.

What is forgotten is always a beginning of the log, so that what is kept is all that came after it. The cursor is not
touched: Rex is not asked for it again. Space is used again for what comes; giving it back is for `store compact`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct
from msgspec.structs import astuple, replace

from rex_tui.event import parse_time
from rex_tui.keep import Keep
from rex_tui.store import blocks
from rex_tui.store.digest import digest_of
from rex_tui.store.mentions import ids_of, is_indexable
from rex_tui.store.names import forget_names_of
from rex_tui.store.pages import forget_pages_up_to
from rex_tui.store.times import seconds_of

SLICE_ROWS: Final = 100
"""Events that are forgotten in one transaction: some 15 ms on a slow machine, so that no key waits for it."""
FIRST_KNOWN: Final = 200
"""Events at the start of the log of which a digest stays, so that another key of the same organisation is known."""
FORGOTTEN: Final = "kept_from"
"""The fact, in `meta`, what was forgotten so far."""
REREADS: Final = "rereads"
"""The fact, in `meta`, that Rex's log is read from its start, up to the first event that is kept."""

RETENTION_SCRIPT: Final = """
    CREATE TABLE IF NOT EXISTS faded (entity INTEGER PRIMARY KEY, events INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS remnants (
        id TEXT PRIMARY KEY, seq INTEGER NOT NULL, occurred_at TEXT NOT NULL
    ) WITHOUT ROWID;
"""
"""`faded` counts the forgotten events that mention an id which others still mention; `remnants` is all that stays of a
forgotten event that the user marked, or that a checkpoint names."""


class Forgotten(Struct, frozen=True):
    """What was forgotten so far: so many events, up to the sequence `last`, because of `keep`, in the user's words.

    `latest` is the latest time among them, in seconds since the epoch, UTC, 0 for none; `occurred_at` is the time of
    the last one, as Rex sent it.
    """

    last: int = 0
    events: int = 0
    latest: int = 0
    occurred_at: str = ""
    keep: str = ""


NOTHING: Final = Forgotten()


def forgotten_in(connection: sqlite3.Connection) -> Forgotten:
    """Give what was forgotten of a log so far; raises `DatabaseError` for a fact that nobody wrote."""
    found = connection.execute("SELECT value FROM meta WHERE key = ?", (FORGOTTEN,)).fetchone()
    if found is None:
        return NOTHING
    try:
        return Forgotten(*json.loads(found[0]))
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError("a fact that nobody wrote") from error


def slice_due(connection: sqlite3.Connection, keep: Keep, now: float, up_to: int) -> int:
    """Give the sequence up to which the next slice is to be forgotten, 0 where nothing is due.

    `now` is in seconds since the epoch, UTC; nothing behind the sequence `up_to` is forgotten, and never the newest.
    """
    up_to = min(up_to, blocks.last_seq(connection) - 1)
    if keep.events is not None:
        most = excess(connection, keep)
        if most <= 0:
            return 0
        seqs = "SELECT seq FROM events WHERE seq <= ? ORDER BY seq LIMIT ?"
        found = connection.execute(f"SELECT max(seq) FROM ({seqs})", (up_to, min(most, SLICE_ROWS)))  # noqa: S608 - ours
        return int(found.fetchone()[0] or 0)
    last = 0
    rows = "SELECT seq, occurred_at, received_at FROM log WHERE seq <= ? ORDER BY seq LIMIT ?"
    for seq, occurred_at, received_at in connection.execute(rows, (up_to, SLICE_ROWS)):
        if keep.seconds is None or _happened(occurred_at, received_at) >= now - keep.seconds:
            break
        last = seq
    return last


def excess(connection: sqlite3.Connection, keep: Keep) -> int:
    """Count the events that are more than the number that is kept; 0 where an age says what is kept."""
    if keep.events is None:
        return 0
    return max(0, int(connection.execute("SELECT coalesce(sum(count), 0) FROM types").fetchone()[0]) - keep.events)


def is_overdue(connection: sqlite3.Connection, keep: Keep, now: float, events: int) -> bool:
    """Tell whether more than so many events are to be forgotten, by a look at one place in the log."""
    if keep.events is not None:
        return excess(connection, keep) > events
    found = connection.execute(
        "SELECT occurred_at, received_at FROM log WHERE seq >= ? ORDER BY seq LIMIT 1",
        (blocks.first_seq(connection) + events,),
    ).fetchone()
    return found is not None and keep.seconds is not None and _happened(*found) < now - keep.seconds


def forget_slice(connection: sqlite3.Connection, last: int, keep: str, named: Collection[str]) -> set[str]:
    """Forget everything up to a sequence, inside a transaction of the caller; give the ids that nothing mentions now.

    Of the events whose ids are among `named`, id, place and time stay.
    """
    before = forgotten_in(connection)
    rows = connection.execute(
        "SELECT seq, id, type, occurred_at, data, extra FROM log WHERE seq <= ? ORDER BY seq", (last,)
    ).fetchall()
    _remember(connection, ((row[1], row[0], row[3]) for row in rows if row[1] in named))
    digests = [(digest_of(row[1]),) for row in rows[: max(0, FIRST_KNOWN - before.events)]]
    connection.executemany("INSERT OR IGNORE INTO forgotten (digest) VALUES (?)", digests)
    counts = connection.execute("SELECT count(*), type FROM events WHERE seq <= ? GROUP BY type", (last,)).fetchall()
    connection.executemany("UPDATE types SET count = count - ? WHERE code = ?", counts)
    vanished = _forget_mentions(connection, rows, last)
    for table in ("events", "unlisted", "drifts"):
        connection.execute(f"DELETE FROM {table} WHERE seq <= ?", (last,))  # noqa: S608 - our own names
    for form in (blocks.TYPES, blocks.TIMES):
        blocks.drop(connection, form, blocks.first_seq(connection) - 1)
    forget_pages_up_to(connection, last)
    latest = max((seconds_of(row[3]) for row in rows), default=0)
    occurred_at = rows[-1][3] if rows else before.occurred_at
    _tell(connection, Forgotten(last, before.events + len(rows), max(before.latest, latest), occurred_at, keep))
    return vanished


def _forget_mentions(connection: sqlite3.Connection, rows: Iterable[tuple[object, ...]], last: int) -> set[str]:
    """Forget which of these events mention which ids; give the ids that no event mentions any more.

    The index is by id, so it is asked by the ids that the events themselves have.
    """
    vanished: set[str] = set()
    ids = {id_ for _, _, type_, _, data, extra in rows for id_ in ids_of(str(type_), str(data), extra)}  # type: ignore[arg-type]
    for id_ in sorted(filter(is_indexable, ids)):
        found = connection.execute("SELECT code FROM entities WHERE id = ?", (id_,)).fetchone()
        if found is None:
            continue
        gone = connection.execute("DELETE FROM mentions WHERE entity = ? AND seq <= ?", (found[0], last)).rowcount
        if connection.execute("SELECT 1 FROM mentions WHERE entity = ? LIMIT 1", found).fetchone():
            connection.execute(
                "INSERT INTO faded (entity, events) VALUES (?, ?)"
                " ON CONFLICT (entity) DO UPDATE SET events = events + excluded.events",
                (found[0], gone),
            )
            continue
        vanished.add(id_)
        connection.execute("DELETE FROM entities WHERE code = ?", found)
        connection.execute("DELETE FROM faded WHERE entity = ?", found)
    forget_names_of(connection, vanished)
    return vanished


def _remember(connection: sqlite3.Connection, remnants: Iterable[tuple[str, int, str]]) -> None:
    connection.executemany("INSERT OR REPLACE INTO remnants (id, seq, occurred_at) VALUES (?, ?, ?)", remnants)


def faded_events(connection: sqlite3.Connection, entity: int) -> int:
    """Count the forgotten events that mentioned an entity which others still mention."""
    found = connection.execute("SELECT events FROM faded WHERE entity = ?", (entity,)).fetchone()
    return 0 if found is None else int(found[0])


def faded_ids(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Give what `faded` has by id, to put it back after the index was made anew."""
    return connection.execute("SELECT id, events FROM faded JOIN entities ON code = entity").fetchall()


def put_faded(connection: sqlite3.Connection, told: Iterable[tuple[str, int]]) -> None:
    """Put back what `faded_ids` gave, of the ids that are still mentioned."""
    connection.execute("DELETE FROM faded")
    connection.executemany("INSERT INTO faded (entity, events) SELECT code, ?2 FROM entities WHERE id = ?1", list(told))


def remnants_of(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Give the times of those of these events that were forgotten, by their ids, as Rex sent them."""
    rows = (connection.execute("SELECT id, occurred_at FROM remnants WHERE id = ?", (id_,)).fetchone() for id_ in ids)
    return {str(row[0]): str(row[1]) for row in rows if row is not None}


def forget_remnants(connection: sqlite3.Connection, before: float) -> None:
    """Forget also what stays of events that happened before a time; an empty log begins its sequences again."""
    for id_, occurred_at in connection.execute("SELECT id, occurred_at FROM remnants").fetchall():
        happened = parse_time(occurred_at)
        if happened is None or happened.timestamp() < before:
            connection.execute("DELETE FROM remnants WHERE id = ?", (id_,))
    told = forgotten_in(connection)
    if told != NOTHING and not blocks.first_seq(connection):
        _tell(connection, replace(told, last=0))


def _tell(connection: sqlite3.Connection, told: Forgotten) -> None:
    fact = json.dumps(astuple(told))
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (FORGOTTEN, fact))


def find_retention_problems(connection: sqlite3.Connection) -> list[str]:
    """Compare what is told of the forgotten with the events; give a sentence where it can't be so."""
    told = forgotten_in(connection)
    problems = []
    if told.last >= blocks.first_seq(connection) > 0:
        problems.append("Events are there that are told to be forgotten.")
    if connection.execute(
        "SELECT 1 FROM faded WHERE events < 1 OR entity NOT IN (SELECT code FROM entities) LIMIT 1"
    ).fetchone():
        problems.append("What is counted of forgotten events is not of ids that there are.")
    return problems


def _happened(occurred_at: str, received_at: float) -> float:
    """Give when an event happened, which can't have been after it came, whatever its clock says."""
    occurred = parse_time(occurred_at)
    return received_at if occurred is None else min(received_at, occurred.timestamp())
