"""One writer a store: an operating system's lock on a file beside it, gone with the process that holds it."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from rex_tui.store.schema import FILE_MODE


class WriterLock:
    """The right to write a store, for one process at a time. A killed process loses it at once."""

    def __init__(self, store_path: Path) -> None:
        """Prepare the lock of the store at `store_path`, without taking it."""
        self._lock = FileLock(store_path.with_name(store_path.name + ".lock"), mode=FILE_MODE, thread_local=False)

    @property
    def held(self) -> bool:
        """Tell whether this process may write."""
        return self._lock.is_locked

    def take(self) -> bool:
        """Try to take the lock without waiting; give whether this process holds it now."""
        if not self.held:
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                return False
        return True

    def release(self) -> None:
        """Give the lock back, if it is held."""
        self._lock.release(force=True)
