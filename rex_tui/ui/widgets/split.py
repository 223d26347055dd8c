"""Two panes that share a room; the border between them can be dragged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from textual import events
from textual.containers import Container
from textual.dom import DOMNode
from textual.geometry import Offset, Region, Size
from textual.layout import ArrangeResult, Layout
from textual.message import Message
from textual.widget import Widget

from rex_tui.ui.pane_sizes import USUAL_SIZE, PaneSize

STEP_BESIDE: Final = 4
STEP_BELOW: Final = 2
"""How far a key moves the border, in cells and in lines."""
DOUBLE: Final = 2
BESIDE_EDGES: Final = ("-grip-right", "-grip-left")
BELOW_EDGES: Final = ("-grip-bottom", "-grip-top")
LAST_EDGES: Final = ("-grip-right", "-grip-bottom")
"""The classes of a pane whose edge is a border under the mouse: that of the first pane, and of the second."""


class Least(NamedTuple):
    """The least that a pane may be made: in cells beside another, in lines over or under it."""

    beside: int
    below: int


class Split(Container):
    """Holds two panes, side by side or one over the other, as its style's layout says.

    One of them has a size, its `sized` child, the other has the rest. Until somebody chooses a size the styles decide;
    with one pane alone they decide, too.
    """

    ALLOW_SELECT = False  # a drag moves the border

    @dataclass(eq=False, repr=False)
    class Moved(Message):
        """The reader has put the border to another place, and let it go there."""

        split: str
        size: PaneSize

    def __init__(
        self,
        *panes: Widget,
        sized: int,
        size: PaneSize = USUAL_SIZE,
        in_cells: bool = False,
        least: tuple[Least, Least],
        id: str,  # noqa: A002 - textual's name
        classes: str = "",
    ) -> None:
        """Hold these panes, or those that are composed into it, of which the one at `sized` has a size.

        A size beside is in cells where `in_cells` says so; else sizes are shares, so that they suit any terminal.
        `least` is what has to be left of each.
        """
        super().__init__(*panes, id=id, classes=classes)
        self._own_id = id
        self._sized, self._chosen, self._in_cells, self._least = sized, size, in_cells, least
        self._grip: tuple[Offset, int] | None = None
        """While the border is dragged: where the mouse took it, and the size then."""
        self._hovered = False

    # ---- sizes

    @property
    def layout(self) -> Layout:
        """Give the style's layout, with the border where it was put."""
        usual = super().layout
        return _Placed(self, usual) if self._chosen != USUAL_SIZE else usual

    @property
    def is_beside(self) -> bool:
        """Tell whether the panes are side by side."""
        return super().layout.name == "horizontal"

    @property
    def both(self) -> bool:
        """Tell whether both panes are on screen, so that there is a border between them."""
        return all(pane.display and pane.region.area for pane in self.children)

    def chosen_cells(self, room: int) -> int | None:
        """Give the chosen size of the sized pane in cells or lines of so many; None where the styles decide."""
        beside = self.is_beside
        chosen = self._chosen.beside if beside else self._chosen.below
        return self._fitting(round(chosen if beside and self._in_cells else chosen * room), room) if chosen else None

    def _fitting(self, cells: int, room: int) -> int | None:
        least = [one.beside if self.is_beside else one.below for one in self._least]
        most = room - least[1 - self._sized]
        return max(least[self._sized], min(cells, most)) if most >= least[self._sized] else None

    def widen(self, pane: DOMNode, steps: int) -> bool:
        """Make one of the panes wider by some steps, or narrower; tell whether there is a border to move."""
        if not self.both:
            return False
        step = steps * (STEP_BESIDE if self.is_beside else STEP_BELOW)
        self._move_to(self._cells + (step if pane is self.children[self._sized] else -step))
        self._tell()
        return True

    @property
    def _room(self) -> int:
        return self.size.width if self.is_beside else self.size.height

    @property
    def _cells(self) -> int:
        size = self.children[self._sized].outer_size
        return size.width if self.is_beside else size.height

    def _move_to(self, cells: int) -> None:
        fitting = self._fitting(cells, self._room)
        if fitting is None or fitting == self._cells:
            return
        kept = fitting if self.is_beside and self._in_cells else fitting / self._room
        self._choose(PaneSize(kept, self._chosen.below) if self.is_beside else PaneSize(self._chosen.beside, kept))

    def _choose(self, size: PaneSize) -> None:
        self._chosen = size
        self.children[0].refresh(layout=True)  # a child's wish is what has its parent lay out its children anew

    def _tell(self) -> None:
        self.post_message(self.Moved(self._own_id, self._chosen))

    # ---- the mouse

    def _is_border(self, at: Offset) -> bool:
        """Tell whether there is the border: the last cells of the first pane, and the first of the second.

        Where the first says something in its lower edge, that can be clicked, so only the other edge is the border.
        """
        if not self.both or not self.region.contains_point(at):
            return False
        first, second = (pane.region for pane in self.children)
        if self.is_beside:
            return at.x in (first.right - 1, second.x)
        return at.y == second.y or (at.y == first.bottom - 1 and not self.children[0].border_subtitle)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the border under the mouse."""
        if event.button == 1 and self._is_border(event.screen_offset):
            event.stop()
            self._grip = event.screen_offset, self._cells
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the border that was taken; else show whether it could be."""
        if self._grip is None:
            self._hover(self._is_border(event.screen_offset))
            return
        event.stop()
        start, cells = self._grip
        way = event.screen_offset - start
        moved = way.x if self.is_beside else way.y
        self._move_to(cells + (moved if self._sized == 0 else -moved))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the border."""
        if self._grip is not None:
            event.stop()
            is_moved = self._grip[0] != event.screen_offset
            self._grip = None
            self.release_mouse()
            if is_moved:
                self._tell()

    def on_click(self, event: events.Click) -> None:
        """Put the border back to its usual place with a double click on it."""
        if event.chain == DOUBLE and self._is_border(event.screen_offset):
            event.stop()
            usual = PaneSize(0, self._chosen.below) if self.is_beside else PaneSize(self._chosen.beside, 0)
            self._choose(usual)
            self._tell()

    def on_leave(self) -> None:
        """Show the border as usual."""
        if self._grip is None and not self.is_mouse_over:
            self._hover(False)

    def _hover(self, hovered: bool) -> None:  # noqa: FBT001 - the new value
        if hovered != self._hovered:
            self._hovered = hovered
            self.styles.pointer = ("ew-resize" if self.is_beside else "ns-resize") if hovered else "default"
            for pane, edge in zip(self.children, BESIDE_EDGES if self.is_beside else BELOW_EDGES, strict=True):
                for one in _at_edge(pane, edge):
                    one.set_class(hovered, edge)


def _at_edge(pane: Widget, edge: str) -> Iterable[Widget]:
    """Give the panes that have this edge of a pane, where that is split itself."""
    if not isinstance(pane, Split):
        return [pane]
    along = pane.is_beside == (edge in BESIDE_EDGES)
    parts = [pane.children[-1 if edge in LAST_EDGES else 0]] if along else pane.children
    return [one for part in parts for one in _at_edge(part, edge)]


class _Placed(Layout):
    """A layout of two panes with the border where it was put."""

    def __init__(self, split: Split, usual: Layout) -> None:
        self._split, self._usual = split, usual

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: FBT001, FBT002 - textual's signature
        placed = list(self._usual.arrange(parent, children, size, greedy))
        both = list(self._split.children)
        room = size.width if self._split.is_beside else size.height
        cells = self._split.chosen_cells(room) if [one.widget for one in placed] == both else None
        if cells is None:
            return placed
        first = cells if both.index(both[0]) == self._split._sized else room - cells  # noqa: SLF001 - the same room
        whole = Region(0, 0, size.width, size.height)
        regions = whole.split_vertical(first) if self._split.is_beside else whole.split_horizontal(first)
        return [one._replace(region=region) for one, region in zip(placed, regions, strict=True)]
