"""When events happened, in seconds since the epoch: read from the rows once, and kept beside them, four bytes each."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import closing
from itertools import repeat
from typing import Final, cast

from rex_tui.event import parse_time
from rex_tui.store import blocks
from rex_tui.store.compact_event import MILLISECONDS_FROM, SECONDS
from rex_tui.store.mentions import Told

NO_TIME: Final = 0
"""What stands for an event without a readable time, one outside of 1970–2106, or one that is not read yet."""  # noqa: RUF001 - a dash for people
TIME_MAX: Final = 2**32 - 1
TEXT_MAX: Final = 64
"""Characters of the longest text that is read as a time."""

ROWS_AT_ONCE: Final = 8 * blocks.EVENTS_A_BLOCK

_EPOCH: Final = "unixepoch(o)" if sqlite3.sqlite_version_info >= (3, 38) else "CAST(strftime('%s', o) AS INTEGER)"
# SQLite reads the usual spelling much faster than Python, but turns February 30 into March 2, so that the days which
# not every month has are looked at twice. What it does not know is null here, and left to Python. It rounds to
# milliseconds first, so that .9996 s is the next second already.
_SECONDS: Final = (
    f"CASE WHEN typeof(happened) = 'integer' THEN {SECONDS} WHEN o GLOB '????-??-[012][0-8]T*' OR o GLOB '????-??-??T*'"
    f" AND date(substr(o, 1, 10), '+0 days') = substr(o, 1, 10) THEN {_EPOCH} END"
)
_TIMES: Final = (
    f"SELECT json_group_array({_SECONDS})"  # noqa: S608 - our own words
    " FROM (SELECT happened, happened AS o FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq)"
)
_SEQS: Final = "SELECT seq FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq"
_TEXTS: Final = (
    "SELECT seq, CAST(happened AS BLOB) FROM events"
    " WHERE seq IN (SELECT value FROM json_each(?)) AND length(happened) <= ?"
)


def seconds_of(text: str) -> int:
    """Give the second since the epoch, UTC, that a text names, or `NO_TIME`."""
    moment = parse_time(text) if len(text) <= TEXT_MAX else None
    if moment is None:
        return NO_TIME
    seconds = int(moment.timestamp() // 1)
    return seconds if NO_TIME < seconds <= TIME_MAX else NO_TIME


def seconds_of_coded(happened: int | str) -> int:
    """Give the same of what `compact_event.coded` made of a text."""
    if isinstance(happened, str):
        return seconds_of(happened)
    seconds = happened if happened < MILLISECONDS_FROM else happened // 1000
    return seconds if seconds <= TIME_MAX else NO_TIME


def read_times(connection: sqlite3.Connection, first: int, last: int) -> array[int]:
    """Give the second since the epoch, UTC, of each sequence from `first` to `last`, as the rows themselves say.

    It is `NO_TIME` where a sequence has no event, or its event none.
    """
    times = array("I", repeat(NO_TIME, last - first + 1))
    (packed,) = connection.execute(_TIMES, (first, last)).fetchone()
    found: list[int | None] = json.loads(packed)
    whole = [] if None in found else cast("list[int]", found)
    if len(whole) == len(times) and min(whole) > NO_TIME and max(whole) <= TIME_MAX:
        return array("I", whole)
    with closing(connection.execute(_SEQS, (first, last))) as rows:
        seqs = [seq for (seq,) in rows]
    odd = []
    for seq, seconds in zip(seqs, found, strict=False):
        if seconds is None:
            odd.append(seq)
        elif NO_TIME < seconds <= TIME_MAX:
            times[seq - first] = seconds
    for seq, raw in connection.execute(_TEXTS, (json.dumps(odd), TEXT_MAX)) if odd else ():
        times[seq - first] = seconds_of(raw.decode(errors="replace"))
    return times


def packed_times(connection: sqlite3.Connection, told: Told = lambda _done, _all: None) -> Iterator[bytes]:
    """Yield the times of all rows, as the compact form has them, in parts; `told` hears how far it is."""
    last = blocks.last_seq(connection)
    for first in range(1, last + 1, ROWS_AT_ONCE):
        until = min(first + ROWS_AT_ONCE - 1, last)
        yield blocks.pack(blocks.TIMES, read_times(connection, first, until))
        told(until, last)


def make_times(connection: sqlite3.Connection, told: Told = lambda _done, _all: None) -> None:
    """Make the compact form of the times anew from the rows."""
    blocks.clear(connection, blocks.TIMES)
    first = 1
    for packed in packed_times(connection, told):
        blocks.put(connection, blocks.TIMES, first, packed)
        first += len(packed) // blocks.TIMES.width
