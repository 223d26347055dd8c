"""A laptop that sleeps, and clocks that are set: no burst of requests, no frozen wait, ages that stay true."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed.rig import INTERVAL_S, URL, Rig
from support.fakes import NOW, FakeClock, make_page

from rex_tui.api import RateLimited, Unavailable
from rex_tui.feed import CaughtUp, SystemClock, clock
from rex_tui.store import EventStore
from rex_tui.ui.words import state_words, status_line

EIGHT_HOURS_S = 8 * 3600.0


class SleepyClock(FakeClock):
    """A clock on a laptop: every wait ends `asleep_s` late; the wall clock was set by `set_by_s` meanwhile."""

    asleep_s = 0.0
    set_by_s = 0.0

    def now(self) -> float:
        return super().now() + self.set_by_s

    async def wait(self, wake: asyncio.Event, until: float) -> None:
        await super().wait(wake, until)
        self.elapsed += self.asleep_s


class SleepyRig(Rig):
    """A rig whose clock can sleep."""

    def __init__(self, store: EventStore) -> None:
        self.sleepy = SleepyClock()
        super().__init__(store, clock=self.sleepy)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SleepyRig]:
    with EventStore(tmp_path / "rex.db", URL) as store:
        yield SleepyRig(store)


async def test_after_a_long_sleep_rex_is_asked_once_not_once_for_every_poll_missed(rig: SleepyRig) -> None:
    await rig.answer(make_page([1], cursor="a"))
    rig.sleepy.asleep_s = EIGHT_HOURS_S
    await rig.answer(make_page([2], cursor="b"))
    rig.sleepy.asleep_s = 0
    assert rig.rex.cursors == [None, "a"]
    await rig.answer(make_page([3], cursor="c"))
    assert rig.clock.waits == [INTERVAL_S, INTERVAL_S]


@pytest.mark.parametrize("set_by_s", [-1e9, -86_400.0, -1.0, 1.0, 86_400.0, 1e9])
async def test_a_wall_clock_that_is_set_changes_no_wait(rig: SleepyRig, set_by_s: float) -> None:
    await rig.answer(make_page([1], cursor="a"))
    rig.sleepy.set_by_s = set_by_s
    await rig.answer(
        make_page([2], cursor="b"),
        Unavailable("Rex can't be reached."),
        RateLimited("Rex asked to slow down (429).", 30.0),
        make_page([3], cursor="c"),
    )
    assert rig.clock.waits == [INTERVAL_S, INTERVAL_S, 1.0, 30.0]
    assert rig.ids == [1, 2, 3]


def test_while_the_machine_wakes_up_nothing_claims_to_be_caught_up() -> None:
    sign, words, tone = state_words(CaughtUp(1000.0, 1015.0), 1000.0 + EIGHT_HOURS_S, utc=True, host="acme")
    assert (sign, tone) == ("○", "waiting")
    assert words == "no answer from Rex for 8 hours; still waiting for it"


@pytest.mark.parametrize(
    ("now", "age"),
    [(NOW, "newest just now"), (NOW + 3600, "newest an hour ago"), (NOW - 3600, "newest an hour from now")],
)
def test_ages_are_those_of_the_clock_as_it_is_now(rig: SleepyRig, now: float, age: str) -> None:
    newest = "2026-03-16T12:00:00Z"
    line = status_line(rig.poller.status, monotonic=1000.0, now=now, stored=1, newest=newest, utc=True, host="acme")
    assert age in line.facts


async def test_the_systems_clock_notices_within_a_slice_that_it_slept_through_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "SLICE_S", 0.001)
    readings = iter([0.0, 1.0])
    sleeper = SystemClock()
    monkeypatch.setattr(sleeper, "monotonic", lambda: next(readings, EIGHT_HOURS_S))
    await sleeper.wait(asyncio.Event(), 600.0)
    assert next(readings, None) is None
