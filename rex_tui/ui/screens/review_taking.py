"""Taking a review along: as a pack of files, or as a copy of it or of one of its deals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Final

from textual import getters
from textual.widget import Widget

from rex_tui.export.review.markdown import markdown_review
from rex_tui.export.review.pack import Pack, known_name, noted_in
from rex_tui.export.review.writing import pack_name
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.review.review import DealRow, Review
from rex_tui.query.review.words import path_words, value_words
from rex_tui.safe_text import clean
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Notebook
from rex_tui.ui.copies import Copy, harmless
from rex_tui.ui.screens.copy_menu import CopyMenu
from rex_tui.ui.screens.over_watch import OverWatch
from rex_tui.ui.screens.pack import PackScreen
from rex_tui.ui.widgets.deals_pane import DealsPane

WHOLE: Final = "y"
"""The letter of the whole review, in a menu that `y` opens."""
NOT_YET: Final = "The review is still being counted, so there is nothing whole to take along yet."


class ReviewTaking:
    """Makes of a review what is taken along, with the marks and names that belong to it."""

    def __init__(
        self,
        store: EventStore,
        notebook: Notebook,
        tenant: str,
        names: Callable[[], Names],
        copy: Callable[[Widget, str, str], None],
        masking: Callable[[], Masking | None],
    ) -> None:
        """Take marks from `notebook`; `tenant` says whose log is in `store`, `names` what ids are called by now.

        `copy` copies a text that goes by a name, and tells where to; what marks tell passes `masking`.
        """
        self.store = store
        self.copy = copy
        self._notebook = notebook
        self._tenant = tenant
        self._names = names
        self._masking = masking

    @property
    def masked(self) -> bool:
        """Tell whether what is taken along is masked."""
        return self._masking() is not None

    def pack(self, review: Review, behind: str) -> Callable[[], Pack]:
        """Give what makes the pack of a review, for a thread; it raises `StoreError`."""
        names, masking = self._names(), self._masking()

        def made() -> Pack:
            marks = self._notebook.marks().values()
            with closing(self.store.reader()) as reader:
                noted = noted_in(review, marks, reader, names, masking)
            return Pack(review, self._tenant, noted, names, behind, masked=masking is not None)

        return made

    def copies(self, review: Review, row: DealRow | None) -> list[Copy]:
        """Give what can be copied; the text of the whole review is only what it begins with."""
        none = "no deal is selected"
        deal = None if row is None else row.deal
        name = None if deal is None else known_name(deal, self._names()) or None
        told = [] if deal is None else [value_words(deal)]
        told += [] if deal is None else [path_words(deal, review.end, review.stages)]
        return [
            Copy(WHOLE, "the review as Markdown", f"# Sales review: {clean(review.period.name, 60)}"),
            Copy("n", "the deal's name", name, none if deal is None else "the log does not tell its name"),
            Copy("i", "the deal's id", None if deal is None else harmless(deal.id), none),
            Copy("l", "the deal in a line", " · ".join([name or deal.id, *told]) if deal is not None else None, none),
        ]


class TakenScreen(OverWatch[None]):
    """A screen whose review can be taken along."""

    deals = getters.query_one(DealsPane)

    def __init__(self, taking: ReviewTaking, behind: Callable[[], str]) -> None:
        """Take along with `taking`; `behind` says why the log is behind Rex's, "" where it is not."""
        super().__init__()
        self._taking = taking
        self._behind = behind
        self.review: Review | None = None
        """What is shown, None while there is none."""

    @property
    def _whole(self) -> Review | None:
        """Give the review where it is counted to its end; else say that it is not."""
        if self.review is None or not self.review.complete:
            self.notify(NOT_YET, markup=False)
            return None
        return self.review

    def action_export(self) -> None:
        """Write the review pack."""
        if (review := self._whole) is not None:
            pack = self._taking.pack(review, self._behind())
            title = f"Review pack{' · masked' * self._taking.masked} · {review.period.name}"
            dialog = PackScreen(pack, pack_name(review.period), title, self._taking.store.path)
            self.app.push_screen(dialog, lambda said: self.notify(clean(said), markup=False) if said else None)

    def action_copy_menu(self) -> None:
        """Offer the review and the selected deal."""
        if (review := self._whole) is None:
            return
        pack = self._taking.pack(review, self._behind())

        def chosen(copy: Copy | None) -> None:
            if copy is not None and copy.key == WHOLE:
                self.run_worker(self._copy_whole(pack, copy.name), group="copy-review")
            elif copy is not None and copy.text is not None:
                self._taking.copy(self, copy.name, copy.text)

        self.app.push_screen(CopyMenu(self._taking.copies(review, self.deals.chosen), review.period.name), chosen)

    async def _copy_whole(self, pack: Callable[[], Pack], name: str) -> None:
        try:
            text = await asyncio.to_thread(lambda: markdown_review(pack()))
        except StoreError as error:
            self.notify(clean(str(error)), severity="error", markup=False)
        else:
            self._taking.copy(self, name, text)
