"""What the palette offers besides the commands that keys have: what is in the log, and what the user keeps of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

Rank: TypeAlias = Literal["first", "by likeness", "last"]
Deed: TypeAlias = Callable[[], object]


class Offer(Struct, frozen=True):
    """Something that can be done: its title, what else is to be known of it, both clean, the deed, and its rank.

    First is what the text can't mean otherwise, like an id; last is what can be done with any text.
    """

    title: str
    words: str
    do: Deed
    rank: Rank = "by likeness"


class Finder(Struct, frozen=True):
    """Where offers come from: those that are `kept`, all `known`, and those that are looked up for a text.

    What is kept is offered before anything is typed; what is known holds it, too.
    """

    kept: Callable[[], Iterable[Offer]]
    known: Callable[[], Iterable[Offer]]
    look_up: Callable[[str], Awaitable[Sequence[Offer]]]
