"""Simulate a year of a busy tenant, 200,000 events a day, in a store that keeps only the newest of them.

    python tests/benchmarks/year.py [--scale 50] [--points 1000000,5000000] [--folder DIR]

Two things are measured, and a third is computed from them, and said to be:

- a whole year, day by day, with a day's events, and what is kept, divided by the scale: whether the file stops growing,
  what a slice of forgetting takes, and how much time appending and forgetting take;
- stores of as many events as the points say, unscaled: bytes, the time and memory that the types take at a start, a
  change of filter, a slice;
- from the points: what a year without `--keep` would come to.

The events are the demo organisation's, with ids of their own for every round of its history.
"""

from __future__ import annotations

import argparse
import itertools
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from rex_tui.demo import SEED, Organisation
from rex_tui.demo.ids import ulid
from rex_tui.event import Event, Page
from rex_tui.keep import Keep, read_keep
from rex_tui.query.filter import DEALS
from rex_tui.query.view import View
from rex_tui.store import EventStore

DAY: Final = 86_400.0
DAYS: Final = 365
A_DAY: Final = 200_000
KEPT: Final = 5_000_000
SCALE: Final = 50
POINTS: Final = "1000000,5000000"
START: Final = datetime(2025, 1, 1, tzinfo=UTC)
STORIES: Final = 20_000
BATCH: Final = 1_000
"""Events in a transaction: several pages, as a catch-up commits them."""
SLICES: Final = 40
URL: Final = "http://127.0.0.1:8460"
TAIL: Final = re.compile(r"(_[0-9A-HJKMNP-TV-Z]{22})[0-9A-HJKMNP-TV-Z]{4}\b")
DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ANYWHERE: Final = 2**60
BYTES_A_TIME: Final = 4
"""What the screen holds of an event beside its type: its time."""


def busy_events(a_day: int) -> Iterator[Event]:
    """Yield the events of a tenant with so many a day, without end; who is told of is another one in every round."""
    rng = Random(SEED)
    stories = Organisation(SEED).history(STORIES, START + timedelta(days=DAYS), timedelta(days=DAYS))
    at = START.timestamp()
    for number in itertools.count():
        tail = "".join(DIGITS[number >> shift & 31] for shift in (15, 10, 5, 0))
        for story in stories:
            at += DAY / a_day
            id_ = f"evt_{ulid(int(at * 1000), rng.getrandbits(80))}"
            when = f"{datetime.fromtimestamp(at, UTC).isoformat()[:19]}Z"
            yield Event(id_, story.type, when, TAIL.sub(rf"\g<1>{tail}", story.data), at)


def append(store: EventStore, events: Iterator[Event], count: int) -> float:
    """Append so many events; give the seconds that the store took, without the making."""
    took = 0.0
    for left in range(count, 0, -BATCH):
        batch = tuple(itertools.islice(events, min(BATCH, left)))
        began = time.perf_counter()
        store.append([Page(batch, (), has_more=True, next_cursor=batch[-1].id)])
        took += time.perf_counter() - began
    return took


def forget(store: EventStore, keep: Keep, now: float, most: int = 2**60) -> list[float]:
    """Forget what is due, in at most so many slices; give the seconds that each took."""
    slices: list[float] = []
    while len(slices) < most:
        began = time.perf_counter()
        if not store.prune(keep, now, ANYWHERE):
            break
        slices.append(time.perf_counter() - began)
    return slices


def simulate(folder: Path, scale: int) -> None:
    """Live through the year, and print a line every thirty days."""
    a_day, keep = A_DAY // scale, read_keep(str(KEPT // scale))
    print(f"\nA year of {a_day:,} events a day, keeping {keep.events:,} (both are the real ones divided by {scale})")
    heads = f"{'file MB':>9} {'append s':>9} {'forget s':>9} {'slice ms: median, most':>24}"
    print(f"{'day':>5} {'come':>12} {'kept':>10} {heads}")
    events, appended = busy_events(a_day), 0.0
    slices: list[float] = []
    path = folder / "year.db"
    with EventStore(path, URL) as store:
        for day in range(1, DAYS + 1):
            appended += append(store, events, a_day)
            slices += forget(store, keep, START.timestamp() + day * DAY)
            if day % 30 == 0 or day == DAYS:
                kept = store.last_seq() - store.first_seq() + 1
                middle, most = (statistics.median(slices) * 1e3, max(slices) * 1e3) if slices else (0.0, 0.0)
                print(
                    f"{day:>5} {store.last_seq():>12,} {kept:>10,} {path.stat().st_size / 1e6:>9,.1f} {appended:>9.1f} "
                    f"{sum(slices):>9.1f} {middle:>17.1f}, {most:.1f}",
                    flush=True,
                )
        print(f"store check: {'; '.join(store.problems()) or 'sound'}")


def look(path: Path) -> None:
    """Print what a start on a store takes: seconds, memory, changes of the filter; for a process of its own."""
    with EventStore(path, URL) as store:
        began = time.perf_counter()
        index = store.type_index()
        loaded = time.perf_counter() - began
        began = time.perf_counter()
        rows = len(View(index, DEALS))
        first = time.perf_counter() - began
        began = time.perf_counter()
        View(index, DEALS)
        again = time.perf_counter() - began
        memory = index._codes.size + BYTES_A_TIME * (len(index) - index.before)
        print(f"{loaded} {first} {again} {memory / 1e6} {rows}")


def measure(folder: Path, count: int) -> tuple[int, float]:
    """Measure a store of so many events, print a line, and give its bytes and its memory in MB."""
    path = folder / f"point-{count}.db"
    events = busy_events(A_DAY)
    with EventStore(path, URL) as store:
        took = append(store, events, count)
        store.compact()
    size = path.stat().st_size
    run = subprocess.run([sys.executable, __file__, "--look", str(path)], capture_output=True, text=True, check=True)
    loaded, first, again, memory, _rows = map(float, run.stdout.split())
    with EventStore(path, URL) as store:
        sliced = forget(store, Keep("half", events=count // 2), START.timestamp(), SLICES)
        rate = count / took
    print(
        f"{count:>11,} {size / 1e9:>7.2f} {size / count:>9.0f} {rate:>10,.0f} {loaded:>8.2f} {memory:>8.1f} "
        f"{first * 1e3:>9.0f} {again * 1e3:>9.1f} {statistics.median(sliced) * 1e3:>11.1f}, {max(sliced) * 1e3:.1f}",
        flush=True,
    )
    path.unlink()
    return size, memory


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Simulate a year of a busy tenant.")
    parser.add_argument("--scale", type=int, default=SCALE, help="what the year is divided by; 0 leaves it out")
    parser.add_argument("--points", default=POINTS, help="lengths of unscaled stores, with commas between")
    parser.add_argument("--folder", type=Path, help="where the stores are made; some gigabytes")
    parser.add_argument("--look", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.look is not None:
        look(chosen.look)
        return
    with tempfile.TemporaryDirectory(prefix="rex-tui-year-", dir=chosen.folder) as made:
        folder = Path(made)
        if chosen.scale:
            simulate(folder, chosen.scale)
        points = [int(point) for point in chosen.points.split(",") if point]
        if points:
            print(
                f"\n{'events':>11} {'GB':>7} {'bytes/ev.':>9} {'appends/s':>10} {'types s':>8} {'in MB':>8} "
                f"{'filter ms':>9} {'again ms':>9} {'slice ms: median, most':>18}"
            )
            found = {count: measure(folder, count) for count in points}
            largest = max(found)
            size, memory = found[largest]
            year = A_DAY * DAYS
            print(
                f"Computed from {largest:,}: a year without --keep is {year:,} events, "
                f"{size / largest * year / 1e9:,.0f} GB, and {memory / largest * year:,.0f} MB for types and times."
            )


if __name__ == "__main__":
    main()
