"""The table's column heads, in line with its columns; their edges can be dragged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.cells import set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from rex_tui.query.column import USUAL, Columns
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.columns import GAP, MARK_WIDTH, Layout, edge_at, fit, fit_right, layout_of, with_edge_moved

EDGE: Final = "│"
HEAD_MAX: Final = 200
TOOLTIP: Final = Content("Click: choose columns\nDrag an edge: resize")


class TableHead(Static):
    """One line of column heads over an `EventTable`."""

    ALLOW_SELECT = False  # a drag moves an edge

    @dataclass(eq=False, repr=False)
    class EdgeDragged(Message):
        """The edge between two heads is under the mouse at another place; with it, these are the columns."""

        columns: Columns

    @dataclass(eq=False, repr=False)
    class EdgeLeft(Message):
        """The edge was let go where it is."""

    @dataclass(eq=False, repr=False)
    class Pressed(Message):
        """A head was clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Begin with the usual columns."""
        super().__init__(id=id, markup=False)
        self.tooltip = TOOLTIP
        self._columns = USUAL
        self._numbers: frozenset[str] = frozenset()
        self._hover: int | None = None
        self._grip: tuple[Columns, int, int] | None = None
        """While an edge is dragged: the columns before, the edge's number, and where the mouse took it."""
        self._moved = False

    def show(self, columns: Columns, numbers: frozenset[str]) -> None:
        """Show the heads of these columns, in `numbers` those that stand at the right edge, over their numbers."""
        if (columns, numbers) != (self._columns, self._numbers):
            self._columns, self._numbers = columns, numbers
            self._paint()

    @property
    def layout_now(self) -> Layout:
        """Give where the columns stand: in the width of the table, which has a scroll bar."""
        return layout_of(self._columns, self.size.width - 1)

    def on_resize(self) -> None:
        """Use the new width."""
        self._paint()

    def _paint(self) -> None:
        layout = self.layout_now
        left_out = f" +{layout.left_out}" if layout.left_out else ""
        end = max(layout.width - len(left_out), 0)
        line = " " * MARK_WIDTH
        for number, place in enumerate(layout.places):
            if number:
                line += EDGE if number - 1 == self._hover else " " * GAP
            head = clean(place.column.name, HEAD_MAX)
            room = max(min(place.width, end - place.start), 1)
            right = place.column.name in self._numbers
            line += fit_right(head, room, min(place.own, room)) if right else fit(head, room)
        self.update(Content.assemble(set_cell_size(line, end) if left_out else line, (left_out, "bold $accent")))

    # ---- the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the edge under the mouse."""
        self._moved = False
        edge = edge_at(self.layout_now, event.x)
        if edge is not None and event.button == 1:
            self._grip = self._columns, edge, event.x
            self.tooltip = None  # it would cover what is being looked at
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the edge that was taken; else show which one could be."""
        if self._grip is None:
            self._hover_over(edge_at(self.layout_now, event.x))
            return
        columns, edge, start = self._grip
        moved = with_edge_moved(columns, self.size.width - 1, edge, event.x - start)
        if event.x != start:
            self._moved = True
        if self._moved and moved != self._columns:
            self.post_message(self.EdgeDragged(moved))

    def on_mouse_up(self) -> None:
        """Let go of an edge."""
        if self._grip is not None:
            self._grip = None
            self.release_mouse()
            if self._moved:
                self.post_message(self.EdgeLeft())

    def on_click(self, event: events.Click) -> None:
        """Ask for the choice of columns, unless it was the end of a drag."""
        event.stop()
        if not self._moved:
            self.post_message(self.Pressed())
        self._moved = False

    def on_leave(self) -> None:
        """Forget the edge under the mouse."""
        self.tooltip = TOOLTIP
        self._hover_over(None)

    def _hover_over(self, edge: int | None) -> None:
        if edge != self._hover:
            self._hover = edge
            self._paint()
