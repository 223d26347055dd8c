"""Reading the times of a log for a thread of its own: from their compact form, without a look at the rows."""

from __future__ import annotations

from array import array
from pathlib import Path
from types import TracebackType
from typing import Self

from rex_tui.store import blocks
from rex_tui.store.errors import StoreDamaged, damaged, translated
from rex_tui.store.schema import connect
from rex_tui.store.times import read_times


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

        Where the compact form does not reach so far, as in a damaged file, the rows are read. Raises `StoreError`.
        """
        try:
            with translated(self._path):
                packed = blocks.read_part(self._connection, blocks.TIMES, first, last)
                if len(packed) == blocks.TIMES.width * (last - first + 1):
                    return blocks.unpack(blocks.TIMES, packed)
                return read_times(self._connection, first, last)
        except (TypeError, ValueError):
            raise StoreDamaged(damaged(self._path)) from None
