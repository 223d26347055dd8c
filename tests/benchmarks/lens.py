"""Measure how fast a lens opens over a long log: the entity mentioned most, one seldom met, one never seen.

    python tests/benchmarks/lens.py [--events 1000000] [--runs 5] [--store FILE]

Each figure is the time from asking until the screen has painted the story, in milliseconds; the median, and the
slowest. The first opening after a start, of the entity mentioned most, while the log's times are still being read,
stands by itself. Garbage is collected as in the program: not while it starts, and then not what that made.

With `--store` the store is made there, or used where it is there already.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.idle_rex import KEY, idle_rex
from benchmarks.make_store import adopt_store, make_store
from support.watching import WIDE

from rex_tui.api import RexClient
from rex_tui.api_key import ApiKey
from rex_tui.feed import Poller, SystemClock
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.session import Session

EVENTS: Final = 1_000_000
RUNS: Final = 5
INTERVAL_S: Final = 300.0
LOOK_AGAIN_S: Final = 0.002
OPEN_MAX_MS: Final = 300.0
FIRST: Final = "of the first opening"


def chosen_ids(path: Path) -> dict[str, str]:
    """Give an id of each sort, with in how many events it is."""
    counts = (
        "SELECT e.id, count(*) FROM mentions m JOIN entities e ON e.code = m.entity"
        " GROUP BY m.entity ORDER BY 2 {} LIMIT 1"
    )
    with closing(sqlite3.connect(path)) as connection:
        most, how_often = connection.execute(counts.format("DESC")).fetchone()
        least, how_seldom = connection.execute(counts.format("ASC")).fetchone()
    return {
        f"in {how_often:,} events": most,
        f"in {how_seldom:,} event{'' if how_seldom == 1 else 's'}": least,
        "never seen": "deal_01ZZZZZZZZZZZZZZZZZZZZZZZZ",
    }


async def opening_times(path: Path, url: str) -> dict[str, list[float]]:
    """Give the seconds that each opening took after one start, by the sort of id."""
    clock = SystemClock()
    ids = chosen_ids(path)
    took: dict[str, list[float]] = {FIRST: [], **{name: [] for name in ids}}
    openings = [(FIRST, next(iter(ids.values()))), *ids.items(), *ids.items()]
    gc.disable()
    with EventStore(path, url) as store, Notebook(path) as notebook:
        async with RexClient(url, ApiKey(KEY), now=clock.now) as client:
            poller = Poller(client, store, interval_s=INTERVAL_S, clock=clock, random=Random(1))
            screen = WatchScreen(Session(store, poller, clock, notebook, "benchmark"), utc=True)
            app = RexTuiApp(screen)
            async with app.run_test(size=WIDE) as pilot:
                await pilot.pause()
                for name, id_ in openings:
                    started = time.perf_counter()
                    screen.open_lens(id_)
                    while not (getattr(app.screen, "story", None) is not None):  # noqa: ASYNC110
                        await asyncio.sleep(LOOK_AGAIN_S)
                    painted = asyncio.Event()
                    app.screen.call_after_refresh(painted.set)
                    await painted.wait()
                    took[name].append(time.perf_counter() - started)
                    await pilot.press("q")
                    await pilot.pause()
                    if name == FIRST:
                        gc.freeze()
                        gc.enable()
    return took


def one_start(path: Path, url: str) -> dict[str, list[float]]:
    """Give the same, for a process of its own."""
    return asyncio.run(opening_times(path, url))


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Measure how fast a lens opens over a long log.")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--runs", type=int, default=RUNS, help="starts, after each of which every lens opens twice")
    parser.add_argument("--store", type=Path, help="make the store here, or use the one that is here")
    chosen = parser.parse_args()
    took: defaultdict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as folder, idle_rex() as url:
        path = chosen.store or Path(folder) / "events.db"
        if not path.exists() or adopt_store(path, url) != chosen.events:
            make_store(path, chosen.events, url)
        with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as starts:
            for _ in range(chosen.runs):
                for name, times in starts.submit(one_start, path, url).result().items():
                    took[name] += times
    for name, times in took.items():
        middle, slowest = statistics.median(times) * 1e3, max(times) * 1e3
        verdict = "within" if slowest <= OPEN_MAX_MS else "MISSED"
        print(f"id {name:24} {middle:8.1f} ms  slowest {slowest:8.1f} ms  {verdict}")


if __name__ == "__main__":
    main()
