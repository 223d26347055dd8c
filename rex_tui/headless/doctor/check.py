"""One thing that the doctor looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from msgspec import Struct, field

State: TypeAlias = Literal["fine", "attend", "wrong", "skipped"]
Fact: TypeAlias = str | int | float | bool | None

STATES: Final[tuple[State, ...]] = ("fine", "attend", "wrong", "skipped")


class Check(Struct, frozen=True):
    """What was looked at, how it is, in words, and what to do, "" where nothing is.

    `attend` is for what works but should be seen to, `wrong` for what keeps rex-tui from working, `skipped` for what
    could not be looked at. `facts` are figures for programs.
    """

    section: str
    name: str
    state: State
    says: str
    todo: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.state in ("fine", "skipped")
