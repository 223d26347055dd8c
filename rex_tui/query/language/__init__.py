# ruff: noqa: S608, PLR2004
"""A stand-in for the language of the bar: bare and quoted words, and `type:` with globs; the real one replaces it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final

from rex_tui.event import Event
from rex_tui.safe_text import clean

_TERM: Final = re.compile(r'\s*(?:(?P<sign>-?)type:(?P<types>\S+)|"(?P<quoted>[^"]*)"|(?P<open>")|(?P<word>\S+))\s*')
_NO_FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = MappingProxyType({})
_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


class QueryError(ValueError):
    """The text is no query."""

    def __init__(self, message: str, position: int, length: int) -> None:
        """Say what is wrong where, in characters."""
        super().__init__(message)
        self.message, self.position, self.length = message, position, length


@dataclass(frozen=True, slots=True)
class Facts:
    """What a query may ask that is not in the event."""

    marked: frozenset[str] = frozenset()
    new_after: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """A query as SQL."""

    sql: str
    parameters: tuple[str | int | float | bytes, ...] = ()
    functions: Mapping[str, Callable[..., object]] = field(default_factory=lambda: _NO_FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Known:
    """What the log holds, to complete with."""

    types: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """What could stand from `start` to `end`."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold."""

    text: str = ""
    terms: tuple[tuple[str, str, int], ...] = ()

    @property
    def is_all(self) -> bool:
        """Tell whether everything matches."""
        return not self.terms

    @property
    def highlights(self) -> tuple[str, ...]:
        """Give the literal words."""
        return tuple(text for kind, text, _ in self.terms if kind == "word")

    def matches(self, event: Event, facts: Facts) -> bool:  # noqa: ARG002 - the interface
        """Tell whether an event matches."""
        return all(_holds(kind, text, event) for kind, text, _ in self.terms)

    def sql(self, facts: Facts) -> Condition:  # noqa: ARG002 - the interface
        """Give the same as SQL."""
        parts, parameters = ["1"], []
        for kind, text, _ in self.terms:
            if kind == "word":
                like = "%" + re.sub(r"([%_\\])", r"\\\1", text) + "%"
                in_type = "e.type IN (SELECT code FROM types WHERE name LIKE ? ESCAPE '\\')"
                parts.append(f"({in_type} OR e.id LIKE ? ESCAPE '\\' OR e.data LIKE ? ESCAPE '\\')")
                parameters += [like] * 3
            else:
                globs = text.split(",")
                names = " OR ".join(["name GLOB ?"] * len(globs))
                parts.append(f"e.type {'NOT ' if kind == '-type' else ''}IN (SELECT code FROM types WHERE {names})")
                parameters += globs
        return Condition(" AND ".join(parts), tuple(parameters))

    def describe(self) -> str:
        """Give it in words."""
        said = [
            f'with "{clean(text, 60)}"' if kind == "word" else f"{kind}:{clean(text, 60)}"
            for kind, text, _ in self.terms
        ]
        return " and ".join(said)

    def without_last_part(self) -> Query:
        """Give it without the last term."""
        if len(self.terms) < 2:
            return Query()
        return Query(self.text[: self.terms[-1][2]].rstrip(), self.terms[:-1])


def parse(text: str, now: datetime) -> Query:  # noqa: ARG001 - the interface
    """Read a query; raises `QueryError`."""
    terms, position = [], 0
    while found := _TERM.match(text, position):
        if found["open"]:
            start = found.start("open")
            raise QueryError("This quote is not closed.", start, len(text) - start)
        kind = f"{found['sign']}type" if found["types"] else "word"
        said = found["types"] or found["quoted"] or found["word"]
        if said:
            terms.append((kind, said, position))
        position = found.end()
    return Query(text, tuple(terms))


def complete(text: str, position: int, known: Known) -> list[Completion]:
    """Give what the word before `position` could become."""
    start = max(text.rfind(" ", 0, position) + 1, 0)
    word = text[start:position]
    if not word:
        return []
    offered = [("type", f"type:{name}") for name in known.types] + [("id", id_) for id_ in known.ids]
    offered += [("field", f"{name}:") for name in known.fields] + [("saved", name) for name in known.saved]
    return [Completion(start, position, said, kind) for kind, said in offered if said.startswith(word) and said != word]


def _holds(kind: str, text: str, event: Event) -> bool:
    if kind == "word":
        return any(text.translate(_LOWER) in place.translate(_LOWER) for place in (event.id, event.type, event.data))
    return any(fnmatchcase(event.type, glob) for glob in text.split(",")) == (kind == "type")
