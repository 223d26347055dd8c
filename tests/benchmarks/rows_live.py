"""Long stretches: idle, live at 2,000 events a second, and a day of events under a simulated clock."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from benchmarks import day
from benchmarks.bench import START_MAX_S, Bench, wait_until_whole
from benchmarks.make_store import NEWEST_NAME
from benchmarks.rex import SECRET, Answered, Log, Rex
from benchmarks.row import Row
from benchmarks.terminal import Terminal, child_environment
from support.fakes import NOW

MB: Final = 1e6
KB: Final = 1e3
SIZE: Final = 1_000_000
SETTLE_S: Final = 3.0
EVENTS_A_SECOND: Final = 2_000
HISTORY: Final = 10_000
NAME: Final = re.compile(r"Live (\d{8})")
LAST_MAX_S: Final = 3.0
DAY_MAX_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a program took over a while: percent of a core, and kilobytes a second to its terminal."""

    cpu: float
    output: float


def idle_rows(bench: Bench) -> Iterator[Row]:
    """Measure the program caught up, with the usual interval, when nothing comes and nobody does anything."""
    size, path = bench.store_near(SIZE)
    seconds = bench.pick(10, 60)
    with bench.program(path) as terminal:
        terminal.wait_for(NEWEST_NAME, START_MAX_S)
        wait_until_whole(terminal, size)
        time.sleep(SETTLE_S)
        bench.say(f"idle for {seconds} s")
        load = _load(terminal, seconds)
    yield Row("idle-cpu", f"idle for {seconds} s, of a core", "%", [load.cpu])
    yield Row("idle-output", f"idle for {seconds} s, to the terminal", "KB/s", [load.output])


def live_rows(bench: Bench) -> Iterator[Row]:
    """Measure a log that grows by 2,000 events a second, with a doorbell that rings for it.

    Each answer of Rex has a lag: from when it was given until its last event, or one after it, is on the screen.
    """
    seconds, port = bench.pick(10, 60), _free_port()
    store = bench.folder / "live.db"
    for old in bench.folder.glob(f"{store.name}*"):
        old.unlink()
    log = Log(HISTORY, time.time(), step_s=1 / EVENTS_A_SECOND)
    with (
        Rex(log) as rex,
        bench.program(store, rex.url, "--doorbell", str(port), REX_WEBHOOK_SECRET=SECRET) as terminal,
    ):
        terminal.wait_for("caught up ·", START_MAX_S)
        terminal.rest()
        rex.answers()
        rex.grow(EVENTS_A_SECOND, port)
        terminal.wait_for(NAME.pattern, START_MAX_S)
        time.sleep(SETTLE_S)
        shown_before = [(terminal.started, _newest(lines)) for _, lines in terminal.replay()][-1:]
        rex.answers()
        bench.say(f"live for {seconds} s")
        load = _load(terminal, seconds)
        answers = rex.answers()
        time.sleep(LAST_MAX_S)
        shown = shown_before + [(stamp, _newest(lines)) for stamp, lines in terminal.replay()]
    lags = _lags(answers, shown)
    events = answers[-1].last - answers[0].last
    bench.say(f"{len(lags):,} answers with {events / seconds:,.0f} events a second")
    what = f"live, {EVENTS_A_SECOND:,} events/s for {seconds} s"
    yield Row("live-lag", f"{what}, answer to screen", "ms", lags, statistic="p99")
    yield Row("live-cpu", f"{what}, of a core", "%", [load.cpu])
    yield Row("live-output", f"{what}, to the terminal", "KB/s", [load.output])


def day_rows(bench: Bench) -> Iterator[Row]:
    """Measure what the program keeps of a day with 200,000 events, its clock moved by hand, in a process of its own."""
    hours = bench.pick(3, 24)
    store = bench.folder / "day.db"
    for old in bench.folder.glob(f"{store.name}*"):
        old.unlink()
    bench.say(f"{hours} hours of live events")
    with Rex(Log(HISTORY, NOW - 1, step_s=day.STEP_S)) as rex:
        command = [sys.executable, day.__file__, rex.url, str(store), str(hours)]
        environment = child_environment() | bench.environment(rex.url)
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=DAY_MAX_S)
    if done.returncode:
        raise RuntimeError(f"{(done.stderr.strip().splitlines() or ['?'])[-1]}")
    before, after = (float(told) / MB for told in done.stdout.split()[-2:])
    yield Row("memory-day", f"memory after {hours} h of live events", "MB", [after], [before], "itself before")


def _load(terminal: Terminal, seconds: float) -> Load:
    busy, written, before = terminal.busy_s(), terminal.written, time.perf_counter()
    time.sleep(seconds)
    took = time.perf_counter() - before
    return Load(100 * (terminal.busy_s() - busy) / took, (terminal.written - written) / took / KB)


def _newest(lines: Sequence[str]) -> int:
    """Give the number of the newest event that a screen shows, 0 where it shows none."""
    return max((int(found[1]) for line in lines for found in NAME.finditer(line)), default=0)


def _lags(answers: Sequence[Answered], shown: Sequence[tuple[float, int]]) -> list[float]:
    """Give how long after each answer the screen had got as far, in milliseconds."""
    furthest: list[int] = []
    stamps: list[float] = []
    for stamp, number in shown:
        if number > (furthest[-1] if furthest else 0):
            furthest.append(number)
            stamps.append(stamp)
    lags = []
    for before, answer in pairwise(answers):
        if answer.last > before.last:
            place = bisect_left(furthest, answer.last)
            lags.append(1e3 * (stamps[place] - answer.at) if place < len(stamps) else float("inf"))
    return lags


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
