"""Stand-ins for what tests must be able to steer: time, chance, and a Rex that says what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from random import Random

from rex_tui.api import RexError
from rex_tui.event import Event, Page, Quarantined, RateBudget

NOW = 1_773_662_400.0
"""2026-03-16 12:00:00 UTC."""


class FakeClock:
    """A clock that stands still, until somebody waits for it: then it jumps there at once."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return NOW + self.elapsed

    def monotonic(self) -> float:
        return 1000.0 + self.elapsed

    async def wait(self, wake: asyncio.Event, until: float) -> None:
        if not wake.is_set():
            self.waits.append(until - self.monotonic())
            self.elapsed = max(self.elapsed, until - 1000.0)


class HeldClock(FakeClock):
    """A clock whose waits end only when they are woken, or when the test moves the time."""

    def __init__(self) -> None:
        super().__init__()
        self.moved = asyncio.Event()

    def move(self, seconds: float) -> None:
        self.elapsed += seconds
        self.moved.set()

    async def wait(self, wake: asyncio.Event, until: float) -> None:
        while not wake.is_set() and self.monotonic() < until:
            waiting = [asyncio.ensure_future(event.wait()) for event in (wake, self.moved)]
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in waiting:
                    one.cancel()
            self.moved.clear()


class NoChance(Random):
    """A random source that always takes the longest jitter of a retry and none of an interval."""

    def random(self) -> float:
        return 0.0

    def uniform(self, a: float, b: float) -> float:
        return b


Answer = Page | RexError | Callable[[], Page]


class ScriptedRex:
    """An event source that gives one answer of a list after another, and remembers the cursors it was asked with."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self.answers = list(answers)
        self.cursors: list[str | None] = []
        self.hang = False
        self.hang_when_done = False
        self.asked = asyncio.Event()

    async def events(self, cursor: str | None = None, limit: int = 200) -> Page:
        self.cursors.append(cursor)
        self.asked.set()
        if self.hang or (self.hang_when_done and not self.answers):
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, RexError):
            raise answer
        return answer if isinstance(answer, Page) else answer()


def make_event(number: int, type_: str = "deal.updated", data: str = '{"n":1}') -> Event:
    return Event(f"evt_{number:06}", type_, f"2026-03-{1 + number // 1440 % 28:02}T12:00:{number % 60:02}Z", data, NOW)


def make_page(
    numbers: Iterable[int] = (),
    *,
    more: bool = False,
    cursor: str | None = None,
    budget: RateBudget = RateBudget(),  # noqa: B008 - frozen
    aside: tuple[Quarantined, ...] = (),
) -> Page:
    return Page(tuple(map(make_event, numbers)), aside, more, cursor, budget)
