"""The marked events, as every screen of one log knows them: read once, changed in one place, kept in the notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from rex_tui.event import GAP_TYPE, Event
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Mark, Notebook


class Keeps(Protocol):
    """What writes into the notebook, in a thread, and tells what goes wrong with it or with the store."""

    def note(self, write: Callable[[], None]) -> None:
        """Write in a thread."""

    def noted(self, read: Callable[[], dict[str, Mark]], otherwise: dict[str, Mark]) -> dict[str, Mark]:
        """Read the notebook, and give something else where it can't be read."""

    def failed(self, error: StoreError) -> None:
        """Tell that the store could not be read."""


class MarkedEvents:
    """Which events are marked, with their notes, and where they are in the log."""

    def __init__(self, store: EventStore, notebook: Notebook, keeper: Keeps, now: Callable[[], float]) -> None:
        """Know the marks in `notebook` on events of the log in `store`; `now` is in seconds since the epoch."""
        self._store = store
        self._notebook = notebook
        self._keeper = keeper
        self._now = now
        self._marks: dict[str, Mark] | None = None
        self.seqs: dict[str, int] = {}
        """The sequences of those that the log has, by their ids."""
        self.places: frozenset[int] = frozenset()
        """The same sequences, to tell quickly whether one is among them."""
        self.on_changed: list[Callable[[], None]] = []
        """Told when an event was marked, unmarked or given another note here."""

    @property
    def marks(self) -> Mapping[str, Mark]:
        """Give every mark by the id of its event."""
        return self._read()

    def has(self, event_id: str) -> bool:
        """Tell whether an event is marked."""
        return event_id in self._read()

    def _read(self) -> dict[str, Mark]:
        if self._marks is None:
            self._marks = self._keeper.noted(self._notebook.marks, {})
        return self._marks

    def read_again(self) -> None:
        """Read the marks anew, since another rex-tui may have made some, and find their events."""
        self._marks = None
        self.find()

    def find(self) -> None:
        """Find the marked events in the log as it is now."""
        try:
            self.seqs = self._store.seqs_of(list(self._read()))
        except StoreError as error:
            self._keeper.failed(error)
            self.seqs = {}
        self.places = frozenset(self.seqs.values())

    def forgotten(self) -> Mapping[str, str]:
        """Give the times, as Rex sent them, of marked events that were forgotten, by their ids."""
        try:
            return self._store.remnants([id_ for id_ in self._read() if id_ not in self.seqs])
        except StoreError as error:
            self._keeper.failed(error)
            return {}

    def toggle(self, event: Event, *, tell_note: bool = True) -> str:
        """Mark an event, or take its mark away; give in words what was done, with the note that went if it is told."""
        if event.type == GAP_TYPE:
            return "This row tells of a gap; only events can be marked."
        if self.has(event.id):
            note = self._read()[event.id].note
            self.unmark(event.id)
            return f"Unmarked; its note was: {note}" if note and tell_note else "Unmarked."
        self.mark(event.id, "")
        return "Marked. ' lists marks; n writes a note there."

    def mark(self, event_id: str, note: str) -> None:
        """Mark an event, or give its mark another note."""
        now = self._now()
        self._read()[event_id] = Mark(event_id, note, now)
        self._keeper.note(partial(self._notebook.mark, event_id, note, now))
        self._changed()

    def unmark(self, event_id: str) -> None:
        """Take an event's mark away."""
        self._read().pop(event_id, None)
        self._keeper.note(partial(self._notebook.unmark, event_id))
        self._changed()

    def _changed(self) -> None:
        self.find()
        for told in tuple(self.on_changed):
            told()
