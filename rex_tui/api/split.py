"""Splitting JSON text into its parts without reading them, so that one broken part costs one part.

The decoder refuses a whole page for one `NaN`, one lone surrogate or one payload nested too deeply. This goes over
the text once, without recursion, and only looks at strings and brackets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

# A quote that opens no whole string stands alone: the first one ends the work, or each would be tried to the end.
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},]', re.DOTALL)
_SPACE: Final = b" \t\r\n"
_OPENING: Final = b"[{"
_CLOSING: Final = b"]}"


class SplitError(ValueError):
    """The text is no object or list, or its brackets or strings are not closed."""


def members(text: bytes) -> dict[str, bytes]:
    """Give the members of a JSON object as their texts, exactly as they stand; the last of a name wins.

    Raises `SplitError`.
    """
    found: dict[str, bytes] = {}
    for part in _parts(text, b"{}"):
        token = _TOKEN.match(part)
        if token is None or part[:1] != b'"':
            raise SplitError("a member without a name")
        name, colon, value = part[: token.end()], *_after_colon(part[token.end() :])
        if not colon or not value:
            raise SplitError("a member without a value")
        try:
            found[str(json.loads(name))] = value
        except ValueError:
            raise SplitError("a name that is no text") from None
    return found


def elements(text: bytes) -> list[bytes]:
    """Give the elements of a JSON list as their texts, exactly as they stand; raises `SplitError`."""
    return list(_parts(text, b"[]"))


def _after_colon(text: bytes) -> tuple[bytes, bytes]:
    stripped = text.lstrip(_SPACE)
    return stripped[:1] if stripped[:1] == b":" else b"", stripped[1:].strip(_SPACE)


def _parts(text: bytes, brackets: bytes) -> Iterator[bytes]:
    text = text.strip(_SPACE)
    if text[:1] != brackets[:1]:
        raise SplitError("it begins or ends with other brackets")
    depth, start, end = 0, 1, None
    for token in _TOKEN.finditer(text):
        kind = token.group()
        if kind[0] in _OPENING:
            depth += 1
        elif kind[0] in _CLOSING:
            depth -= 1
            if depth == 0:
                end = token.start()
                break
        elif kind == b"," and depth == 1:
            yield _filled(text[start : token.start()])
            start = token.end()
        elif kind == b'"':
            raise SplitError("a string that is not closed")
    if end is None or text[end:] != brackets[1:]:
        raise SplitError("brackets that are not closed")
    if start > 1 or text[start:end].strip(_SPACE):
        yield _filled(text[start:end])


def _filled(part: bytes) -> bytes:
    stripped = part.strip(_SPACE)
    if not stripped:
        raise SplitError("nothing between two commas")
    return stripped
