"""The ways from the watch screen into a lens: from the table, from an id in the payload."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual import on

from rex_tui.ui.screens.column_door import ColumnDoor
from rex_tui.ui.screens.lens_history import LensHistory
from rex_tui.ui.session import Session
from rex_tui.ui.widgets.event_detail import EventDetail
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.payload_tree import PayloadTree

if TYPE_CHECKING:
    from rex_tui.ui.screens.lens import LensScreen
    from rex_tui.ui.screens.over_watch import OverWatch


class LensDoor(ColumnDoor):
    """A screen with a table and a detail pane, from both of which lenses open."""

    def __init__(self, session: Session) -> None:
        """Start without a history of lenses over the log of `session`."""
        super().__init__(session)
        self.lenses = LensHistory()

    @cached_property
    def _lens(self) -> LensScreen:
        """The screen of stories, which is made when it is first looked at."""
        from rex_tui.ui.screens.lens import LensScreen  # noqa: PLC0415 - a start goes faster without it

        lens = LensScreen(self._log, self.lenses, self._clock, self.taking, self.go_to)
        lens.column_switched = self.switch_column
        self._prepare(lens)
        return lens

    @property
    def _lens_made(self) -> LensScreen | None:
        made: LensScreen | None = self.__dict__.get("_lens")
        return made

    def _prepare(self, over: OverWatch[Any]) -> None:
        """Give a screen that will lie over this one what it has of it; whoever derives from this adds to that."""

    def open_lens(self, id_: str) -> None:
        """Show the story of an id."""
        self.lenses.visit(id_)
        self._lens.look(utc=self.utc)
        if not self.app.is_screen_installed(self._lens):  # so that it stays, and opens at once the next time
            self.app.install_screen(self._lens, "lens")
        if self._lens not in self.app.screen_stack:
            self.app.push_screen(self._lens, self._lens_left)

    def _lens_left(self, asked: PayloadTree.ValueAsked | None) -> None:
        if asked is not None:
            self.narrow(asked)
            self.panes.table.focus()

    def look_back(self, detail: EventDetail) -> None:
        """Let a detail pane ask the log for what was before an event, for names, and for drift."""
        detail.drifts_of = self._log.drifts
        detail.names = lambda: self._log.names
        detail.event_before = self._log.before
        detail.compare = self._log.changes

    @on(EventTable.StoryAsked)
    def _story_asked(self, asked: EventTable.StoryAsked) -> None:
        """Open the lens of whom the event is about; an event about nobody shows its payload instead."""
        asked.stop()
        if id_ := self._log.subject(asked.seq):
            self.open_lens(id_)
        else:
            self.query_one(EventTable).post_message(EventTable.Opened(asked.seq))

    @on(EventTable.IdChosen)
    @on(PayloadTree.IdChosen)
    def _id_chosen(self, chosen: EventTable.IdChosen | PayloadTree.IdChosen) -> None:
        chosen.stop()
        self.open_lens(chosen.id)

    def action_toggle_changes(self) -> None:
        """Show what the selected event changed, or its payload again."""
        self.query_one("#detail", EventDetail).toggle_changes()
