"""How the three panes share the screen: side by side, stacked, or one alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from textual import getters
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from rex_tui.event import Row
from rex_tui.query.view import Rows
from rex_tui.ui.pane_sizes import PaneSizes
from rex_tui.ui.widgets.event_detail import EventDetail
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.events_pane import EventsPane
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.split import Least, Split
from rex_tui.ui.widgets.type_sidebar import TypeSidebar

ZOOMED: Final = ("-zoom-types", "-zoom-events", "-zoom-detail")
ARRANGED: Final = frozenset({"-types", "-no-types", "-detail", *ZOOMED})
"""The classes that say which panes are open, and which is zoomed."""


class Panes(Split):
    """Types, table and detail. It knows which of them are open, not what they show."""

    DEFAULT_CSS = """
    Panes {
        layout: horizontal;
    }
    """

    types = getters.query_one("#types", TypeSidebar)
    events = getters.query_one("#events-pane", EventsPane)
    table = getters.query_one("#events", EventTable)
    detail = getters.query_one("#detail", EventDetail)
    payload = getters.query_one("#payload", PayloadTree)

    def __init__(
        self,
        view: Rows,
        read_rows: Callable[[Sequence[int]], list[Row]],
        sizes: PaneSizes,
        arranged: Iterable[str] = (),
        *,
        id: str,  # noqa: A002 - textual's name
    ) -> None:
        """Show `view` in the table, reading rows by their sequences with `read_rows`.

        The panes begin in these sizes, open and zoomed as `arranged` says.
        """
        least = Least(16, 6), Least(30, 6)
        super().__init__(sized=0, size=sizes.of(id), in_cells=True, least=least, id=id)
        self.add_class(*ARRANGED.intersection(arranged))
        self._view = view
        self._read_rows = read_rows
        self._main = Split(
            EventsPane(self._view, self._read_rows, id="events-pane"),
            EventDetail(id="detail"),
            sized=1,
            size=sizes.of("main"),
            least=(Least(30, 6), Least(24, 5)),
            id="main",
        )

    @property
    def arranged(self) -> tuple[str, ...]:
        """Give which panes are open, and which is zoomed, to begin with it another time."""
        return tuple(sorted(ARRANGED.intersection(self.classes)))

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        with Vertical(id="types-pane") as types_pane:
            types_pane.border_title = Content("Types")
            yield TypeSidebar(id="types")
        yield self._main

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

    def focus_zoomed(self) -> None:
        """Go to the pane that has the whole body, if one has."""
        for name, pane in zip(ZOOMED, (self.types, self.table, self.detail.inner), strict=True):
            if self.has_class(name):
                pane.focus()

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
