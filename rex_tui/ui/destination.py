"""Where a typed time leads."""

from __future__ import annotations

from msgspec import Struct


class Destination(Struct, frozen=True):
    """Where a text leads: a row, or None where it leads nowhere; and that in two lines of words."""

    row: int | None
    words: tuple[str, str]
