"""The poller, stepped: every state, every wait and every request, without a second of real time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from feed.rig import INTERVAL_S, URL, Rig
from support.fakes import make_page
from support.waiting import until

from rex_tui.api import BadResponse, CursorRejected, Forbidden, RexError, Unauthorized, Unavailable
from rex_tui.api import RateLimited as SlowDown
from rex_tui.event import Grown, Page, Quarantined, RateBudget
from rex_tui.feed import (
    CatchingUp,
    CaughtUp,
    Connecting,
    Following,
    Paused,
    RateLimited,
    Retrying,
    Stopped,
)
from rex_tui.feed.drain import EMPTY_PAGES_MAX
from rex_tui.feed.intake import WAITING_MAX
from rex_tui.store import EventStore, StoreUnwritable


async def test_it_drains_while_there_is_more_then_waits_the_interval_and_polls_again(rig: Rig) -> None:
    assert rig.state_name == "Connecting"
    status = await rig.answer(
        make_page(range(3), more=True, cursor="a"),
        make_page(range(3, 5), more=True, cursor="b"),
        make_page(range(5, 6), cursor="c"),
    )
    assert isinstance(status.state, CaughtUp)
    assert status.state.next_at - rig.clock.monotonic() == INTERVAL_S
    assert rig.clock.waits == []
    await rig.answer(make_page(range(6, 7), cursor="d"))
    assert rig.clock.waits == [INTERVAL_S]
    assert rig.rex.cursors == [None, "a", "b", "c"]
    assert rig.ids == list(range(7))
    assert rig.store.cursor == rig.poller.status.cursor == "d"


async def test_a_restart_goes_on_at_the_stored_cursor(rig: Rig, store: EventStore) -> None:
    await rig.answer(make_page(range(3), cursor="a"))
    again = Rig(store)
    assert again.poller.status.cursor == "a"
    await again.answer(make_page(range(3, 5), cursor="b"))
    assert again.rex.cursors == ["a"]


@pytest.mark.parametrize("at_end", [None, "a"])
async def test_a_null_or_repeated_cursor_when_caught_up_keeps_the_last_one(rig: Rig, at_end: str | None) -> None:
    await rig.answer(make_page(range(2), more=True, cursor="a"), make_page(range(2, 3), cursor=at_end))
    for _ in range(3):
        status = await rig.answer(make_page(range(2, 3), cursor=at_end))
        assert isinstance(status.state, CaughtUp)
    assert rig.rex.cursors == [None, "a", "a", "a", "a"]
    assert rig.ids == [0, 1, 2]


async def test_what_changes_nothing_is_not_written(
    rig: Rig, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.answer(make_page(range(2), cursor="a"))
    monkeypatch.setattr(store, "append", None)
    status = await rig.answer(make_page(cursor="a"), make_page(cursor=None))
    assert isinstance(status.state, CaughtUp)


@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"], ["a", None]])
async def test_a_cursor_that_does_not_move_on_slows_us_down(rig: Rig, cursors: list[str | None]) -> None:
    status = await rig.answer(*(make_page([n], more=True, cursor=cursor) for n, cursor in enumerate(cursors)))
    assert isinstance(status.state, Retrying)
    assert "does not move on" in status.state.why
    for _ in range(6):
        while not isinstance((await rig.answer(make_page([0], more=True, cursor="a"))).state, Retrying):
            pass
    assert sum(rig.clock.waits) > 30
    assert len(rig.rex.cursors) < 20
    status = await rig.answer(make_page([9], cursor="z"))
    assert isinstance(status.state, CaughtUp)


async def test_empty_pages_that_promise_more_are_no_hot_loop(rig: Rig) -> None:
    status = await rig.answer(*(make_page(more=True, cursor=f"c{n}") for n in range(EMPTY_PAGES_MAX)))
    assert isinstance(status.state, Retrying)


async def test_a_first_page_that_fails_is_tried_again_later_and_later(rig: Rig) -> None:
    for attempt in range(1, 10):
        status = await rig.answer(Unavailable("no network"))
        assert isinstance(status.state, Retrying)
        assert (status.state.attempt, status.state.why) == (attempt, "no network")
    assert rig.clock.waits == [1, 2, 4, 8, 16, 32, 60, 60]
    status = await rig.answer(make_page(range(1), cursor="a"))
    assert isinstance(status.state, CaughtUp)
    assert status.last_failure is not None
    assert status.last_failure.why == "no network"
    status = await rig.answer(Unavailable("no network"))
    assert isinstance(status.state, Retrying)
    assert status.state.attempt == 1


async def test_an_error_in_a_catch_up_keeps_what_came_and_the_cursor(rig: Rig) -> None:
    await rig.answer(make_page([1], more=True, cursor="a"), make_page([2], more=True, cursor="b"), Unavailable("gone"))
    assert (rig.ids, rig.store.cursor) == ([1, 2], "b")
    await rig.answer(make_page([3], cursor="c"))
    assert rig.rex.cursors[-1] == "b"


async def test_a_rate_limit_is_waited_out_as_long_as_rex_asked(rig: Rig) -> None:
    status = await rig.answer(SlowDown("slow down", 42.0))
    assert isinstance(status.state, RateLimited)
    assert not rig.poller.poll_now()
    await rig.answer(make_page(range(1), cursor="a"))
    assert rig.clock.waits == [42.0]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(Unauthorized("no"), "key"), (Forbidden("no"), "key"), (CursorRejected("no"), "cursor")],
)
async def test_what_trying_again_cannot_mend_stops_until_the_user_asks(rig: Rig, error: RexError, reason: str) -> None:
    status = await rig.answer(error)
    assert isinstance(status.state, Stopped)
    assert status.state.reason == reason
    step = asyncio.create_task(rig.poller.step())
    await asyncio.wait([step], timeout=0.01)
    assert not step.done()
    assert len(rig.rex.cursors) == 1
    assert rig.poller.poll_now()
    await step
    status = await rig.answer(make_page(range(1), cursor="a"))
    assert isinstance(status.state, CaughtUp)


async def test_a_wrong_answer_is_forgiven_twice_then_stops(rig: Rig) -> None:
    for _ in range(2):
        assert isinstance((await rig.answer(BadResponse("odd"))).state, Retrying)
    assert isinstance((await rig.answer(make_page(range(1), cursor="a"))).state, CaughtUp)
    for _ in range(2):
        assert isinstance((await rig.answer(BadResponse("odd"))).state, Retrying)
    status = await rig.answer(BadResponse("odd"))
    assert status.state == Stopped("contract", "odd")


async def test_after_a_rejected_cursor_the_log_can_be_read_again_without_doubles(rig: Rig) -> None:
    await rig.answer(make_page(range(3), cursor="a"), CursorRejected("gone"))
    await rig.poller.read_again()
    assert rig.store.cursor is None
    await rig.answer(make_page(range(3), more=True, cursor="x"), make_page(range(3, 5), cursor="y"))
    assert rig.rex.cursors == [None, "a", None, "x"]
    assert rig.ids == list(range(5))


async def test_a_catch_up_goes_slower_before_the_budget_is_gone(rig: Rig) -> None:
    plenty, little = RateBudget(1000, 900, 60.0), RateBudget(1000, 150, 30.0)
    status = await rig.answer(make_page([0], more=True, cursor="a", budget=plenty))
    assert isinstance(status.state, CatchingUp)
    assert status.state.resume_at is None
    status = await rig.answer(make_page([1], more=True, cursor="b", budget=little))
    assert isinstance(status.state, CatchingUp)
    assert status.state.resume_at == pytest.approx(rig.clock.monotonic() + 30 / 50)
    assert not rig.poller.poll_now()
    await rig.answer(make_page([2], cursor="c", budget=RateBudget(1000, 100, 30.0)))
    assert rig.clock.waits == [pytest.approx(0.6)]


async def test_progress_tells_the_place_the_speed_and_the_time_left(rig: Rig) -> None:
    def after(seconds: float, numbers: range, cursor: str) -> Callable[[], Page]:
        def answer() -> Page:
            rig.clock.elapsed += seconds
            return make_page(numbers, more=True, cursor=cursor)

        return answer

    minutes_a_day = 1440
    first = await rig.answer(make_page(range(minutes_a_day), more=True, cursor="a"))
    assert isinstance(first.state, CatchingUp)
    assert first.state.progress.left_s is None
    rig.rex.answers.append(after(2.0, range(minutes_a_day, 5 * minutes_a_day), "b"))
    await rig.poller.step()
    state = rig.poller.status.state
    assert isinstance(state, CatchingUp)
    assert f"{state.progress.position:%m-%d}" == "03-05"
    assert state.progress.events_per_s == pytest.approx(2 * minutes_a_day)
    # Four days of history took two seconds; eleven days are left.
    assert state.progress.left_s == pytest.approx(11 / 2, rel=0.01)


async def test_a_catch_up_commits_by_time_not_by_page(rig: Rig) -> None:
    pages = [make_page([n], more=True, cursor=f"c{n}") for n in range(9)]
    await rig.answer(*pages)
    await until(lambda: rig.grown)
    assert [len(grown) for grown in rig.grown] == [1]
    rig.clock.elapsed += 1
    await rig.answer(make_page([9], more=True, cursor="c9"))
    await until(lambda: len(rig.grown) == 2)
    assert [len(grown) for grown in rig.grown] == [1, 9]


async def test_rex_is_asked_while_the_store_is_written_but_not_without_end(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, may_go_on = rig.store.append, threading.Event()
    monkeypatch.setattr(rig.store, "append", lambda pages: (may_go_on.wait(), write(pages))[1])
    pages = [make_page([n], more=True, cursor=f"c{n}") for n in range(WAITING_MAX + 9)]
    rig.rex.answers += pages
    reading = asyncio.create_task(rig.answer())
    await until(lambda: len(rig.rex.answers) == 8)  # one is written, so many wait behind it
    assert rig.store.last_seq() == 0
    may_go_on.set()
    await reading
    await rig.answer(make_page([], cursor="end"))
    assert rig.ids == list(range(WAITING_MAX + 9))


async def test_what_came_behind_a_write_that_failed_is_asked_for_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_pages: object) -> Grown:
        raise StoreUnwritable("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(rig.store, "append", fail)
        await rig.answer(make_page([0], more=True, cursor="c0"))
        await rig.answer(make_page([1], more=True, cursor="c1"))
        rig.clock.elapsed += 1
        await rig.answer(make_page([2], more=True, cursor="c2"))
    assert rig.state_name == "Retrying"
    await rig.answer(make_page([0], more=True, cursor="c0"), make_page([1, 2], cursor="c2"))
    assert rig.ids == [0, 1, 2]
    assert rig.rex.cursors == [None, "c0", "c1", None, "c0"]


async def test_poll_now_ends_a_wait(rig: Rig) -> None:
    await rig.answer(make_page(range(1), cursor="a"))
    assert rig.poller.poll_now()
    await rig.answer(make_page(range(1, 2), cursor="b"))
    assert rig.clock.waits == []


async def test_pause_gives_up_a_hanging_request_and_resume_asks_again(rig: Rig) -> None:
    rig.rex.hang = True
    step = asyncio.create_task(rig.poller.step())
    await rig.rex.asked.wait()
    assert rig.poller.poll_now()  # already asking: no second request
    rig.poller.pause()
    await step
    await rig.poller.step()
    assert isinstance(rig.poller.status.state, Paused)
    rig.rex.hang = False
    rig.poller.resume()
    assert rig.state_name == "Connecting"
    await rig.answer(make_page(range(1), cursor="a"))
    assert rig.rex.cursors == [None, None]


async def test_pause_and_resume_at_once_lose_nothing(rig: Rig) -> None:
    rig.rex.hang = True
    step = asyncio.create_task(rig.poller.step())
    await rig.rex.asked.wait()
    rig.poller.pause()
    rig.poller.resume()
    await step
    rig.rex.hang = False
    assert isinstance((await rig.answer(make_page(range(1), cursor="a"))).state, CaughtUp)


async def test_pause_keeps_what_came_before_it(rig: Rig) -> None:
    await rig.answer(make_page([0], more=True, cursor="a"), make_page([1], more=True, cursor="b"))
    rig.poller.pause()
    await rig.poller.step()
    assert isinstance(rig.poller.status.state, Paused)
    assert rig.ids == [0, 1]
    assert rig.poller.poll_now()
    assert rig.state_name == "Connecting"


async def test_a_full_disk_is_waited_out_and_the_page_is_asked_for_again(
    rig: Rig, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> Grown:
        raise StoreUnwritable("The disk is full.")

    await rig.answer(make_page([0], cursor="a"))
    with monkeypatch.context() as patched:
        patched.setattr(store, "append", full)
        status = await rig.answer(make_page([1], cursor="b"))
        assert isinstance(status.state, Retrying)
        assert status.state.why == "The disk is full."
        assert status.cursor == "a"
    await rig.answer(make_page([1], cursor="b"))
    assert rig.rex.cursors == [None, "a", "a"]
    assert rig.ids == [0, 1]


async def test_what_is_set_aside_is_counted(rig: Rig) -> None:
    page = make_page([0], cursor="a", aside=(Quarantined(b"{", "broken"),))
    assert (await rig.answer(page)).quarantined == 1
    assert (await rig.answer(page)).quarantined == 1


async def test_a_second_process_follows_then_takes_over(rig: Rig, tmp_path: Path) -> None:
    await rig.answer(make_page(range(2), cursor="a"))
    with EventStore(tmp_path / "rex.db", URL) as other:
        other.type_index()
        follower = Rig(other)
        assert isinstance(follower.poller.status.state, Following)
        assert not follower.poller.poll_now()
        await rig.answer(make_page(range(2, 4), cursor="b"))
        await follower.poller.step()
        assert [(grown.first, grown.last) for grown in follower.grown] == [(3, 4)]
        assert follower.poller.status.cursor == "b"
        rig.store.close()
        await follower.poller.step()
        assert follower.state_name == "Connecting"
        await follower.answer(make_page(range(4, 5), cursor="c"))
        assert follower.rex.cursors == ["b"]
        assert follower.ids == list(range(5))


async def test_cancelling_ends_it_at_once_also_in_a_hanging_request(rig: Rig) -> None:
    rig.rex.hang = True
    running = asyncio.create_task(rig.poller.run())
    await rig.rex.asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert rig.seen[0].state == Connecting()
