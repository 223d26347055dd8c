"""Start, page keys, filter and memory over logs of each length, in one session of the program after another."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from benchmarks import empty_app, floor_scroll, plain_app
from benchmarks.bench import START_MAX_S, Bench, timed, wait_until_whole
from benchmarks.make_store import NEWEST_NAME
from benchmarks.row import Row, of
from benchmarks.terminal import Terminal

from rex_tui.store import EventStore

MB: Final = 1e6
MASK_RUNS: Final = 5
FILTERS: Final = {"d": "deals", "x": r"all but [\w.]+"}
"""Keys that choose few types, and most of them, and what the title then says."""
START_FLOOR: Final = "an empty app to first paint"
PAGE_FLOOR: Final = "a ScrollView of prepared strips"
DEALS: Final = ("deal.", "trigger.deal.")

Samples = defaultdict[str, list[float]]


@dataclass
class Floors:
    """What the floors take: an empty app's start and memory, page keys over prepared lines; ms and MB.

    `plain` is what a plain app of the same parts as our screen takes.
    """

    start: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    plain: Samples = field(default_factory=lambda: defaultdict(list))


def screen_rows(bench: Bench) -> Iterator[Row]:
    """Measure logs of each length by turns, so that a busy machine is fair to all of them."""
    floors = Floors()
    samples: dict[int, Samples] = {size: defaultdict(list) for size in bench.sizes}
    for size in bench.sizes:
        with bench.started_over(size):
            pass  # so that all its files are in the machine's memory
    with Terminal([sys.executable, empty_app.__file__], {}) as terminal:
        terminal.wait_for(empty_app.READY, START_MAX_S)
    for _ in bench.repeat("start, pages, filter, memory", bench.pick(2, 3)):
        _measure_floors(bench, floors)
        for size in bench.sizes:
            _measure_session(bench, size, samples[size])
    for size in bench.sizes:
        yield from _rows(size, samples[size], floors, _mask_ms(bench, size))
    plain = "a plain app of the same parts"
    yield Row("start-plain", f"start of {plain}", "ms", floors.plain["start"], floors.start, START_FLOOR)
    yield Row("page-plain", f"page key in {plain}", "ms", floors.plain["page"], floors.pages, PAGE_FLOOR)


def _measure_floors(bench: Bench, floors: Floors) -> None:
    with Terminal([sys.executable, empty_app.__file__], {}) as terminal:
        floors.start.append(1e3 * terminal.wait_for(empty_app.READY, START_MAX_S))
        terminal.rest()
        floors.memory.append(terminal.memory().resident / MB)
    with Terminal([sys.executable, floor_scroll.__file__], {}) as terminal:
        terminal.wait_for(re.escape(floor_scroll.NEWEST), START_MAX_S)
        floors.pages += [1e3 * terminal.press("pageup").settled_s for _ in range(bench.pick(15, 40))]
    with Terminal([sys.executable, plain_app.__file__, str(bench.store(bench.sizes[0]))], {}) as terminal:
        floors.plain["start"].append(1e3 * terminal.wait_for(NEWEST_NAME, START_MAX_S))
        floors.plain["page"] += [1e3 * terminal.press("pageup").settled_s for _ in range(bench.pick(15, 40))]


def _measure_session(bench: Bench, size: int, samples: Samples) -> None:
    with bench.program(bench.store(size), "", "--interval", "300") as terminal:
        samples["start"].append(1e3 * terminal.wait_for(rf"deal\.created .*{NEWEST_NAME}", START_MAX_S))
        wait_until_whole(terminal, size)
        samples["page"] += [1e3 * terminal.press("pageup").settled_s for _ in range(bench.pick(15, 40))]
        for _ in range(bench.pick(2, 4)):
            for key, title in FILTERS.items():
                reaction = terminal.press(key, first=f"Events · {title} ·", last=rf"{title} · [\d,]+ of {size:,} ")
                samples["filter first"].append(1e3 * reaction.first_s)
                samples["filter"].append(1e3 * reaction.settled_s)
                terminal.press("a", last=f"all events · {size:,} of {size:,} ")
        samples["memory"].append(terminal.memory().resident / MB)


def _mask_ms(bench: Bench, size: int) -> list[float]:
    """Give what it takes to mark in all type codes those that a filter shows, in milliseconds."""
    with EventStore(bench.store(size), None) as store:
        index = store.type_index()
    codes = bytes(index.codes(range(1, size + 1)))
    shown = bytes(name.startswith(DEALS) for name in ["", *index.names]).ljust(256, b"\0")
    return [1e3 * timed(lambda: codes.translate(shown).count(1)) for _ in range(MASK_RUNS)]


def _rows(size: int, samples: Samples, floors: Floors, mask_ms: list[float]) -> Iterator[Row]:
    page_ms = of(samples["page"], "p50") or 0.0
    filter_floor = [mask + page_ms for mask in mask_ms]
    yield Row("start", "start to the newest event", "ms", samples["start"], floors.start, START_FLOOR, size)
    pages = ("ms", samples["page"], floors.pages, PAGE_FLOOR, size)
    yield Row("page-p50", "page key, settled", *pages)
    yield Row("page-p99", "page key, settled", *pages, "p99")
    floor = "a mask over the type codes, and a page key"
    yield Row("filter-first", "filter, first screenful", "ms", samples["filter first"], filter_floor, floor, size)
    yield Row("filter", "filter, settled", "ms", samples["filter"], filter_floor, floor, size)
    yield Row("memory", "memory, resident", "MB", samples["memory"], floors.memory, "an empty app", size)
