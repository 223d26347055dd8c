"""Reading a payload's JSON text for people: every number keeps its spelling, every shape is accepted.

Rex's payloads are stored as text and parsed only when somebody looks. `parse` gives plain dicts, lists, strings, bools
and None, with numbers as `Number`, which is the digits as they came: 2^70 and 0.10 survive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

REX_ID: Final = re.compile(
    r"(?:cont|comp|deal|pipe|stg|act|task|prod|evt|whk|wh|imp|usr|user|org)_[0-9A-Za-z]{4,64}"
    r"|[a-z][a-z0-9]{1,15}_[0-7][0-9A-HJKMNP-TV-Z]{25}"
)
"""A Rex id: a type prefix and a ULID (source: "Rex API documentation", ids); a prefix may be one never seen."""


class Number(str):
    """A JSON number, in the digits that Rex wrote."""

    __slots__ = ()

    def as_int(self) -> int | None:
        """Give the whole number, or None where it is a fraction, has an exponent or is absurdly long."""
        try:
            return int(self)
        except ValueError:
            return None


Json: TypeAlias = "dict[str, Json] | list[Json] | str | Number | bool | None"
Level: TypeAlias = dict[str, msgspec.Raw] | list[msgspec.Raw]
"""An object or list of which only the names are known; each value is still JSON text."""

LARGE: Final = 65_536
"""From this many bytes on, a JSON text is read a level at a time."""


class PayloadError(ValueError):
    """The text is no JSON, or nested too deeply to be shown as a tree."""


def parse(text: str) -> Json:
    """Parse a payload's JSON text; raises `PayloadError` where it is malformed or nested too deeply."""
    try:
        value: Json = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise PayloadError(str(error)) from None
    return value


def parse_level(text: bytes) -> Json | Level:
    """Parse JSON text, a large object or list only one level deep, so that even megabytes take milliseconds.

    Raises `PayloadError` where it is malformed or nested too deeply.
    """
    try:
        if len(text) >= LARGE:
            kind = text.lstrip()[:1]
            if kind == b"{":
                return msgspec.json.decode(text, type=dict[str, msgspec.Raw])
            if kind == b"[":
                return msgspec.json.decode(text, type=list[msgspec.Raw])
        return parse(text.decode())
    except (msgspec.MsgspecError, RecursionError):
        return parse(text.decode())  # what is stricter there than JSON, like half a surrogate pair


def references(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every Rex id in a parsed payload as (path, id), outermost first; a path is like `deal.stages[2].id`."""
    waiting: list[tuple[str, Json]] = [(path, value)]
    while waiting:
        path, value = waiting.pop()
        nested: list[tuple[str, Json]] = []
        if isinstance(value, dict):
            nested = [(f"{path}.{key}" if path else key, item) for key, item in value.items()]
        elif isinstance(value, list):
            nested = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
        elif isinstance(value, str) and REX_ID.fullmatch(value):
            yield path, value
        for inner_path, item in nested:
            if isinstance(item, str) and REX_ID.fullmatch(item):
                yield inner_path, item
        waiting += [(inner, item) for inner, item in reversed(nested) if isinstance(item, dict | list)]


def _refuse(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")
