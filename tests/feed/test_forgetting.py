"""The poller forgets in its pauses: behind every consumer, never while it catches up, unless there is far too much."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from feed.rig import Rig
from support.fakes import NOW, make_page

from rex_tui.api import Unauthorized
from rex_tui.feed import Connecting, Paused, Stopped
from rex_tui.feed import forgetting as forgetting_module
from rex_tui.feed.forgetting import Forgetting
from rex_tui.feed.status import StopReason
from rex_tui.keep import read_keep
from rex_tui.store import EventStore
from rex_tui.store import retention as retention_module
from rex_tui.store.consumers import Consumer, HeldBack, held_back, log_of
from rex_tui.store.notebook import Notebook


@pytest.fixture
def notebook(store: EventStore) -> Iterator[Notebook]:
    with Notebook(store.path) as opened:
        yield opened


@pytest.fixture
def forgetful(rig: Rig, notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """A rig that keeps the newest ten events, and forgets five at a time."""
    monkeypatch.setattr(retention_module, "SLICE_ROWS", 5)
    rig.poller.forgetting = Forgetting(rig.store, notebook, read_keep("10"), rig.clock)
    return rig


async def test_it_forgets_in_slices_while_the_feed_waits(forgetful: Rig) -> None:
    heard: list[int] = []
    forgetful.poller.on_forgotten = heard.append
    await forgetful.answer(make_page(range(20), more=True, cursor="a"), make_page(range(20, 33), cursor="b"))
    assert forgetful.store.first_seq() == 1  # not while it caught up
    await forgetful.answer(make_page(cursor="b"))
    assert heard == [5, 10, 15, 20, 23]
    assert forgetful.ids == list(range(23, 33))
    assert forgetful.rex.cursors == [None, "a", "b"]
    await forgetful.answer(make_page(range(33, 34), cursor="c"), make_page(cursor="c"), make_page(cursor="c"))
    assert forgetful.ids == list(range(24, 34))


async def test_a_paused_feed_asks_nothing_and_forgets_all_the_same(forgetful: Rig) -> None:
    await forgetful.answer(make_page(range(33), cursor="a"))
    forgetful.poller.pause()
    await forgetful.poller.step()
    assert isinstance(forgetful.poller.status.state, Paused)
    heard: list[int] = []

    def forgot(last: int) -> None:
        heard.append(last)
        if last == 23:
            forgetful.poller.resume()

    forgetful.poller.on_forgotten = forgot
    while not isinstance(forgetful.poller.status.state, Connecting):
        await asyncio.wait_for(forgetful.poller.step(), 20)
    assert heard == [5, 10, 15, 20, 23]
    assert forgetful.rex.cursors == [None]


async def test_a_feed_that_rex_stopped_forgets_all_the_same(forgetful: Rig) -> None:
    await forgetful.answer(make_page(range(33), more=True, cursor="a"), Unauthorized("Rex does not accept the key."))
    assert isinstance(forgetful.poller.status.state, Stopped)
    assert forgetful.store.first_seq() == 1
    heard: list[int] = []

    def forgot(last: int) -> None:
        heard.append(last)
        if last == 23:
            forgetful.poller.poll_now()

    forgetful.poller.on_forgotten = forgot
    while not isinstance(forgetful.poller.status.state, Connecting):
        await asyncio.wait_for(forgetful.poller.step(), 20)
    assert heard == [5, 10, 15, 20, 23]


@pytest.mark.parametrize("reason", ["store", "tenant"])
async def test_a_feed_whose_store_failed_or_is_anothers_forgets_nothing(forgetful: Rig, reason: StopReason) -> None:
    await forgetful.answer(make_page(range(33), more=True, cursor="a"))
    await forgetful.poller._intake.settle()
    forgetful.poller._standing.take(Stopped(reason, "It can't be used."))
    waiting = asyncio.create_task(forgetful.poller.step())
    await forgetful.poller._intake.in_thread(lambda: None)  # what would have been forgotten is behind this
    assert forgetful.store.first_seq() == 1
    forgetful.poller._waiting.call()
    await asyncio.wait_for(waiting, 20)
    assert forgetful.store.first_seq() == 1


async def test_a_catch_up_goes_first_until_there_is_far_too_much(
    forgetful: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting_module, "URGENT_EVENTS", 20)
    came = []
    for start in range(0, 100, 10):
        forgetful.clock.elapsed += 1
        await forgetful.answer(make_page(range(start, start + 10), more=True, cursor=f"c{start}"))
        await forgetful.poller._intake.settle()
        came.append(forgetful.store.first_seq())
    assert max(came[:3]) <= 1
    assert max(came) > 50  # as much as comes, and what had gathered


async def test_nothing_is_forgotten_that_a_consumer_has_not_come_to(forgetful: Rig, notebook: Notebook) -> None:
    store = forgetful.store
    await forgetful.answer(make_page(range(40), cursor="a"))
    fast = Consumer("fast", "evt_000030", seq=31, log=log_of(store), moved_at=NOW)
    slow = Consumer("slow", "evt_000011", seq=12, log=log_of(store), moved_at=NOW - 5)
    for consumer in (fast, slow):
        notebook.keep_consumer(consumer)
    assert held_back(store, notebook.consumers().values()) == HeldBack("slow", 12, NOW - 5)
    await forgetful.answer(make_page(cursor="a"))
    assert forgetful.ids == list(range(11, 40))  # its own event stays, too
    notebook.keep_consumer(Consumer("new"))
    await forgetful.answer(make_page(cursor="a"), make_page(cursor="a"))
    assert forgetful.ids == list(range(11, 40))


async def test_whoever_reads_the_log_from_its_start_holds_it_back(forgetful: Rig) -> None:
    assert forgetful.poller.forgetting is not None
    forgetful.poller.forgetting.holds.append(lambda: 7)
    await forgetful.answer(make_page(range(40), cursor="a"), make_page(cursor="a"))
    assert forgetful.store.first_seq() == 8


async def test_a_follower_hears_of_it_and_forgets_nothing_itself(forgetful: Rig, notebook: Notebook) -> None:
    await forgetful.answer(make_page(range(40), cursor="a"))
    with EventStore(forgetful.store.path, forgetful.store.base_url) as store:
        follower = Rig(store)
        follower.poller.forgetting = Forgetting(store, notebook, read_keep("1"), follower.clock)
        heard: list[int] = []
        follower.poller.on_forgotten = heard.append
        await follower.poller.step()
        await forgetful.answer(make_page(cursor="a"))
        await follower.poller.step()
        await follower.poller.step()
        assert heard == [30]
        assert follower.ids == list(range(30, 40))


async def test_a_program_that_ends_when_caught_up_forgets_before_that(forgetful: Rig) -> None:
    await forgetful.answer(make_page(range(40), cursor="a"))
    assert forgetful.poller.forgetting is not None
    await forgetful.poller.forgetting.for_a_while()
    assert forgetful.ids == list(range(30, 40))
