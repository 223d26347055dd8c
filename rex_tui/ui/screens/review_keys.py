"""The review's keys: in the footer in this order, as far as there is room, where they have a short word."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from rex_tui.ui.keys import bound
from rex_tui.ui.screens.sized_panes import size_keys
from rex_tui.ui.widgets.deal_line import SORTED_SIGN, STUCK_SIGN

SIGNS: Final = (
    (STUCK_SIGN, "Stuck: warned of, or untouched"),
    (SORTED_SIGN, "What the deals are sorted by"),
    ("▲ ▼", "More or less than before"),
)
"""The signs of the review and what they mean."""

REVIEW_KEYS: Final[list[BindingType]] = [
    bound("review", "review.leave", "back", "Leave"),
    bound("review", "review.period", "period", "Period"),
    bound("review", "review.view", "view", "Flow/deals"),
    bound("review", "review.filter", "filter", "Filter"),
    bound("review", "review.sort", "sort", "Sort"),
    bound("review", "review.matrix", "matrix", "Matrix"),
    bound("review", "review.before", "step(1)", "Before"),
    bound("review", "review.after", "step(-1)", "After"),
    bound("review", "copy.menu", "copy_menu", "Copy"),
    bound("review", "log.export", "export", "Pack"),
    bound("review", "show.masked", "mask"),
    bound("review", "app.help", "help", "Help"),
    bound("review", "app.commands", "app.command_palette"),
    bound("review", "review.define", "define", "Meaning"),
    bound("review", "review.mark", "mark_reviewed", "Reviewed"),
    bound("review", "pane.next", "app.focus_next"),
    bound("review", "pane.previous", "app.focus_previous"),
    *size_keys("review"),
]
