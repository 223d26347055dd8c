"""A payload as people read it: ids under their names. What the store keeps, and a filter asks, stays as it is."""

from __future__ import annotations

from typing import Final

from rex_tui.names import Names
from rex_tui.payload import REX_ID, Json, Number

NO_NAMES: Final = Names()
DEPTH_MAX: Final = 6


class Called(str):
    """What an id is called, in its place in a payload; not clean yet."""

    __slots__ = ()


def called(value: Json, names: Names, depth: int = DEPTH_MAX) -> Json:
    """Give a parsed payload with the names of the ids in it, as far as they are known, in their places."""
    if isinstance(value, dict) and depth:
        return {name: called(inner, names, depth - 1) for name, inner in value.items()}
    if isinstance(value, list) and depth:
        return [called(inner, names, depth - 1) for inner in value]
    if isinstance(value, str) and not isinstance(value, Number) and REX_ID.fullmatch(value):
        name = names.of(value)
        return value if name is None else Called(name)
    return value
