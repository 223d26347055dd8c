"""A key that is new to a store: another organisation's is refused before a row is written, a rotated one is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from feed.rig import URL, Rig
from support.fakes import make_page

from rex_tui.api import Unavailable
from rex_tui.event import Page, Quarantined
from rex_tui.feed import CaughtUp, Retrying, Stopped
from rex_tui.feed.tenant import KeyTag
from rex_tui.store import EventStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rex.db"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    with EventStore(path, URL) as opened:
        yield opened


def tag_of(key: str) -> KeyTag:
    return lambda salt: f"{key}-{salt[:4].decode()}"


async def mirror(store: EventStore, *pages: Page, key: str = "one") -> Rig:
    rig = Rig(store, key_tag=tag_of(key))
    await rig.answer(*pages)
    return rig


async def test_a_first_start_asks_nothing_more_than_a_page(store: EventStore) -> None:
    rig = await mirror(store, make_page([1], cursor="a"))
    assert rig.rex.cursors == [None]
    assert store.key_tag == f"one-{store.key_salt[:4].decode()}"


async def test_the_same_key_is_trusted_without_a_request(store: EventStore) -> None:
    await mirror(store, make_page([1], cursor="a"))
    rig = await mirror(store, make_page([2], cursor="b"))
    assert rig.rex.cursors == ["a"]


async def test_a_rotated_key_of_the_same_organisation_is_accepted_for_good(store: EventStore) -> None:
    await mirror(store, make_page([1, 2], cursor="a"))
    rig = await mirror(store, make_page([1, 2]), make_page([3], cursor="b"), key="two")
    assert rig.rex.cursors == [None, "a"]
    assert rig.ids == [1, 2, 3]
    rig = await mirror(store, make_page([4], cursor="c"), key="two")
    assert rig.rex.cursors == ["b"]


async def test_a_rotated_key_is_noted_though_nothing_is_new(store: EventStore) -> None:
    await mirror(store, make_page([1, 2], cursor="a"))
    await mirror(store, make_page([1, 2]), make_page(cursor="a"), key="two")
    assert (await mirror(store, make_page(cursor="a"), key="two")).rex.cursors == ["a"]


@pytest.mark.parametrize("theirs", [make_page([70, 71], more=True, cursor="x"), make_page()])
async def test_another_organisations_key_is_refused_before_a_row_is_written(store: EventStore, theirs: Page) -> None:
    await mirror(store, make_page([1, 2], cursor="a"))
    rig = await mirror(store, theirs, key="theirs")

    state = rig.poller.status.state
    assert isinstance(state, Stopped)
    assert state.reason == "tenant"
    assert "another organisation" in state.why
    assert rig.ids == [1, 2]
    assert store.cursor == "a"
    assert rig.poller.poll_now()
    await rig.answer(make_page([1, 2]), make_page([3], cursor="b"))
    assert rig.ids == [1, 2, 3], "the user has mended the key's rights, and asked again"


async def test_an_answer_that_fails_is_no_proof_of_anything(store: EventStore) -> None:
    await mirror(store, make_page([1], cursor="a"))
    rig = Rig(store, key_tag=tag_of("two"))
    status = await rig.answer(Unavailable("Rex can't be reached."))
    assert isinstance(status.state, Retrying)
    status = await rig.answer(make_page([1]), make_page([2], cursor="b"))
    assert isinstance(status.state, CaughtUp)


async def test_a_log_of_which_all_was_set_aside_is_known_by_that(store: EventStore) -> None:
    broken = (Quarantined(b"{1}", "broken"),)
    await mirror(store, make_page(cursor="a", aside=broken))
    rig = await mirror(store, make_page(aside=broken), make_page([2], cursor="b"), key="two")
    assert rig.ids == [2]
