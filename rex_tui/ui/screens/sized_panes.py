"""Panes of a size that the reader chooses: what the screens with several of them have in common."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from textual import on
from textual.binding import BindingType
from textual.screen import ScreenResultType

from rex_tui.ui.keys import bound
from rex_tui.ui.pane_sizes import PaneSizes
from rex_tui.ui.screens.whole_screen import WholeScreen
from rex_tui.ui.widgets.split import Split

SIZES: Final = {
    "pane.wider": "size_pane(1)",
    "pane.narrower": "size_pane(-1)",
    "pane.taller": "size_pane(1, False)",
    "pane.lower": "size_pane(-1, False)",
}
"""What changes sizes, and how a screen does it."""


def size_keys(group: str) -> list[BindingType]:
    """Give the keys for it, as those of a group."""
    return [bound(group, name, action) for name, action in SIZES.items()]


class SizedPanes(WholeScreen[ScreenResultType]):
    """A screen whose panes keep the sizes that were chosen; it binds `size_keys`."""

    pane_sizes: PaneSizes
    """What was chosen, on every screen of this sitting; whoever makes the screen sets it before it is shown."""

    @on(Split.Moved)
    def _border_moved(self, event: Split.Moved) -> None:
        event.stop()
        self.pane_sizes.chosen[event.split] = event.size

    def action_size_pane(self, steps: int, beside: bool = True) -> None:  # noqa: FBT001, FBT002 - a binding's argument
        """Make the pane with the focus wider by some steps, or, where it is not `beside` others, taller."""
        ways = [] if self.focused is None else self.focused.ancestors_with_self
        for inner, outer in pairwise(ways):
            if isinstance(outer, Split) and outer.is_beside == beside and outer.widen(inner, steps):
                return
        where = "beside" if beside else "over or under"
        self.notify(f"There is no pane {where} this one now, so its size stays.", markup=False)
