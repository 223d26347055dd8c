"""A day of live events in a minute or two: the whole screen, headless, its clock moved by hand.

    python tests/benchmarks/day.py URL STORE HOURS

URL is that of `rex.py`, which lets its log grow when it is told to. Prints the resident memory before and after, in
bytes. The screen is the real one, painted for a terminal that nobody has; the feed's store and client are real, too.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from benchmarks.idle_rex import KEY
from benchmarks.terminal import memory_of
from support.fakes import HeldClock, NoChance

from rex_tui.api import RexClient
from rex_tui.api_key import ApiKey
from rex_tui.feed import CaughtUp, Poller
from rex_tui.rules.book import RuleBook
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.opening import Opening
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.session import Session

EVENTS_A_DAY: Final = 200_000
STEP_S: Final = 86_400 / EVENTS_A_DAY
POLLS_AN_HOUR: Final = 6
"""Fewer than there would be, since each is painted: what is kept comes from the events."""
SIZE: Final = (160, 45)
LOOK_S: Final = 0.002


async def live(url: str, path: Path, hours: int) -> tuple[int, int]:
    """Watch for some hours; give the resident memory when it had caught up, and at the end."""
    clock = HeldClock()
    interval_s = 3_600 / POLLS_AN_HOUR
    with EventStore(path, url) as store, Notebook(path) as notebook:
        async with RexClient(url, ApiKey(KEY), now=clock.now) as client, httpx.AsyncClient() as grower:
            poller = Poller(client, store, interval_s=interval_s, clock=clock, random=NoChance())
            told = "a day", Opening(), lambda _text: False, None, RuleBook()
            screen = WatchScreen(Session(store, poller, clock, notebook, *told), utc=True)
            async with RexTuiApp(screen, Opening().keymap).run_test(size=SIZE):
                await _until(lambda: isinstance(poller.status.state, CaughtUp))
                await _pass(clock, grower, url, store, screen, polls=POLLS_AN_HOUR)
                before = _resident()
                await _pass(clock, grower, url, store, screen, polls=hours * POLLS_AN_HOUR)
                return before, _resident()


async def _pass(
    clock: HeldClock, grower: httpx.AsyncClient, url: str, store: EventStore, screen: WatchScreen, *, polls: int
) -> None:
    """Let time pass, poll after poll, and wait each time until the screen shows what came."""
    interval_s = 3_600 / POLLS_AN_HOUR
    for _ in range(polls):
        last = store.last_seq() + round(interval_s / STEP_S)
        await grower.get(f"{url}/grow/{last - store.last_seq()}")
        clock.move(interval_s + 1)
        await _until(lambda last=last: store.last_seq() >= last <= screen._log.index.total)  # type: ignore[misc]


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(LOOK_S)


def _resident() -> int:
    gc.collect()
    return memory_of(os.getpid()).resident


def main() -> None:
    """Read the command line, let the day pass, print."""
    url, path, hours = sys.argv[1:]
    print(*asyncio.run(live(url, Path(path), int(hours))))


if __name__ == "__main__":
    main()
