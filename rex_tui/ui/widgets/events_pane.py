"""The pane around the table: column heads, what an empty table says, and in the border what waits below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from rex_tui.event import Row
from rex_tui.query.column import USUAL, Columns
from rex_tui.query.view import Rows
from rex_tui.ui.keys import key_to
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.saying import Saying
from rex_tui.ui.widgets.table_head import TableHead


class EventsPane(Vertical):
    """The live table with all that belongs to it."""

    DEFAULT_CSS = """
    EventsPane > #events-head {
        height: 1;
    }
    EventsPane > #empty {
        display: none;
        height: 1fr;
        padding: 1 2;
    }
    EventsPane.-empty > #empty {
        display: block;
    }
    EventsPane.-empty > #events-head {
        visibility: hidden;
    }
    EventsPane.-empty > EventTable {
        height: 1;
    }
    """

    table = getters.query_one("#events", EventTable)

    def __init__(self, view: Rows, read_rows: Callable[[Sequence[int]], list[Row]], *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Show `view`, reading rows by their sequences with `read_rows`."""
        super().__init__(id=id)
        self._view = view
        self._read_rows = read_rows
        self._title = ""
        self._columns = USUAL

    def compose(self) -> ComposeResult:
        """Lay out heads and table."""
        yield TableHead(id="events-head")
        yield EventTable(self._view, self._read_rows, id="events")
        yield Saying(id="empty")

    def show_columns(self, columns: Columns) -> None:
        """Show these columns, in the table and in its heads."""
        self._columns = columns
        self.table.show_columns(columns)
        self._show_heads(self.table.numbers)

    @property
    def left_out(self) -> int:
        """Count the columns that have no room; none where another pane hides the table."""
        head = self.query_one(TableHead)
        return head.layout_now.left_out if head.size.width else 0

    def _show_heads(self, numbers: frozenset[str]) -> None:
        self.query_one(TableHead).show(self._columns, numbers)

    @on(EventTable.NumbersMet)
    def _numbers_met(self, event: EventTable.NumbersMet) -> None:
        """Set the heads of columns with numbers over those, now that it is known where there are some."""
        event.stop()
        self._show_heads(event.columns)

    def show_title(
        self, view: Rows, words: str, *, waiting: str, search: str = "", none: str = "", forgotten: str = ""
    ) -> None:
        """Say what is shown of how much; `words` tell the filter, `waiting` why there may be no event at all.

        `search` tells of a search, and `none` is what an empty table says of it; `forgotten` tells of what is no more.
        All of it must be clean.
        """
        shown, total = view.events, view.total
        title = f"Events · {words} · {shown:,} of {total:,}{search and f' · {search}'}{forgotten and f' · {forgotten}'}"
        if title != self._title:
            self._title = title
            self.border_title = Content(title)
        self.set_class(not len(view), "-empty")
        if not len(view):
            key = key_to(self, "filter.all")
            none_shown = none or f"None of the {total:,} events stored so far is shown.\nPress {key} to see all."
            self.query_one("#empty", Saying).say(Content(none_shown if total else waiting), layout=True)

    @on(EventTable.FollowChanged)
    def _follow_changed(self, event: EventTable.FollowChanged) -> None:
        """Tell in the border, where it takes no line from what is being read."""
        event.stop()
        waiting = not event.follow and event.unseen > 0
        self.border_subtitle = Content(
            f" {event.unseen:,} new ↓  {key_to(self, 'table.follow')} follows " if waiting else ""
        )

    @on(events.Click)
    def _border_clicked(self, event: events.Click) -> None:
        if event.widget is self and event.y == self.outer_size.height - 1 and self.border_subtitle:
            self.table.action_follow()
