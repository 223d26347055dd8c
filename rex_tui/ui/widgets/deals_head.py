"""The head over the deals of a review; a click on a column sorts by it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from rex_tui.ui.widgets.deal_line import deals_head
from rex_tui.ui.widgets.saying import Saying


class DealsHead(Saying):
    """The names of the columns, and by which one the deals are sorted."""

    DEFAULT_CSS = """
    DealsHead {
        height: 1;
    }
    """

    @dataclass(eq=False, repr=False)
    class SortChosen(Message):
        """The reader wants another order, by its key."""

        sort: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start without an order."""
        super().__init__(id=id)
        self._sort = ""
        self._places: list[tuple[int, str]] = []

    def show(self, sort: str) -> None:
        """Show by what the deals are sorted."""
        self._sort = sort
        if self.size.width:
            words, self._places = deals_head(self.size.width - 1, sort)
            self.say(words)

    def on_resize(self) -> None:
        """Show the columns that there is room for."""
        self.show(self._sort)

    def on_click(self, event: events.Click) -> None:
        """Ask for the order of the column under the mouse."""
        offset = event.get_content_offset(self)
        if offset is not None:
            order = next((order for begin, order in reversed(self._places) if begin < offset.x), "")
            if order:
                event.stop()
                self.post_message(self.SortChosen(order))
