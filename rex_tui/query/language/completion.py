"""What may follow where the cursor stands in a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, Literal

from msgspec import Struct

from rex_tui.event import resource_of
from rex_tui.query.language.lexer import escaped
from rex_tui.query.language.reading import KINDS
from rex_tui.query.language.stage_terms import SIDES

COMPLETIONS_MAX: Final = 50
KEYWORDS: Final = (
    "type:",
    "since:",
    "before:",
    "at:",
    "resource:",
    "id:",
    "is:marked",
    "is:new",
    "is:quarantined",
    "filter:",
    "re:/",
    "or",
    "not",
)
TIMES: Final = ("today", "yesterday", "monday", "1h", "1d", "7d")
_SPLITS: Final = re.compile(r"[\s()]")
_NAME: Final = re.compile(r"[^\W\d][\w.\-]*", re.ASCII)
_BARE: Final = re.compile(r'[^\s()"*]+')

Kind = Literal["type", "field", "keyword", "filter", "id", "stage", "checkpoint"]


class Known(Struct, frozen=True):
    """What completions are made from: the log's types, fields of payloads, ids, and the names of saved filters.

    `stages` are the names of stages, in pipeline order; `checkpoints` those of checkpoints, the likeliest first.
    """

    types: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()


class Completion(Struct, frozen=True):
    """A text that may replace the characters from `start` up to, not including, `end`.

    The text is what the query needs, not clean for a screen.
    """

    start: int
    end: int
    text: str
    kind: Kind


def complete(text: str, position: int, known: Known) -> list[Completion]:
    """Give at most `COMPLETIONS_MAX` completions at a place of a query's text, the likeliest first."""
    position = max(0, min(position, len(text)))
    start = _start(text, position)
    if start is None:
        return []
    behind = _SPLITS.search(text, position)
    end = behind.start() if behind else len(text)
    name, colon, begun = text[start:position].partition(":")
    if colon:
        start += len(name) + 1
        found = _values(name.lower(), begun, known)
    else:
        found = _beginnings(name, known)
    unlike = ((kind, value) for kind, value in found if value != text[start:end])
    return [Completion(start, end, value, kind) for kind, value in islice(unlike, COMPLETIONS_MAX)]


def _start(text: str, position: int) -> int | None:
    """Give where the term under the cursor begins; None inside of quotation marks."""
    if text.count('"', 0, position) % 2:
        return None
    start = 0
    for split in _SPLITS.finditer(text, 0, position):
        start = split.end()
    while start < position and text[start] in "-!":
        start += 1
    return start


def _beginnings(begun: str, known: Known) -> Iterator[tuple[Kind, str]]:
    sides = tuple(f"{side}:" for side in SIDES) if known.stages else ()
    for keyword in _like(begun, (*KEYWORDS, *sides)):
        yield "keyword", keyword
    for name in _like(begun, sorted(known.filters)):
        yield "filter", f"filter:{_value(name)}"
    for name in _like(begun, known.fields):
        if _NAME.fullmatch(name) and f"{name}:" not in sides:
            yield "field", f"{name}:"


def _values(name: str, begun: str, known: Known) -> Iterator[tuple[Kind, str]]:
    if name == "type":
        groups = sorted({f"{resource_of(type_)}.*" for type_ in known.types if "." in type_})
        yield from (("type", _value(type_, stars=True)) for type_ in _like(begun, [*groups, *sorted(known.types)]))
    elif name == "resource":
        yield from (("type", _value(resource)) for resource in _like(begun, sorted(set(map(resource_of, known.types)))))
    elif name == "is":
        yield from (("keyword", kind) for kind in _like(begun, KINDS))
    elif name == "filter":
        yield from (("filter", _value(other)) for other in _like(begun, sorted(known.filters)))
    elif name in ("since", "before", "at"):
        yield from (("keyword", time) for time in _like(begun, TIMES) if name != "at" or time.isalpha())
        if name != "at":
            yield from (("checkpoint", _value(place)) for place in _like(begun, known.checkpoints))
    elif name in SIDES and known.stages:
        yield from (("stage", _value(stage)) for stage in _like(begun, known.stages))
    elif begun and _NAME.fullmatch(name):
        yield from (("id", _value(id_)) for id_ in known.ids if id_.lower().startswith(begun.lower()))


def _like(begun: str, candidates: Iterable[str]) -> list[str]:
    """Give the candidates that begin so, then those that have it elsewhere; none that can't be typed."""
    wanted = begun.lower()
    found = [(name.lower().find(wanted), name) for name in candidates]
    likely = [name for place, name in found if place == 0 and name.isprintable()]
    return likely + [name for place, name in found if place > 0 and name.isprintable()]


def _value(text: str, *, stars: bool = False) -> str:
    """Give a text as a value, in quotation marks where it needs them."""
    if _BARE.fullmatch(text) or (stars and _BARE.fullmatch(text.replace("*", "x"))):
        return text
    return f'"{escaped(text)}"'
