"""The names that an event's payload tells itself: of whom it is about, and of ids that stand beside a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rex_tui.names import entity_kind, usable_name
from rex_tui.payload import LARGE, REX_ID
from rex_tui.subject import Decoded, decode_fields, subject_resource

FIELDS_MAX: Final = 100
"""Fields of a payload that are looked at; where names stand, there are few."""
_OWN_NAMES: Final = ("name", "full_name", "display_name")  # a title is what a person does
_ID: Final = "_id"


def names_told(event_type: str, data: str) -> list[tuple[str, str]]:
    """Give the ids and names that a payload's JSON text tells, each id once; a large payload tells none.

    An entity is called what its own event says (`deal_id` and `name` of a deal's), what stands in an object with its id
    (`company: {id, name}`), or what stands beside its id (`to_stage_id` and `to_stage_name`, or `to_stage`).
    """
    fields = decode_fields(data) if len(data) < LARGE else None
    if fields is None:
        return []
    told = dict(_beside_ids(fields))
    resource = subject_resource(event_type)
    id_ = fields.get(f"{resource}{_ID}") or fields.get("id")
    if type(id_) is str and entity_kind(id_) == resource and (name := own_name(fields)) and name != id_:
        told[id_] = name
    return list(told.items())


def own_name(fields: Decoded) -> str:
    """Give what people call the one that these fields describe; "" where they do not say."""
    for field in _OWN_NAMES:
        if name := usable_name(fields.get(field)):
            return name
    first, last = usable_name(fields.get("first_name")), usable_name(fields.get("last_name"))
    return usable_name(f"{first} {last}")


def _beside_ids(fields: Decoded) -> Iterator[tuple[str, str]]:
    for field, value in list(fields.items())[:FIELDS_MAX]:
        if isinstance(value, dict):
            id_, name = value.get("id") or value.get(f"{field}{_ID}"), own_name(value)
        elif field.endswith(_ID) and len(field) > len(_ID):
            id_, side = value, field.removesuffix(_ID)
            name = usable_name(fields.get(f"{side}_name")) or usable_name(fields.get(side))
        else:
            continue
        if type(id_) is str and name and name != id_ and REX_ID.fullmatch(id_):
            yield id_, name
