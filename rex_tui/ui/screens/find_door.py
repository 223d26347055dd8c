"""What the palette finds in the log: types, what the user keeps, ids, names and times, from every screen on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from rex_tui.event import GAP_TYPE, Row
from rex_tui.query.entity import kind_of
from rex_tui.query.filter import Filter
from rex_tui.query.finding import Entity
from rex_tui.query.language import QueryError
from rex_tui.safe_text import clean
from rex_tui.ui.offers import Finder, Offer, Rank
from rex_tui.ui.screens.mask_door import MaskDoor
from rex_tui.ui.session import Session
from rex_tui.ui.widgets.times import table_time

if TYPE_CHECKING:
    from rex_tui.ui.screens.over_watch import OverWatch

TYPES_MAX: Final = 1_000
"""Types that are offered, the most frequent first."""
TITLE_MAX: Final = 80
ASKED_MAX: Final = 60


class FindDoor(MaskDoor):
    """A screen whose log is found in by the palette, also from the screens over it."""

    def __init__(self, session: Session) -> None:
        """Find in the log of `session`."""
        super().__init__(session)
        self.finder = Finder(self._offers_kept, self._offered, self._look_up)

    def _prepare(self, over: OverWatch[Any]) -> None:
        super()._prepare(over)
        over.finder = self.finder

    def _offers_kept(self) -> Iterator[Offer]:
        return map(self._in_table, self.kept_offers())

    def _offered(self) -> Iterator[Offer]:
        yield from self._offers_kept()
        yield from map(self._in_table, self._type_offers())

    def _type_offers(self) -> Iterator[Offer]:
        counts = ((name, count) for name, count in self._log.index.counts.items() if count and name != GAP_TYPE)
        for name, count in islice(sorted(counts, key=lambda one: -one[1]), TYPES_MAX):
            words = f"{count:,} event{'' if count == 1 else 's'}"
            yield Offer(f"Show only {clean(name, TITLE_MAX)}", words, partial(self._show_type, name))

    def _show_type(self, name: str) -> None:
        self.filter = Filter.only([name])

    async def _look_up(self, text: str) -> Sequence[Offer]:
        """Give what the log has under a text: stories, events, a time to go to; and the text as a question."""
        found = await self._log.find(text)
        return [
            *(self._story_offer(one, "first") for one in found.entities),
            *map(self._in_table, self._event_offers(found.events)),
            *map(self._in_table, self._time_offers(text)),
            *(self._story_offer(one, "by likeness") for one in found.called),
            *map(self._in_table, self._question_offers(text)),
        ]

    def _story_offer(self, entity: Entity, rank: Rank) -> Offer:
        name, id_ = clean(entity.name, TITLE_MAX), clean(entity.id, TITLE_MAX)
        words = " · ".join(filter(None, (kind_of(entity.id), id_ if name else "")))
        return Offer(f"Story of {name or id_}", words, partial(self.open_lens, entity.id), rank)

    def _event_offers(self, rows: Iterable[Row]) -> Iterator[Offer]:
        for row in rows:
            at = table_time(row.occurred_at, utc=self.utc, with_date=True)
            words = f"{clean(row.type, TITLE_MAX)} · {at}"
            yield Offer(f"Go to event {clean(row.id, TITLE_MAX)}", words, self._going(self.go_to_seq, row.seq), "first")

    def _time_offers(self, text: str) -> Iterator[Offer]:
        destination = self._destination(text)
        if destination.row is not None:
            told, where = destination.words
            yield Offer(f"Go to {told}", where, self._going(self.panes.table.go_to, destination.row), "first")

    def _going(self, go: Callable[[int], object], place: int) -> Callable[[], None]:
        def gone() -> None:
            go(place)
            self.panes.table.focus()

        return gone

    def _question_offers(self, text: str) -> Iterator[Offer]:
        try:
            is_question = not self._parse(text).is_all
        except QueryError:
            return
        if is_question:
            ask = partial(self.show_filter, self.filter, text)
            yield Offer(
                f"Ask for {clean(text, ASKED_MAX)}", "as in the bar, among the types that are shown", ask, "last"
            )

    # ---- from a screen over the table, too

    def _in_table(self, offer: Offer) -> Offer:
        """Give the offer with what lies over the table left first."""
        return replace(offer, do=partial(self._do_in_table, offer.do))

    def _do_in_table(self, do: Callable[[], object]) -> None:
        self.leave_review()
        top = next((over for over in (self._lens_made, self._review_made) if over is self.app.screen), None)
        if top is not None:
            top.dismiss()
        do()
