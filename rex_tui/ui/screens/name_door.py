"""Names for ids: what is on screen meets the directory, and is told by the names that it knows."""

from __future__ import annotations

from collections.abc import Sequence

from rex_tui.event import Row
from rex_tui.feed import Directory
from rex_tui.names import nameable_ids
from rex_tui.ui.screens.review_door import ReviewDoor
from rex_tui.ui.session import Session


class NameDoor(ReviewDoor):
    """A screen whose table and stories tell ids by their names; the payload pane shows what is really there."""

    def __init__(self, session: Session) -> None:
        """Learn names from the directory of `session`."""
        super().__init__(session)
        self.directory = session.directory

    def start_names(self) -> None:
        """Show the names that are known already, and learn more from now on."""
        if self.directory is not None:
            self.show_names()
            self.run_worker(self.directory.run(), name="directory", group="feed")

    def learn_names(self) -> None:
        """Have the directory learn what is on screen, and show what it knows by now."""
        if self.directory is not None:
            meet(self._log.take_met(), self.directory)
            self.show_names()

    def show_names(self) -> None:
        """Show what the directory knows by now, if that is news."""
        if self.directory is None:
            return
        before, self._log.known_names = self._log.known_names, self.directory.names
        if self._log.known_names is not before and self._log.known_names.retold(before) != frozenset():
            self.panes.table.show_names(self._log.names)
            self.panes.detail.compare_again()
            self.read_query_again()
            self.name_stages(self._log.names)


def meet(rows: Sequence[Row], directory: Directory) -> None:
    """Learn the names that these rows tell, and wish for those of the ids in them, stages first."""
    directory.learn_from_rows(rows)
    wanted: dict[str, None] = {}
    for row in rows:
        wanted.update(dict.fromkeys(nameable_ids(row.data or "")))
    directory.want(sorted(wanted, key=lambda id_: not id_.startswith("stg_")))
