"""After a rejected cursor: reading again, or going on at the end of Rex's log."""

from __future__ import annotations

from pathlib import Path

from feed.rig import URL, Rig
from support.fakes import make_page

from rex_tui.api import CursorRejected
from rex_tui.event import GAP_TYPE
from rex_tui.feed import CatchingUp, CaughtUp, Stopped
from rex_tui.store import EventStore

GONE = CursorRejected("Rex no longer accepts our place in its log (410).")


def kinds(rig: Rig) -> list[str]:
    return [GAP_TYPE if event.type == GAP_TYPE else event.id[-1] for event in rig.store.events(0, 100)]


async def stop(rig: Rig) -> None:
    await rig.answer(make_page([1, 2], cursor="a"), GONE)
    assert rig.poller.status.state == Stopped("cursor", str(GONE))


async def test_reading_again_keeps_what_is_new_behind_a_gap(rig: Rig) -> None:
    await stop(rig)
    await rig.poller.read_again()
    await rig.answer(make_page([6, 7], cursor="x", more=True), make_page([8], cursor="y"))
    assert kinds(rig) == ["1", "2", GAP_TYPE, "6", "7", "8"]
    assert rig.rex.cursors == [None, "a", None, "x"]


async def test_going_on_passes_over_what_rex_has_and_keeps_what_comes(rig: Rig) -> None:
    await stop(rig)
    await rig.poller.go_on()
    status = await rig.answer(make_page([4, 5], cursor="x", more=True))
    assert isinstance(status.state, CatchingUp)
    assert status.state.skipping
    status = await rig.answer(make_page([6], cursor="y"))
    assert isinstance(status.state, CaughtUp)
    assert (kinds(rig), rig.store.cursor) == (["1", "2"], "y")
    await rig.answer(make_page([7], cursor="z"))
    assert kinds(rig) == ["1", "2", GAP_TYPE, "7"]
    assert rig.rex.cursors == [None, "a", None, "x", "y"]


async def test_who_goes_on_and_then_reads_again_after_all_is_passed_over_nothing(rig: Rig) -> None:
    await stop(rig)
    await rig.poller.go_on()
    await rig.answer(make_page([4], cursor="x", more=True), GONE)
    await rig.poller.read_again()
    await rig.answer(make_page([4, 5], cursor="y"))
    assert kinds(rig)[-2:] == ["4", "5"]


async def test_reading_again_survives_a_restart_in_the_middle(rig: Rig, tmp_path: Path) -> None:
    await stop(rig)
    await rig.poller.read_again()
    rig.store.close()
    with EventStore(tmp_path / "rex.db", URL) as store:
        again = Rig(store)
        await again.answer(make_page([6], cursor="x"))
        assert again.rex.cursors == [None]
        assert kinds(again) == ["1", "2", GAP_TYPE, "6"]
    rig.store.reopen()
