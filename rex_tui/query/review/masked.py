"""A review as it may be seen while masking is on: pseudonyms, no amounts; all that is counted stays."""

from __future__ import annotations

from msgspec.structs import replace
from msgspec.structs import replace as with_changes

from rex_tui.masking import Masking
from rex_tui.query.review.figures import Figures
from rex_tui.query.review.review import DealRow, Review


def masked_review(review: Review, masking: Masking) -> Review:
    """Give a review without what is sensitive in it; costs all deals, so it is for a thread."""
    hides_money = masking.hides("amount")
    return replace(
        review,
        figures=_figures(review.figures) if hides_money else review.figures,
        before=_figures(review.before) if hides_money and review.before is not None else review.before,
        deals=tuple(_row(row, masking, hides_money=hides_money) for row in review.deals),
    )


def _figures(figures: Figures) -> Figures:
    return replace(figures, value_won=None, value_lost=None)


def _row(row: DealRow, masking: Masking, *, hides_money: bool) -> DealRow:
    deal = row.deal
    told = with_changes(
        deal,
        id=masking.id(deal.id),
        name=masking.deal_name(deal.name),
        owner=masking.owner(deal.owner),
        value=None if hides_money else deal.value,
        hides_value=hides_money,
    )
    return with_changes(row, deal=told)
