"""The palette's source for what is no command: types, saved filters, checkpoints, rules, ids, names, times."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.style import Style

from rex_tui.ui.offers import Finder, Offer
from rex_tui.ui.screens.find_door import FindDoor
from rex_tui.ui.screens.over_watch import OverWatch

TYPING_S: Final = 0.05
"""Keys that follow one another within so long are one text to look up."""
FIRST: Final = 1_000.0
LAST: Final = -1.0
STEP: Final = 0.001
"""Scores: above and below all that is only like what was typed, in the order in which it was given."""
MATCH: Final = Style(bold=True, underline=True)


class Kept(DiscoveryHit):
    """What the user keeps stands before all commands, which the palette would else put in no order."""

    @property
    def score(self) -> float:
        """Give a score above that of a command nobody has typed for."""
        return 1.0


class Finds(Provider):
    """Offers what the screen's log, or the screen below it, has under what is typed. Nothing of it is markup."""

    @property
    def _finder(self) -> Finder | None:
        screen = self.screen
        return screen.finder if isinstance(screen, FindDoor | OverWatch) else None

    async def discover(self) -> Hits:
        """Yield what the user keeps."""
        if (finder := self._finder) is not None:
            for offer in finder.kept():
                yield Kept(Content(offer.title), offer.do, offer.title, _help(offer))

    async def search(self, query: str) -> Hits:
        """Yield what is like the text, then what the log has under it."""
        finder = self._finder
        if finder is None:
            return
        fuzzy, wanted = FuzzySearch(), "".join(query.split())  # else a space would have to be matched by one
        for offer in finder.known():
            score, places = fuzzy.match(wanted, offer.title)
            if score:
                yield _hit(offer, score, places)
        await asyncio.sleep(TYPING_S)
        for number, offer in enumerate(await finder.look_up(query)):
            if offer.rank == "by likeness":
                yield _hit(offer, *fuzzy.match(wanted, offer.title))
            else:
                yield _hit(offer, (FIRST if offer.rank == "first" else LAST) - number * STEP, ())


def _hit(offer: Offer, score: float, places: Sequence[int]) -> Hit:
    title = Content(offer.title)
    for place in places:
        title = title.stylize(MATCH, place, place + 1)
    return Hit(score, title, offer.do, offer.title, _help(offer))


def _help(offer: Offer) -> str:
    """Give the words as content, which the palette takes as it takes a title: a text it would read as markup."""
    return cast("str", Content(offer.words))
