"""Measure how fast a first catch-up is, against the floor of reading the same pages and keeping nothing.

    python tests/benchmarks/catch_up.py [--events 100000] [--runs 3]

A demo Rex without a rate limit serves the log from a process of its own. `Poller` with `EventStore` reads all of it
into a new store; the floor is a bare loop over `RexClient`. Prints events a second of both, and the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Final

from rex_tui.api import RexClient
from rex_tui.api_key import ApiKey
from rex_tui.demo import DEMO_KEY, SEED, DemoLog, DemoServer, Organisation
from rex_tui.feed import CaughtUp, FeedStatus, Poller, Stopped, SystemClock
from rex_tui.store import EventStore

EVENTS: Final = 100_000
RUNS: Final = 3
END: Final = datetime(2026, 1, 1, tzinfo=UTC)
REQUESTS_PER_MINUTE: Final = 100_000_000
INTERVAL_S: Final = 300.0
SERVER_START_MAX_S: Final = 120.0


@contextmanager
def rex_elsewhere(events: int) -> Iterator[str]:
    """Serve a log of `events` from another process; give its address."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(events, theirs), daemon=True)
    process.start()
    try:
        if not ours.poll(SERVER_START_MAX_S):
            raise TimeoutError("the demo Rex did not start")
        yield ours.recv()
        ours.send("stop")
    finally:
        process.join(2)
        process.kill()


def _serve(events: int, pipe: Connection) -> None:
    log = DemoLog(Organisation(SEED).history(events, END))
    with DemoServer(log, requests_per_minute=REQUESTS_PER_MINUTE) as rex:
        pipe.send(rex.url)
        pipe.recv()


async def bare_loop(url: str) -> int:
    """Read every page and keep nothing; give the number of events."""
    count, cursor, has_more = 0, None, True
    async with RexClient(url, ApiKey(DEMO_KEY)) as client:
        while has_more:
            page = await client.events(cursor)
            count, cursor, has_more = count + len(page.events), page.next_cursor, page.has_more
    return count


async def catch_up(url: str, path: Path) -> int:
    """Read every page into a new store at `path`, as the program does; give the number of events."""
    ended = asyncio.Event()

    def note(status: FeedStatus) -> None:
        if isinstance(status.state, CaughtUp | Stopped):
            ended.set()

    with EventStore(path, url) as store:
        async with RexClient(url, ApiKey(DEMO_KEY)) as client:
            poller = Poller(
                client, store, interval_s=INTERVAL_S, clock=SystemClock(), random=Random(SEED), on_status=note
            )
            polling = asyncio.create_task(poller.run())
            await ended.wait()
            polling.cancel()
            await asyncio.wait([polling])
        return store.last_seq()


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Measure how fast a first catch-up is.")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    bare: list[float] = []
    stored: list[float] = []
    with rex_elsewhere(chosen.events) as url, tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as folder:
        for number in range(chosen.runs):
            started = time.perf_counter()
            read = asyncio.run(bare_loop(url))
            between = time.perf_counter()
            kept = asyncio.run(catch_up(url, Path(folder) / f"{number}.db"))
            ended = time.perf_counter()
            if (read, kept) != (chosen.events, chosen.events):
                sys.exit(f"read {read:,} and kept {kept:,} of {chosen.events:,} events")
            bare.append(read / (between - started))
            stored.append(kept / (ended - between))
    floor, rate = statistics.median(bare), statistics.median(stored)
    print(f"bare RexClient loop    {floor:10,.0f} events/s")
    print(f"Poller and EventStore  {rate:10,.0f} events/s")
    print(f"ratio                  {rate / floor:10.2f}")


if __name__ == "__main__":
    main()
