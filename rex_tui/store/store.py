"""The event store: one object that opens the file, holds the right to write it, and answers what it is asked."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rex_tui.event import GAP_TYPE, Event, Grown, Page, Row, SetAside
from rex_tui.store.aside import bears_our_mark, identity, move_aside
from rex_tui.store.errors import (
    OtherTenant,
    StoreDamaged,
    StoreForeign,
    StoreGone,
    StoreUnwritable,
    translated,
)
from rex_tui.store.gap import GapChoice, OpenGap
from rex_tui.store.lock import WriterLock
from rex_tui.store.reader import StoreReader
from rex_tui.store.schema import MIGRATIONS, close_to_others, connect, create_file, migrate, version_of
from rex_tui.store.type_index import TypeIndex
from rex_tui.store.upkeep import Deleted, StoreUpkeep
from rex_tui.store.writer import StoreWriter, content_of

CREATION_WAIT_S: Final = 5.0
CREATION_CHECK_S: Final = 0.02
SALT_BYTES: Final = 16

log = logging.getLogger(__name__)


class EventStore:
    """The durable log of one tenant. The first process to open it writes; any other follows, read-only.

    Reading happens in the thread that opened it; `append` may run in another, one call at a time.
    """

    def __init__(self, path: Path, base_url: str | None, *, mend: bool = True) -> None:
        """Open the store at `path` for the tenant at `base_url`, making it where there is none.

        Without `base_url` it is opened for whichever tenant it holds. A store of ours that is damaged is moved aside,
        never deleted (`moved_aside` then says where to), and a new one is begun, unless `mend` is off. Raises
        `StoreTooNew`, `OtherTenant`, `StoreDamaged` (for a file that may be somebody else's) or `StoreUnwritable`.
        """
        self.path = path
        self.moved_aside: Path | None = None
        self._base_url = base_url
        self._writer: StoreWriter | None = None
        self._lock = WriterLock(path)
        try:
            self._open()
        except StoreDamaged as error:
            if not mend:
                raise
            self._after_damage(error)
            self._open()

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

    # ---- writing

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
            facts = {"writer": str(os.getpid())} | ({"base_url": self._base_url} if self._base_url else {})
            if not connection.execute("SELECT 1 FROM meta WHERE key = 'salt'").fetchone():
                facts["salt"] = secrets.token_hex(SALT_BYTES)
            writer.set_meta(facts)
            self._writer = writer
            opening.pop_all()
        return True

    def append(self, pages: Sequence[Page], settled: Sequence[bytes] = ()) -> Grown:
        """Write pages and their last cursor in one transaction; give what was new.

        `settled` are the digests of what was set aside and is an event among these now. Raises `StoreUnwritable`
        (nothing of the pages was written), `StoreGone` or `StoreDamaged`.
        """
        writer = self._must_write()
        self._must_be_in_place()
        with translated(self.path):
            return writer.append(pages, settled)

    def adopt(self, found: Sequence[tuple[bytes, Event]]) -> Grown:
        """Take things that were set aside, by their digests, into the log as the events that they turned out to be.

        One whose id the log has with other content stays set aside.
        """
        with translated(self.path):
            known = self._must_write().known({event.id for _, event in found})
        fitting = [
            (digest, event)
            for digest, event in found
            if event.type != GAP_TYPE and known.get(event.id, content_of(event)) == content_of(event)
        ]
        events = tuple(event for _, event in fitting)
        return self.append([Page(events, (), has_more=False, next_cursor=None)], [digest for digest, _ in fitting])

    def forget_cursor(self, why: str, choice: GapChoice, now: float) -> None:
        """Let the next poll begin at the start of Rex's log; events known already are told by their ids.

        Rex refused our place because of `why`: what comes next is told apart by a row of its own, unless it shows
        that nothing is missing. `now` is in seconds since the epoch, UTC.
        """
        writer = self._must_write()
        newest = self._reader.newest()
        gap = None if newest is None else OpenGap(why, choice, now, newest.id, newest.occurred_at)
        with translated(self.path):
            writer.forget_cursor(gap)

    def accept_key(self, tag: str) -> None:
        """Note that the API key of this tag (see `ApiKey.tag`) belongs to the log in this store."""
        writer = self._must_write()
        with translated(self.path):
            writer.set_meta({"key_tag": tag})

    # ---- mending

    def start_over(self) -> Path:
        """Move the damaged file aside and begin a new one; give where it is now. Only for the one who writes.

        Raises `StoreError` where that can't be done; the file is as it was then.
        """
        self._must_write()
        self._close_connections()
        self._after_damage(StoreDamaged(f"The store {self.path} is damaged and can't be moved aside."))
        self._open()
        assert self.moved_aside is not None  # noqa: S101 - `_after_damage` has just said where to
        return self.moved_aside

    def reopen(self) -> None:
        """Open what now is at the store's path, after the file was replaced, deleted or mended."""
        self._close_connections()
        self._lock.release()
        self._open()

    def forget(self, before: float) -> Deleted:
        """Delete for good what happened before a time, in seconds since the epoch, UTC; give what was deleted."""
        upkeep = self._upkeep()
        with translated(self.path):
            deleted = upkeep.forget(before)
        self.reopen()
        return deleted

    def older(self, before: float) -> int:
        """Count the events that `forget` would delete."""
        with translated(self.path):
            return self._reader.older(before)

    def compact(self) -> tuple[int, int]:
        """Give the space of deleted rows back to the disk; give the file's bytes before and after."""
        upkeep = self._upkeep()
        with translated(self.path):
            return upkeep.compact()

    def problems(self) -> list[str]:
        """Compare the file with itself, from end to end; give a sentence for all that is not as it should be."""
        with translated(self.path):
            return self._reader.problems()

    def knows(self, page: Page) -> bool:
        """Tell whether anything of a page is in this log, or was set aside or forgotten there."""
        writer = self._must_write()
        with translated(self.path):
            return writer.knows(page)

    # ---- reading

    @property
    def cursor(self) -> str | None:
        """Give the place in Rex's log up to which the store has everything; None before the first page."""
        return self._reader.meta("cursor")

    @property
    def base_url(self) -> str | None:
        """Give the address of the tenant whose log this is."""
        return self._reader.meta("base_url")

    @property
    def key_salt(self) -> bytes:
        """Give the salt for the tags of API keys, another in every store."""
        return (self._reader.meta("salt") or "").encode()

    @property
    def key_tag(self) -> str | None:
        """Give the tag of the API key that this log was last read with."""
        return self._reader.meta("key_tag")

    def type_index(self) -> TypeIndex:
        """Load the type of every event; `refresh` then gives what came after it."""
        index = self._reader.type_index()
        self._seen, self._types_seen = len(index), len(index.names)
        return index

    def refresh(self) -> Grown:
        """Give what another process added since the last `type_index` or `refresh`.

        Raises `StoreGone`, also where another process deleted a part of the log.
        """
        self._must_be_in_place()
        if self._reader.meta("epoch") != self._epoch:
            raise StoreGone(f"Another process deleted a part of the log in {self.path}.")
        grown = self._reader.grown_since(self._seen, self._types_seen)
        self._seen = grown.last
        self._types_seen += len(grown.new_types)
        return grown

    def last_seq(self) -> int:
        """Give the newest event's sequence, 0 in an empty store."""
        return self._reader.last_seq()

    def newest_occurred_at(self) -> str:
        """Give the newest event's time as Rex sent it, "" in an empty store."""
        newest = self._reader.newest()
        return "" if newest is None else newest.occurred_at

    def quarantined(self) -> int:
        """Count what was set aside because it could not be kept as an event."""
        return self._reader.quarantined()

    def set_aside(self, limit: int, after: int = 0) -> list[SetAside]:
        """Give what was set aside, oldest first: up to `limit` items that follow the item number `after`."""
        return self._reader.set_aside(limit, after)

    def rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the events of these sequences as table rows, oldest first; a screenful, not a log."""
        return self._reader.rows(seqs)

    def event(self, seq: int) -> Event | None:
        """Give one event with its whole payload, or None where the sequence has none."""
        return self._reader.event(seq)

    def events(self, after: int, limit: int) -> Iterator[Event]:
        """Yield up to `limit` whole events that follow the sequence `after`, oldest first."""
        return self._reader.events(after, limit)

    # ---- opening and closing

    def _open(self) -> None:
        with translated(self.path), ExitStack() as opening:
            create_file(self.path)
            opening.callback(self._close_writer)
            self.become_writer()
            self._reader = StoreReader(self._open_reader(), self.path)
            opening.callback(self._reader.close)
            self._reader.probe()
            self._identity = identity(self.path)
            self._epoch = self._reader.meta("epoch")
            opening.pop_all()
        self._lock.was_there = True
        self._seen = 0
        self._types_seen = 0

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
        if row is not None and self._base_url not in (None, row[0]):
            raise OtherTenant(
                f"{self.path} holds the events of {row[0]}, not of {self._base_url}. Nothing was changed; "
                "name another file with --store, or leave it out to get one a tenant."
            )
        return row is not None or self._base_url is None

    def _after_damage(self, error: StoreDamaged) -> None:
        """Move a damaged file of ours aside; raises `error` where it is not ours, or another process has it."""
        ours = bears_our_mark(self.path) or (self._lock.was_there and not isinstance(error, StoreForeign))
        if not self._lock.take():
            raise error
        if not ours:
            if not self._lock.was_there:
                self._lock.remove()
            self._lock.release()
            raise error
        try:
            self.moved_aside = move_aside(self.path)
        except OSError as reason:
            self._lock.release()
            raise error from reason
        log.warning("damaged store moved aside to %s", self.moved_aside)

    def _must_write(self) -> StoreWriter:
        if self._writer is None:
            raise StoreUnwritable(f"Another rex-tui writes {self.path}; this one only follows.")
        return self._writer

    def _must_be_in_place(self) -> None:
        """Raise `StoreGone` where the file at our path is no longer the one that we opened."""
        with translated(self.path):
            gone = identity(self.path) != self._identity or (self._lock.held and not self._lock.in_place)
        if gone:
            raise StoreGone(
                f"The store {self.path} was deleted or replaced while it was open, so nothing more is written to it."
            )

    def _upkeep(self) -> StoreUpkeep:
        writer = self._must_write()
        self._must_be_in_place()
        return writer.upkeep(self.path)

    def _close_connections(self) -> None:
        """Close both connections, also of a damaged file; the right to write is kept."""
        with suppress(sqlite3.Error):
            self._reader.close()
        if self._writer is not None:
            with suppress(sqlite3.Error):
                self._writer.close()
            self._writer = None

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._lock.release()
