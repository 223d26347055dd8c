"""The detail pane: one event's id, type and times, and its payload as a tree."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from rex_tui.event import Event
from rex_tui.payload import LARGE, PayloadError, parse, parse_level
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.resource import colour_of, glyph_of
from rex_tui.ui.widgets.saying import Saying
from rex_tui.ui.widgets.times import exact_time, late_words, relative_time


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
        self._title = ""

    def compose(self) -> ComposeResult:
        """Lay out head and tree."""
        yield Saying(id="detail-head")
        yield PayloadTree(id="payload")

    @property
    def payload(self) -> PayloadTree:
        """Give the payload's tree."""
        return self.query_one(PayloadTree)

    def show(self, event: Event | None, now: float, *, utc: bool) -> None:
        """Show an event; `now` is in seconds since the epoch. A payload is parsed once, a large one in a thread."""
        changed = self._event is None or event is None or event.seq != self._event.seq
        self._event = event
        self._show_head(event, now, utc=utc)
        if event is None:
            self.payload.clear()
        elif changed:
            self.run_worker(self._show_payload(event), group="payload", exclusive=True)

    def _show_head(self, event: Event | None, now: float, *, utc: bool) -> None:
        if event is None:
            title = Content("no event selected")
            words = Content.styled("Select an event in the table to see its payload.", "dim")
        else:
            name = f"{glyph_of(event.type)} {clean(event.type, 60)}"
            title = Content.styled(name, f"bold {colour_of(event.type)}")
            times = [
                exact_time(event.occurred_at, utc=utc),
                relative_time(event.occurred_at, now),
                late_words(event.occurred, event.received_at),
            ]
            beside = [f"+ {clean(name, 40)}: {clean(text, 160)}" for name, text in event.extra.items()]
            words = Content("\n".join([clean(event.id, 80), " · ".join(filter(None, times)), *beside]))
        if title.plain != self._title:
            self._title = title.plain
            self.border_title = title
        self.query_one("#detail-head", Saying).say(words, layout=True)

    async def _show_payload(self, event: Event) -> None:
        try:
            small = len(event.data) < LARGE
            value = parse(event.data) if small else await asyncio.to_thread(parse_level, event.data.encode())
        except PayloadError:
            self.payload.show_text(event.data)
        else:
            self.payload.show(value)
