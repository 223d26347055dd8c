"""Kill the program while it writes, again and again, and look whether anything was lost or doubled.

    python tests/crash/kill_loop.py [--kills 500] [--seed N] [--events 60000]

A demo Rex with a long log runs in this process; `rex-tui tail` mirrors it and is killed (SIGKILL) at a random moment:
mostly some requests into its catch-up, else some time after its start, which also hits the making of the tables. After
each kill the file must be sound, hold a verbatim prefix of the log, and a cursor that promises no event it has not.
When the whole log is stored, or the kills are used up, `tail --once` ends the catch-up, the store must be the whole
log, and a new one is begun. Prints one line; exits with 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from crash.stored import Finding, look

from rex_tui.demo import DEMO_KEY, SEED, DemoEvent, DemoLog, DemoServer, Organisation
from rex_tui.feed.question import PAGE_LIMIT

KILLS: Final = 500
EVENTS: Final = 60_000
END: Final = datetime(2026, 1, 1, tzinfo=UTC)
REQUESTS_PER_MINUTE: Final = 10_000_000
BY_CLOCK: Final = 0.25
"""The share of kills that are timed from the start of the program; the others are timed by its requests."""
AFTER_START_S: Final = (0.2, 1.2)
AFTER_REQUESTS: Final = (2, 30)
AFTER_REQUEST_S: Final = (0.0, 0.05)
LOOK_AGAIN_S: Final = 0.001
LIFE_MAX_S: Final = 30.0
FINISH_MAX_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class KillReport:
    """What the kills did: how many hit the middle of writing, and what was found afterwards."""

    kills: int
    mid_writing: int
    """Kills of a program that had stored events in that life, and had more of them to store."""
    stores: int
    lost: int
    doubled: int
    wrong: tuple[str, ...]
    """A sentence for everything that was not as it should be, up to the first store that was wrong."""

    def __str__(self) -> str:
        said = (
            f"{self.kills} kills, {self.mid_writing} of them in the middle of writing, {self.stores} stores: "
            f"{self.lost} events lost, {self.doubled} doubled"
        )
        return "; ".join((said, *self.wrong))


@dataclass(slots=True)
class _Tally:
    mid_writing: int = 0
    stores: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, finding: Finding, when: str) -> None:
        self.lost += finding.lost
        self.doubled += finding.doubled
        self.wrong.extend(f"{when}: {what}" for what in finding.wrong)


def kill_loop(kills: int, seed: int, folder: Path, events: int) -> KillReport:
    """Kill the program `kills` times over a log of `events`, with its stores in `folder`; stop at the first harm."""
    rng, tally = Random(seed), _Tally()
    log = Organisation(SEED).history(events, END)
    with DemoServer(DemoLog(log), requests_per_minute=REQUESTS_PER_MINUTE) as rex:
        done = 0
        while done < kills and not tally.wrong:
            tally.stores += 1
            store = folder / f"killed-{tally.stores}.db"
            done = _wear_out(store, rex, log, rng, tally, done, kills)
            if not tally.wrong:
                _finish(store, rex, log, tally)
    return KillReport(done, tally.mid_writing, tally.stores, tally.lost, tally.doubled, tuple(tally.wrong))


def _wear_out(
    store: Path, rex: DemoServer, log: Sequence[DemoEvent], rng: Random, tally: _Tally, done: int, kills: int
) -> int:
    """Kill the program over one store until that is complete or wrong, or `kills` are `done`; give those done."""
    known = 0
    while done < kills and known < len(log) and not tally.wrong:
        when = f"store {tally.stores}, kill {done + 1}"
        pages_left = math.ceil((len(log) - known) / PAGE_LIMIT)
        said = _live_and_die(store, rex, rng, pages_left)
        if said is not None:
            tally.wrong.append(f"{when}: the program ended by itself: {said}")
            break
        done += 1
        finding = look(store, log, known)
        tally.add(finding, when)
        tally.mid_writing += known < finding.stored < len(log)
        known = finding.stored
    return done


def _live_and_die(store: Path, rex: DemoServer, rng: Random, pages_left: int) -> str | None:
    """Start the program and kill it at a random moment; give what it said if it ended before that."""
    after_start_s = rng.uniform(*AFTER_START_S)
    requests = rex.requests + min(rng.randint(*AFTER_REQUESTS), pages_left)
    after_request_s = rng.uniform(*AFTER_REQUEST_S)
    by_clock = rng.random() < BY_CLOCK
    program = subprocess.Popen(
        _tail(store), env=_environment(rex.url), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        if by_clock:
            time.sleep(after_start_s)
        else:
            give_up = time.monotonic() + LIFE_MAX_S
            while rex.requests < requests and program.poll() is None and time.monotonic() < give_up:
                time.sleep(LOOK_AGAIN_S)
            time.sleep(after_request_s)
        ended = program.poll()
    finally:
        program.kill()
        _, said = program.communicate()
    return None if ended is None else f"{said.decode().strip()} (exit code {ended})"


def _finish(store: Path, rex: DemoServer, log: Sequence[DemoEvent], tally: _Tally) -> None:
    """Let the program catch up undisturbed; the store must be the whole log then."""
    when = f"store {tally.stores}, caught up"
    ended = subprocess.run(
        [*_tail(store), "--once"],
        env=_environment(rex.url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=FINISH_MAX_S,
        check=False,
    )
    if ended.returncode:
        tally.wrong.append(f"{when}: the program failed: {ended.stderr.decode().strip()}")
    tally.add(look(store, log, len(log)), when)


def _tail(store: Path) -> list[str]:
    return [sys.executable, "-m", "rex_tui", "tail", "--store", str(store)]


def _environment(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}  # measured it is slower
    return kept | {"REX_URL": url, "REX_API_KEY": DEMO_KEY, "REX_TUI_INTERVAL": "300"}


def main() -> int:
    """Read the command line, kill, report; give the exit code."""
    parser = argparse.ArgumentParser(description="Kill the program while it writes, and look what that did.")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--events", type=int, default=EVENTS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rex-tui-kill-") as folder:
        report = kill_loop(chosen.kills, chosen.seed, Path(folder), chosen.events)
    print(f"seed {chosen.seed}: {report}")
    return 1 if report.wrong or report.lost or report.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
