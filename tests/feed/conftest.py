"""A store and a poller on it, for every test of the feed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from feed.rig import URL, Rig

from rex_tui.store import EventStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        yield opened


@pytest.fixture
def rig(store: EventStore) -> Rig:
    return Rig(store)
