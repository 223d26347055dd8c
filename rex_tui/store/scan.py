"""Scanning the log for a condition, in a thread of its own: a read-only connection that can be interrupted."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, cast

import msgspec

from rex_tui.store.errors import StoreDamaged, StoreError, damaged, translated


class ScanStopped(StoreError):
    """The scan was stopped from another thread; nothing is wrong with the store."""


class ScanCondition(Protocol):
    """A boolean SQL expression over `events AS e` and `types`, with its parameters and the functions it calls."""

    @property
    def sql(self) -> str:
        """Give the expression."""

    @property
    def parameters(self) -> Sequence[str | int | float | bytes]:
        """Give what its question marks stand for."""

    @property
    def functions(self) -> Mapping[str, Callable[..., object]]:
        """Give the functions that it calls, by name; each gives the same for the same arguments."""


class Scanner:
    """Finds the sequences of what meets a condition. For one thread at a time; `stop` may come from any other."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Take a read-only connection to the store at `path`."""
        self._connection = connection
        self._path = path
        self._functions: set[str] = set()
        self._stopped = False
        self._open = True
        self._closing = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        with self._closing, translated(self._path):
            self._open = False
            self._connection.close()

    def stop(self) -> None:
        """Stop the scan under way, and every later one; from any thread."""
        self._stopped = True
        with self._closing:
            if self._open:
                self._connection.interrupt()

    def seqs(
        self,
        condition: ScanCondition,
        first: int,
        last: int,
        *,
        among: Iterable[int] | None = None,
        always: Iterable[int] = (),
    ) -> array[int]:
        """Give the sequences from `first` to `last` that meet the condition, ascending, four bytes each.

        `among` are the type codes that are looked at (None: all), `always` those that are found whatever the
        condition says. Raises `ScanStopped`, or another `StoreError`.
        """
        for name in condition.functions.keys() - self._functions:
            function = cast("Callable[..., str | int | float | bytes | None]", condition.functions[name])
            self._connection.create_function(name, -1, function, deterministic=True)
            self._functions.add(name)
        # Codes stand in the text: of one, or none, SQLite makes a comparison, or nothing; of a table it makes a search.
        meets = f"({condition.sql})"
        if among is not None:
            meets = f"(e.type IN ({_listed(among)}) AND {meets})"
        if codes := _listed(always):
            meets = f"(e.type IN ({codes}) OR {meets})"
        # Rows are fetched as one text, because fetching, other than looking, keeps the other threads waiting.
        question = (
            "SELECT json_group_array(seq) FROM (SELECT e.seq AS seq FROM events AS e WHERE e.seq BETWEEN ? AND ?"  # noqa: S608 - a condition is SQL
            f" AND {meets} ORDER BY e.seq)"
        )
        try:
            with translated(self._path):
                self._go_on()
                found = self._connection.execute(question, (first, last, *condition.parameters))
                packed = found.fetchone()[0]
        except StoreError as error:
            if getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                raise ScanStopped("The scan was stopped.") from error
            raise
        self._go_on()
        try:
            return array("I", sorted(msgspec.json.decode(packed, type=list[int])))
        except (msgspec.MsgspecError, OverflowError, TypeError):
            raise StoreDamaged(damaged(self._path)) from None

    def _go_on(self) -> None:
        if self._stopped:
            raise ScanStopped("The scan was stopped.")


def _listed(codes: Iterable[int]) -> str:
    return ",".join(str(int(code)) for code in codes)
