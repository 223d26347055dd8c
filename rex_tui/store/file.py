"""The store's file: opened for the one who may write or for followers, mended, and left alone when it is not ours."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rex_tui.safe_text import clean
from rex_tui.store.aside import bears_our_mark, identity, move_aside
from rex_tui.store.errors import (
    OtherTenant,
    StoreDamaged,
    StoreForeign,
    StoreGone,
    StoreUnwritable,
    translated,
)
from rex_tui.store.lock import WriterLock
from rex_tui.store.reader import StoreReader
from rex_tui.store.schema import MIGRATIONS, close_to_others, connect, create_file, maker_of, migrate, version_of
from rex_tui.store.writer import StoreWriter

CREATION_WAIT_S: Final = 5.0
CREATION_CHECK_S: Final = 0.02
SALT_BYTES: Final = 16

log = logging.getLogger(__name__)


class StoreFile:
    """A store's file, open: for writing in the first process that opens it, for following in any other."""

    def __init__(
        self,
        path: Path,
        base_url: str | None,
        *,
        mend: bool = True,
        told: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        """Open the store at `path` for the tenant at `base_url`, making it where there is none.

        Without `base_url` it is opened for whichever tenant it holds. A store of ours that is damaged is moved aside,
        never deleted (`moved_aside` then says where to), and a new one is begun, unless `mend` is off. `told` is called
        while an older store is brought up to date, with how many of how many events are done. Raises `StoreTooNew`,
        `OtherTenant`, `StoreDamaged` (for a file that may be somebody else's) or `StoreUnwritable`.
        """
        self.path = path
        self.moved_aside: Path | None = None
        self._base_url = base_url
        self._told = told
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
            migrate(connection, self.path, told=self._told)
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
                maker = maker_of(connection)
            if time.monotonic() > give_up:
                if maker:
                    raise StoreUnwritable(
                        f"Another rex-tui (process {clean(maker, 10)}) is making the index of {self.path}, which "
                        "happens once; until it is done, nothing can be read. Start this one again when that one is up."
                    )
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
