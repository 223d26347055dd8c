"""Taking things along: copying, marking, exporting what is shown. The screen below the watch screen."""

from __future__ import annotations

from functools import partial
from typing import Final

from rex_tui.event import GAP_TYPE, Event
from rex_tui.feed import Clock, Feed, FromFile
from rex_tui.query.filter import EVERYTHING
from rex_tui.query.language import Facts
from rex_tui.safe_text import clean
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Mark, Notebook
from rex_tui.ui.copies import Copy, Place, Seen, copies_of
from rex_tui.ui.screens.ask_screen import AskScreen
from rex_tui.ui.screens.copy_menu import CopyMenu
from rex_tui.ui.screens.export import ExportScreen
from rex_tui.ui.screens.marks import Marked, MarksScreen

ABOUT_MARKS: Final = "mark"
"""What a query that depends on marks has in its text."""


class TakeScreen(AskScreen):
    """A screen from which events are copied, marked and exported."""

    def __init__(self, store: EventStore, poller: Feed, clock: Clock, notebook: Notebook) -> None:
        """Take from the log in `store`; marks are kept in `notebook`."""
        super().__init__(store, poller, clock, notebook)
        self._store = store
        self._marks: dict[str, Mark] | None = None
        self._places: dict[str, int] = {}
        """The sequences of the marked events that the log has."""

    def _selected(self) -> Event | None:
        raise NotImplementedError

    # ---- copying

    def action_copy_menu(self) -> None:
        """Offer what can be copied of the selected event."""
        event = self._selected()
        if event is None:
            self._tell("No event is selected, so there is nothing to copy.")
            return
        tree = self.panes.payload
        place = tree.place() if tree.has_focus else None
        copies = copies_of(event, None if place is None else Place(*place), self._seen())
        self.app.push_screen(CopyMenu(copies, event.id), self._copy)

    def _seen(self) -> Seen:
        from_file = isinstance(self._status.state, FromFile)
        try:
            url = "" if from_file else self._store.base_url or ""
        except StoreError:
            url = ""
        path = "" if from_file else str(self._store.path.absolute())
        return Seen(url, self._status.cursor, path, self.filter_text)

    def _copy(self, copy: Copy | None) -> None:
        if copy is not None and copy.text is not None:
            self.app.copy_to_clipboard(copy.text)
            self._tell(f"Copied {copy.name}: {clean(copy.text[:80], 40)}")

    # ---- marking

    def _marked(self) -> frozenset[str]:
        return frozenset(self._noted_marks())

    def _noted_marks(self) -> dict[str, Mark]:
        if self._marks is None:
            none: dict[str, Mark] = {}
            self._marks = self._noted(self._notebook.marks, none)
        return self._marks

    def _show_types(self) -> None:
        """Show also the marks of events that the log did not have before."""
        super()._show_types()
        if len(self._places) < len(self._noted_marks()):
            self._show_marks()

    def _show_marks(self) -> None:
        try:
            self._places = self._store.seqs_of(list(self._noted_marks()))
        except StoreError as error:
            self._store_failed(error)
            self._places = {}
        self.panes.table.show_marks(frozenset(self._places.values()))

    def _marks_changed(self) -> None:
        self._show_marks()
        if ABOUT_MARKS in self.query_text:
            self._search.ask_again(Facts(self._marked(), self._search.facts.new_after))

    def action_mark(self) -> None:
        """Mark the selected event, or take its mark away."""
        event = self._selected()
        if event is None:
            self._tell("No event is selected, so there is nothing to mark.")
        elif event.type == GAP_TYPE:
            self._tell("This row tells of a gap; only events can be marked.")
        elif event.id in self._noted_marks():
            note = self._noted_marks()[event.id].note
            self._unmark(event.id)
            self._tell(f"Unmarked; its note was: {note}" if note else "Unmarked.")
        else:
            self._note_mark(event.id, "")
            self._tell("Marked. ' lists marks; n writes a note there.")

    def _note_mark(self, event_id: str, note: str) -> None:
        now = self._clock.now()
        self._noted_marks()[event_id] = Mark(event_id, note, now)
        self._note(partial(self._notebook.mark, event_id, note, now))
        self._marks_changed()

    def _unmark(self, event_id: str) -> None:
        self._noted_marks().pop(event_id, None)
        self._note(partial(self._notebook.unmark, event_id))
        self._marks_changed()

    def action_marks(self) -> None:
        """List the marked events."""
        self._marks = None  # another rex-tui may have marked some
        self._show_marks()
        rows = {row.seq: row for row in self._log.rows(list(self._places.values()))}
        latest = sorted(self._noted_marks().values(), key=lambda mark: mark.marked_at, reverse=True)
        listed = [Marked(mark.event_id, mark.note, rows.get(self._places.get(mark.event_id, 0))) for mark in latest]
        screen = MarksScreen(listed, utc=self.panes.table.utc, note=self._note_mark, unmark=self._unmark)
        self.app.push_screen(screen, self._go_to)

    def _go_to(self, event_id: str | None) -> None:
        if event_id is None:
            return
        seq = self._places.get(event_id)
        if seq is None:
            self._tell("This event is not in the log now, so there is nowhere to go.")
            return
        if not self._view.shows(seq):
            self.show_filter(EVERYTHING, "")
            self._tell("The filter hid this event, so all events are shown now.")
        self.panes.table.select_seq(seq)

    # ---- exporting

    def action_export(self) -> None:
        """Write events to a file."""
        view = self._view
        self.app.push_screen(
            ExportScreen(
                self._store.reader,
                shown=view.seqs(0, len(view)),
                marked=sorted(self._places.values()),
                everything=range(1, len(self._log.index) + 1),
                searching=self._search.running,
                today=self._now(),
            ),
            lambda said: self._tell(said) if said else None,
        )
