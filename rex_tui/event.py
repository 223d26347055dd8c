"""The values that cross every room: an event, its type, and a page of them as Rex answered it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from rex_tui.safe_text import clean

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
CURSOR_ENDS: Final = 6
GAP_TYPE: Final = "rex-tui.gap"
"""The type of the rows that we write into the log ourselves, where events may be missing; never one of Rex's."""


class Event(Struct, frozen=True):
    """One entry of Rex's log.

    `id`, `type` and `occurred_at` are the texts that Rex sent ("" where it sent none); `data` is the payload's JSON
    text exactly as it came. `extra` maps the names of members that the reference does not know to their JSON text.
    `received_at` is in seconds since the epoch, UTC. `seq` is our own sequence, from 1 (0 before the store gave one).
    Source: Events API reference, "List events".
    """

    id: str
    type: str
    occurred_at: str
    data: str
    received_at: float
    seq: int = 0
    extra: Mapping[str, str] = _NOTHING

    def __hash__(self) -> int:
        return hash((self.id, self.type, self.occurred_at, self.data, self.received_at, self.seq))

    @property
    def occurred(self) -> datetime | None:
        """Give `occurred_at` as an aware UTC time, or None where it is missing or odd."""
        return parse_time(self.occurred_at)

    def json_line(self) -> str:
        """Give the event as one line of JSON: `id`, `type`, `occurred_at` and, exactly as it came, `data`.

        A line break can only be white space between a payload's tokens; it becomes a space, so that a line stays one.
        """
        id_, type_, at = map(encode_basestring, (self.id, self.type, self.occurred_at))
        data = self.data.replace("\r", " ").replace("\n", " ")
        return f'{{"id": {id_}, "type": {type_}, "occurred_at": {at}, "data": {data}}}'


class Row(Struct, frozen=True):
    """One event as the table needs it: the payload is there only where it is small enough to be worth reading.

    `data` is None for a payload of more than `ROW_DATA_MAX` characters (see `store.reader`), whose length `size` tells.
    `before` is the payload of the event before it about the same entity, where an update does not say itself what it
    changed; `drifted` tells whether the shape of its type changed with it.
    """

    seq: int
    id: str
    type: str
    occurred_at: str
    received_at: float
    data: str | None
    size: int
    before: str | None = None
    drifted: bool = False


DriftKind: TypeAlias = Literal["gained", "lost", "retyped"]


class Drift(Struct, frozen=True):
    """What an event was the first of its type to do: bring a field, leave one out, or give it another JSON kind.

    `field` is a path like `deal.value`; `before` and `after` are JSON kinds in words, "" where there was none.
    """

    seq: int
    field: str
    kind: DriftKind
    before: str
    after: str


class Mentions(Struct, frozen=True):
    """The events that mention an id: the newest of them, oldest first, how many there are, and the first of all.

    `about` is the number of those that are about it. `first` is 0 where there are none. `forgotten` is the number of
    earlier ones that the log does not keep, and `may_be_more` says that there may have been more of them: what is known
    of an id goes with the last event that mentions it.
    """

    seqs: tuple[int, ...]
    total: int
    about: int
    first: int
    forgotten: int = 0
    may_be_more: bool = False


class Quarantined(Struct, frozen=True):
    """Something in a page that could not be kept as an event: its bytes verbatim, and why, in words."""

    raw: bytes
    reason: str


class SetAside(Struct, frozen=True):
    """What the store keeps of something that was set aside: its number there, its digest, bytes, reason and time.

    `received_at` is in seconds since the epoch, UTC.
    """

    number: int
    digest: bytes
    raw: bytes
    reason: str
    received_at: float


class RateBudget(Struct, frozen=True):
    """What Rex said about the request budget: requests a window, those left, and seconds until it is whole again.

    Each is None where the answer did not say it. Source: `X-RateLimit-Limit`, `-Remaining`, `-Reset`.
    """

    limit: int | None = None
    remaining: int | None = None
    reset_in_s: float | None = None


class Asked(Struct, frozen=True):
    """What a page was asked for with: the cursor that it follows, None for the log's start, and how many at most."""

    cursor: str | None
    limit: int


class Page(Struct, frozen=True):
    """One answer to `GET /events`, decoded: the events in the order they came, and how to go on.

    `asked` is how to ask for it again; None where nobody was asked, as for a file.
    """

    events: tuple[Event, ...]
    quarantined: tuple[Quarantined, ...]
    has_more: bool
    next_cursor: str | None
    budget: RateBudget = RateBudget()
    asked: Asked | None = None


class Grown(Struct, frozen=True):
    """What an append, or another process, added to the log: the sequences `first` to `last`, both included.

    `codes` has a type code for each of them, in order; `new_types` are the names of the codes that follow those known
    before. `first` is `last + 1` when nothing was added. `quarantined` is the number set aside along with them.
    """

    first: int
    last: int
    codes: tuple[int, ...] = ()
    new_types: tuple[str, ...] = ()
    quarantined: int = 0

    def __len__(self) -> int:
        """Count the events that were added."""
        return self.last - self.first + 1


def resource_of(event_type: str) -> str:
    """Give the resource of a type: what stands before its first dot (`deal` of `deal.won`)."""
    return event_type.partition(".")[0]


def action_of(event_type: str) -> str:
    """Give the action of a type: what stands after its first dot (`deal.stale` of `trigger.deal.stale`)."""
    return event_type.partition(".")[2]


def parse_time(text: str) -> datetime | None:
    """Read an ISO 8601 time as an aware UTC `datetime`; None where it is none. A time without a zone counts as UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def short_cursor(cursor: str | None) -> str:
    """Give both ends of the cursor, which is enough to tell one from another."""
    if cursor is None:
        return "none yet"
    if len(cursor) <= 2 * CURSOR_ENDS + 1:
        return clean(cursor)
    return f"{clean(cursor[:CURSOR_ENDS])}…{clean(cursor[-CURSOR_ENDS:])}"
