"""The deals of a review in another order, and those of them that some words are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from rex_tui.query.review.review import DealRow, Review
from rex_tui.query.review.words import stage_words

SORTS: Final[Mapping[str, str]] = MappingProxyType(
    {"value": "value", "last": "last activity", "stage": "time in stage", "name": "name"}
)
"""Every order by its key: the largest value, the latest activity, the longest in its stage, or the alphabet first."""


def sorts_of(review: Review | None) -> tuple[str, ...]:
    """Give the orders that there are, by their keys: by value only where values may be seen."""
    hides_money = review is not None and review.figures.hides_money
    return tuple(sort for sort in SORTS if sort != "value" or not hides_money)


def arranged(review: Review, sort: str, text: str = "") -> tuple[DealRow, ...]:
    """Give the deals in which all words of a text occur, in an order; costs all deals, so it is for a thread."""
    rows = review.deals
    if words := text.casefold().split():
        # Also as they are shown: a reader types what is on the screen.
        names = {stage.id: f"{stage.name}\n{stage_words(stage.id, (stage,))}" for stage in review.stages}
        rows = tuple(row for row in rows if _has(row, names, words))
    if sort == "last":  # the order in which they are already
        return rows
    return tuple(sorted(rows, key=_key(review, rows, sort)))


def stay_of(row: DealRow, end: float) -> float | None:
    """Give for how many seconds an open deal has been in its stage, None where that is not known."""
    if row.status != "open":
        return None
    stays = row.deal.stays(end)
    return stays[-1][1] if stays else None


def _has(row: DealRow, names: Mapping[str, str], words: list[str]) -> bool:
    deal = row.deal
    stuck = "stuck" if row.is_stuck else ""
    text = f"{deal.name}\n{deal.id}\n{deal.owner}\n{names.get(row.stage, '')}\n{row.stage}\n{row.status}\n{stuck}"
    told = text.casefold()
    return all(word in told for word in words)


def _key(review: Review, rows: tuple[DealRow, ...], sort: str) -> Callable[[DealRow], Any]:
    if sort == "name":
        return lambda row: (not row.deal.name, row.deal.name.casefold(), row.deal.id)
    if sort == "stage":
        end = review.end
        return lambda row: -(stay if (stay := stay_of(row, end)) is not None else -1.0)
    # Amounts of two currencies can't be compared: each stands by itself, the one with the most deals first.
    counts = Counter(row.deal.currency for row in rows)

    def by_value(row: DealRow) -> tuple[bool, int, str, int]:
        value, currency = row.deal.value, row.deal.currency
        return value is None, -counts[currency], currency, -(value or 0)

    return by_value
