"""Taking things along: copying, marking, exporting what is shown. The screen below the watch screen."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Final

from msgspec.structs import replace

from rex_tui.event import Event
from rex_tui.feed import FromFile
from rex_tui.query.filter import EVERYTHING
from rex_tui.query.found import FoundView
from rex_tui.store import StoreError
from rex_tui.store.notebook import Mark
from rex_tui.ui.choice import Choice
from rex_tui.ui.clipboard import Clipboard
from rex_tui.ui.copies import Seen
from rex_tui.ui.marked import MarkedEvents
from rex_tui.ui.screens.ask_screen import AskScreen
from rex_tui.ui.screens.taking import Taking
from rex_tui.ui.session import Session

ABOUT_MARKS: Final = "mark"
"""What a query that depends on marks has in its text."""


class TakeScreen(AskScreen):
    """A screen from which events are copied, marked and exported."""

    def __init__(self, session: Session) -> None:
        """Take from the log of `session`: marks go into its notebook, copies also to its machine."""
        super().__init__(session)
        self._session = session
        self.taking = Taking(
            session.store,
            self._log,
            MarkedEvents(session.store, session.notebook, self, session.clock.now),
            Clipboard(self._to_terminal, session.put_on_machine),
            tell=self._tell,
            seen=self._seen,
            view=self._view_choice,
            today=self._now,
        )
        self.taking.marked.on_changed.append(self._marks_changed)

    def _selected(self) -> Event | None:
        raise NotImplementedError

    # ---- copying

    def _to_terminal(self, text: str) -> bool:
        self.app.copy_to_clipboard(text)
        return self.app.is_web

    def action_copy_menu(self) -> None:
        """Offer what can be copied of the selected event."""
        self.taking.offer_copies(self, self._selected(), self.panes.payload)

    def action_copy_cursor(self) -> None:
        """Copy the whole cursor."""
        if self._only_file():
            return
        if self._status.cursor is None:
            self._tell("There is no cursor yet.")
        else:
            self.taking.copy(self, "the cursor", self._status.cursor)

    def _seen(self, event: Event) -> Seen:
        from_file = isinstance(self._status.state, FromFile)
        try:
            url = "" if from_file else self._session.store.base_url or ""
            page = self._session.store.page_of(event.seq)
        except StoreError:
            url, page = "", None
        where = self.filter_text
        store = "" if from_file else str(self._session.store.path.absolute())
        begun = self._session.opening
        return Seen(url, self._status.cursor, store, where, again=begun.again, made_anew=begun.made_anew, page=page)

    # ---- marking

    def note(self, write: Callable[[], None]) -> None:
        """Write into the notebook in a thread."""
        self._note(write)

    def noted(self, read: Callable[[], dict[str, Mark]], otherwise: dict[str, Mark]) -> dict[str, Mark]:
        """Read the notebook, and give something else where it can't be read."""
        return self._noted(read, otherwise)

    def failed(self, error: StoreError) -> None:
        """Tell that the store could not be read."""
        self._store_failed(error)

    def _marked(self) -> frozenset[str]:
        return frozenset(self.taking.marked.marks)

    def _show_types(self) -> None:
        """Show also the marks of events that the log did not have before."""
        super()._show_types()
        if len(self.taking.marked.seqs) < len(self.taking.marked.marks):
            self._find_marks()

    def _find_marks(self) -> None:
        self.taking.marked.find()
        self._show_marks()

    def _show_marks(self) -> None:
        self.panes.table.show_marks(self.taking.marked.places)

    def _marks_changed(self) -> None:
        self._show_marks()
        if ABOUT_MARKS in self.query_text:
            self._search.ask_again(replace(self._search.facts, marked=self._marked()))

    def action_mark(self) -> None:
        """Mark the selected event, or take its mark away."""
        self.taking.toggle_mark(self._selected())

    def action_marks(self) -> None:
        """List the marked events."""
        self.taking.list_marks(self, self.go_to, utc=self.utc)
        self._show_marks()  # another rex-tui may have made some

    def go_to(self, event_id: str) -> None:
        """Select a marked event in the table, by its id, whatever the filter."""
        seq = self.taking.marked.seqs.get(event_id)
        if seq is None:
            gone = event_id in self.taking.marked.forgotten()
            why = "is forgotten, since only a part of the log is kept" if gone else "is not in the log now"
            self._tell(f"This event {why}, so there is nowhere to go.")
            return
        self.go_to_seq(seq)

    def go_to_seq(self, seq: int) -> None:
        """Select an event of the log in the table, whatever the filter."""
        if not self._view.shows(seq):
            self.show_filter(EVERYTHING, "")
            self._tell("The filter hid this event, so all events are shown now.")
        self.panes.table.select_seq(seq)

    # ---- exporting

    def _view_choice(self) -> Choice:
        name = "found so far; still searching" if self._search.running else "the view, as filtered"
        if isinstance(self._view, FoundView):
            kept = self._view.kept()
            return Choice(name, len(kept), lambda _reader: kept)
        view, rows = copy(self._view), len(self._view)
        return Choice(name, rows, lambda _reader: view.seqs(0, rows))

    def action_export(self) -> None:
        """Write events to a file."""
        everything = range(self._log.index.forgotten + 1, len(self._log.index) + 1)
        self.taking.export(self, last=[Choice("everything stored", len(everything), lambda _reader: everything)])
