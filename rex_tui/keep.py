"""How much of the log is kept: the newest events, by their number or by their age. The rest is forgotten."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

_AGES: Final = {"h": 3_600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}
_COUNTS: Final = {"": 1, "k": 1_000, "m": 1_000_000}
_TEXT: Final = re.compile(r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,12}) ?(?P<unit>[a-z]?)", re.ASCII)
COUNT_MAX: Final = 100_000_000
AGE_MAX_S: Final = 100 * _AGES["y"]
TEXT_MAX: Final = 30
ALL_WORDS: Final = "all"
RIGHT: Final = "90d (also h, w, y) for an age, 5M (also 500k or 5,000,000) for the newest events, or all"


class Keep(Struct, frozen=True):
    """What is kept: the newest `events`, or what is not older than `seconds`; all of it where both are None.

    `text` is how the user said it.
    """

    text: str = ALL_WORDS
    events: int | None = None
    seconds: int | None = None

    @property
    def is_all(self) -> bool:
        """Tell whether nothing is ever forgotten."""
        return self.events is None and self.seconds is None

    @property
    def words(self) -> str:
        """Give it in words."""
        if self.events is not None:
            return f"{self.text}: the newest {self.events:,} events"
        return self.text if self.seconds is None else f"{self.text}: what is not older"


ALL: Final = Keep()
"""Nothing is ever forgotten."""


def read_keep(text: str) -> Keep:
    """Read what is to be kept; raises `ValueError` for anything else, whose words go on a sentence's subject."""
    said = text.strip()
    if said.lower() == ALL_WORDS:
        return Keep()
    found = _TEXT.fullmatch(said.lower()) if len(said) <= TEXT_MAX else None
    if found is not None:
        number, unit = int(found["number"].replace(",", "")), found["unit"]
        if unit in _AGES and 0 < number * _AGES[unit] <= AGE_MAX_S:
            return Keep(said, seconds=number * _AGES[unit])
        if unit in _COUNTS and 0 < number * _COUNTS[unit] <= COUNT_MAX:
            return Keep(said, events=number * _COUNTS[unit])
    raise ValueError(f"should be how much of the log is kept: {RIGHT}.")
