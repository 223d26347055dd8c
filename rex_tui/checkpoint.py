"""Checkpoints: places in the log that have a name, so that one can ask what came since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from msgspec import Struct

LAST_VISIT: Final = "last-visit"
"""Where the log was when a screen last showed it; rex-tui keeps it itself."""
LAST_REVIEW: Final = "last-review"
"""Where the log was when it was last marked as reviewed."""
NOWHERE: Final = 2**63 - 1
"""The sequence of a place that the log has not come to yet: nothing is behind it."""
MOMENT_MAX: Final = 2**32 - 1
"""The last second that a checkpoint can have been made in; the first is that of 1970."""


class Checkpoint(Struct, frozen=True):
    """A place in the log: behind the event of this id, which was the newest when the checkpoint was made.

    `occurred_at` is that event's time as Rex sent it. Id and time are "" for a checkpoint that is only a moment.
    `made_at` is in seconds since the epoch, UTC.
    """

    name: str
    event_id: str
    occurred_at: str
    made_at: float


class Place(Struct, frozen=True):
    """Where a checkpoint is in one log: behind the sequence `seq`, `NOWHERE` where the log has not come to it.

    Where the log does not have its event, the place is where the event's time would be, and not `exact`. Where it is
    `forgotten`, all that is kept came after it.
    """

    name: str
    seq: int
    made_at: float
    exact: bool = True
    forgotten: bool = False


Places = Mapping[str, Place]
"""Places by the names of their checkpoints."""
NO_PLACES: Final[Places] = MappingProxyType({})


def nearest_name(name: str, names: Iterable[str]) -> str:
    """Give the name that was probably meant: one that begins so, else one that is much like it, "" for none."""
    known = list(names)
    begun = (one for one in known if name and one.startswith(name))
    return next(begun, "") or next(iter(get_close_matches(name, known, 1)), "")


def moments_of(checkpoints: Iterable[Checkpoint]) -> dict[str, datetime]:
    """Give when each of these checkpoints was made, aware, by name; those with an odd time are left out."""
    return {one.name: datetime.fromtimestamp(one.made_at, UTC) for one in checkpoints if 0 < one.made_at <= MOMENT_MAX}
