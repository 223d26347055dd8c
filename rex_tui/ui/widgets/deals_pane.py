"""The deals of a review: in an order, with some words, each a way into its story."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Final

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from rex_tui.query.review.arranging import SORTS, arranged, sorts_of
from rex_tui.query.review.review import DealRow, Review
from rex_tui.ui.repeated import Repeated
from rex_tui.ui.widgets.deal_line import deal_line
from rex_tui.ui.widgets.deals_head import DealsHead
from rex_tui.ui.widgets.line_list import LineList
from rex_tui.ui.widgets.saying import Saying

FILTER_MAX: Final = 200
NO_DEALS: Final = "No deal was created, moved, won, lost or stuck in this period. p chooses another."
ALL_HIDDEN: Final = "No deal has all these words. Esc shows all of them again."
PLACEHOLDER: Final = "words of a name, an owner, a stage, or stuck"


class Deals(LineList[DealRow]):
    """The lines."""


class DealsPane(Vertical):
    """The deals under a head, and below them what they are filtered by."""

    DEFAULT_CSS = """
    DealsPane > Input {
        display: none;
        height: 1;
    }
    DealsPane.-filtering > Input {
        display: block;
    }
    DealsPane > #no-deals {
        display: none;
        height: 1fr;
        padding: 0 1;
        color: $text-muted;
    }
    DealsPane.-none > #no-deals {
        display: block;
    }
    DealsPane.-none > Deals {
        height: 1;
    }
    """

    lines = getters.query_one(Deals)
    head = getters.query_one(DealsHead)
    words = getters.query_one(Input)

    @dataclass(eq=False, repr=False)
    class DealChosen(Message):
        """The reader wants the story of a deal, by its id."""

        id: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty, by value."""
        super().__init__(id=id)
        self._review: Review | None = None
        self._shown: Review | None = None
        self._rows: tuple[DealRow, ...] = ()
        self._sort = next(iter(SORTS))
        self._arranging = Repeated(self._arranged, partial(self.run_worker, group="arrange"))

    def compose(self) -> ComposeResult:
        """Lay out head, deals and filter."""
        yield DealsHead(id="deals-head")
        yield Deals(self._line, id="deals")
        yield Saying(id="no-deals")
        yield Input(placeholder=PLACEHOLDER, max_length=FILTER_MAX, id="deal-filter")

    @property
    def settled(self) -> bool:
        """Tell whether nothing is being put in order."""
        return not self._arranging.is_busy

    @property
    def chosen(self) -> DealRow | None:
        """Give the deal under the cursor, None where there is none."""
        place = self.lines.highlighted
        return self._rows[place] if place is not None and place < len(self._rows) else None

    def show(self, review: Review | None) -> None:
        """Show the deals of a review."""
        self._review = review
        self._arranging.ask()

    # ---- what the reader does

    def sort_next(self) -> None:
        """Put the deals in the next order."""
        orders = sorts_of(self._review)
        self._sort_by(orders[(orders.index(self._sort) + 1) % len(orders) if self._sort in orders else 0])

    def ask_words(self) -> None:
        """Let words be typed that the deals must have."""
        self.add_class("-filtering")
        self.words.focus()

    def filter_by(self, text: str) -> None:
        """Show the deals that have all words of a text; all of them for "" ."""
        self.words.value = text
        self.set_class(bool(text), "-filtering")
        self.lines.focus()

    def drop_filter(self) -> bool:
        """Show all deals; tell whether some were hidden, or about to be."""
        filtered = self.has_class("-filtering")
        if filtered:
            self.filter_by("")
        return filtered

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._arranging.ask()

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        self.filter_by(event.value.strip())

    @on(DealsHead.SortChosen)
    def _sort_chosen(self, event: DealsHead.SortChosen) -> None:
        event.stop()
        self._sort_by(event.sort)

    @on(LineList.Selected)
    def _chosen(self, event: LineList.Selected) -> None:
        event.stop()
        self.post_message(self.DealChosen(self._rows[event.index].deal.id))

    def _sort_by(self, sort: str) -> None:
        self._sort = sort
        self._arranging.ask()

    # ---- showing

    async def _arranged(self) -> None:
        """Put the deals in order in a thread: they may be many."""
        review, text = self._review, self.words.value
        orders = sorts_of(review)
        sort = self._sort if self._sort in orders else orders[0]
        place, before = self.lines.highlighted, self._rows
        chosen = before[place].deal.id if place is not None and place < len(before) else ""

        def put_in_order() -> tuple[tuple[DealRow, ...], int | None]:
            rows = () if review is None else arranged(review, sort, text)
            return rows, next((number for number, row in enumerate(rows) if row.deal.id == chosen), None)

        rows, found = await asyncio.to_thread(put_in_order)
        if self.lines.highlighted != place:  # moved meanwhile: the reader's choice stands
            self._arranging.ask()
            return
        if found is None and rows and place is not None:
            found = min(place, len(rows) - 1)
        self._shown, self._rows = review, rows
        self.set_class(review is not None and not rows, "-none")
        words = ALL_HIDDEN if text.strip() else NO_DEALS
        self.query_one("#no-deals", Saying).say(Content(words))
        self.lines.show(rows, found)
        self.head.show(sort)
        total = 0 if review is None else len(review.deals)
        count = f"{len(rows):,} of {total:,}" if text.strip() else f"{total:,}"
        self.border_title = Content(f"Deals · {count} · by {SORTS[sort]}")

    def _line(self, row: DealRow) -> Content:
        if self._shown is None:
            return Content()
        return deal_line(row, self._shown, self.lines.scrollable_content_region.width - 1)
