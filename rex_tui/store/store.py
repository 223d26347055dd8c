"""The event store: one object that opens the file, holds the right to write it, and answers what it is asked."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rex_tui.event import Event, Grown, Page, Row
from rex_tui.store.errors import OtherTenant, StoreUnwritable, translated
from rex_tui.store.lock import WriterLock
from rex_tui.store.reader import StoreReader
from rex_tui.store.schema import MIGRATIONS, close_to_others, connect, create_file, migrate, version_of
from rex_tui.store.type_index import TypeIndex
from rex_tui.store.writer import StoreWriter

CREATION_WAIT_S: Final = 5.0
CREATION_CHECK_S: Final = 0.02


class EventStore:
    """The durable log of one tenant. The first process to open it writes; any other follows, read-only.

    Reading happens in the thread that opened it; `append` may run in another, one call at a time.
    """

    def __init__(self, path: Path, base_url: str) -> None:
        """Open the store at `path` for the tenant at `base_url`, making it where there is none.

        Raises `StoreTooNew`, `OtherTenant`, `StoreDamaged` or `StoreUnwritable`.
        """
        self.path = path
        self._base_url = base_url
        self._writer: StoreWriter | None = None
        with translated(path), ExitStack() as opening:
            create_file(path)
            self._lock = WriterLock(path)
            opening.callback(self._close_writer)
            self.become_writer()
            self._reader = StoreReader(self._open_reader(), path)
            opening.pop_all()
        self._seen = 0
        self._types_seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give back the right to write it."""
        with translated(self.path):
            self._reader.close()
            self._close_writer()

    @property
    def writable(self) -> bool:
        """Tell whether this process writes the store; otherwise it follows another one that does."""
        return self._writer is not None

    @property
    def writer_pid(self) -> str:
        """Give the process number of the last process that wrote the store, as text."""
        return self._reader.meta("writer") or "?"

    def become_writer(self) -> bool:
        """Take the right to write if no other process has it; give whether this process has it now."""
        if self._writer is not None:
            return True
        with translated(self.path), ExitStack() as opening:
            if not self._lock.take():
                return False
            opening.callback(self._lock.release)
            connection = connect(self.path, writable=True)
            opening.callback(connection.close)
            migrate(connection, self.path)
            self._check_tenant(connection)
            close_to_others(self.path)
            writer = StoreWriter(connection)
            writer.set_meta({"base_url": self._base_url, "writer": str(os.getpid())})
            self._writer = writer
            opening.pop_all()
        return True

    def append(self, pages: Sequence[Page]) -> Grown:
        """Write pages and their last cursor in one transaction; give what was new.

        Raises `StoreUnwritable` (nothing of the pages was written) or `StoreDamaged`.
        """
        if self._writer is None:
            raise StoreUnwritable(f"Another rex-tui writes {self.path}; this one only follows.")
        with translated(self.path):
            return self._writer.append(pages)

    def forget_cursor(self) -> None:
        """Let the next poll begin at the start of Rex's log; events known already are told by their ids."""
        if self._writer is not None:
            with translated(self.path):
                self._writer.forget_cursor()

    @property
    def cursor(self) -> str | None:
        """Give the place in Rex's log up to which the store has everything; None before the first page."""
        return self._reader.meta("cursor")

    def type_index(self) -> TypeIndex:
        """Load the type of every event; `refresh` then gives what came after it."""
        index = self._reader.type_index()
        self._seen, self._types_seen = len(index), len(index.names)
        return index

    def refresh(self) -> Grown:
        """Give what another process added since the last `type_index` or `refresh`."""
        grown = self._reader.grown_since(self._seen, self._types_seen)
        self._seen = grown.last
        self._types_seen += len(grown.new_types)
        return grown

    def last_seq(self) -> int:
        """Give the newest event's sequence, 0 in an empty store."""
        return self._reader.last_seq()

    def newest_occurred_at(self) -> str:
        """Give the newest event's time as Rex sent it, "" in an empty store."""
        return self._reader.newest_occurred_at()

    def quarantined(self) -> int:
        """Count what was set aside because it could not be kept as an event."""
        return self._reader.quarantined()

    def rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the events of these sequences as table rows, oldest first; a screenful, not a log."""
        return self._reader.rows(seqs)

    def event(self, seq: int) -> Event | None:
        """Give one event with its whole payload, or None where the sequence has none."""
        return self._reader.event(seq)

    def events(self, after: int, limit: int) -> Iterator[Event]:
        """Yield up to `limit` whole events that follow the sequence `after`, oldest first."""
        return self._reader.events(after, limit)

    def _open_reader(self) -> sqlite3.Connection:
        """Open for reading, once the process that writes has made the tables."""
        give_up = time.monotonic() + CREATION_WAIT_S
        while True:
            with ExitStack() as opening:
                connection = connect(self.path, writable=False)
                opening.callback(connection.close)
                if version_of(connection, self.path) == len(MIGRATIONS) and self._check_tenant(connection):
                    opening.pop_all()
                    return connection
            if time.monotonic() > give_up:
                raise StoreUnwritable(
                    f"An older rex-tui, or one that hangs, holds {self.path}. "
                    "End it, or name another file with --store."
                )
            time.sleep(CREATION_CHECK_S)

    def _check_tenant(self, connection: sqlite3.Connection) -> bool:
        """Tell whether the store says whose it is; raises `OtherTenant` where it is another's."""
        row = connection.execute("SELECT value FROM meta WHERE key = 'base_url'").fetchone()
        if row is not None and row[0] != self._base_url:
            raise OtherTenant(
                f"{self.path} holds the events of {row[0]}, not of {self._base_url}. Nothing was changed; "
                "name another file with --store, or leave it out to get one a tenant."
            )
        return row is not None

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._lock.release()
