"""Pipelines and entities as Rex answers them, read for their names: whatever is odd in them is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Generic, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from rex_tui.api.errors import BadResponse, Unavailable
from rex_tui.event import RateBudget
from rex_tui.names import PLURALS, STAGES_MAX, EntityKind, Stage, is_stage, stage_kind, usable_name
from rex_tui.payload import PayloadError, parse
from rex_tui.told_names import own_name

T = TypeVar("T")

_COLOUR: Final = re.compile(r"#?[0-9A-Za-z]{1,20}")
_OTHER_NAMES: Final = ("email", "domain")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Answered(Struct, Generic[T], frozen=True):
    """What an answer says, and the request budget that it told of."""

    value: T
    budget: RateBudget


def entity_path(kind: EntityKind, id_: str) -> tuple[str, str]:
    """Give the path of an entity, with its id in one step whatever characters it has, and what is asked for there."""
    return f"/{PLURALS[kind]}/{quote(id_, safe='').replace('.', '%2E')}", PLURALS[kind]


def decode_stages(body: bytes) -> tuple[Stage, ...]:
    """Decode an answer to `GET /pipelines`: the stages, in the order of the pipelines and of their positions.

    Reads a list, or one in `data` or `pipelines`. Raises `Unavailable` where the body is no JSON, and `BadResponse`
    where there is no list of pipelines in it.
    """
    value = _decode(body)
    if isinstance(value, dict):
        value = next((value[name] for name in ("data", "pipelines") if name in value), None)
    if isinstance(value, dict):
        value = value.get("pipelines", [value])
    if not isinstance(value, list):
        raise BadResponse("Rex's answer is JSON, but no list of pipelines.")
    found: dict[str, Stage] = {}
    for pipeline in value[:STAGES_MAX]:
        for stage in sorted(_stages_of(pipeline), key=lambda stage: stage.position):
            found.setdefault(stage.id, stage)
    return tuple(found.values())[:STAGES_MAX]


def decode_name(body: bytes) -> str:
    """Decode an answer to `GET /deals/:id`, `/contacts/:id` or `/companies/:id`: the name, "" where it has none.

    Reads an object, or one in `data`. Raises `Unavailable` where the body is no JSON, and `BadResponse` where it is
    JSON of another shape.
    """
    value = _decode(body)
    inner = value.get("data", value) if isinstance(value, dict) else value
    if not isinstance(inner, dict):
        raise BadResponse("Rex's answer is JSON, but nothing that can have a name.")
    return own_name(inner) or next(filter(None, (usable_name(inner.get(field)) for field in _OTHER_NAMES)), "")


def _stages_of(pipeline: object) -> Iterator[Stage]:
    stages = pipeline.get("stages") if isinstance(pipeline, dict) else None
    if not isinstance(pipeline, dict) or not isinstance(stages, list):
        return
    for number, stage in enumerate(stages[:STAGES_MAX]):
        id_ = stage.get("id") if isinstance(stage, dict) else None
        name = usable_name(stage.get("name")) if isinstance(stage, dict) else ""
        if type(id_) is str and is_stage(id_) and name:
            colour = stage.get("color") or stage.get("colour")
            yield Stage(
                id=id_,
                name=name,
                pipeline_id=usable_name(pipeline.get("id")),
                position=_position(stage.get("position"), number),
                kind=stage_kind(stage.get("type")),
                colour=colour if type(colour) is str and _COLOUR.fullmatch(colour) else "",
            )


def _position(value: object, otherwise: int) -> int:
    return value if type(value) is int and 0 <= value < 2**31 else otherwise


def _decode(body: bytes) -> object:
    body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        found: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):  # stricter than JSON, or none
        try:
            found = parse(body.decode())
        except (PayloadError, UnicodeDecodeError):
            raise Unavailable("What came instead of an answer from Rex is not JSON, or was cut off.") from None
    return found
