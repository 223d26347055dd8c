"""What follows another process's writing tells each forgetting once, also that of another store in its place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from rex_tui.feed.follower import Follower
from rex_tui.store import EventStore


def test_each_forgetting_is_told_once_and_that_of_a_store_that_takes_its_place_too() -> None:
    lasts = iter((0, 100, 100, 300, 50, 50))
    store = SimpleNamespace(forgotten=lambda: SimpleNamespace(last=next(lasts)))
    follower = Follower(cast("EventStore", store))
    assert [follower.forgotten() for _ in range(6)] == [0, 100, 0, 300, 50, 0]
