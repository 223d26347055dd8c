"""Taking things along, for every screen that shows events of one log: copies, marks, exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace
from textual.widget import Widget

from rex_tui.event import Event
from rex_tui.safe_text import clean
from rex_tui.store import EventStore
from rex_tui.ui.choice import Choice
from rex_tui.ui.clipboard import Clipboard
from rex_tui.ui.copies import Copy, Place, Seen, copies_of
from rex_tui.ui.marked import MarkedEvents
from rex_tui.ui.shown_log import ShownLog
from rex_tui.ui.widgets.payload_tree import PayloadTree

SHOWN_COPY: Final = 40


class Taking:
    """Copies, marks and exports for the screen that asks for it; the marks are the same on all screens."""

    def __init__(
        self,
        store: EventStore,
        log: ShownLog,
        marked: MarkedEvents,
        clipboard: Clipboard,
        *,
        tell: Callable[[str], None],
        seen: Callable[[Event], Seen],
        view: Callable[[], Choice],
        today: Callable[[], datetime],
    ) -> None:
        """Take from the log in `store`, and tell the user with `tell` what was done.

        `seen` gives what is known around an event, `view` the choice to export what is shown in the table, and
        `today` the time, in the zone that is shown.
        """
        self._store = store
        self._log = log
        self.marked = marked
        self._clipboard = clipboard
        self._tell = tell
        self._seen = seen
        self._view = view
        self._today = today
        self.columns: Callable[[], str] = lambda: ""
        """Gives the payload fields that an export makes columns of unless told otherwise; "" for all that are found."""

    # ---- copying

    def offer_copies(self, screen: Widget, event: Event | None, tree: PayloadTree, about: str = "") -> None:
        """Offer what can be copied of the selected event, in a lens of the id that it is `about`."""
        from rex_tui.ui.screens.copy_menu import CopyMenu  # noqa: PLC0415 - a start goes faster without it

        if event is None:
            self._tell("No event is selected, so there is nothing to copy.")
            return
        place = tree.place() if tree.has_focus else None
        masked = self._log.masking is not None
        seen = replace(self._seen(event), about=about, masked=masked)
        copies = copies_of(event, None if place is None else Place(*place), seen)

        def chosen(copy: Copy | None) -> None:
            if copy is not None and copy.text is not None:
                self.copy(screen, copy.name, copy.text)

        screen.app.push_screen(CopyMenu(copies, event.id), chosen)

    def copy(self, screen: Widget, name: str, text: str) -> None:
        """Copy a text that goes by a name, and say where to."""
        screen.run_worker(self._copy(name, text), group="copy")

    async def _copy(self, name: str, text: str) -> None:
        where = await self._clipboard.copy(text)
        self._tell(f"Copied {name} {where}: {clean(text[: 2 * SHOWN_COPY], SHOWN_COPY)}")

    # ---- marking

    def toggle_mark(self, event: Event | None) -> None:
        """Mark the selected event, or take its mark away."""
        if event is None:
            self._tell("No event is selected, so there is nothing to mark.")
        else:
            self._tell(self.marked.toggle(event, tell_note=self._log.masking is None))

    def list_marks(self, screen: Widget, go_to: Callable[[str], None], *, utc: bool) -> None:
        """List the marked events, the latest mark first, and `go_to` the one that is chosen, by its id."""
        from rex_tui.ui.screens.marks import Marked, MarksScreen  # noqa: PLC0415 - a start goes faster without it

        self.marked.read_again()
        places = self.marked.seqs
        rows = {row.seq: row for row in self._log.rows(list(places.values()))}
        latest = sorted(self.marked.marks.values(), key=lambda mark: mark.marked_at, reverse=True)
        gone = self.marked.forgotten()
        listed = [
            Marked(mark.event_id, mark.note, rows.get(places.get(mark.event_id, 0)), gone.get(mark.event_id, ""))
            for mark in latest
        ]
        masked, names = self._log.masking is not None, self._log.names
        marks = MarksScreen(
            listed, utc=utc, note=self.marked.mark, unmark=self.marked.unmark, names=names, masked=masked
        )
        screen.app.push_screen(marks, lambda event_id: go_to(event_id) if event_id is not None else None)

    # ---- exporting

    def export(self, screen: Widget, first: Sequence[Choice] = (), last: Sequence[Choice] = ()) -> None:
        """Offer to write events to a file: those chosen `first`, the marked ones and the view, and those `last`."""
        from rex_tui.ui.screens.export import ExportScreen  # noqa: PLC0415 - a start goes faster without it

        seqs = sorted(self.marked.seqs.values())
        marked = Choice("marked", len(seqs), lambda _reader: seqs)
        choices = [*first, marked, self._view()] if first else [self._view(), marked]
        dialog = ExportScreen(
            self._store.reader,
            [*choices, *last],
            store=self._store.path,
            today=self._today(),
            columns=self.columns(),
            names=self._log.names,
            masking=self._log.masking,
        )
        screen.app.push_screen(dialog, lambda said: self._tell(said) if said else None)
