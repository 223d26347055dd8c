"""The live feed and the whole demo: events go on at a human pace, and all stops at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import httpx
import pytest

from rex_tui.api_key import ApiKey
from rex_tui.demo import DEMO_KEY, Demo, DemoEvent, DemoLog, LiveFeed, Organisation
from rex_tui.demo.pace import Pace

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
WAIT_S = 30.0


class GrowingLog(DemoLog):
    """A log that tells when it has grown to a length."""

    def __init__(self, length: int) -> None:
        self.grown = threading.Event()
        self._length = length
        super().__init__()

    def append(self, event: DemoEvent) -> None:
        super().append(event)
        if len(self) >= self._length:
            self.grown.set()


def test_the_mean_of_the_pace_is_the_rate() -> None:
    pace = Pace(40, seed=7)
    waits = [pace.after_event(has_follow_up=index % 7 == 0) for index in range(20_000)]
    assert sum(waits) / len(waits) == pytest.approx(1.5, rel=0.03)
    assert min(waits) < 0.5
    assert max(waits) > 4


def test_the_pace_is_the_same_for_the_same_seed() -> None:
    one, other, third = Pace(40, 7), Pace(40, 7), Pace(40, 8)
    waits = [one.after_event(has_follow_up=False) for _ in range(50)]
    assert waits == [other.after_event(has_follow_up=False) for _ in range(50)]
    assert waits != [third.after_event(has_follow_up=False) for _ in range(50)]


@pytest.mark.parametrize("rate", [0.1, 1, 40, 6000])
def test_the_first_event_comes_soon(rate: float) -> None:
    assert all(0 <= Pace(rate, seed).first() < 0.5 for seed in range(100))


def test_a_fast_pace_begins_with_a_few_events_close_together() -> None:
    pace = Pace(40, seed=7)
    waits = [pace.after_event(has_follow_up=False) for _ in range(20)]
    assert max(waits[:5]) < 0.41
    assert max(waits[5:]) > 1


def test_a_burst_has_three_events_at_most() -> None:
    pace = Pace(1, seed=7)
    waits = [pace.after_event(has_follow_up=True) for _ in range(30)]
    short = [wait <= 0.5 for wait in waits]
    assert short[:3] == [True, True, False]
    assert sum(short) == 20


def test_the_feed_continues_the_organisation() -> None:
    organisation, twin = Organisation(7), Organisation(7)
    organisation.history(100, NOW)
    twin.history(100, NOW)
    log = GrowingLog(60)
    with LiveFeed(organisation, log, 60_000, lambda: NOW):
        assert log.grown.wait(WAIT_S)
    events = log.events
    assert list(events) == [twin.next_event(NOW) for _ in events]


def test_the_feed_stops_at_once_and_can_start_again() -> None:
    before = set(threading.enumerate())
    log = GrowingLog(1)
    feed = LiveFeed(Organisation(7), log, 0.001, lambda: NOW)
    with feed:
        assert log.grown.wait(WAIT_S)
    assert set(threading.enumerate()) <= before
    log.grown.clear()
    with feed:
        assert log.grown.wait(WAIT_S)
    assert len(log) == 2


def test_a_rate_of_nothing_gives_nothing() -> None:
    before = set(threading.enumerate())
    with LiveFeed(Organisation(7), DemoLog(), 0, lambda: NOW):
        assert set(threading.enumerate()) <= before


def test_the_demo_is_all_as_one() -> None:
    before = set(threading.enumerate())
    with Demo(history=120, rate_per_minute=6000, now=lambda: NOW) as demo:
        cursor, events = None, 0
        with httpx.Client(base_url=demo.url, headers={"X-Api-Key": demo.api_key}, trust_env=False) as client:
            while events <= 120:
                page = client.get("/events", params={"cursor": cursor} if cursor else {}).raise_for_status().json()
                events += len(page["data"])
                cursor = page["next_cursor"]
        assert demo.server.requests > 2
        assert len(demo.log) >= events
    assert set(threading.enumerate()) <= before


def test_the_default_demo_has_5000_events_that_end_now() -> None:
    demo = Demo(now=lambda: NOW)
    assert len(demo.log) == 5000
    assert demo.log.events == tuple(Organisation(7).history(5000, NOW))


def test_the_demo_looks_at_the_real_clock_by_itself() -> None:
    demo = Demo(history=1)
    written = datetime.fromisoformat(demo.log.events[0].occurred_at)
    assert abs((datetime.now(UTC) - written).total_seconds()) < 3600


def test_a_demo_that_cannot_start_leaves_nothing_behind() -> None:
    with Demo(history=1, rate_per_minute=0) as demo:
        before = set(threading.enumerate())
        port = int(demo.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Demo(history=1, port=port).__enter__()
        assert set(threading.enumerate()) <= before


def test_the_key_is_a_key_and_obviously_none() -> None:
    assert DEMO_KEY.startswith("rex_test_demo")
    assert ApiKey(DEMO_KEY).reveal() == DEMO_KEY.encode()
