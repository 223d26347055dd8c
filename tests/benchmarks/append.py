"""Measure what the entity index costs: how many events a second the store takes in, with the index and without.

    python tests/benchmarks/append.py [--events 100000] [--batch 1000] [--runs 3]

The events are those of `make_store.py`, made before the clock starts. Every batch is one transaction, as one append is.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.make_store import DEFAULT_URL, made_events

from rex_tui.event import Event, Page
from rex_tui.store import EventStore
from rex_tui.store.mentions import EntityIndex

EVENTS: Final = 100_000
BATCH: Final = 1_000
RUNS: Final = 3
LOSS_MAX: Final = 0.35


class NoIndex(EntityIndex):
    """An index that takes nothing in."""

    def add(self, entries: object) -> None:
        """Do nothing."""


def rate(path: Path, events: Sequence[Event], batch: int, *, indexed: bool) -> float:
    """Give how many events a second a new store at `path` took in."""
    with EventStore(path, DEFAULT_URL) as store:
        if not indexed:
            writer = store._must_write()
            writer._index = NoIndex(writer._connection)
        parts = [events[start : start + batch] for start in range(0, len(events), batch)]
        pages = [Page(tuple(part), (), has_more=True, next_cursor="c") for part in parts]
        gc.collect()
        started = time.perf_counter()
        for page in pages:
            store.append([page])
        return len(events) / (time.perf_counter() - started)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Measure what the entity index costs.")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    events = list(made_events(chosen.events))
    rates: dict[bool, list[float]] = {False: [], True: []}
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as folder:
        for run in range(chosen.runs):
            for indexed, found in rates.items():
                path = Path(folder) / f"{run}{indexed}.db"
                found.append(rate(path, events, chosen.batch, indexed=indexed))
    without, with_index = (statistics.median(found) for found in rates.values())
    loss = 1 - with_index / without
    print(f"without index {without:10,.0f} events/s")
    print(f"with index    {with_index:10,.0f} events/s")
    print(f"lost          {loss:10.0%}  {'within' if loss <= LOSS_MAX else 'MISSED'}")


if __name__ == "__main__":
    main()
