"""A store that is damaged, deleted or replaced while the feed runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from feed.rig import URL, Rig
from support.fakes import make_page

from rex_tui.event import Grown
from rex_tui.feed import CaughtUp, Connecting, Following, Stopped
from rex_tui.store import EventStore, StoreDamaged


async def test_a_store_that_is_found_damaged_is_moved_aside_and_read_again(rig: Rig, store: EventStore) -> None:
    await rig.answer(make_page([1, 2], cursor="a"))
    rig.poller.store_damaged("The file is damaged.")
    await rig.poller.step()

    status = rig.poller.status
    assert (rig.resets, status.cursor, store.last_seq()) == (1, None, 0)
    assert isinstance(status.state, Connecting)
    assert status.moved_aside is not None
    assert Path(status.moved_aside).exists()
    assert status.last_failure is not None
    assert status.last_failure.why == "The file is damaged."
    await rig.answer(make_page([1, 2, 3], cursor="b"))
    assert (rig.rex.cursors, rig.ids) == ([None, None], [1, 2, 3])


async def test_damage_found_while_writing_is_mended_alone(
    rig: Rig, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> Grown:
        raise StoreDamaged("The file is damaged.")

    with monkeypatch.context() as patched:
        patched.setattr(store, "append", damaged)
        await rig.answer(make_page([1], cursor="a"))
    await rig.answer(make_page([1], cursor="a"))
    assert rig.ids == [1]
    assert isinstance(rig.poller.status.state, CaughtUp)


async def test_a_disk_that_damages_again_and_again_is_given_up(
    rig: Rig, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> Grown:
        raise StoreDamaged("The file is damaged.")

    monkeypatch.setattr(store, "append", damaged)
    await rig.answer(*[make_page([1], cursor="a")] * 3)
    await rig.poller.step()
    assert rig.poller.status.state == Stopped("store", "The file is damaged.")


async def test_a_deleted_store_stops_the_feed_until_the_user_opens_what_is_there(rig: Rig, store: EventStore) -> None:
    await rig.answer(make_page([1, 2], cursor="a"))
    store.path.unlink()
    status = await rig.answer(make_page([3], cursor="b"))
    assert isinstance(status.state, Stopped)
    assert status.state.reason == "store"
    assert "deleted or replaced" in status.state.why
    assert not store.path.exists()

    assert rig.poller.poll_now()
    await rig.answer(make_page([1, 2, 3], cursor="b"))
    assert (rig.resets, rig.ids) == (1, [1, 2, 3])


async def test_a_store_of_another_tenant_put_in_its_place_is_refused(
    rig: Rig, store: EventStore, tmp_path: Path
) -> None:
    await rig.answer(make_page([1], cursor="a"))
    with EventStore(tmp_path / "other.db", "https://other.rexgtm.com"):
        pass
    (tmp_path / "other.db").rename(store.path)
    for side in ("-wal", "-shm"):
        store.path.with_name(store.path.name + side).unlink(missing_ok=True)
    await rig.answer(make_page([2], cursor="b"))
    before = store.path.read_bytes()
    rig.poller.poll_now()
    await rig.poller.step()
    state = rig.poller.status.state
    assert isinstance(state, Stopped)
    assert "other.rexgtm.com" in state.why
    assert store.path.read_bytes() == before


async def test_a_follower_goes_along_when_the_writer_begins_anew(store: EventStore) -> None:
    writer = Rig(store)
    await writer.answer(make_page([1, 2], cursor="a"))
    with EventStore(store.path, URL) as second:
        second.type_index()
        follower = Rig(second)
        writer.poller.store_damaged("The file is damaged.")
        await writer.poller.step()
        await writer.answer(make_page([1, 2, 3], cursor="b"))
        await follower.poller.step()
        await follower.poller.step()
        assert follower.resets == 1
        assert follower.ids == [1, 2, 3]
        assert isinstance(follower.poller.status.state, Following)


async def test_a_follower_of_a_damaged_store_waits_for_its_writer_to_mend_it(store: EventStore) -> None:
    writer = Rig(store)
    await writer.answer(make_page([1, 2], cursor="a"))
    with EventStore(store.path, URL) as second:
        follower = Rig(second)
        for path in (store.path, store.path.with_name(store.path.name + "-wal")):
            path.write_bytes(b"\xff" * path.stat().st_size)
        follower.poller.store_damaged("The file is damaged.")
        for _ in range(3):
            await follower.poller.step()
        status = follower.poller.status
        assert isinstance(status.state, Following)
        assert status.last_failure is not None
        assert "damaged" in status.last_failure.why
        assert sum(one.state == status.state for one in follower.seen) == 1

        writer.poller.store_damaged("The file is damaged.")
        await writer.poller.step()
        await writer.answer(make_page([1, 2, 3], cursor="b"))
        await follower.poller.step()
        assert follower.resets == 1
        assert follower.ids == [1, 2, 3]
        assert isinstance(follower.poller.status.state, Following)
