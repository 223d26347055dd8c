"""When each event happened, four bytes each, in memory: read behind the first paint, newest first, then kept up."""

from __future__ import annotations

import json
import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

from rex_tui.event import parse_time
from rex_tui.store.errors import translated
from rex_tui.store.schema import connect

NO_TIME: Final = 0
"""What stands for an event without a readable time, one outside of 1970–2106, or one that is not read yet."""  # noqa: RUF001 - a dash for people
TIME_MAX: Final = 2**32 - 1
SLICE_ROWS: Final = 4096
"""Sequences that are read at a time: little enough that the screen's thread never waits long for this one."""
TEXT_MAX: Final = 64
"""Characters of the longest text that is read as a time."""

_EPOCH: Final = "unixepoch(o)" if sqlite3.sqlite_version_info >= (3, 38) else "CAST(strftime('%s', o) AS INTEGER)"
# SQLite reads the usual spelling much faster than Python, but turns February 30 into March 2, so that the days which
# not every month has are looked at twice. What it does not know is null here, and left to Python. It rounds to
# milliseconds first, so that .9996 s is the next second already.
_SECONDS: Final = (
    "CASE WHEN o GLOB '????-??-[012][0-8]T*' OR o GLOB '????-??-??T*'"
    f" AND date(substr(o, 1, 10), '+0 days') = substr(o, 1, 10) THEN {_EPOCH} END"
)
_TIMES: Final = (
    f"SELECT json_group_array({_SECONDS})"  # noqa: S608 - our own words
    " FROM (SELECT occurred_at AS o FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq)"
)
_SEQS: Final = "SELECT seq FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq"
_TEXTS: Final = (
    "SELECT seq, CAST(occurred_at AS BLOB) FROM events"
    " WHERE seq IN (SELECT value FROM json_each(?)) AND length(occurred_at) <= ?"
)


class TimeReader:
    """Reads times on a read-only connection of its own, so that it may do so in a thread of its own."""

    def __init__(self, path: Path) -> None:
        """Open the store at `path`; raises `StoreError`."""
        self._path = path
        with translated(path):
            self._connection = connect(path, writable=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        with translated(self._path):
            self._connection.close()

    def times(self, first: int, last: int) -> array[int]:
        """Give the second since the epoch, UTC, of each sequence from `first` to `last`; `NO_TIME` where it has none.

        A sequence without an event has none. Raises `StoreError`.
        """
        times = array("I", repeat(NO_TIME, last - first + 1))
        with translated(self._path):
            (packed,) = self._connection.execute(_TIMES, (first, last)).fetchone()
            found: list[int | None] = json.loads(packed)
            whole = [] if None in found else cast("list[int]", found)
            if len(whole) == len(times) and min(whole) > NO_TIME and max(whole) <= TIME_MAX:
                return array("I", whole)
            with closing(self._connection.execute(_SEQS, (first, last))) as rows:
                seqs = [seq for (seq,) in rows]
            odd = []
            for seq, seconds in zip(seqs, found, strict=False):
                if seconds is None:
                    odd.append(seq)
                elif NO_TIME < seconds <= TIME_MAX:
                    times[seq - first] = seconds
            for seq, raw in self._connection.execute(_TEXTS, (json.dumps(odd), TEXT_MAX)) if odd else ():
                times[seq - first] = _seconds(raw)
        return times


class TimeIndex:
    """A time for each sequence from 1 on. One thread puts times in; any may look."""

    def __init__(self, length: int = 0) -> None:
        """Make room for the sequences 1 to `length`, none of which is read yet."""
        self._times = array("I", bytes(4 * (length + 1)))
        self._latest = [NO_TIME] * (length // SLICE_ROWS + 1)
        self._unread = length
        self.first = NO_TIME
        """The earliest time there is, in seconds since the epoch, UTC."""
        self.last = NO_TIME
        """The latest time there is, in seconds since the epoch, UTC."""

    def __len__(self) -> int:
        """Give the newest sequence that is known."""
        return len(self._times) - 1

    @property
    def complete(self) -> bool:
        """Tell whether all times are read."""
        return self._unread == 0

    @property
    def percent(self) -> int:
        """Give how much is read."""
        return 100 if self.complete else 100 * (len(self) - self._unread) // len(self)

    def missing(self, last: int) -> Iterator[tuple[int, int]]:
        """Yield the slices to read and `put`, one after another: what came up to `last`, then backwards to the first.

        Each must be put before the next is asked for.
        """
        while len(self) < last:
            yield len(self) + 1, min(last, len(self) + SLICE_ROWS)
        while self._unread:
            yield max(self._unread // SLICE_ROWS * SLICE_ROWS, 1), self._unread

    def put(self, first: int, times: array[int]) -> None:
        """Take in the times of the sequences from `first` on, which `missing` has just named."""
        self._times[first : first + len(times)] = times
        self._unread = min(self._unread, first - 1)
        for block in range(first // SLICE_ROWS, (first + len(times) - 1) // SLICE_ROWS + 1):
            latest = max(self._times[block * SLICE_ROWS : (block + 1) * SLICE_ROWS])
            self._latest[block : block + 1] = [latest]
        earliest = min(filter(None, times), default=NO_TIME)
        if earliest:
            self.first = min(self.first or earliest, earliest)
            latest = max(times)
            self.last = max(self.last, latest)

    def at(self, seq: int) -> int:
        """Give the time of a sequence in seconds since the epoch, UTC, or `NO_TIME`."""
        return self._times[seq] if 0 < seq < len(self._times) else NO_TIME

    def of(self, seqs: Sequence[int]) -> array[int]:
        """Give the times of ascending sequences, or of a range of them; `NO_TIME` for those that are not known yet."""
        known = bisect_right(seqs, len(self))
        if isinstance(seqs, range):
            times = self._times[seqs.start : seqs.start + known]
        else:
            times = array("I", map(self._times.__getitem__, seqs[:known]))
        times.extend(repeat(NO_TIME, len(seqs) - known))
        return times

    def blocks_from(self, moment: int) -> Iterator[range]:
        """Yield all sequences, oldest first, in blocks, without the blocks in which none is at or after `moment`."""
        for block, latest in enumerate(self._latest):
            if latest >= moment:
                yield range(max(block * SLICE_ROWS, 1), min((block + 1) * SLICE_ROWS, len(self._times)))


def _seconds(raw: bytes) -> int:
    moment = parse_time(raw.decode(errors="replace"))
    if moment is None:
        return NO_TIME
    seconds = int(moment.timestamp() // 1)
    return seconds if NO_TIME < seconds <= TIME_MAX else NO_TIME
