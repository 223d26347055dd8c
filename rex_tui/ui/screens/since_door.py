"""Since last time: the line above the first new event, the sentence on what came, and writing down this visit."""

from __future__ import annotations

import logging
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from rex_tui.checkpoint import LAST_VISIT, NOWHERE, Checkpoint, Place
from rex_tui.feed import CaughtUp, Following, FromFile, Paused, RateLimited, Retrying, Stopped
from rex_tui.query.view import Rows
from rex_tui.store import EventStore, StoreError
from rex_tui.ui.keys import bound, key_to
from rex_tui.ui.screens.rule_door import RuleDoor
from rex_tui.ui.session import Session
from rex_tui.ui.since_words import NAMES_TOLD, divider_words
from rex_tui.ui.widgets.divider import Divider
from rex_tui.ui.widgets.notice import Notice

if TYPE_CHECKING:
    from rex_tui.query.digest import Digest

VISIT_S: Final = 60.0
"""How often this visit is written down, so that a kill loses no more of it."""
LINES: Final = 2
"""How many lines the sentence may take."""
MARGIN: Final = 10
"""Cells of each line that may be lost at its ends."""

log = logging.getLogger(__name__)


class SinceDoor(RuleDoor):
    """A screen that knows when it was last left, tells what came since, and will know it the next time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("since", "since.first", "go_to_first_new", "First new", priority=True)
    ]

    @dataclass(eq=False, repr=False)
    class Counted(Message):
        """What came since the last visit is counted: up to a sequence of the log, None where nothing came."""

        digest: Digest | None
        last: int
        so_far: bool

    def __init__(self, session: Session) -> None:
        """Tell what came into the log of `session` since the visit that its notebook knows."""
        super().__init__(session)
        self._store: EventStore = session.store
        self._told: SinceDoor.Counted | None = None
        """What the sentence on screen says, None where there is none."""
        self._is_told = False
        """Whether all is said: the log had come to its end, or the sentence was closed."""
        self._counted_to = 0
        self._was_at_end = False
        """Whether the screen has shown the end of this log, so that there is a visit to write down."""

    def on_mount(self) -> None:
        """Write this visit down now and then."""
        self.set_interval(VISIT_S, self._note_visit)

    def on_unmount(self) -> None:
        """Write this visit down as it ends."""
        with suppress(StoreError):
            if (visit := self._visit()) is not None:
                self._notebook.keep_checkpoint(visit)

    def _show_anew(self) -> Rows:
        self._was_at_end = False
        self._counted_to = 0
        view = super()._show_anew()
        self._close_digest()
        self._show_divider()
        return view

    def _places_changed(self) -> None:
        super()._places_changed()
        self._show_divider()

    # ---- the line in the table

    @property
    def _last_visit(self) -> Place | None:
        """Give the place of the last visit, None where there was none or the log has not come to it."""
        place = self.kept.last_visit
        return None if place is None or place.seq == NOWHERE else place

    def _show_divider(self) -> None:
        visit = self._last_visit
        self.panes.table.divider = None if visit is None else Divider(visit.seq, divider_words(visit, self._now()))

    # ---- the sentence

    def show_since(self) -> None:
        """Count what came since the last visit when the log has come to its end, or comes no further for now.

        For each frame in which the screen has taken in what the feed brought.
        """
        state = self._status.state
        at_end = isinstance(state, CaughtUp | Following)
        self._was_at_end = self._was_at_end or at_end
        self._show_divider()
        if self._is_told or isinstance(state, FromFile):
            return
        last, visit = len(self._log.index), self._last_visit
        if at_end:
            self._is_told = True
        elif not isinstance(state, Paused | RateLimited | Retrying | Stopped) or last == self._counted_to:
            return
        self._counted_to = last
        if visit is not None and visit.seq < last:
            count = partial(self._count, visit.seq, last, so_far=not at_end)
            self.run_worker(count, group="since", exclusive=True, thread=True)

    def _count(self, after: int, last: int, *, so_far: bool) -> None:
        from rex_tui.query.digest import digest_since  # noqa: PLC0415 - a start goes faster without it

        try:
            with closing(self._store.reader()) as reader:
                digest = digest_since(self._log.index, after, last, reader.plain_rows)
        except StoreError as error:
            log.warning("what came since the last visit can't be counted: %s", error)
            return
        self.post_message(self.Counted(digest, last, so_far))

    @on(Counted)
    def _since_counted(self, counted: Counted) -> None:
        counted.stop()
        if counted.digest is not None:
            self._told = counted
            if self.directory is not None:
                kinds = (counted.digest.won, counted.digest.lost, counted.digest.stale)
                self.directory.want([id_ for kind in kinds for id_, _ in kind.deals[:NAMES_TOLD]])
            self._show_digest()

    def show_names(self) -> None:
        """Tell also the deals of the sentence by their names."""
        super().show_names()
        if self._told is not None:
            self._show_digest()

    def on_resize(self) -> None:
        """Tell as much as there is room for now."""
        if self._told is not None:
            self._show_digest()

    def _show_digest(self) -> None:
        visit, told = self._last_visit, self._told
        words = ""
        if visit is not None and told is not None and told.digest is not None:
            from rex_tui.query.digest import masked_digest  # noqa: PLC0415 - a start goes faster without it
            from rex_tui.ui.digest_words import digest_words  # noqa: PLC0415 - the same

            room = LINES * (self.size.width - MARGIN)
            masking = self._log.masking
            digest = told.digest if masking is None else masked_digest(told.digest, masking)
            key = key_to(self, "since.first")
            if key == "Enter":
                key = self.app.get_key_display(Binding("enter", "", key_display="⏎"))
            words = digest_words(digest, visit, self._now(), self._log.names, so_far=told.so_far, room=room, key=key)
        self.query_one("#digest", Notice).show("", words)
        self.refresh_bindings()

    def _close_digest(self) -> bool:
        """Close the sentence; tell whether there was one."""
        was_there, self._told = self._told is not None, None
        if was_there:
            self._show_digest()
        return was_there

    def dismiss_digest(self) -> bool:
        """Close the sentence for good; tell whether there was one."""
        self._is_told = self._is_told or self._told is not None
        return self._close_digest()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let Enter go to the first new event only while the sentence says so, and the table has the focus."""
        if action == "go_to_first_new":
            return self._told is not None and self.panes.table.has_focus
        return super().check_action(action, parameters)

    def action_go_to_first_new(self) -> None:
        """Go to the first event that came since the last visit."""
        self.dismiss_digest()
        self.go_to_place(LAST_VISIT)

    # ---- this visit

    def _visit(self) -> Checkpoint | None:
        """Give what is to be written down: only what this screen had of the log, once it had come to its end."""
        newest = self.newest_row() if self._was_at_end else None
        return None if newest is None else self.kept.visit(newest)

    def _note_visit(self) -> None:
        try:
            visit = self._visit()
        except StoreError as error:
            log.warning("this visit can't be written down: %s", error)
            return
        if visit is not None:
            self.run_worker(partial(self._write_visit, visit), group="notes", thread=True)

    def _write_visit(self, visit: Checkpoint) -> None:
        try:
            self._notebook.keep_checkpoint(visit)
        except StoreError as error:
            log.warning("this visit can't be written down: %s", error)
