"""How an event's id and time stand in their columns: in few bytes, and so that both come back as they came.

An id that is `evt_` and a ULID is found by eight bytes of it, in an index that is less than half as large as one of the
ids themselves; any other id stands in an index of whole ids. A time in the usual spelling is kept as a number.
"""

# ruff: noqa: S608 - SQL is put together of our own words here
from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""The digits of a ULID, in the order of their values."""
PREFIX: Final = "evt_"
KEY_PLACES: Final = (*range(5, 15), 28, 29, 30)
"""The characters of an id, from 1 on, of which its key is made: all of the ULID's time, and the last of the rest.

The last ones differ also in ids that one process made in one millisecond. Where keys are the same, ids are compared.
"""
TIME_DIGITS: Final = 10
KEYS_KEPT: Final = 4096
"""Keys that are remembered: an event that is not known yet is sought and then put in."""
TAIL_BITS: Final = 5 * (len(KEY_PLACES) - TIME_DIGITS)
MILLISECONDS_FROM: Final = 100_000_000_000
"""A time's number from which on it is milliseconds since the epoch (from 1973 on); below, seconds (up to 5138)."""

_LISTED: Final = "SELECT value FROM json_each(?)"
_DIGIT: Final = "[0-9A-HJKMNP-TV-Z]"
_KEYED: Final = re.compile(f"{PREFIX}[0-7]{_DIGIT}{{25}}")
_AS_BASE_32: Final = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_USUAL: Final = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{3})?Z", re.ASCII)
_WHOLE_SECONDS: Final = len("2026-03-01T12:00:00Z")

_KEY: Final = " | ".join(
    f"((instr('{ALPHABET}', substr(id, {place}, 1)) - 1) << {5 * (len(KEY_PLACES) - number)})"
    for number, place in enumerate(KEY_PLACES, 1)
)
_IS_KEYED: Final = (
    f"id GLOB '{PREFIX}[0-7]{_DIGIT * 25}' AND substr(id, 1, 30) = id"  # GLOB looks no further than a NUL
)
ID_KEY: Final = f"CASE WHEN {_IS_KEYED} THEN {_KEY} END"
"""The key of the id in a row, in SQL; null for an id that has none."""

OCCURRED_AT: Final = (
    "CASE WHEN typeof(happened) <> 'integer' THEN happened"
    f" WHEN happened < {MILLISECONDS_FROM} THEN strftime('%Y-%m-%dT%H:%M:%SZ', happened, 'unixepoch')"
    " ELSE strftime('%Y-%m-%dT%H:%M:%S', happened / 1000, 'unixepoch') || printf('.%03dZ', happened % 1000) END"
)
"""The time in a row as the text that came, in SQL."""

SECONDS: Final = f"iif(happened < {MILLISECONDS_FROM}, happened, happened / 1000)"
"""The second since the epoch, UTC, of a time that is kept as a number, in SQL."""

_ROUNDED: Final = "strftime('%Y-%m-%dT%H:%M:%{0}Z', occurred_at, '+0 seconds') = occurred_at"
_EPOCH: Final = "CAST(strftime('%s', substr(occurred_at, 1, 19)) AS INTEGER)"
_HAS_KEY: Final = (
    f"(e.seq IN (SELECT i.seq FROM json_each(?) AS k JOIN ids AS i ON i.key = k.value) AND e.id IN ({_LISTED}))"
)
_IS_ODD: Final = "(e.seq IN (SELECT o.seq FROM odd_ids AS o WHERE o.id IN ({})))"
_PUT_KEYS: Final = (
    f"INSERT INTO ids (key, seq) SELECT {ID_KEY}, seq FROM events WHERE seq > ? AND seq <= ? AND {_IS_KEYED}"
)
_PUT_ODD: Final = (
    f"INSERT INTO odd_ids (id, seq) SELECT id, seq FROM events WHERE seq > ? AND seq <= ? AND NOT ({_IS_KEYED})"
)
_NOT_FOUND: Final = (
    f"SELECT 1 FROM events AS e WHERE NOT EXISTS (SELECT 1 FROM ids WHERE key = {ID_KEY} AND seq = e.seq)"
    " AND NOT EXISTS (SELECT 1 FROM odd_ids AS o WHERE o.id = e.id AND o.seq = e.seq) LIMIT 1"
)
_TWICE: Final = (
    "SELECT 1 FROM ids GROUP BY key HAVING count(*) > (SELECT count(DISTINCT id) FROM ids AS same"
    " JOIN events USING (seq) WHERE same.key = ids.key) LIMIT 1"
)
CODED: Final = (
    "CASE WHEN typeof(occurred_at) <> 'text' OR occurred_at < '1974' OR occurred_at >= '5000' THEN occurred_at"
    f" WHEN {_ROUNDED.format('S')} THEN {_EPOCH}"
    f" WHEN {_ROUNDED.format('f')} THEN"
    f" {_EPOCH} * 1000 + CAST(substr(occurred_at, 21, 3) AS INTEGER)"
    " ELSE occurred_at END"
)
"""The time in a row of an older layout as `coded` gives it, in SQL."""


@lru_cache(KEYS_KEPT)
def key_of(id_: str) -> int | None:
    """Give the key of an id, None where it has none: 63 bits, which grow as the ULIDs' times do."""
    if not _KEYED.fullmatch(id_):
        return None
    return int((id_[4:14] + id_[27:30]).translate(_AS_BASE_32), 32)


def keys_beginning(begin: str) -> tuple[int, int] | None:
    """Give the smallest and the largest key that an id which begins so can have; None where none can have one."""
    head = begin[: len(PREFIX)]
    if not PREFIX.startswith(head):
        return None
    digits = begin[len(PREFIX) : len(PREFIX) + TIME_DIGITS]
    if not all(digit in ALPHABET for digit in digits) or digits[:1] > "7":
        return None
    first, last = (int((digits.ljust(TIME_DIGITS, rest)).translate(_AS_BASE_32), 32) for rest in "0Z")
    return first << TAIL_BITS, min((last << TAIL_BITS) + (1 << TAIL_BITS) - 1, 2**63 - 1)


def coded(occurred_at: str) -> int | str:
    """Give a time as its column keeps it: a number where `OCCURRED_AT` makes the same text of it, else the text."""
    if not _USUAL.fullmatch(occurred_at):
        return occurred_at
    try:
        moment = datetime.fromisoformat(occurred_at)
    except ValueError:  # a day or a second that there is not
        return occurred_at
    if not 1974 <= moment.year < 5000:  # noqa: PLR2004 - see `MILLISECONDS_FROM`
        return occurred_at
    seconds = int(moment.timestamp() // 1)
    return seconds if len(occurred_at) == _WHOLE_SECONDS else 1000 * seconds + moment.microsecond // 1000


def put_ids(connection: sqlite3.Connection, numbered: Iterable[tuple[str, int]]) -> None:
    """Add ids, each with the sequence of its event, to what they are found by."""
    keyed: list[tuple[int, int]] = []
    odd: list[tuple[str, int]] = []
    for id_, seq in numbered:
        key = key_of(id_)
        if key is None:
            odd.append((id_, seq))
        else:
            keyed.append((key, seq))
    connection.executemany("INSERT INTO ids (key, seq) VALUES (?, ?)", keyed)
    connection.executemany("INSERT INTO odd_ids (id, seq) VALUES (?, ?)", odd)


def put_ids_of(connection: sqlite3.Connection, after: int, last: int) -> None:
    """Add the ids of the stored events behind the sequence `after`, up to `last`, to what they are found by."""
    connection.execute(_PUT_KEYS, (after, last))
    connection.execute(_PUT_ODD, (after, last))


def seqs_of(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, int]:
    """Give the sequences of those of these events that the log has, by their ids."""
    condition, parameters = having(ids)
    rows = connection.execute(f"SELECT e.id, e.seq FROM events AS e WHERE {condition}", parameters)
    return {str(id_): int(seq) for id_, seq in rows}


def having(ids: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Give the condition over `events AS e` that its id is one of these, by look-ups, and its parameters."""
    keys: list[int] = []
    keyed: list[str] = []
    odd: list[str] = []
    for id_ in ids:
        key = key_of(id_)
        if key is None:
            odd.append(id_)
        else:
            keys.append(key)
            keyed.append(id_)
    conditions = [_HAS_KEY, _IS_ODD.format(_LISTED)] if odd else [_HAS_KEY]
    parameters = [json.dumps(keys), json.dumps(keyed)]
    if odd:
        parameters.append(json.dumps([id_ for id_ in odd if "\0" not in id_]))
    for id_ in odd:
        if "\0" in id_:  # SQLite's JSON would cut such a text off
            conditions.append(_IS_ODD.format("?"))
            parameters.append(id_)
    return f"({' OR '.join(conditions)})", tuple(parameters)


def find_id_problems(connection: sqlite3.Connection) -> list[str]:
    """Compare what ids are found by with the events; give a sentence for all that is not as it should be."""
    events, found = connection.execute(
        "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM ids) + (SELECT count(*) FROM odd_ids)"
    ).fetchone()
    problems = []
    if events != found or connection.execute(_NOT_FOUND).fetchone():
        problems.append("The index of the events' ids is not that of the events.")
    if connection.execute(_TWICE).fetchone():
        problems.append("Two events have one id.")
    return problems


EVENTS_SCRIPT: Final = f"""
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        type INTEGER NOT NULL,
        happened NOT NULL,
        received_at REAL NOT NULL,
        data TEXT NOT NULL,
        extra TEXT,
        occurred_at TEXT GENERATED ALWAYS AS ({OCCURRED_AT}) VIRTUAL
    );
    CREATE TABLE ids (key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) WITHOUT ROWID;
    CREATE TABLE odd_ids (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TRIGGER event_deleted AFTER DELETE ON events BEGIN
        DELETE FROM ids WHERE key = {ID_KEY.replace("id", "old.id")} AND seq = old.seq;
        DELETE FROM odd_ids WHERE id = old.id AND seq = old.seq;
    END;
"""
LAYOUT_SCRIPT: Final = f"""
    DROP VIEW log;
    DROP VIEW gaps;
    ALTER TABLE events RENAME TO moving;
    {EVENTS_SCRIPT}
    CREATE VIEW log AS
        SELECT seq, id, name AS type, occurred_at, received_at, data, extra
        FROM events JOIN types ON types.code = events.type WHERE name <> 'rex-tui.gap';
    CREATE VIEW gaps AS
        SELECT seq, received_at AS noticed_at, data
        FROM events JOIN types ON types.code = events.type WHERE name = 'rex-tui.gap';
"""
"""Brings the columns of this layout; the events that a store has before are left in `moving`, for `move_events`.

`events.happened` is `occurred_at` as `coded` gives it; `ids` and `odd_ids` are what an event is found by.
"""
MOVED_AT_ONCE: Final = 10_000


def move_events(connection: sqlite3.Connection, told: Callable[[int, int], None]) -> None:
    """Move the events from the columns of the older layout into those of this one, inside a transaction of the caller.

    Each slice is committed, so that little more than one is ever there twice, and who is ended goes on from there the
    next time. `told` is called with the sequence up to which they are moved, and the newest, from 0 on.
    """
    newest = connection.execute("SELECT coalesce(max(seq), 0) FROM moving").fetchone()[0]
    done = connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]
    while newest:
        told(done, newest)
        last = connection.execute(
            "SELECT max(seq) FROM (SELECT seq FROM moving ORDER BY seq LIMIT ?)", (MOVED_AT_ONCE,)
        ).fetchone()[0]
        if last is None:
            told(newest, newest)
            break
        connection.execute(
            "INSERT INTO events (seq, id, type, happened, received_at, data, extra)"
            f" SELECT seq, id, type, {CODED}, received_at, data, extra FROM moving WHERE seq <= ? ORDER BY seq",
            (last,),
        )
        put_ids_of(connection, done, last)
        connection.execute("DELETE FROM moving WHERE seq <= ?", (last,))
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        done = last
    connection.execute("DROP TABLE moving")
