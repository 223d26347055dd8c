"""Finding the values at a path in a payload, as quickly as can be, whatever shape the payload has.

A step through a list looks into each of its elements. Where a key comes twice, the last one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Protocol, cast

import msgspec

from rex_tui.payload import Json, Number, PayloadError, parse
from rex_tui.query.language.money import DEFAULT_CURRENCY

NESTED_MAX: Final = 200
"""Levels up to which a payload is looked into; a deeper one has no fields. Python's own limit depends on the caller."""
_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.DOTALL)
_NO_TEXT: Final = msgspec.Raw(b"")
_CURRENCY: Final = "currency"


class _Head(Protocol):
    found: msgspec.Raw
    currency: msgspec.Raw


@lru_cache(maxsize=256)
def _decoder(key: str) -> msgspec.json.Decoder[object] | None:
    """Give what reads only this key and the currency beside it; None where the key has to be read in full."""
    if key == _CURRENCY or any(character in '"\\' or character < " " for character in key):
        return None
    shape = msgspec.defstruct(
        "Head",
        [("found", msgspec.Raw, _NO_TEXT), ("currency", msgspec.Raw, _NO_TEXT)],
        rename={"found": key, "currency": _CURRENCY},
    )
    return msgspec.json.Decoder(shape)


def values_at(data: str, path: tuple[str, ...]) -> Sequence[tuple[Json, str]]:
    """Give each value at a path in a payload's JSON text, with the currency that stands beside or above it."""
    if len(data) > 2 * NESTED_MAX and _too_deep(data):
        return ()
    decoder = _decoder(path[0])
    if decoder is None:
        return _slowly(data, path)
    try:
        head = cast("_Head", decoder.decode(data))
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):  # stricter than JSON, or no object
        return _slowly(data, path)
    raw = bytes(head.found)
    if not raw:
        return ()
    value = _value(raw)
    code = bytes(head.currency)
    currency = _currency(_value(code), DEFAULT_CURRENCY) if code else DEFAULT_CURRENCY
    if len(path) == 1 and not isinstance(value, list):
        return ((value, currency),)
    return list(_walk(value, path[1:], currency))


def _slowly(data: str, path: tuple[str, ...]) -> Sequence[tuple[Json, str]]:
    try:
        return list(_walk(parse(data), path, DEFAULT_CURRENCY))
    except PayloadError:
        return ()


def _value(raw: bytes) -> Json:
    """Read a JSON text that is known to be sound."""
    if raw[0] == ord('"') and b"\\" not in raw:
        return raw[1:-1].decode()
    if raw[0] not in b'"[{tfn':
        return Number(raw.decode())
    return parse(raw.decode())


def _walk(value: Json, path: tuple[str, ...], currency: str) -> Iterator[tuple[Json, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, path, currency)
    elif not path:
        yield value, currency
    elif isinstance(value, dict) and path[0] in value:
        yield from _walk(value[path[0]], path[1:], _currency(value.get(_CURRENCY), currency))


def _currency(value: Json, otherwise: str) -> str:
    return value.upper() if isinstance(value, str) and not isinstance(value, Number) else otherwise


def _too_deep(data: str) -> bool:
    """Tell whether brackets stand in one another more than `NESTED_MAX` deep."""
    if data.count("[") + data.count("{") <= NESTED_MAX:
        return False
    depth = 0
    for bracket in _BRACKETS.finditer(data):
        depth += (bracket[1] is not None) - (bracket[2] is not None)
        if depth > NESTED_MAX:
            return True
    return False
