"""Reading a slice's payloads of the usual form, all in one go: a log has hundreds of thousands of them.

What is not of the usual form is refused as a whole, and `facts` reads it one by one, with the same outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from sys import intern
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from rex_tui.query.review.facts import (
    TEXT_MAX,
    TIME_MAX,
    DealFact,
    Kind,
    kind_of,
    owner_in,
    seconds_of,
    status_in,
)

_WHOLE_MAX: Final = 2**53
_Short = Annotated[str, msgspec.Meta(max_length=TEXT_MAX - 1)] | None
_Cents = Annotated[int, msgspec.Meta(ge=-_WHOLE_MAX, le=_WHOLE_MAX)] | None


class _Texts(msgspec.Struct, gc=False, forbid_unknown_fields=True, rename={"before": "from"}):
    """What a text was before a change and is after it."""

    to: _Short
    before: _Short = None


class _Amounts(msgspec.Struct, gc=False, forbid_unknown_fields=True, rename={"before": "from"}):
    """What an amount was before a change and is after it."""

    to: _Cents
    before: Any = None


class _Changes(msgspec.Struct, gc=False):
    """What an update says that it changed, of the fields that matter here."""

    stage_id: _Texts | None = None
    stage: None = None
    value: _Amounts | UnsetType | None = UNSET
    currency: _Texts | None = None
    status: _Texts | None = None
    owner_id: _Texts | None = None
    name: _Texts | None = None


class _Payload(msgspec.Struct, gc=False):
    """The fields that matter here where a deal, its stages and what changed are told by ids, texts and cents."""

    deal_id: Annotated[str, msgspec.Meta(min_length=1)]
    name: _Short = None
    title: None = None
    value: _Cents | UnsetType = UNSET
    currency: _Short = None
    status: str | None = None
    owner_id: str | None = None
    owner: Any = None
    stage_id: str | None = None
    stage: None = None
    stage_name: None = None
    from_stage_id: str | None = None
    from_stage: None = None
    from_stage_name: None = None
    to_stage_id: str | None = None
    to_stage: None = None
    to_stage_name: None = None
    changes: _Changes | None = None


_PAYLOADS: Final = msgspec.json.Decoder(list[_Payload])
_TIMES: Final = msgspec.json.Decoder(list[datetime])
_TEXTS: Final = msgspec.json.Decoder(list[str])
_NO_CHANGES: Final = _Changes()


def read_times(packed: str, count: int) -> list[float | None]:
    """Give the times in a JSON list of `count` texts, in seconds since the epoch, UTC; None for one that is none."""
    # Where all end in "Z" and no second has parts, msgspec and `seconds_of` agree on all that msgspec takes.
    if packed.count('Z"') == count and "." not in packed:
        try:
            seconds = list(map(datetime.timestamp, _TIMES.decode(packed)))
        except (msgspec.MsgspecError, UnicodeError):
            pass
        else:
            if not seconds or (min(seconds) > 0 and max(seconds) <= TIME_MAX):
                return [*seconds]
    return [seconds_of(text) for text in _TEXTS.decode(packed)]


def plain_facts(
    data: bytes, types: Sequence[str], seqs: Sequence[int], times: Sequence[float | None]
) -> list[DealFact] | None:
    """Give what each payload of a JSON list tells, with their types, sequences and times; None where one is unusual."""
    try:
        payloads = _PAYLOADS.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None
    if len(payloads) != len(seqs):
        return None
    kinds = {type_: kind_of(type_) for type_ in set(types)}
    return [
        DealFact(
            at,
            seq,
            intern(one.deal_id),
            kind,
            intern(one.from_stage_id or ""),
            intern(one.to_stage_id or one.stage_id or ""),
            one.value,
            intern(one.currency or ""),
            status_in(one.status) if one.status else "",
            intern(one.owner_id) if one.owner_id is not None else owner_in(one.owner),
            intern(one.name or ""),
        )
        if one.changes is None or one.changes == _NO_CHANGES
        else _changed(one, one.changes, kind, seq, at)
        for one, kind, seq, at in zip(payloads, map(kinds.__getitem__, types), seqs, times, strict=True)
    ]


def _changed(one: _Payload, changes: _Changes, kind: Kind, seq: int, at: float | None) -> DealFact:
    """Give what an update tells: what is after its changes, and the rest as it is."""
    from_stage, stage = one.from_stage_id, one.to_stage_id or one.stage_id
    value, currency, status, name, owner = one.value, one.currency, one.status, one.name, one.owner_id
    if changes.stage_id is not None:
        from_stage, stage = changes.stage_id.before, changes.stage_id.to
    if changes.value is not UNSET:
        value = None if changes.value is None else changes.value.to
    if changes.currency is not None:
        currency = changes.currency.to or currency
    if changes.status is not None:
        status = changes.status.to or status
    if changes.owner_id is not None:
        owner = changes.owner_id.to or owner
    if changes.name is not None:
        name = changes.name.to or name
    return DealFact(
        at,
        seq,
        intern(one.deal_id),
        kind,
        intern(from_stage or ""),
        intern(stage or ""),
        value,
        intern(currency or ""),
        status_in(status) if status else "",
        intern(owner) if owner is not None else owner_in(one.owner),
        intern(name or ""),
    )
