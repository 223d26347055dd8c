"""Reading the store: a screenful, one event, what is new. Cost follows what is asked for, not the log's length."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from rex_tui.checkpoint import Checkpoint, Place
from rex_tui.event import Asked, Event, Grown, Row, SetAside
from rex_tui.keep import Keep
from rex_tui.store.blocks import EVENTS_A_BLOCK, LAST_SEQ_MAX, SPAN_MAX, first_seq, last_seq
from rex_tui.store.checkpoints import place_of
from rex_tui.store.compact_event import seqs_of
from rex_tui.store.errors import StoreDamaged, damaged, translated
from rex_tui.store.ids import IdReader
from rex_tui.store.names import NameReader
from rex_tui.store.pages import page_of
from rex_tui.store.retention import Forgotten, forgotten_in, is_overdue, remnants_of
from rex_tui.store.story import StoryReader
from rex_tui.store.type_codes import HOLE
from rex_tui.store.type_index import TypeIndex
from rex_tui.store.type_reader import read_codes, read_forgotten
from rex_tui.store.upkeep import find_problems, old_rows

ROW_DATA_MAX: Final = 32_768
"""Characters of a payload that a table's row is worth; a larger one is read only when it is looked at."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
SEQ_MAX: Final = 2**63 - 1
GROWTH_MAX: Final = 20_000
"""Events that one look at another process's growth takes in, so that it never takes long."""


class StoreReader:
    """A read-only connection to the store, for one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take a connection to a store of the newest version."""
        self._connection = connection
        self._path = path
        self._names: list[str] = []
        self.stories = StoryReader(connection, path)
        self.names = NameReader(connection, path)
        self.ids = IdReader(connection, path)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def meta(self, key: str) -> str | None:
        """Give one of the store's own facts (`base_url`, `cursor`, `writer`), or None."""
        with translated(self._path):
            row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def last_seq(self) -> int:
        """Give the newest event's sequence, 0 in an empty store."""
        with translated(self._path):
            return last_seq(self._connection)

    def first_seq(self) -> int:
        """Give the oldest event's sequence, 0 in an empty store."""
        with translated(self._path):
            return first_seq(self._connection)

    def forgotten(self) -> Forgotten:
        """Give what was forgotten of the log so that the rest stays small."""
        with translated(self._path):
            return forgotten_in(self._connection)

    def is_overdue(self, keep: Keep, now: float, events: int) -> bool:
        """Tell whether more than so many events are to be forgotten; `now` is in seconds since the epoch, UTC."""
        with translated(self._path):
            return is_overdue(self._connection, keep, now, events)

    def remnants(self, ids: Iterable[str]) -> dict[str, str]:
        """Give the times of those of these events that were forgotten, by their ids."""
        with translated(self._path):
            return remnants_of(self._connection, ids)

    def quarantined(self) -> int:
        """Count what was set aside."""
        with translated(self._path):
            row = self._connection.execute("SELECT count(*) FROM quarantine").fetchone()
        return int(row[0])

    def rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the events of these sequences as table rows, oldest first; a screenful, not a log."""
        return self.stories.complete(self.plain_rows(seqs))

    def plain_rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the same rows without what they need of other events."""
        with translated(self._path):
            found = self._connection.execute(
                "SELECT seq, id, type, occurred_at, received_at,"
                " CASE WHEN length(data) <= ? THEN data END, length(data)"
                " FROM events WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
                (ROW_DATA_MAX, json.dumps(list(seqs))),
            ).fetchall()
        return [
            Row(
                seq,
                self._text(id_),
                self._name(code),
                self._text(occurred_at),
                self._time(received_at),
                None if data is None else self._text(data),
                size,
            )
            for seq, id_, code, occurred_at, received_at, data, size in found
        ]

    def event(self, seq: int) -> Event | None:
        """Give one event with its whole payload, or None where the sequence has none."""
        return next(self.events(seq - 1, 1, seq), None)

    def events(self, after: int, limit: int, last: int | None = None) -> Iterator[Event]:
        """Yield up to `limit` whole events that follow the sequence `after`, oldest first, up to `last` if given."""
        with translated(self._path):
            found = self._connection.execute(
                "SELECT seq, id, type, occurred_at, received_at, data, extra FROM events"
                " WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
                (after, SEQ_MAX if last is None else last, limit),
            ).fetchall()
        yield from map(self._event, found)

    def whole(self, seqs: Sequence[int]) -> list[Event]:
        """Give the whole events of these sequences, oldest first; some hundreds, not a log."""
        with translated(self._path):
            found = self._connection.execute(
                "SELECT seq, id, type, occurred_at, received_at, data, extra FROM events"
                " WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq",
                (json.dumps(list(seqs)),),
            ).fetchall()
        return list(map(self._event, found))

    def seqs_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Give the sequences of those of these events that the log has, by their ids."""
        with translated(self._path):
            return seqs_of(self._connection, ids)

    def places(self, checkpoints: Iterable[Checkpoint]) -> dict[str, Place]:
        """Give where these checkpoints are in the log, by their names."""
        with translated(self._path):
            return {one.name: place_of(self._connection, one) for one in checkpoints}

    def page_of(self, seq: int) -> Asked | None:
        """Give what the page was asked for with from which an event came; None where that is not known."""
        with translated(self._path):
            found = page_of(self._connection, seq)
        if found is None:
            return None
        cursor, limit = found
        if not isinstance(limit, int):
            raise StoreDamaged(damaged(self._path))
        return Asked(None if cursor is None else self._text(cursor), limit)

    def newest(self) -> Event | None:
        """Give the newest event, None in an empty store."""
        return self.event(self.last_seq())

    def at_or_before(self, seq: int) -> Event | None:
        """Give the newest event up to a sequence, gaps left out; None where there is none."""
        with translated(self._path):
            found = self._connection.execute(
                "SELECT seq FROM log WHERE seq <= ? ORDER BY seq DESC LIMIT 1", (seq,)
            ).fetchone()
        return None if found is None else self.event(found[0])

    def count_after(self, seq: int) -> int:
        """Count the events that follow a sequence, gaps left out; takes longer for many of them."""
        with translated(self._path):
            found = self._connection.execute("SELECT count(*) FROM log WHERE seq > ?", (seq,)).fetchone()
        return int(found[0])

    def set_aside(self, limit: int, after: int) -> list[SetAside]:
        """Give what was set aside, oldest first: up to `limit` items that follow the item number `after`."""
        with translated(self._path):
            found = self._connection.execute(
                "SELECT rowid, digest, raw, reason, received_at FROM quarantine WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (after, limit),
            ).fetchall()
        return [SetAside(*row) for row in found]

    def probe(self) -> None:
        """Read a little of everything; raises `StoreDamaged` where that shows harm."""
        self.meta("cursor")
        self.quarantined()
        self.newest()

    def older(self, before: float) -> int:
        """Count the events that happened before a time, in seconds since the epoch."""
        return sum(len(old) for _, old in old_rows(self._connection, before))

    def problems(self) -> list[str]:
        """Compare the file with itself, from end to end; give a sentence for all that is not as it should be."""
        return find_problems(self._connection)

    def type_index(self) -> TypeIndex:
        """Load the type of every event from its compact form: a megabyte for a million events, not a scan."""
        with translated(self._path), self._snapshot():
            names = self._load_names()
            rows = self._connection.execute("SELECT codes, block FROM type_blocks ORDER BY block").fetchall()
        try:
            before = rows[0][1] * EVENTS_A_BLOCK if rows else 0
            return TypeIndex(names, b"".join(codes for codes, _block in rows), before)
        except (TypeError, ValueError, IndexError):
            raise StoreDamaged(damaged(self._path)) from None

    def types_behind(self) -> TypeIndex:
        """Give the index of the types before any of them is read; it reads them on connections of its own."""
        with translated(self._path), self._snapshot():
            found = self._connection.execute("SELECT name, count FROM types ORDER BY code").fetchall()
            last, first = last_seq(self._connection), first_seq(self._connection)
        if not all(isinstance(name, str) and isinstance(count, int) and count >= 0 for name, count in found):
            raise StoreDamaged(damaged(self._path))
        counts: dict[str, int] = dict(found)
        self._names = list(counts)
        before = max(0, first - 1) // EVENTS_A_BLOCK * EVENTS_A_BLOCK
        holes = last - before - sum(counts.values())
        if holes < 0:
            return self.type_index()
        read = partial(read_codes, self._path)
        index = TypeIndex.behind(counts, holes, read, before, partial(read_forgotten, self._path))
        index.forgotten = max(0, first - 1)
        return index

    def grown_since(self, seq: int, types_known: int) -> Grown:
        """Give what the log has after `seq`, at most `GROWTH_MAX` events of it, with the types after `types_known`."""
        with translated(self._path), self._snapshot():
            found = self._connection.execute(
                "SELECT seq, type FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (seq, GROWTH_MAX)
            ).fetchall()
            names = self._load_names()
        last = found[-1][0] if found else seq
        if last > LAST_SEQ_MAX or last - seq > SPAN_MAX:
            raise StoreDamaged(damaged(self._path))
        codes = [HOLE] * (last - seq)
        for number, code in found:
            self._name(code)
            codes[number - seq - 1] = code
        return Grown(seq + 1, last, tuple(codes), tuple(names[types_known:]))

    def _event(self, row: tuple[int, str, int, str, float, str, str | None]) -> Event:
        seq, id_, code, occurred_at, received_at, data, extra = row
        if not (type(id_) is type(occurred_at) is type(data) is str):  # what is in the file, whatever columns say
            raise StoreDamaged(damaged(self._path))
        beside = _NOTHING if extra is None else self._others(extra)
        return Event(id_, self._name(code), occurred_at, data, self._time(received_at), seq, beside)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    def _load_names(self) -> list[str]:
        found = self._connection.execute("SELECT name FROM types ORDER BY code").fetchall()
        self._names = [self._text(name) for (name,) in found]
        return self._names

    def _name(self, code: object) -> str:
        if not isinstance(code, int) or code < 1:
            raise StoreDamaged(damaged(self._path))
        if code > len(self._names):
            with translated(self._path):
                self._load_names()
            if code > len(self._names):
                raise StoreDamaged(damaged(self._path))
        return self._names[code - 1]

    def _text(self, value: object) -> str:
        """Give a text that SQLite gave; it gives what is in the file, whatever the table's columns say."""
        if not isinstance(value, str):
            raise StoreDamaged(damaged(self._path))
        return value

    def _time(self, value: object) -> float:
        if type(value) is float or type(value) is int:
            return value
        raise StoreDamaged(damaged(self._path))

    def _others(self, extra: str) -> Mapping[str, str]:
        try:
            members = json.loads(self._text(extra))
        except ValueError:
            members = None
        if not isinstance(members, dict):
            raise StoreDamaged(damaged(self._path))
        return MappingProxyType(members)
