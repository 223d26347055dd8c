"""The bytes that an event takes in the store, against those of its payload's text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from benchmarks.bench import Bench
from benchmarks.make_store import DEFAULT_URL, END, SPAN
from benchmarks.row import Row

from rex_tui.demo import SEED, Organisation, make_cursor
from rex_tui.event import Event, Page
from rex_tui.store import EventStore

EVENTS_A_PAGE: Final = 200


def store_rows(bench: Bench) -> Iterator[Row]:
    """Measure the file as the program leaves it after reading an organisation's history, page after page."""
    size = bench.pick(20_000, 100_000)
    path = bench.folder / "history.db"
    for old in bench.folder.glob(f"{path.name}*"):
        old.unlink()
    history = Organisation(SEED).history(size, END, SPAN)
    with EventStore(path, DEFAULT_URL) as store:
        for start in range(0, size, EVENTS_A_PAGE):
            part = history[start : start + EVENTS_A_PAGE]
            events = tuple(Event(one.id, one.type, one.occurred_at, one.data, END.timestamp()) for one in part)
            store.append([Page(events, (), has_more=True, next_cursor=make_cursor(part[-1].id))])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    text = sum(len(one.data.encode()) for one in history) / size
    floor = "the payload's text itself"
    yield Row("store-bytes", "store, an event", "bytes", [path.stat().st_size / size], [text], floor, size)
