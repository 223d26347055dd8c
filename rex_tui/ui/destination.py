"""Where a typed time leads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a text leads: a row, or None where it leads nowhere; and that in two lines of words."""

    row: int | None
    words: tuple[str, str]
