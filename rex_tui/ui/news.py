"""What the feed brought since the last frame, put into index and view together when the frame is painted."""

from __future__ import annotations

from msgspec import Struct

from rex_tui.event import Grown
from rex_tui.query.view import Rows
from rex_tui.store import TypeIndex


class Arrival(Struct, frozen=True):
    """What a frame shows anew: events in the log, rows in the view, and from which sequence on they came live."""

    events: int = 0
    rows: int = 0
    live_from: int | None = None


class News:
    """Collects growth between two frames, so that the screen's work does not depend on how fast events come."""

    def __init__(self, index: TypeIndex) -> None:
        """Grow `index` when a frame takes the news."""
        self._index = index
        self._waiting: list[tuple[Grown, bool]] = []

    def add(self, grown: Grown, *, live: bool) -> None:
        """Note growth; `live` growth is what happened while we watched, not history that is caught up on."""
        self._waiting.append((grown, live))

    def take_into(self, view: Rows) -> Arrival:
        """Put all that waits into the index and `view`; give what came."""
        waiting, self._waiting = self._waiting, []
        events = rows = 0
        for grown, _live in waiting:
            self._index.grow(grown)
            rows += view.grow(grown)
            events += len(grown)
        live_from = next((grown.first for grown, live in waiting if live and len(grown)), None)
        return Arrival(events, rows, live_from)
