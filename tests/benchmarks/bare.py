"""The floor under a catch-up: httpx reads each page, and msgspec its events, or nothing does, or a table keeps them.

    python tests/benchmarks/bare.py URL read|pass|keep

Prints the number of events and the seconds from the first request to the last answer.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import httpx
import msgspec

LIMIT: Final = 200
COMMIT_EVERY_S: Final = 0.1


class Event(msgspec.Struct):
    """An event, its payload as it came."""

    id: str
    type: str
    occurred_at: str
    data: msgspec.Raw


class Page(msgspec.Struct):
    """A page of events."""

    data: list[Event]
    has_more: bool
    next_cursor: str


class Kept:
    """A table of events with an index over their ids, in a file, as whoever must lose none and double none has it."""

    def __init__(self, path: Path) -> None:
        """Make the file."""
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT, occurred_at TEXT, data TEXT);"
        )
        self._began = float("-inf")

    def put(self, events: Iterable[Event]) -> None:
        """Add events, in transactions of a tenth of a second."""
        if time.perf_counter() > self._began + COMMIT_EVERY_S:
            self.commit()
            self._database.execute("BEGIN IMMEDIATE")
            self._began = time.perf_counter()
        self._database.executemany(
            "INSERT OR IGNORE INTO events (id, type, occurred_at, data) VALUES (?, ?, ?, ?)",
            [(event.id, event.type, event.occurred_at, str(event.data, "utf-8")) for event in events],
        )

    def commit(self) -> None:
        """Commit what was added."""
        if self._database.in_transaction:
            self._database.execute("COMMIT")


async def read_all(url: str, *, decode: bool, kept: Kept | None = None) -> int:
    """Ask for one page after another; without `decode`, do nothing with them but look whether there are more."""
    decoder = msgspec.json.Decoder(Page)
    events, cursor, more = 0, "", True
    async with httpx.AsyncClient() as client:
        while more:
            asked = {"limit": str(LIMIT)} | ({"cursor": cursor} if cursor else {})
            content = (await client.get(f"{url}/events", params=asked)).content
            if decode:
                page = decoder.decode(content)
                events, cursor, more = events + len(page.data), page.next_cursor, page.has_more
                if kept is not None:
                    kept.put(page.data)
            else:
                more = b'"has_more":true' in content[-100:]
                cursor = content.rpartition(b'"next_cursor":"')[2][:-2].decode()
                events = int(cursor[1:])
    if kept is not None:
        kept.commit()
    return events


def main() -> None:
    """Read the command line, ask, print."""
    url, how = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as folder:
        kept = Kept(Path(folder) / "kept.db") if how == "keep" else None
        started = time.perf_counter()
        events = asyncio.run(read_all(url, decode=how != "pass", kept=kept))
        print(events, time.perf_counter() - started)


if __name__ == "__main__":
    main()
