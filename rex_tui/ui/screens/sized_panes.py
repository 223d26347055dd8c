"""Panes of a size that the reader chooses: what the screens with several of them have in common."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from textual import on
from textual.binding import Binding
from textual.screen import Screen, ScreenResultType

from rex_tui.ui.pane_sizes import PaneSizes
from rex_tui.ui.widgets.split import Split

SIZE_KEYS: Final = (
    Binding("shift+right", "size_pane(1)", "Wider", show=False, id="pane.wider", tooltip="Make this pane wider"),
    Binding("shift+left", "size_pane(-1)", "Narrower", show=False, id="pane.narrower", tooltip="Or narrower"),
    Binding("shift+down", "size_pane(1, False)", "Taller", show=False, id="pane.taller", tooltip="Taller"),
    Binding("shift+up", "size_pane(-1, False)", "Lower", show=False, id="pane.lower", tooltip="Or lower"),
)
"""The keys for it."""


class SizedPanes(Screen[ScreenResultType]):
    """A screen whose panes keep the sizes that were chosen; it binds `SIZE_KEYS`."""

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
