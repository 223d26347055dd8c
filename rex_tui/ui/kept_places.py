"""Checkpoints as every screen of one log knows them: read from the notebook, found in the log, changed in one place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock

from rex_tui.checkpoint import LAST_VISIT, NO_PLACES, Checkpoint, Place, Places
from rex_tui.event import Row
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Notebook


class KeptPlaces:
    """The checkpoints there are, and where they are in the log.

    The last visit is the one before this sitting, however often this one is written down.
    """

    def __init__(
        self,
        store: EventStore,
        notebook: Notebook,
        note: Callable[[Callable[[], None]], None],
        failed: Callable[[StoreError], None],
        now: Callable[[], float],
    ) -> None:
        """Know the checkpoints that `notebook` has for the log in `store`, once they were read.

        `note` writes in a thread, `failed` is told what can't be read, `now` is in seconds since the epoch.
        """
        self._store = store
        self._notebook = notebook
        self._note = note
        self._failed = failed
        self._now = now
        self._visit: Checkpoint | None = None
        self._is_read = False
        self._unwritten: dict[str, Checkpoint | None] = {}
        """What is not in the notebook yet, or can't be written there; None for what is forgotten."""
        self._writing = Lock()
        self.checkpoints: dict[str, Checkpoint] = {}
        """Every checkpoint by its name, the latest first."""
        self.places: Places = NO_PLACES
        """Where they are in the log, by the same names in the same order."""

    @property
    def last_visit(self) -> Place | None:
        """Give where the log was when a screen last showed it, before this sitting; None for a first visit."""
        return self.places.get(LAST_VISIT)

    def read(self) -> None:
        """Read them anew, since another rex-tui may have made some, and find their places."""
        unwritten = dict(self._unwritten)
        try:
            found = self._notebook.checkpoints()
        except StoreError as error:
            self._failed(error)
            return
        if not self._is_read:
            self._visit = found.get(LAST_VISIT)
        self._is_read = True
        found |= {name: made for name, made in unwritten.items() if made is not None}
        for name in (LAST_VISIT, *(name for name, made in unwritten.items() if made is None)):
            found.pop(name, None)
        if self._visit is not None:
            found[LAST_VISIT] = self._visit
        self._set(found)

    def find(self) -> None:
        """Find the places in the log as it is now."""
        try:
            self.places = self._store.places(self.checkpoints.values())
        except StoreError as error:
            self._failed(error)

    @property
    def are_open(self) -> bool:
        """Tell whether there are places that events to come may change."""
        return not all(place.exact for place in self.places.values())

    def keep(self, name: str, newest: Row | None) -> None:
        """Make the place behind an event, the newest, the checkpoint of this name, in place of what had it.

        Without an event it is only a moment.
        """
        event_id, occurred_at = ("", "") if newest is None else (newest.id, newest.occurred_at)
        made = Checkpoint(name, event_id, occurred_at, self._now())
        self._set(self.checkpoints | {name: made})
        self._write(name, made)

    def drop(self, name: str) -> None:
        """Forget a checkpoint."""
        self._set({other: one for other, one in self.checkpoints.items() if other != name})
        self._write(name, None)

    def _write(self, name: str, made: Checkpoint | None) -> None:
        self._unwritten[name] = made
        self._note(partial(self._written, name, made))

    def _written(self, name: str, made: Checkpoint | None) -> None:
        """Write down what a checkpoint is now, None where it is forgotten; for a thread."""
        with self._writing:
            if name not in self._unwritten or self._unwritten[name] is not made:
                return  # it was changed meanwhile, which is written by itself
            if made is None:
                self._notebook.drop_checkpoint(name)
            else:
                self._notebook.keep_checkpoint(made)
            if self._unwritten[name] is made:
                del self._unwritten[name]

    def visit(self, newest: Row) -> Checkpoint | None:
        """Give what is to be written down of this visit, which has shown the log up to an event.

        None where another rex-tui on the store has shown more already; raises `StoreError`.
        """
        made = Checkpoint(LAST_VISIT, newest.id, newest.occurred_at, self._now())
        other = self._notebook.checkpoints().get(LAST_VISIT)
        place = None if other is None else self._store.places([other])[LAST_VISIT]
        return None if place is not None and place.exact and place.seq > newest.seq else made

    def _set(self, checkpoints: dict[str, Checkpoint]) -> None:
        latest = sorted(checkpoints.values(), key=lambda one: one.made_at, reverse=True)
        self.checkpoints = {one.name: one for one in latest}
        self.find()
