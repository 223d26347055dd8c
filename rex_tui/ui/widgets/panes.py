"""How the three panes share the screen: side by side, stacked, or one alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from textual import getters
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content

from rex_tui.event import Row
from rex_tui.query.view import Rows
from rex_tui.ui.widgets.event_detail import EventDetail
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.events_pane import EventsPane
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.type_sidebar import TypeSidebar

ZOOMED: Final = ("-zoom-types", "-zoom-events", "-zoom-detail")


class Panes(Horizontal):
    """Types, table and detail. It knows which of them are open, not what they show."""

    types = getters.query_one("#types", TypeSidebar)
    events = getters.query_one("#events-pane", EventsPane)
    table = getters.query_one("#events", EventTable)
    detail = getters.query_one("#detail", EventDetail)
    payload = getters.query_one("#payload", PayloadTree)

    def __init__(self, view: Rows, read_rows: Callable[[Sequence[int]], list[Row]], *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Show `view` in the table, reading rows by their sequences with `read_rows`."""
        super().__init__(id=id)
        self._view = view
        self._read_rows = read_rows

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        with Vertical(id="types-pane") as types_pane:
            types_pane.border_title = Content("Types")
            yield TypeSidebar(id="types")
        with Container(id="main"):
            yield EventsPane(self._view, self._read_rows, id="events-pane")
            yield EventDetail(id="detail")

    def open_detail(self) -> None:
        """Go to the detail pane, opening it where the screen is too narrow to have it open."""
        self.add_class("-detail")
        self.detail.inner.focus()

    def toggle_types(self, *, narrow: bool) -> None:
        """Open or close the sidebar; on a narrow screen it is closed from the start."""
        self.toggle_class("-types" if narrow else "-no-types")
        opened = self.has_class("-types") if narrow else not self.has_class("-no-types")
        (self.types if opened else self.table).focus()

    def toggle_zoom(self) -> None:
        """Give the focused pane the whole body, or take it back."""
        if not self.unzoom():
            pane = "types" if self.types.has_focus else "detail" if self.detail.inner.has_focus else "events"
            self.add_class(f"-zoom-{pane}")

    def unzoom(self) -> bool:
        """Give a zoomed pane its usual place; tell whether there was one."""
        zoomed = any(self.has_class(name) for name in ZOOMED)
        self.remove_class(*ZOOMED)
        return zoomed

    def back(self) -> bool:
        """Leave a zoomed pane; else close what was opened, and go to the table; tell whether that changed anything."""
        if self.unzoom():
            return True
        changed = not self.table.has_focus or any(map(self.has_class, ("-detail", "-types")))
        self.remove_class("-detail", "-types")
        self.table.focus()
        return changed
