"""What the row of a gap tells: both ends, why it is there, and how the user chose to go on."""

from __future__ import annotations

from msgspec import Struct

from rex_tui.payload import Json, PayloadError, parse


class GapStory(Struct, frozen=True):
    """The times of the events before and after a gap as Rex sent them ("" where unknown), and why it is there."""

    before: str
    after: str
    why: str


def gap_story(data: str | None) -> GapStory:
    """Read the payload of a `GAP_TYPE` row; what it does not say is ""."""
    try:
        told = parse(data or "")
    except PayloadError:
        told = None
    before, after = (_text(told, end, "occurred_at") for end in ("last_before", "first_after"))
    return GapStory(before, after, _text(told, "why"))


def _text(value: Json, *path: str) -> str:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
