"""How large the reader has made the panes of each screen."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class PaneSize(Struct, frozen=True):
    """The size of a pane: beside another one, and over or under it; 0 for the usual one."""

    beside: float = 0.0
    below: float = 0.0


USUAL_SIZE: Final = PaneSize()


class PaneSizes:
    """The sizes that were chosen, by the names of what splits the room; all screens of one sitting share it."""

    def __init__(self, chosen: dict[str, PaneSize]) -> None:
        """Begin with these."""
        self.chosen = chosen

    def of(self, split: str) -> PaneSize:
        """Give the size chosen in a split, the usual one where none is."""
        return self.chosen.get(split, USUAL_SIZE)
