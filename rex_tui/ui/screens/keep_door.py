"""Beginning as the screen was left: filter, place, panes, colours; and keeping how it is left this time."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rex_tui.checkpoint import NOWHERE, Checkpoint
from rex_tui.query.filter import Filter
from rex_tui.query.filter_text import split
from rex_tui.query.language import QueryError
from rex_tui.store import StoreError
from rex_tui.store.notebook import SCREEN_FACT
from rex_tui.ui.left_screen import AS_USUAL, LeftPlace, LeftScreen, read_left
from rex_tui.ui.pane_sizes import PaneSizes
from rex_tui.ui.screens.filter_screen import FilterScreen
from rex_tui.ui.screens.find_door import FindDoor
from rex_tui.ui.screens.sized_panes import SizedPanes
from rex_tui.ui.screens.time_screen import TimeScreen
from rex_tui.ui.session import Session
from rex_tui.ui.widgets.event_detail import EventDetail
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.panes import Panes

if TYPE_CHECKING:
    from rex_tui.ui.screens.over_watch import OverWatch

KEEP_S: Final = 2.0
"""How often it is looked what has changed; what goes on changing is written when it rests, or at the end."""

log = logging.getLogger(__name__)


class Held(NamedTuple):
    """The widgets that know how the screen is, also while it is being taken down."""

    panes: Panes
    table: EventTable
    detail: EventDetail


class KeepDoor(FindDoor, SizedPanes[None]):
    """A screen that begins as it was left, unless its opening says what to show."""

    def __init__(self, session: Session) -> None:
        """Begin as the notebook of `session` says, where its opening wants that."""
        super().__init__(session)
        self.left = self._read_left() if session.opening.restore else AS_USUAL
        """How it was left the last time."""
        self.set_reactive(TimeScreen.utc, self.left.utc)
        self.set_reactive(TimeScreen.relative, self.left.relative)
        self.pane_sizes = PaneSizes(dict(self.left.sizes))
        if self.left.masked and not session.opening.unmasked:
            self.begin_masked()
        self._is_begun = False
        self._first_theme = ""
        self._held: Held | None = None
        self._written = self._looked = AS_USUAL

    def _prepare(self, over: OverWatch[Any]) -> None:
        super()._prepare(over)
        over.pane_sizes = self.pane_sizes

    def _read_left(self) -> LeftScreen:
        try:
            return read_left(self._notebook.fact(SCREEN_FACT))
        except StoreError as error:
            log.warning("how the screen was left can't be read: %s", error)
            return AS_USUAL

    # ---- beginning

    def _ask_first(self) -> None:
        """Ask what the opening says, else what was asked last, before anything is shown."""
        if self._is_begun:
            return
        self._is_begun = True
        opening = self._session.opening
        try:
            if opening.where:
                index = self._log.index.names
                chosen, text = split(
                    opening.where, self._now(), index, self._saved, self._log.known_names, self._places
                )
                self._begin_with(chosen, text)
            elif not opening.about:
                self._search.only = self.left.only or not self.left.text
                self._begin_with(self.left.filter, self.left.text)
        except QueryError as error:
            self._cant_ask(error)

    def _begin_with(self, chosen: Filter, text: str) -> None:
        self._search.filter, self._search.query = chosen, self._parse(text)
        self.set_reactive(FilterScreen.filter, chosen)

    def _cant_ask(self, error: QueryError) -> None:
        why = "" if self._log.masking else f" {error.message}"  # which may name saved filters
        if self._session.opening.where:
            self._tell(f"What --where says can't be read, so everything is shown.{why}", error=True)
        else:
            self._begin_with(self.left.filter, "")
            self._tell(f"What was asked last can't be read any more, so only its types hold.{why}", error=True)

    def on_mount(self) -> None:
        """Go back to where it was left, and keep from now on how it is."""
        self._held = Held(self.panes, self.panes.table, self.panes.detail)
        self._first_theme = self.app.theme
        self.panes.table.relative = self.relative
        if self.left.changes:
            self.panes.detail.toggle_changes()
        self.panes.focus_zoomed()
        opening = self._session.opening
        if self.left.place is not None and not opening.where and not opening.about:
            self._go_back(self.left.place)
        if opening.keeps:
            self._written = self._looked = self._now_left(self._held)
            self.set_interval(KEEP_S, self._keep_when_at_rest)

    def _go_back(self, place: LeftPlace) -> None:
        """Select the event that was selected, or what was nearest to it where the log does not have it any more."""
        moment = Checkpoint("", place.event_id, place.occurred_at, place.received_at)
        try:
            seq = self._session.store.places([moment])[""].seq
            seen = self._session.store.seqs_of([place.seen]).get(place.seen)
        except StoreError as error:
            self._store_failed(error)
            return
        if seq != NOWHERE and len(self._log.index):
            view = self._view
            # What is found has still to be found again.
            unseen = 0 if seen is None or view is self._search.found else len(view) - 1 - view.row_of(seen)
            self.panes.table.come_back(seq, place.line, max(0, unseen))

    # ---- keeping

    def on_unmount(self) -> None:
        """Keep how it is left."""
        if self._held is not None and self._session.opening.keeps:
            with suppress(StoreError):
                self._keep(self._now_left(self._held))

    def _keep_when_at_rest(self) -> None:
        """Write down what has changed, when it does not change any more."""
        if self._held is None:
            return
        try:
            left = self._now_left(self._held)
        except StoreError as error:
            log.warning("how the screen is can't be kept: %s", error)
            return
        before, self._looked = self._looked, left
        if left == before:
            self.run_worker(partial(self._write_left, left), group="notes", thread=True)

    def _write_left(self, left: LeftScreen) -> None:
        try:
            self._keep(left)
        except StoreError as error:
            log.warning("how the screen is can't be kept: %s", error)

    def _keep(self, left: LeftScreen) -> None:
        """Write down how it is, where that is news."""
        if left != self._written:
            self._notebook.keep_fact(SCREEN_FACT, left.written())
            self._written = left

    def _now_left(self, held: Held) -> LeftScreen:
        theme = self.app.theme if self.app.theme != self._first_theme else self.left.theme
        return LeftScreen(
            theme=theme,
            filter=self.filter,
            text=self.query_text,
            only=self._search.only,
            place=self._now_at(held.table),
            utc=self.utc,
            relative=self.relative,
            masked=self._log.masking is not None,
            changes=held.detail.has_class("-changes"),
            arranged=held.panes.arranged,
            sizes=tuple(sorted((name, size) for name, size in self.pane_sizes.chosen.items())),
        )

    def _now_at(self, table: EventTable) -> LeftPlace | None:
        """Give where the table is; None while it follows, and what it still looks for while it does."""
        if table.follow or table.cursor_seq is None:
            return None
        if table.is_seeking:
            return self._looked.place
        seen = self._view.seqs(len(self._view) - 1 - table.unseen, len(self._view) - table.unseen)
        rows = {row.seq: row for row in self._session.store.rows([table.cursor_seq, *seen])}
        if (row := rows.get(table.cursor_seq)) is None:
            return None
        last = next((rows[seq].id for seq in seen if seq in rows), "")
        return LeftPlace(row.id, row.occurred_at, row.received_at, table.cursor_line, last)
