"""Checkpoints on the screen: keeping this place under a name, asking what came since one, going to one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

import humanize

from rex_tui.checkpoint import LAST_VISIT, Place
from rex_tui.event import GAP_TYPE, Row
from rex_tui.feed import FromFile
from rex_tui.query.language.places import wrong_name
from rex_tui.query.view import Rows
from rex_tui.safe_text import clean
from rex_tui.ui.kept_places import KeptPlaces
from rex_tui.ui.offers import Offer
from rex_tui.ui.screens.lens_door import LensDoor
from rex_tui.ui.session import Session
from rex_tui.ui.since_words import when_words
from rex_tui.ui.widgets.times import table_time

if TYPE_CHECKING:
    from rex_tui.ui.screens.checkpoints import Listed

NEWEST_AMONG: Final = 20
"""The last rows among which the newest event is looked for: some may tell of gaps, or be forgotten."""
NAME_LIMIT: Final = 40


class CheckpointDoor(LensDoor):
    """A screen that keeps places in its log under names; they are kept in the notebook."""

    def __init__(self, session: Session) -> None:
        """Keep places in the log of `session` in its notebook."""
        super().__init__(session)
        self.kept = KeptPlaces(session.store, session.notebook, self._note, self._store_failed, session.clock.now)

    def _show_anew(self) -> Rows:
        """Find the places in this log before it is asked anything."""
        self.kept.read()
        self._places = self.kept.places
        self.reread_query()
        return super()._show_anew()

    def _show_types(self) -> None:
        """Find also what came now of the places that the log had not come to before."""
        super()._show_types()
        if self.kept.are_open:
            self.kept.find()
            self._places_changed()

    def _places_changed(self) -> None:
        if self.kept.places != self._places:
            self._places = self.kept.places
            self.read_query_again()

    def show_forgotten(self) -> None:
        """Find also the places anew, since some may lie before what is kept now."""
        before = self._log.index.forgotten
        super().show_forgotten()
        if self._log.index.forgotten != before:
            self.kept.find()
            self._places_changed()

    def action_ask(self) -> None:
        """Open the bar, which knows also what another rex-tui has kept meanwhile."""
        self._read_places()
        super().action_ask()

    def _read_places(self) -> None:
        self.kept.read()
        self._places_changed()

    def newest_row(self) -> Row | None:
        """Give the newest event that the screen's log has; None where it has none."""
        last = len(self._log.index)
        rows = self._log.rows(range(max(1, last - NEWEST_AMONG + 1), last + 1))
        return next((row for row in reversed(rows) if row.type != GAP_TYPE), None)

    # ---- keeping

    def action_checkpoints(self) -> None:
        """Keep this place under a name; list the checkpoints."""
        from rex_tui.ui.screens.checkpoints import CheckpointsScreen  # noqa: PLC0415 - a start goes faster without it

        self._read_places()
        newest = self.newest_row()
        dialog = CheckpointsScreen(
            self._listed(),
            "" if newest is None else self._place_words(newest),
            wrong=lambda name: wrong_name(name, self._now()),
            keep=partial(self._keep_place, newest),
            drop=self._drop_place,
        )
        self.app.push_screen(dialog, lambda name: self.go_to_place(name) if name is not None else None)

    def _place_words(self, newest: Row) -> str:
        at = table_time(newest.occurred_at, utc=self.utc, with_date=True)
        passing = self._session.opening.made_anew or isinstance(self._status.state, FromFile)
        named = "under a name; like this log, it is thrown away at the end:" if passing else "as:"
        return f"Keep this place ({self._log.index.events:,} events, newest {at}) {named}"

    def _listed(self) -> list[Listed]:
        """Give the checkpoints with how many events came since each; what lies between two is counted once."""
        from rex_tui.query.digest import events_between  # noqa: PLC0415 - the same
        from rex_tui.ui.screens.checkpoints import Listed  # noqa: PLC0415 - a start goes faster without it

        index, last, counted, total = self._log.index, len(self._log.index), {}, 0
        for place in sorted(self.kept.places.values(), key=lambda place: place.seq, reverse=True):
            seq = min(place.seq, last)
            total += events_between(index, seq, last)
            last = seq
            counted[place.name] = total
        now = self._now()
        return [
            Listed(
                place.name,
                when_words(place.made_at, now),
                _ago(place, now),
                counted[place.name],
                by_time=not place.exact,
                forgotten=place.forgotten,
            )
            for place in self.kept.places.values()
        ]

    def keep_place(self, name: str, newest: Row | None) -> None:
        """Keep the place behind an event, the newest, as the checkpoint of a name."""
        self.kept.keep(name, newest)
        self._places_changed()

    def _keep_place(self, newest: Row | None, name: str) -> None:
        """Keep the place that the question told, also where more has come since it was asked."""
        moved = name in self.kept.checkpoints
        self.keep_place(name, newest)
        self._tell(f"{'Moved' if moved else 'Kept'} {name} here. since:{name} asks for what comes after it.")

    def _drop_place(self, name: str) -> None:
        self.kept.drop(name)
        self._places_changed()
        if any(place.name == name for place in self._search.query.places):
            self._tell(f"{name} is forgotten. What is shown still begins where it was, until you ask anew.")

    # ---- going there

    def kept_offers(self) -> Iterable[Offer]:
        """Yield also offers for each checkpoint: to go there, and to see only what came after it."""
        yield from super().kept_offers()
        now = self._now()
        for place in self.kept.places.values():
            words = f"of {when_words(place.made_at, now)}, {_ago(place, now)}"
            name = clean(place.name, NAME_LIMIT)
            yield Offer(f"Go to checkpoint {name}", words, partial(self.go_to_place, place.name))
            yield Offer(f"Since checkpoint {name}", f"only what came after it, {words}", partial(self._since, place))

    def _since(self, place: Place) -> None:
        self.show_text(f"since:{place.name}", "This")

    def go_to_place(self, name: str) -> None:
        """Select the first event shown that came after a checkpoint, with what was before it in sight."""
        place = self.kept.places.get(name)
        if place is None:
            self._tell("This checkpoint is not there any more.")
            return
        called = "your last visit" if name == LAST_VISIT else name
        view, first = self._view, min(place.seq, len(self._log.index)) + 1
        if not view.knows(min(first, len(self._log.index))):
            self._tell("The search has not come that far yet. Try again when it has.")
            return
        row = view.row_of(first)
        if row >= len(view):
            self.panes.table.action_follow()
            self._tell(f"Nothing of what is shown came after {called}.")
        else:
            self.panes.table.go_to(row)
            if place.forgotten:
                when = when_words(place.made_at, self._now())
                self._tell(f"{called} is forgotten, {when}: it lies before what is kept, and this is the oldest event.")
        self.panes.table.focus()


def _ago(place: Place, now: datetime) -> str:
    try:
        moment = datetime.fromtimestamp(place.made_at, UTC)
        return humanize.naturaltime(moment.replace(tzinfo=None), when=now.astimezone(UTC).replace(tzinfo=None))
    except (OverflowError, ValueError, OSError):
        return ""
