"""How a screen was left, to begin with it the next time: kept in the notebook, as one text."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.ui.pane_sizes import PaneSize

VERSION: Final = 1


class LeftPlace(Struct, frozen=True):
    """The selected event of a table that did not follow: its id, so that it is found also in a log that was read again.

    `occurred_at` (as Rex sent it) and `received_at` (seconds since the epoch) stand in for it where it is gone. `line`
    is its line of the window, and `seen` the id of the last event that was not counted as new.
    """

    event_id: str
    occurred_at: str = ""
    received_at: float = 0.0
    line: int = 0
    seen: str = ""


class LeftScreen(Struct, frozen=True):
    """All that is the same when the screen begins again, but for the columns, which are kept for each filter.

    `text` is what the bar asked, `only` whether only what matched was shown, and `place` None where the table followed.
    `arranged` says which panes were open, and `sizes` how large they were made. `theme` is "" for the usual one.
    """

    version: int = VERSION
    theme: str = ""
    filter: Filter = EVERYTHING
    text: str = ""
    only: bool = True
    place: LeftPlace | None = None
    utc: bool = False
    relative: bool = False
    masked: bool = False
    changes: bool = False
    arranged: tuple[str, ...] = ()
    sizes: tuple[tuple[str, PaneSize], ...] = ()

    def written(self) -> str:
        """Give the text that `read_left` reads."""
        return msgspec.json.encode(self, order="deterministic").decode()


AS_USUAL: Final = LeftScreen()


def read_left(text: str) -> LeftScreen:
    """Read what was written; the usual screen where that is nothing, or what another version wrote, or anybody."""
    try:
        left = msgspec.json.decode(text, type=LeftScreen)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return AS_USUAL
    return left if left.version == VERSION else AS_USUAL
