"""Measure when-it-happened over a long log: reading all times, counting them into bars, finding a time's row.

    python tests/benchmarks/times.py [--size 1000000] [--runs 5] [--folder DIR]

Also measures how long another thread, as the screen's is one, waits for its turn meanwhile, and the memory it takes.
Nothing fails because of a figure: the table says them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.make_store import DEFAULT_URL, make_store

from rex_tui.query.filter import DEALS, EVERYTHING, Filter
from rex_tui.query.histogram import Axis, Tally, row_at
from rex_tui.query.view import View
from rex_tui.store import EventStore, TimeIndex, TypeIndex
from rex_tui.ui.time_line import considerate

SIZE: Final = 1_000_000
RUNS: Final = 5
BARS: Final = 130
STEP_S: Final = 0.001
ALONE_S: Final = 0.5
FILTERS: Final = {"all": EVERYTHING, "deals": DEALS, "all but deals created": Filter.all_but(["deal.created"])}

Figures = dict[str, list[float]]


@contextmanager
def waiting(waits: list[float]) -> Iterator[None]:
    """Note, while the block runs, how much later than wanted a thread that sleeps a millisecond gets its turn."""
    done = threading.Event()

    def sleeper() -> None:
        while not done.is_set():
            before = time.perf_counter()
            time.sleep(STEP_S)
            waits.append((time.perf_counter() - before - STEP_S) * 1e3)

    thread = threading.Thread(target=sleeper)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def timed(figures: Figures, name: str, work: Callable[[], object]) -> None:
    """Add the milliseconds that `work` takes."""
    before = time.perf_counter()
    work()
    figures.setdefault(name, []).append((time.perf_counter() - before) * 1e3)


def read(store: EventStore, times: TimeIndex, total: int) -> None:
    """Read all times, as the screen's worker does."""
    with store.time_reader() as reader:
        for first, last in times.missing(total):
            times.put(first, reader.times(first, last))


def measure(store: EventStore, types: TypeIndex, figures: Figures) -> None:
    """Add one run's figures."""
    total = len(types)
    times = TimeIndex(total)
    waits: list[float] = []
    alone: list[float] = []
    with waiting(alone):
        time.sleep(ALONE_S)
    figures.setdefault("a thread waits anyway, p99", []).append(statistics.quantiles(alone, n=100)[98])
    with waiting(waits):
        timed(figures, "reading all times", lambda: read(store, times, total))
    axis = Axis.over(times.first, times.last, BARS)
    for name, chosen in FILTERS.items():
        view = View(types, chosen)
        tally = Tally(axis, view)
        with waiting(waits):
            timed(figures, f"counting: {name}", lambda: tally.count(times, types, considerate(lambda: True)))  # noqa: B023 - called at once
        for part in (0.0, 0.5, 0.99):
            moment = int(times.first + (times.last - times.first) * part)
            timed(figures, "row of a time", lambda: row_at(view, times, moment))  # noqa: B023 - called at once
    figures.setdefault("it waits meanwhile, p99", []).append(statistics.quantiles(waits, n=100)[98])
    figures.setdefault("it waits meanwhile, longest", []).append(max(waits))


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(description="Measure when-it-happened over a long log.")
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--folder", type=Path, help="keep the store here, and use the one that is here")
    chosen = parser.parse_args()
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"events-{chosen.size}.db"
        if not path.exists():
            make_store(path, chosen.size, DEFAULT_URL)
        with EventStore(path, None) as store:
            types = store.type_index()
            for _ in range(chosen.runs):
                measure(store, types, figures)
    print(f"{chosen.size:,} events, {BARS} bars, median and longest of {chosen.runs} runs, ms")
    for name, samples in figures.items():
        print(f"{name:32} {statistics.median(samples):9.2f} {max(samples):9.2f}")


if __name__ == "__main__":
    main()
