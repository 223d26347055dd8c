"""Catching up: events a second with the screen on, from nearby and from afar, and page keys meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import bare
from benchmarks.bench import Bench
from benchmarks.make_store import END
from benchmarks.rex import Log, Rex
from benchmarks.row import Row
from benchmarks.terminal import COLUMNS, FOOT, LINES, Terminal

CATCH_UP_MAX_S: Final = 300.0
LATENCY_S: Final = 0.05
CAUGHT_UP: Final = "caught up ·"
ROWS: Final = (slice(4, LINES - FOOT - 1), (slice(26, 114), slice(115, COLUMNS)))
"""The table's rows and the payload beside them: what a page key changes, and news don't while the table holds still.

The scroll bar between them is left out: it moves with each piece of news.
"""
ENOUGH_TO_PAGE: Final = r"Events · all events · \d\d,\d\d\d"


def catch_up_rows(bench: Bench) -> Iterator[Row]:
    """Measure a first catch-up with a Rex on this machine, and what keeping the events in a table takes by itself."""
    events = bench.pick(20_000, 100_000)
    figures, floors = _rates(bench, "catch-up", events, "read", 0.0)
    floor = "httpx and msgspec over the same pages"
    yield Row("catch-up", "catch-up, the screen on", "events/s", figures, floors, floor)
    with Rex(_log(events)) as rex:
        kept = [_bare(rex.url, "keep", events) for _ in bench.repeat("keeping them", bench.pick(2, 3))]
    yield Row(
        "catch-up-kept", "the same pages, kept in a table with an index over ids", "events/s", kept, floors, floor
    )


def far_rows(bench: Bench) -> Iterator[Row]:
    """Measure a first catch-up with a Rex that is 50 ms further away."""
    figures, floors = _rates(bench, "far catch-up", bench.pick(8_000, 40_000), "pass", LATENCY_S, runs=2)
    floor = "the same requests, nothing done with them"
    yield Row("catch-up-far", "catch-up, 50 ms more a request", "events/s", figures, floors, floor)


def busy_rows(bench: Bench) -> Iterator[Row]:
    """Measure page keys while the log is read at full speed, and after it, in one session."""
    events, pages = bench.pick((60_000, 20), (250_000, 60))
    busy: list[float] = []
    bench.say("page keys while catching up")
    with Rex(_log(events)) as rex, bench.program(_new_store(bench), rex.url) as terminal:
        terminal.wait_for(ENOUGH_TO_PAGE, CATCH_UP_MAX_S)
        while len(busy) < pages and not terminal.shows(CAUGHT_UP):
            busy.append(1e3 * terminal.press("pageup", ROWS).settled_s)
        bench.say(f"{len(busy)} page keys came before it had caught up")
        terminal.wait_for(CAUGHT_UP, CATCH_UP_MAX_S)
        terminal.rest()
        terminal.send("G")
        terminal.rest()
        rest = [1e3 * terminal.press("pageup", ROWS).settled_s for _ in range(pages)]
    yield Row("busy-page-p99", "page key while catching up", "ms", busy, rest, "itself at rest", 0, "p99")


def _rates(
    bench: Bench, what: str, events: int, how: str, latency_s: float, runs: int = 3
) -> tuple[list[float], list[float]]:
    """Give the events a second that the program took in, and that the floor did."""
    figures, floors = [], []
    with Rex(_log(events, latency_s)) as rex:
        for _ in bench.repeat(what, bench.pick(2, runs)):
            floors.append(_bare(rex.url, how, events))
            rex.answers()
            with bench.program(_new_store(bench), rex.url) as terminal:
                figures.append(events / _caught_up_s(terminal, rex, latency_s))
    return figures, floors


def _caught_up_s(terminal: Terminal, rex: Rex, latency_s: float) -> float:
    """Give the seconds from the first request for events until the screen says that there are no more."""
    ended = terminal.started + terminal.wait_for(CAUGHT_UP, CATCH_UP_MAX_S)
    return ended - (rex.answers()[0].at - latency_s)


def _bare(url: str, how: str, events: int) -> float:
    told = subprocess.run([sys.executable, bare.__file__, url, how], capture_output=True, text=True, check=True).stdout
    came, took = told.split()
    if int(came) != events:
        raise ValueError(f"the floor read {came} of {events} events")
    return events / float(took)


def _log(events: int, latency_s: float = 0.0) -> Log:
    return Log(events, END.timestamp(), latency_s=latency_s)


def _new_store(bench: Bench) -> Path:
    path = bench.folder / "caught-up.db"
    for old in bench.folder.glob(f"{path.name}*"):
        old.unlink()
    return path
