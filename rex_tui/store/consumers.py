"""Consumers: programs that take the log through `tail --as NAME`, each with a place of its own that outlives them.

Their places are in the notebook beside the store, so that a store which is moved aside and read again loses none.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import replace

from rex_tui.checkpoint import NOWHERE, Checkpoint
from rex_tui.store.errors import StoreError
from rex_tui.store.schema import FILE_MODE
from rex_tui.store.store import EventStore

CONSUMERS_SCRIPT: Final = """
    CREATE TABLE IF NOT EXISTS consumers (
        name TEXT PRIMARY KEY, event_id TEXT NOT NULL, occurred_at TEXT NOT NULL, seq INTEGER NOT NULL,
        log TEXT NOT NULL, since REAL, moved_at REAL NOT NULL, pid INTEGER NOT NULL
    );
"""
"""The table in the notebook's file."""
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
"""What a consumer may be called: its name is in the name of a file, on systems that know no capitals, too."""


class Consumer(Struct, frozen=True):
    """How far a consumer has come: it has all up to the event of this id, "" for none, which had this `seq`.

    The sequence is one of the log that `log` tells apart from others (see `log_of`), "" for none. With `since`, it
    takes nothing before the first event that happened then or later, in seconds since the epoch, UTC; it has met none
    yet. `moved_at`, in the same, is when its place last moved, 0 for never. `pid` is the process that last began.
    """

    name: str
    event_id: str = ""
    occurred_at: str = ""
    seq: int = 0
    log: str = ""
    since: float | None = None
    moved_at: float = 0.0
    pid: int = 0


class ConsumerBusy(StoreError):
    """Another process takes the log under this name."""


class ConsumerLock:
    """The right to be a consumer, for one process at a time, as a context manager. A killed process loses it at once.

    Entering raises `ConsumerBusy` where another one has it, and `StoreError` where the lock can't be made.
    """

    def __init__(self, store: Path, name: str) -> None:
        """Prepare the lock of a consumer of the store at this path."""
        self._name = name
        self._lock = FileLock(store.with_name(f"{store.name}.as-{name}.lock"), mode=FILE_MODE, thread_local=False)

    def __enter__(self) -> None:
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise ConsumerBusy(self._name) from None
        except OSError as error:
            raise StoreError(
                f"{self._lock.lock_file} can't be written ({error.strerror or error}), so nobody can be kept from "
                "taking the same events twice. Nothing was done."
            ) from None

    def __exit__(self, *_: object) -> None:
        self._lock.release(force=True)


def read_consumers(connection: sqlite3.Connection) -> dict[str, Consumer]:
    """Give every consumer by its name, in the order of the names."""
    found = connection.execute(
        "SELECT name, event_id, occurred_at, seq, log, since, moved_at, pid FROM consumers ORDER BY name"
    ).fetchall()
    return {str(row[0]): Consumer(*row) for row in found}


def write_consumer(connection: sqlite3.Connection, kept: Consumer) -> None:
    """Keep a consumer in place of the one that had its name."""
    row = (kept.name, kept.event_id, kept.occurred_at, kept.seq, kept.log, kept.since, kept.moved_at, kept.pid)
    connection.execute("INSERT OR REPLACE INTO consumers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def log_of(store: EventStore) -> str:
    """Give what tells the log in a store from the one that is read anew after it was moved aside."""
    return hashlib.sha256(store.key_salt).hexdigest()[:16]


def place_in(store: EventStore, consumer: Consumer) -> int | None:
    """Give the sequence up to which a consumer has everything; None where its event is not in this log.

    The log may not have come to it yet, since it is read again, or never will.
    """
    if not consumer.event_id and not consumer.log:
        return 0
    found = store.seqs_of([consumer.event_id]).get(consumer.event_id) if consumer.event_id else None
    if found is not None:
        return found
    return min(consumer.seq, store.last_seq()) if consumer.log == log_of(store) else None


class HeldBack(Struct, frozen=True):
    """Up to which sequence the slowest consumer has everything, 0 where that is not known: nothing is forgotten there.

    `since` is when its place last moved, in seconds since the epoch, UTC, 0 for never.
    """

    name: str
    seq: int
    since: float


def held_back(store: EventStore, consumers: Iterable[Consumer]) -> HeldBack | None:
    """Give the consumer behind which nothing of a log is forgotten; None where there is no consumer."""
    places = ((place_in(store, one) or 0, one.moved_at, one.name) for one in consumers)
    slowest = min(places, default=None)
    return None if slowest is None else HeldBack(slowest[2], slowest[0], slowest[1])


def place_by_time(store: EventStore, consumer: Consumer) -> int:
    """Give the sequence behind which that is which happened later than the event that a consumer came to."""
    told = Checkpoint(consumer.name, consumer.event_id, consumer.occurred_at, consumer.moved_at)
    seq = store.places([told])[consumer.name].seq
    return store.last_seq() if seq == NOWHERE else seq


def without_forgotten(store: EventStore, consumer: Consumer) -> Consumer:
    """Give a consumer at the same place behind an event that the log still has, since its own was deleted."""
    if consumer.log != log_of(store) or store.seqs_of([consumer.event_id]):
        return consumer
    before = store.at_or_before(consumer.seq)
    if before is None:
        return replace(consumer, event_id="", occurred_at="", seq=0)
    return replace(consumer, event_id=before.id, occurred_at=before.occurred_at, seq=before.seq)
