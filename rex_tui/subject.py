"""Whom an event is about, and whom else it mentions: the ids in its payload, found in one pass over its JSON text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec

from rex_tui.event import resource_of
from rex_tui.payload import LARGE, REX_ID, PayloadError, parse, references

MENTIONS_MAX: Final = 1_000
"""Ids of one event that the store's index takes in; what comes after is in the payload only."""
ID_MAX: Final = 200
"""Characters of an id that the index takes in."""

Decoded: TypeAlias = dict[str, object]
"""A payload's fields as a fast parser gives them; of a large one each value is JSON text still."""

_QUOTED: Final = re.compile(rf'[:,\[ \t\r\n]"({REX_ID.pattern})"(?![ \t\r\n]*:)')
"""A text value that is an id as a whole: what may stand before a value is before it, and it is no member's name."""
_PLAIN: Final = re.compile(r'"([a-z][a-z0-9]{1,15}+_[0-9A-Za-z]{4,64}+)"(?![ \t\r\n]*+:)')
"""What may be such a value in a text without a backslash, where every quote begins a text or ends one; found faster."""
_HIDDEN: Final = re.compile(r"\\u00[3-7]")
_ESCAPED: Final = re.compile(r"\\(?:u00([3-7][0-9A-Fa-f])|.)", re.DOTALL)


def mentioned_ids(data: str) -> tuple[list[str], bool]:
    """Give the Rex ids that are values in JSON text, each once, and whether these are all of them.

    An id is found however deep it stands and also where its characters are escaped.
    """
    if "\\" not in data:
        found = [id_ for id_ in _PLAIN.findall(data) if _is_id(id_)]
    else:
        if _HIDDEN.search(data):
            data = _ESCAPED.sub(_without_escape, data)
        found = _QUOTED.findall(data) if data[:1] != '"' else _QUOTED.findall(f" {data}")
    if len(found) > 1:
        found = list(dict.fromkeys(found))
    return (found, True) if len(found) <= MENTIONS_MAX else (found[:MENTIONS_MAX], False)


def subject_of(event_type: str, data: str, fields: Decoded | None = None) -> str:
    """Give the id that an event of this type is about, as it came; "" where its payload has none.

    That is `deal_id` for a type of deals, else `id`, else the outermost id there is. `fields` are the payload's as
    `decode_fields` gives them, where the caller has them already.
    """
    if fields is None:
        fields = decode_fields(data)
    if fields is not None:
        for name in _subject_fields(event_type):
            value = fields.get(name)
            if type(value) is str:
                if value:
                    return value
            elif value is not None and (told := _slowly_told(data, name)):
                return told
        for value in fields.values():
            if type(value) is str and REX_ID.fullmatch(value):
                return value
    return _outermost(data)


def subject_resource(event_type: str) -> str:
    """Give the resource that a type is about: `deal` of `deal.won`, and of `trigger.deal.stale`."""
    if event_type.startswith("trigger.") and "." in event_type[8:]:
        return event_type.split(".")[-2]
    return resource_of(event_type)


@lru_cache(1_000)
def _subject_fields(event_type: str) -> tuple[str, str]:
    return f"{subject_resource(event_type)}_id", "id"


@lru_cache(20_000)
def _is_id(text: str) -> bool:
    return REX_ID.fullmatch(text) is not None


def decode_fields(data: str) -> Decoded | None:
    """Give a payload's fields, fast; None where it is no object or nothing here can take it apart."""
    value: object
    try:
        if len(data) < LARGE:
            value = _ANYTHING.decode(data)
        else:
            raw = _LEVEL.decode(data)
            value = {name: _shallow(part) for name, part in raw.items()}
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        try:
            value = parse(data)
        except PayloadError:
            return None
    return value if isinstance(value, dict) else None


def _shallow(raw: msgspec.Raw) -> object:
    """Give a text as it is, an object with its fields' kinds, and of anything else something of its kind."""
    text = bytes(raw)
    match text[:1]:
        case b'"':
            return _ANYTHING.decode(text)
        case b"{":
            return {name: _KINDS.get(bytes(part)[:1], 0) for name, part in _LEVEL.decode(text).items()}
        case first:
            return _KINDS.get(first, 0)


def _slowly_told(data: str, name: str) -> str:
    """Give a number that stands for an id in the digits that it came in, or the name in an object; "" else."""
    try:
        value = parse(data)
    except PayloadError:
        return ""
    told = value.get(name) if isinstance(value, dict) else None
    if isinstance(told, dict):
        told = next((inner for key in ("id", "name", "email") if isinstance(inner := told.get(key), str) and inner), "")
    return str(told) if isinstance(told, str) else ""


def _outermost(data: str) -> str:
    found, _all = mentioned_ids(data)
    if len(found) < 2:  # noqa: PLR2004 - with one there is nothing to choose
        return found[0] if found else ""
    try:
        value = parse(data)
    except PayloadError:
        return ""
    return next((id_ for _path, id_ in references(value)), "")


def _without_escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16)) if found[1] else ""
    return character if character.isalnum() or character == "_" else found[0]


_ANYTHING: Final = msgspec.json.Decoder()
_LEVEL: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_KINDS: Final[Mapping[bytes, object]] = {b'"': "", b"{": {}, b"[": [], b"t": True, b"f": False, b"n": None}
