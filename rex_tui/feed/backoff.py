"""How long to wait before trying again, and how fast to go while there is a budget to keep."""

from __future__ import annotations

from random import Random
from typing import Final

from rex_tui.event import RateBudget

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 60.0
EASY_SHARE: Final = 0.5
"""While more than this share of the budget is left, nothing is slowed down."""
RESERVE_SHARE: Final = 0.1
"""The share of the budget that a catch-up leaves to others who use the same key."""


def retry_wait_s(attempt: int, random: Random) -> float:
    """Give the seconds to wait before attempt number `attempt` (from 1): doubling, capped, with jitter."""
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt - 1, 16))
    return longest * random.uniform(0.5, 1.0)


def pace_s(budget: RateBudget) -> float:
    """Give the seconds to wait before the next request, so that the budget lasts until it is whole again."""
    if budget.remaining is None or budget.limit is None or budget.remaining > budget.limit * EASY_SHARE:
        return 0.0
    usable = budget.remaining - budget.limit * RESERVE_SHARE
    window_s = LONGEST_WAIT_S if budget.reset_in_s is None else min(max(budget.reset_in_s, 0.0), LONGEST_WAIT_S)
    return window_s / max(usable, 1.0)
