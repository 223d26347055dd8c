"""A payload's fields by name: `contact.email`, `items[0].id`. What there is, and what stands in one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from rex_tui.payload import Json, Level, Number, PayloadError, parse

DEPTH_MAX: Final = 8
"""Objects nested deeper are given as their JSON text, not taken apart."""
_STEP: Final = re.compile(r"\[(\d{1,9})\]|\.?([^.\[\]]+)")


def flat(data: str) -> Iterator[tuple[str, Json]]:
    """Yield a payload's fields as (path, value): objects are taken apart, lists are not.

    What is no object has the path "". A payload that can't be parsed is given as its text.
    """
    try:
        value = parse(data)
    except PayloadError:
        yield "", data
        return
    yield from _fields(value, "", DEPTH_MAX)


def _fields(value: Json, path: str, depth: int) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict) and value and depth:
        for name, inner in value.items():
            yield from _fields(inner, f"{path}.{name}" if path else name, depth - 1)
    else:
        yield path, value


def field_of(value: Json, path: str) -> Json:
    """Give what stands at a path in a parsed payload; None where nothing does.

    A name that has dots of its own is found where the whole path is one.
    """
    if isinstance(value, dict) and path in value:
        return value[path]
    place = 0
    while place < len(path):
        step = _STEP.match(path, place)
        if step is None:
            return None
        place = step.end()
        if step[1] is not None:
            value = value[int(step[1])] if isinstance(value, list) and int(step[1]) < len(value) else None
        else:
            value = value.get(step[2]) if isinstance(value, dict) else None
    return value


def text_of(value: Json | Level) -> str:
    """Give a value as the text of a cell: a text as it is, numbers in their own digits, nothing for null."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return json_of(value)
    except RecursionError:
        return "…"


def json_of(value: Json | Level | msgspec.Raw) -> str:
    """Give a parsed value as JSON text on one line, each number in the digits that came.

    Raises `RecursionError` where it is nested deeper than the interpreter goes.
    """
    if isinstance(value, msgspec.Raw):
        return bytes(value).decode(errors="replace")
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quoted(name)}: {json_of(inner)}' for name, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(json_of, value))}]"
    return _quoted(value)


def _quoted(value: str | bool | None) -> str:  # noqa: FBT001 - a JSON value
    return json.dumps(value, ensure_ascii=False)
