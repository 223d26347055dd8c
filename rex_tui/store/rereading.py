"""Reading Rex's log again from its start, past the part of it that was forgotten to keep the rest small."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from rex_tui.event import Page
from rex_tui.store.retention import NOTHING, REREADS, forgotten_in
from rex_tui.store.times import seconds_of


class Rereading:
    """Tells which events of a log that is read again come before those that are kept, and so stay forgotten.

    That is so up to the first event that the store has. Where Rex has none of them any more, the times tell.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Work over the store's one writable connection, inside transactions of its owner."""
        self._connection = connection

    def begin(self) -> None:
        """Note that the log is read again from its start, where something of it was forgotten."""
        if forgotten_in(self._connection) != NOTHING:
            self._connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, '1')", (REREADS,))

    def passed_over(self, pages: Sequence[Page], known: Collection[str]) -> set[str]:
        """Give the ids of those events that stay forgotten; the store knows those that are `known`."""
        if not self._connection.execute("SELECT 1 FROM meta WHERE key = ?", (REREADS,)).fetchone():
            return set()
        latest = forgotten_in(self._connection).latest
        passed: set[str] = set()
        for page in pages:
            for event in page.events:
                if event.id in known:
                    self._end()
                    return passed
                if seconds_of(event.occurred_at) <= latest:
                    passed.add(event.id)
            if not page.has_more:
                self._end()
                break
        return passed

    def _end(self) -> None:
        self._connection.execute("DELETE FROM meta WHERE key = ?", (REREADS,))
