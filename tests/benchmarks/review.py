"""Measure how fast a review is counted: the first figures of a period, all of it, and one more event.

    python tests/benchmarks/review.py [--size 1000000] [--runs 5] [--folder DIR]

The store is that of the other benchmarks, in which each deal has but one life: the stories that are told again and
again are those of deals of their own. Times are medians in milliseconds since the question, which is asked once the
store is open. Nothing fails because of a figure: the table says them.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.make_store import DEFAULT_URL, END, EVENTS_A_PAGE, STORIES, made_events

from rex_tui.event import Event, Page
from rex_tui.query.review.facts import MENTIONED_BY, DealFact
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.period import period_named
from rex_tui.query.review.reading import about_deals, fold_log
from rex_tui.store import EventStore
from rex_tui.store.slices import SliceReader

PERIODS: Final = ("7d", "30d", "90d")
HEADS: Final = ("first", "all", "one more", "deals", "MiB")
_DEAL: Final = re.compile(r"(deal_[0-9A-Z]{23})[0-9A-Z]{3}")


@dataclass
class Taken:
    """How long one review took, in seconds, and of how many deals it was."""

    first: float = 0.0
    whole: float = 0.0
    one_more: float = 0.0
    deals: int = 0


def review(path: Path, last: int, name: str) -> Taken:
    """Review a store."""
    period = period_named(name, END)
    folding, taken = Folding(), Taken()
    with SliceReader(path, about_deals, MENTIONED_BY) as slices:
        begun = time.perf_counter()

        def reached(moment: float) -> None:
            if not taken.first and moment < period.bounds[0]:
                folding.review(period, END, complete=False)
                taken.first = time.perf_counter() - begun

        fold_log(slices, folding, last, reached)
        told = folding.review(period, END)
        taken.whole = time.perf_counter() - begun
    begun = time.perf_counter()
    folding.take([DealFact(END.timestamp() - 1, last + 1, told.deals[0].deal.id, "won")])
    folding.review(period, END)
    taken.one_more = time.perf_counter() - begun
    taken.deals = len(folding.stories())
    return taken


def lives(count: int) -> Iterator[Event]:
    """Yield the made events, in which a deal that is told of again is another one."""
    for number, event in enumerate(made_events(count)):
        yield replace(event, data=_DEAL.sub(rf"\g<1>{number // min(count, STORIES):03}", event.data))


def make_store(path: Path, count: int) -> None:
    """Write a new store of these events."""
    with EventStore(path, DEFAULT_URL) as store:
        coming = lives(count)
        while events := tuple(islice(coming, EVENTS_A_PAGE)):
            store.append([Page(events, (), has_more=True, next_cursor=None)])


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(description="Measure how fast a review is counted.")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the store here, and use the one that is here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"lives-{chosen.size}.db"
        if not path.exists():
            make_store(path, chosen.size)
        print(f"{'ms, median':12}{''.join(f'{head:>10}' for head in HEADS)}")
        for name in PERIODS:
            taken = [review(path, chosen.size, name) for _ in range(chosen.runs)]
            times = [
                statistics.median(times) * 1e3
                for times in zip(*((one.first, one.whole, one.one_more) for one in taken), strict=True)
            ]
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            cells = "".join(f"{figure:>10.0f}" for figure in times)
            print(f"{name:12}{cells}{taken[0].deals:>10,}{memory:>10,}", flush=True)


if __name__ == "__main__":
    main()
