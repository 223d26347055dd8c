"""The detail pane: one event's id, type and times, and its payload as a tree."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from rex_tui.event import Event
from rex_tui.payload import Json
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.resource import colour_of, glyph_of
from rex_tui.ui.widgets.times import exact_time, relative_time


class EventDetail(Vertical):
    """What one event says in full. It shows what the screen hands down and reads nothing itself."""

    DEFAULT_CSS = """
    EventDetail > #detail-head {
        height: auto;
        padding: 0 1;
    }
    EventDetail > PayloadTree {
        padding: 0 1;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; `show` fills it."""
        super().__init__(id=id)
        self._event: Event | None = None

    def compose(self) -> ComposeResult:
        """Lay out head and tree."""
        yield Static(id="detail-head", markup=False)
        yield PayloadTree(id="payload")

    @property
    def payload(self) -> PayloadTree:
        """Give the payload's tree."""
        return self.query_one(PayloadTree)

    def show_head(self, event: Event | None, now: float, *, utc: bool) -> None:
        """Show what stands above the payload; `now` is in seconds since the epoch."""
        head = self.query_one("#detail-head", Static)
        self._event = event
        if event is None:
            self.border_title = Content("no event selected")
            head.update(Content.styled("Select an event in the table to see its payload.", "dim"))
            self.payload.clear()
            return
        self.border_title = Content.styled(
            f"{glyph_of(event.type)} {clean(event.type, 60)}", f"bold {colour_of(event.type)}"
        )
        ago = relative_time(event.occurred_at, now)
        head.update(
            Content.assemble(
                clean(event.id, 80),
                "\n",
                exact_time(event.occurred_at, utc=utc),
                *((("\n" + ago), "dim"),) if ago else (),
            )
        )

    def show_payload(self, value: Json) -> None:
        """Show a parsed payload."""
        self.payload.show(value)

    def show_raw(self, text: str) -> None:
        """Show a payload that can't be a tree as text."""
        self.payload.show_text(text)
