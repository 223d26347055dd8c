"""Make a store of any length, as years of watching would have left it.

    python tests/benchmarks/make_store.py PATH COUNT [--url URL]

The events are those of the demo's organisation (its types, their shares, their payloads), told again with ids and
times of their own until there are COUNT of them, spread over a year. The first 20,000 go through `EventStore.append`,
and SQLite multiplies them (`multiplied.py`), into what the program itself would have written: `rex-tui store check`
says so. The newest one carries `NEWEST_NAME`, for who looks for it on a screen.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.idle_rex import KEY
from benchmarks.multiplied import multiply

from rex_tui.api_key import ApiKey
from rex_tui.demo import SEED, DemoEvent, Organisation, make_cursor
from rex_tui.demo.ids import ulid
from rex_tui.event import Event, Page
from rex_tui.store import EventStore

DEFAULT_URL: Final = "http://127.0.0.1:8460"
NEWEST_NAME: Final = "Newest of them all"
END: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Long ago, so that no relative time on a screen changes while one looks."""
SPAN: Final = timedelta(days=365)
STORIES: Final = 20_000
STORIES_MIN: Final = 500
"""A history of so many events has each type."""
EVENTS_A_PAGE: Final = 20_000
RANDOM_BITS: Final = 80


def make_store(path: Path, count: int, base_url: str) -> None:
    """Write a new store of `count` (at least 1) events of the tenant at `base_url` to `path`.

    The first `STORIES` of them, and the newest, are appended as the program does it; those between are multiplied.
    """
    base = min(count - 1, STORIES)
    with EventStore(path, base_url) as store:
        if store.last_seq():
            raise FileExistsError(f"{path} has events already")
        _append(store, islice(made_events(count), base))
        _accept(store)
    multiply(path, base, count - 1, step_s=SPAN.total_seconds() / count)
    with EventStore(path, base_url) as store:
        _append(store, iter([newest_event()]))


def _append(store: EventStore, coming: Iterator[Event]) -> None:
    while events := tuple(islice(coming, EVENTS_A_PAGE)):
        store.append([Page(events, (), has_more=True, next_cursor=make_cursor(events[-1].id))])


def adopt_store(path: Path, base_url: str) -> int:
    """Make an existing store that of the tenant at `base_url`; give the number of its events."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'base_url'", (base_url,))
        found: int = connection.execute("SELECT count(*) FROM events").fetchone()[0]
    with EventStore(path, base_url) as store:
        _accept(store)
    return found


def _accept(store: EventStore) -> None:
    """Know the idle Rex's key, which shows no event by which it could be told whose it is."""
    store.accept_key(ApiKey(KEY).tag(store.key_salt))


def made_events(count: int) -> Iterator[Event]:
    """Yield `count` events, spread over a year."""
    rng = Random(SEED)
    stories = Organisation(SEED).history(min(count, STORIES), END, SPAN)
    start_s, step_s = (END - SPAN).timestamp(), SPAN.total_seconds() / count
    for number, story in zip(range(count - 1), cycle(stories), strict=False):
        yield _event(story.type, story.data, start_s + (number + rng.random()) * step_s, rng)
    yield newest_event()


def newest_event() -> Event:
    """Give the event that stands at the end of each of these logs."""
    stories = Organisation(SEED).history(STORIES_MIN, END, SPAN)
    return _event("deal.created", _newest_data(stories), END.timestamp(), Random(SEED + 1))


def _event(type_: str, data: str, at_s: float, rng: Random) -> Event:
    id_ = f"evt_{ulid(int(at_s * 1000), rng.getrandbits(RANDOM_BITS))}"
    return Event(id_, type_, f"{datetime.fromtimestamp(at_s, UTC).isoformat()[:19]}Z", data, at_s)


def _newest_data(stories: list[DemoEvent]) -> str:
    """Give the payload of the newest event: that of some deal, under a name that no other has."""
    payload: dict[str, object] = next((json.loads(story.data) for story in stories if story.type == "deal.created"), {})
    return json.dumps(payload | {"name": NEWEST_NAME}, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Read the command line and make the store."""
    parser = argparse.ArgumentParser(description="Make a store of any length.")
    parser.add_argument("path", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--url", default=DEFAULT_URL, help=f"the tenant it mirrors (default: {DEFAULT_URL})")
    chosen = parser.parse_args()
    before = time.perf_counter()
    make_store(chosen.path, chosen.count, chosen.url)
    took, size = time.perf_counter() - before, chosen.path.stat().st_size
    print(f"{chosen.path}: {chosen.count:,} events, {size / 2**20:,.0f} MiB, in {took:.1f} s")


if __name__ == "__main__":
    main()
