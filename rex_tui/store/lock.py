"""One writer a store: an operating system's lock on a file beside it, gone with the process that holds it."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from rex_tui.store.aside import identity
from rex_tui.store.schema import FILE_MODE


class WriterLock:
    """The right to write a store, for one process at a time. A killed process loses it at once."""

    def __init__(self, store_path: Path) -> None:
        """Prepare the lock of the store at `store_path`, without taking it."""
        self._path = store_path.with_name(store_path.name + ".lock")
        self.was_there = self._path.exists()
        """Whether a store of ours was opened here before."""
        self._lock = self._make()
        self._identity: tuple[int, int] | None = None

    @property
    def held(self) -> bool:
        """Tell whether this process may write."""
        return self._lock.is_locked

    @property
    def in_place(self) -> bool:
        """Tell whether the lock that is held still keeps others out: not once its file was deleted."""
        return self._identity == identity(self._path)

    def take(self) -> bool:
        """Try to take the lock without waiting; give whether this process holds it now."""
        if not self.held:
            self._lock = self._make()
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                return False
            self._identity = identity(self._path)
        return True

    def release(self) -> None:
        """Give the lock back, if it is held."""
        self._lock.release(force=True)

    def remove(self) -> None:
        """Leave nothing beside a file that turned out not to be ours; only for the holder."""
        self._path.unlink(missing_ok=True)
        self.release()

    def _make(self) -> FileLock:
        return FileLock(self._path, mode=FILE_MODE, thread_local=False)
