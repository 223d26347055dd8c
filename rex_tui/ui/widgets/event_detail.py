"""The detail pane: one event's id, type and times, and its payload as a tree."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Self

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from rex_tui.event import Drift, Event
from rex_tui.names import Names
from rex_tui.payload import LARGE, PayloadError, parse, parse_level
from rex_tui.query.changes import Change, compare
from rex_tui.query.naming import NO_NAMES
from rex_tui.safe_text import clean
from rex_tui.ui.repeated import Repeated
from rex_tui.ui.widgets.changes_list import ChangesList, changes_words
from rex_tui.ui.widgets.event_line import DRIFT_MARK
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.resource import colour_of, glyph_of
from rex_tui.ui.widgets.saying import Saying
from rex_tui.ui.widgets.times import exact_time, late_words, relative_time

DRIFTS_TOLD: Final = 3


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
    EventDetail > ChangesList, EventDetail.-changes > PayloadTree {
        display: none;
    }
    EventDetail.-changes > ChangesList {
        display: block;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; `show` fills it."""
        super().__init__(id=id)
        self._event: Event | None = None
        self._title = ""
        self._is_entitling = False
        self._utc = False
        self._drifts: Sequence[Drift] = ()
        self._comparing = Repeated(self._show_changes, partial(self.run_worker, group="changes"))
        self.drifts_of: Callable[[int], Sequence[Drift]] = lambda _seq: ()
        """What is asked for the new in the shape of an event's payload."""
        self.event_before: Callable[[Event], Event | None] = lambda _event: None
        """What is asked for the event before one about the same entity and of the same resource."""
        self.compare: Callable[[Event, Event], list[Change]] = _compared
        """What gives, in a thread, what differs between that event and the one that is shown."""

        self.names: Callable[[], Names] = lambda: NO_NAMES
        """What is asked for what ids are called, where it is told what an event changed."""

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint anew; of another title, which is in the border, only the line that it is in."""
        if self._is_entitling:
            left, top = self.content_offset  # what is painted anew is told from where the content begins
            regions = (Region(-left, -top, self.outer_size.width, 1),)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def compose(self) -> ComposeResult:
        """Lay out head and tree."""
        yield Saying(id="detail-head")
        yield PayloadTree(id="payload")
        yield ChangesList(id="changes")

    @property
    def payload(self) -> PayloadTree:
        """Give the payload's tree."""
        return self.query_one(PayloadTree)

    def show(self, event: Event | None, now: float, *, utc: bool) -> None:
        """Show an event; `now` is in seconds since the epoch. A payload is parsed once, a large one in a thread."""
        changed = self._event is None or event is None or event.seq != self._event.seq
        self._event, self._utc = event, utc
        if changed:
            self._drifts = () if event is None else self.drifts_of(event.seq)
        self._show_head(event, now, utc=utc)
        if event is None:
            self.payload.clear()
            self._say(Content())
        elif changed:
            self._show_payload(event)
            self._compare()

    def forget(self) -> None:
        """Let the event be shown anew the next time, since it is told otherwise now."""
        self._event = None

    def toggle_changes(self) -> None:
        """Show what the event changed in the place of its payload, or the payload again."""
        focused = self.has_pseudo_class("focus-within")
        self.toggle_class("-changes")
        self._compare()
        if focused:
            self.inner.focus()

    def compare_again(self) -> None:
        """Tell what the event changed anew, since the same is called otherwise now."""
        if self._event is not None and self.has_class("-changes"):
            self._comparing.ask()

    @property
    def inner(self) -> Widget:
        """Give what is shown below the head: the payload, or the changes."""
        return self.query_one(ChangesList) if self.has_class("-changes") else self.payload

    def _say(self, words: Content) -> None:
        self.query_one(ChangesList).say(words)

    def _compare(self) -> None:
        if self._event is not None and self.has_class("-changes"):
            self._say(Content("comparing …"))
            self._comparing.ask()

    async def _show_changes(self) -> None:
        if (event := self._event) is None:
            return
        before = self.event_before(event)
        try:
            changes = [] if before is None else await asyncio.to_thread(self.compare, before, event)
        except PayloadError:
            words = Content("One of the two payloads is no JSON that can be compared.")
        else:
            words = changes_words(before, event, changes, self.names(), utc=self._utc)
        if event is self._event:
            self._say(words)

    def _show_head(self, event: Event | None, now: float, *, utc: bool) -> None:
        if event is None:
            title = Content("no event selected")
            words = Content.styled("Select an event in the table to see its payload.", "$rex-faint")
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
            for told in self._drifts[:DRIFTS_TOLD]:
                words = words.append_text(f"\n{DRIFT_MARK} {drift_words(told)}", "$warning")
            if len(self._drifts) > DRIFTS_TOLD:
                words = words.append_text(f"\n{DRIFT_MARK} and {len(self._drifts) - DRIFTS_TOLD} more", "$warning")
        if title.plain != self._title:
            self._title = title.plain
            self._is_entitling = True
            self.border_title = title
            self._is_entitling = False
        self.query_one("#detail-head", Saying).say(words, layout=True)

    def _show_payload(self, event: Event) -> None:
        """Show it with the rest, in one paint; a large one when a thread has parsed it."""
        self.workers.cancel_group(self, "payload")
        if len(event.data) < LARGE:
            try:
                self.payload.show(parse(event.data))
            except PayloadError:
                self.payload.show_text(event.data)
        else:
            self.run_worker(self._show_large(event), group="payload", exclusive=True)

    async def _show_large(self, event: Event) -> None:
        try:
            level = await asyncio.to_thread(parse_level, event.data.encode())
        except PayloadError:
            self.payload.show_text(event.data)
        else:
            self.payload.show(level)


def drift_words(drift: Drift) -> str:
    """Give in words what was new in the shape of a type's payloads."""
    field = f"field {clean(drift.field, 60)}"
    match drift.kind:
        case "gained":
            return f"first of its type with {field} ({drift.after})"
        case "lost":
            return f"first of its type without {field}"
        case _:
            return f"first of its type with {field} as {drift.after}, before {clean(drift.before, 40)}"


def _compared(before: Event, after: Event) -> list[Change]:
    return compare(parse(before.data), parse(after.data))
