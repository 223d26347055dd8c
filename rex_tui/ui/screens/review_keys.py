"""The review's keys: in the footer in this order, as far as there is room; the long words are for the help."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

from rex_tui.ui.screens.sized_panes import SIZE_KEYS
from rex_tui.ui.widgets.deal_line import SORTED_SIGN, STUCK_SIGN

SIGNS: Final = (
    (STUCK_SIGN, "Stuck: warned of, or untouched"),
    (SORTED_SIGN, "What the deals are sorted by"),
    ("▲ ▼", "More or less than before"),
)
"""The signs of the review and what they mean."""

REVIEW_KEYS: Final[list[BindingType]] = [
    Binding("escape,q", "back", "Leave", key_display="Esc", id="review.leave", tooltip="Drop the filter, leave"),
    Binding("p", "period", "Period", id="review.period", tooltip="Choose the period"),
    Binding("v", "view", "Flow/deals", id="review.view", tooltip="Flow and days, or the deals"),
    Binding("slash", "filter", "Filter", key_display="/", id="review.filter", tooltip="Deals with some words"),
    Binding("s", "sort", "Sort", id="review.sort", tooltip="Deals in the next order"),
    Binding("m", "matrix", "Matrix", id="review.matrix", tooltip="Moves as a matrix, or the flow"),
    Binding("left_square_bracket", "step(1)", "Before", key_display="[", id="review.before", tooltip="Period before"),
    Binding("right_square_bracket", "step(-1)", "After", key_display="]", id="review.after", tooltip="Period after"),
    Binding("y", "copy_menu", "Copy", id="review.copy", tooltip="Copy the review, or the deal"),
    Binding("ctrl+e", "export", "Pack", id="review.export", tooltip="Write the review pack to files"),
    Binding("M", "mask", "Mask", show=False, id="review.masking", tooltip="Mask names and amounts, or not"),
    Binding("question_mark,f1", "help", "Help", key_display="?", id="review.help", tooltip="Show all keys"),
    Binding("d", "define", "Meaning", id="review.define", tooltip="What the figures mean"),
    Binding("K", "mark_reviewed", "Reviewed", id="review.mark", tooltip="Mark as reviewed now"),
    *SIZE_KEYS,
]
