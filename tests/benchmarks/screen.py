"""Measure the screen from outside, over short logs and long ones: start, paging, filter, memory.

    python tests/benchmarks/screen.py [--sizes 10000,1000000] [--runs 5] [--folder DIR] [--json FILE]

The program runs in a pseudo-terminal, as it does for people, over a store that is made for it (and kept in `--folder`
for another time) and a Rex without news. Each run starts it anew, pages up, and changes the filter; an empty Textual
app, measured alike, is the floor. A figure of a long log is within bounds where it is at most 1.5 times that of the
shortest, or, for the filter, 150 ms. Nothing fails because of a figure: the table says them.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.empty_app import READY
from benchmarks.idle_rex import KEY, idle_rex
from benchmarks.make_store import NEWEST_NAME, adopt_store, make_store
from benchmarks.terminal import Terminal

SIZES: Final = "10000,1000000"
SIZE_MIN: Final = 5_000
"""A shorter log has less than the pages that are paged through."""
RUNS: Final = 5
PAGES_A_RUN: Final = 40
FILTERS_A_RUN: Final = 10
START_MAX_S: Final = 60.0
RATIO_MAX: Final = 1.5
FILTER_MAX_MS: Final = 150.0
MIB: Final = 2**20
EMPTY_APP: Final = Path(__file__).with_name("empty_app.py")

Figures = dict[str, float]


@dataclass(slots=True)
class Samples:
    """What the runs over one log gave, run after run: seconds and bytes."""

    start_s: list[float] = field(default_factory=list)
    page_first_s: list[float] = field(default_factory=list)
    page_s: list[float] = field(default_factory=list)
    deals_s: list[float] = field(default_factory=list)
    all_s: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def figures(self) -> Figures:
        """Give the table's figures: milliseconds and MiB, medians where nothing else is said."""
        named = {
            "start to newest row, ms": (self.start_s, 1e3),
            "page key to first change, p50 ms": (self.page_first_s, 1e3),
            "page key to settled, p50 ms": (self.page_s, 1e3),
            "filter deals to settled, ms": (self.deals_s, 1e3),
            "filter all to settled, ms": (self.all_s, 1e3),
            "memory peak, MiB": (self.peak, 1 / MIB),
            "memory own, MiB": (self.own, 1 / MIB),
        }
        figures = {name: statistics.median(samples) * scale for name, (samples, scale) in named.items() if samples}
        if self.page_s:
            figures["page key to first change, p99 ms"] = _p99(self.page_first_s) * 1e3
            figures["page key to settled, p99 ms"] = _p99(self.page_s) * 1e3
        return dict(sorted(figures.items(), key=lambda figure: _place(figure[0])))


def run_once(store: Path, size: int, url: str, samples: Samples) -> None:
    """Start the program over `store` once, use it, and add what that took to `samples`."""
    command = [sys.executable, "-m", "rex_tui", "--fresh", "--store", str(store), "--interval", "300"]
    with Terminal(command, {"REX_URL": url, "REX_API_KEY": KEY}) as terminal:
        samples.start_s.append(terminal.wait_for(rf"deal\.created .*{NEWEST_NAME}", START_MAX_S))
        terminal.wait_for(re.escape(f"all events · {size:,} of {size:,}"), START_MAX_S)
        for _ in range(PAGES_A_RUN):
            reaction = terminal.press("pageup")
            samples.page_first_s.append(reaction.first_s)
            samples.page_s.append(reaction.settled_s)
        for _ in range(FILTERS_A_RUN):
            samples.deals_s.append(terminal.press("d").settled_s)
            _expect(terminal, rf"deals · [\d,]+ of {size:,} ")
            samples.all_s.append(terminal.press("a").settled_s)
            _expect(terminal, rf"all events · {size:,} of {size:,} ")
        memory = terminal.memory()
        samples.peak.append(memory.peak)
        samples.own.append(memory.own)


def run_empty(samples: Samples) -> None:
    """Start the empty app once, and add what that took to `samples`."""
    with Terminal([sys.executable, str(EMPTY_APP)], {}) as terminal:
        samples.start_s.append(terminal.wait_for(READY, START_MAX_S))
        terminal.rest()
        memory = terminal.memory()
        samples.peak.append(memory.peak)
        samples.own.append(memory.own)


def measure(sizes: Sequence[int], runs: int, folder: Path) -> dict[str, Figures]:
    """Give the figures of each size and of the empty app; sizes take turns, so that a busy machine is fair to all."""
    samples = {size: Samples() for size in sizes}
    empty = Samples()
    with idle_rex() as url:
        stores = {size: _store_of(size, folder, url) for size in sizes}
        run_empty(Samples())
        for size in sizes:
            _look_once(stores[size], url)
        for number in range(runs):
            print(f"run {number + 1} of {runs}", file=sys.stderr, flush=True)
            run_empty(empty)
            for size in sizes:
                run_once(stores[size], size, url, samples[size])
    return {"empty app": empty.figures()} | {f"{size:,}": samples[size].figures() for size in sizes}


def table(figures: dict[str, Figures]) -> str:
    """Give the figures as a table: a line a figure, and for each longer log its ratio to the shortest."""
    columns = list(figures)
    shortest, longer = columns[1], columns[2:]
    heads = [*columns[:2], *(head for column in longer for head in (column, "ratio", ""))]
    rows = [["", *heads]]
    for name, base in figures[shortest].items():
        floor = figures[columns[0]].get(name)
        cells = ["" if floor is None else f"{floor:.1f}", f"{base:.1f}"]
        for column in longer:
            value = figures[column][name]
            verdict = "within" if within(name, base, value) else "MISSED"
            cells += [f"{value:.1f}", f"{value / base:.2f}", verdict]
        rows.append([name, *cells])
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads) + 1)]
    return "\n".join(
        "  ".join(cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    )


def within(name: str, base: float, value: float) -> bool:
    """Tell whether a long log's figure is as near to the shortest one's as was promised."""
    return value <= RATIO_MAX * base or (name.startswith("filter") and value <= FILTER_MAX_MS)


def _store_of(size: int, folder: Path, url: str) -> Path:
    path = folder / f"events-{size}.db"
    if not path.exists() or adopt_store(path, url) != size:
        path.unlink(missing_ok=True)
        print(f"making a store of {size:,} events", file=sys.stderr, flush=True)
        make_store(path, size, url)
    return path


def _look_once(store: Path, url: str) -> None:
    """Start the program once without measuring, so that all its files are in the machine's memory."""
    with Terminal(
        [sys.executable, "-m", "rex_tui", "--fresh", "--store", str(store)], {"REX_URL": url, "REX_API_KEY": KEY}
    ) as it:
        it.wait_for(NEWEST_NAME, START_MAX_S)


def _expect(terminal: Terminal, title: str) -> None:
    if not terminal.shows(title):
        raise AssertionError(f"no {title!r} on the settled screen:\n" + "\n".join(terminal.lines))


def _p99(samples: Sequence[float]) -> float:
    return statistics.quantiles(samples, n=100, method="inclusive")[98]


def _place(name: str) -> int:
    return next(place for place, word in enumerate(("start", "page", "filter", "memory")) if name.startswith(word))


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(description="Measure the screen over short logs and long ones.")
    parser.add_argument("--sizes", default=SIZES, help=f"numbers of events, with commas between (default: {SIZES})")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--folder", type=Path, help="keep the stores here, and use those that are here")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    chosen = parser.parse_args()
    sizes = sorted({int(size) for size in chosen.sizes.split(",")})
    if sizes[0] < SIZE_MIN:
        parser.error(f"a log of less than {SIZE_MIN:,} events has too few pages")
    sys.setswitchinterval(0.0005)  # the thread that stamps the output comes before the one that looks at it
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        figures = measure(sizes, chosen.runs, folder)
    print(table(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
