"""What an event tells of a deal: read from its payload as cheaply as possible, and never refused.

Values are kept as they came, cut where they are absurdly long; whoever shows one cleans it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern
from typing import Any, Final, Literal, TypeAlias

import msgspec

from rex_tui.payload import Number, PayloadError, parse

TEXT_MAX: Final = 400
"""Characters of a name or any other text that are kept; an id is kept as it is."""
MENTIONED_BY: Final = "deal_id"
"""The field by which events about something else name a deal."""
HEAD_MAX: Final = 100
"""Characters after that field's name among which the id is looked for."""
TIME_MAX: Final = 2**32 - 1
CENTS_MAX: Final = 10**30
"""From here on an amount is none."""
STATUSES: Final = frozenset({"open", "won", "lost", "deleted"})

Kind: TypeAlias = Literal[
    "created", "moved", "updated", "won", "lost", "deleted", "reopened", "stale", "trigger", "mention"
]
_ACTIONS: Final[Mapping[str, Kind]] = {
    "created": "created",
    "stage_changed": "moved",
    "won": "won",
    "lost": "lost",
    "deleted": "deleted",
    "reopened": "reopened",
    "restored": "reopened",
}


class DealFact(msgspec.Struct, frozen=True, gc=False):
    """What one event tells of one deal; a struct, since a log has hundreds of thousands and dataclasses are slower.

    `at` is when it happened, in seconds since the epoch, UTC; None where its time can't be read. `stage` is the deal's
    stage after it, `from_stage` the one before: ids, else "" (and then perhaps names). `value` is in cents, None where
    the event says that there is none, `UNSET` where it does not speak of it. All texts are "" where nothing is told.
    """

    at: float | None
    seq: int
    deal: str
    kind: Kind
    from_stage: str = ""
    stage: str = ""
    value: int | msgspec.UnsetType | None = msgspec.UNSET
    currency: str = ""
    status: str = ""
    owner: str = ""
    name: str = ""
    from_stage_name: str = ""
    stage_name: str = ""


class Changes(msgspec.Struct, gc=False):
    """What an update says that it changed, of the fields that matter here."""

    stage_id: Any = None
    stage: Any = None
    value: Any = msgspec.UNSET
    currency: Any = None
    status: Any = None
    owner_id: Any = None
    name: Any = None


class DealPayload(msgspec.Struct, gc=False):
    """The fields of a payload that matter here, of whatever kind they are."""

    deal_id: Any = None
    id: Any = None
    deal: Any = None
    name: Any = None
    title: Any = None
    value: Any = msgspec.UNSET
    currency: Any = None
    status: Any = None
    owner_id: Any = None
    owner: Any = None
    stage_id: Any = None
    stage: Any = None
    stage_name: Any = None
    from_stage_id: Any = None
    from_stage: Any = None
    from_stage_name: Any = None
    to_stage_id: Any = None
    to_stage: Any = None
    to_stage_name: Any = None
    changes: Changes | list[Any] | str | int | float | bool | None = None


_MENTION: Final = f'"{MENTIONED_BY}"'
_DECODER: Final = msgspec.json.Decoder(DealPayload)
_MANY: Final = msgspec.json.Decoder(list[DealPayload])


@lru_cache(1_000)
def kind_of(event_type: str) -> Kind:
    """Tell what an event of this type can tell of a deal: "mention" where it is about something else."""
    if event_type.startswith("deal."):
        return _ACTIONS.get(event_type[5:], "updated")
    if event_type.startswith("trigger.deal."):
        return "stale" if event_type == "trigger.deal.stale" else "trigger"
    return "mention"


def seconds_of(occurred_at: str) -> float | None:
    """Give an event's time in seconds since the epoch, UTC; None where it can't be read, or is outside of 1970–2106."""  # noqa: RUF002 - a dash for people
    try:
        moment = datetime.fromisoformat(occurred_at)
    except ValueError:
        return None
    seconds = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
    return seconds if 0 < seconds <= TIME_MAX else None


def fact_of(event_type: str, seq: int, occurred_at: str, data: str) -> DealFact | None:
    """Give what an event tells of a deal, None where its payload names none; never raises."""
    kind = kind_of(event_type)
    if kind == "mention":
        place = data.find(_MENTION)
        deal = "" if place < 0 else mentioned_deal(data[place + len(_MENTION) :][:HEAD_MAX])
        if deal is not None:
            return DealFact(seconds_of(occurred_at), seq, intern(deal), kind) if deal else None
    payload = read_payload(data)
    return None if payload is None else fact_in(payload, kind, seq, seconds_of(occurred_at))


@lru_cache(10_000)  # most deals are mentioned several times in a row
def mentioned_deal(head: str) -> str | None:
    """Give the deal's id from what follows the name of its field in a payload, "" for none.

    None where it is spelled in an odd way, so that the payload must be read.
    """
    end = head.find('"', 2)
    if head.startswith(':"') and end > 0 and "\\" not in head[:end]:
        return head[2:end]
    return "" if head.startswith(":null") else None


def read_payloads(data: bytes, count: int) -> list[DealPayload] | None:
    """Read a JSON list of `count` payloads in one go; None where one is odd, so that each must be read alone."""
    try:
        found = _MANY.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None
    return found if len(found) == count else None


def read_payload(data: str | bytes) -> DealPayload | None:
    """Read what matters of a payload; None where it is no object or can't be read at all."""
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        pass
    try:
        value = parse(data if isinstance(data, str) else data.decode(errors="replace"))
    except PayloadError:
        return None
    if not isinstance(value, dict):
        return None
    told: dict[str, Any] = {name: value[name] for name in DealPayload.__struct_fields__ if name in value}
    changes = told.pop("changes", None)
    if isinstance(changes, dict):
        told["changes"] = Changes(**{name: changes[name] for name in Changes.__struct_fields__ if name in changes})
    return DealPayload(**told)


def fact_in(payload: DealPayload, kind: Kind, seq: int, at: float | None) -> DealFact | None:
    """Give what a payload tells of a deal, None where it names none."""
    deal = payload.deal_id
    if type(deal) is not str or not deal:
        deal = _deal_of(payload, kind)
        if not deal:
            return None
    if kind == "mention":
        return DealFact(at, seq, intern(deal), kind)
    from_stage, stage = payload.from_stage_id, payload.to_stage_id or payload.stage_id
    value, currency, status, name = payload.value, payload.currency, payload.status, payload.name
    owner = payload.owner_id
    changes = payload.changes
    if type(changes) is Changes:
        if changes.stage_id is not None:
            from_stage, stage = _side(changes.stage_id, "from"), _side(changes.stage_id, "to")
        if changes.value is not msgspec.UNSET:
            value = _side(changes.value, "to")
        currency = _side(changes.currency, "to") or currency
        status = _side(changes.status, "to") or status
        owner = _side(changes.owner_id, "to") or owner
        name = _side(changes.name, "to") or name
    from_name = stage_name = ""
    if (
        payload.stage_name is not None
        or payload.to_stage_name is not None
        or payload.from_stage_name is not None
        or payload.stage is not None
        or payload.to_stage is not None
        or payload.from_stage is not None
        or (changes is not None and type(changes) is Changes and changes.stage is not None)
    ):
        from_name, stage_name = _stage_names(payload)
    return DealFact(
        at,
        seq,
        intern(deal),
        kind,
        intern(from_stage) if type(from_stage) is str else _id_in(from_stage) or _id_of(payload.from_stage),
        intern(stage) if type(stage) is str else _id_in(stage) or _id_of(payload.to_stage) or _id_of(payload.stage),
        value if value is msgspec.UNSET else _cents(value),
        intern(currency) if type(currency) is str and len(currency) < TEXT_MAX else _text(currency),
        "" if status is None else status_in(status),
        intern(owner) if type(owner) is str else _id_in(owner) or owner_in(payload.owner),
        intern(name) if type(name) is str and len(name) < TEXT_MAX else _text(name) or _text(payload.title),
        from_name,
        stage_name,
    )


def _deal_of(payload: DealPayload, kind: Kind) -> str:
    """Give the deal's id where it is not simply a text in `deal_id`; `id` is the deal's only in an event about it."""
    found = _id_in(payload.deal_id)
    if kind == "mention":
        return found
    return found or _id_in(payload.id) or _id_in(payload.deal)


def _stage_names(payload: DealPayload) -> tuple[str, str]:
    """Give the names of the stage before and after, "" where they are not told."""
    before = payload.from_stage_name or payload.from_stage
    after = payload.to_stage_name or payload.to_stage or payload.stage_name or payload.stage
    changes = payload.changes
    if type(changes) is Changes and changes.stage is not None:
        before, after = _side(changes.stage, "from"), _side(changes.stage, "to")
    return _text(before), _text(after)


def _side(change: Any, side: str) -> Any:
    """Give one side of a change as `{"from": …, "to": …}`; the change itself is what it leads to."""
    if isinstance(change, dict) and ("to" in change or "from" in change):
        return change.get(side)
    return change if side == "to" else None


def _id_in(value: Any) -> str:
    """Give an id that may be a text, a number, or in an object; "" where it is none of these."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, str):
        return str(value)
    return str(value) if type(value) is int else ""


def _id_of(value: Any) -> str:
    """Give the id in an object; a text that stands there is a name."""
    return _id_in(value) if isinstance(value, dict) else ""


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name") or value.get("email")
    return str(value[:TEXT_MAX]) if isinstance(value, str) else ""


def _cents(value: Any) -> int | msgspec.UnsetType | None:
    """Give an amount; what is no whole number of cents says nothing, and null says that there is no amount."""
    if value is None:
        return None
    whole = value if type(value) is int else value.as_int() if isinstance(value, Number) else None
    return whole if whole is not None and -CENTS_MAX < whole < CENTS_MAX else msgspec.UNSET


def owner_in(value: Any) -> str:
    """Give an owner that is told in an object, by id, else by name; or in a text."""
    return _id_in(value) or _text(value)


def status_in(value: Any) -> str:
    """Give a status that is known, in small letters, else ""."""
    status = value.lower() if isinstance(value, str) else ""
    return status if status in STATUSES else ""
