"""The feed's small parts: clock, backoff, pace, progress."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.event import RateBudget
from rex_tui.feed import SystemClock
from rex_tui.feed.backoff import LONGEST_WAIT_S, pace_s, retry_wait_s
from rex_tui.feed.progress import Progress, ProgressMeter

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


@given(st.integers(1, 10_000), st.integers())
def test_a_retry_waits_with_jitter_and_never_longer_than_the_cap(attempt: int, seed: int) -> None:
    wait = retry_wait_s(attempt, Random(seed))
    assert 0.5 <= wait <= LONGEST_WAIT_S


@given(st.integers(1, 2000), st.integers(0, 2000), st.floats(0, 1e12) | st.none())
def test_pacing_spends_no_more_than_the_budget(limit: int, remaining: int, reset_in_s: float | None) -> None:
    pace = pace_s(RateBudget(limit, remaining, reset_in_s))
    assert 0 <= pace <= LONGEST_WAIT_S
    if remaining > limit / 2:
        assert pace == 0
    elif reset_in_s is not None and reset_in_s <= LONGEST_WAIT_S and pace:
        assert reset_in_s / pace <= max(1, remaining) + 1e-6


@pytest.mark.parametrize("budget", [RateBudget(), RateBudget(limit=10), RateBudget(remaining=1)])
def test_without_a_known_budget_nothing_is_slowed(budget: RateBudget) -> None:
    assert pace_s(budget) == 0


def test_progress_needs_a_second_before_it_tells_a_speed() -> None:
    meter = ProgressMeter()
    assert meter.add(0.0, 200, NOON, NOON) == Progress(NOON)
    assert meter.add(0.5, 200, NOON, NOON) == Progress(NOON)


def test_progress_covers_the_last_seconds_only() -> None:
    meter = ProgressMeter()
    for second in range(30):
        progress = meter.add(float(second), 1000 if second < 15 else 10, None, NOON)
    assert progress.events_per_s == pytest.approx(10)
    assert progress.left_s is None


def test_times_that_go_back_give_no_estimate() -> None:
    meter = ProgressMeter()
    meter.add(0.0, 1, NOON, NOON)
    assert meter.add(5.0, 1, NOON - timedelta(days=1), NOON).left_s is None


def test_an_event_without_a_time_keeps_the_place() -> None:
    meter = ProgressMeter()
    meter.add(0.0, 1, NOON, NOON)
    assert meter.add(5.0, 1, None, NOON).position == NOON


def test_a_time_in_the_future_leaves_nothing_to_wait_for() -> None:
    meter = ProgressMeter()
    meter.add(0.0, 1, NOON, NOON)
    assert meter.add(5.0, 1, NOON + timedelta(days=9), NOON).left_s == 0


async def test_the_systems_clock_wakes_when_it_is_woken_or_the_time_has_come() -> None:
    clock = SystemClock()
    wake = asyncio.Event()
    await clock.wait(wake, clock.monotonic() - 1)
    await clock.wait(wake, clock.monotonic() + 0.01)
    asyncio.get_running_loop().call_soon(wake.set)
    await clock.wait(wake, clock.monotonic() + 1000)
    assert wake.is_set()
    assert abs(clock.now() - datetime.now(UTC).timestamp()) < 5
