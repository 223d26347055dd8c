"""The terms about an event's own texts: words, ids, types, regular expressions, and what the program knows of it."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from rex_tui.event import Event
from rex_tui.query.language.regex import required_texts
from rex_tui.query.language.terms import NEVER, Calls, Cost, Facts, Fragment
from rex_tui.query.language.text import HAS_ESCAPE, LIKE, Glob, fits, searched, seen, spellings
from rex_tui.store.compact_event import having

REGEX_REACH: Final = 16_384
"""Characters of a text that a regular expression is looked for in, so that none holds the program up for long."""
_TYPES: Final = "e.type IN (SELECT code FROM types WHERE {})"
Kind = Literal["marked", "new", "quarantined"]


class Word(Struct, frozen=True):
    """A text that stands anywhere in the payload, the type or the id."""

    text: str

    def matches(self, event: Event, facts: Facts) -> bool:
        """Look for the word, in any of its spellings in the payload."""
        del facts
        own = self._anywhere(self.text).for_searched()
        if fits(own, searched(event.id)) or fits(own, searched(event.type)):
            return True
        data = searched(event.data)
        return any(fits(self._anywhere(spelled).for_searched(), data) for spelled in spellings(self.text))

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give a comparison for each spelling."""
        del calls, facts
        own, *escaped = (self._anywhere(spelled).like() for spelled in spellings(self.text))
        in_data = f"e.data {LIKE}"
        if escaped:  # all of these have a backslash, which few payloads have
            likes = " OR ".join([f"e.data {LIKE}"] * len(escaped))
            in_data += f" OR (e.data {HAS_ESCAPE} AND ({likes}))"
        types = _TYPES.format(f"name {LIKE}")
        return Fragment(f"({types} OR e.id {LIKE} OR {in_data})", (own, own, own, *escaped), Cost.TEXT)

    def words(self) -> str:
        """Give the word in quotes."""
        return f"“{self.text}”"

    def highlights(self) -> tuple[str, ...]:
        """Give the word."""
        return (self.text,)

    @staticmethod
    def _anywhere(text: str) -> Glob:
        return Glob(("", text, ""))


class IdIs(Struct, frozen=True):
    """The event's own id."""

    glob: Glob

    def matches(self, event: Event, facts: Facts) -> bool:
        """Compare the whole id."""
        del facts
        return fits(self.glob.for_searched(), searched(event.id))

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give one comparison."""
        del calls, facts
        return Fragment(f"(e.id {LIKE})", (self.glob.like(),), Cost.ID)

    def words(self) -> str:
        """Give the id as it was asked for."""
        return f"id {'*'.join(self.glob.pieces)}"

    def highlights(self) -> tuple[str, ...]:
        """Give the longest part of the id."""
        return tuple(filter(None, (self.glob.longest(),)))


class TypeIs(Struct, frozen=True):
    """The event's type: one of several patterns, of which all but the first may be implied."""

    globs: tuple[Glob, ...]
    said: str

    def matches(self, event: Event, facts: Facts) -> bool:
        """Compare the whole type."""
        del facts
        name = searched(event.type)
        return any(fits(glob.for_searched(), name) for glob in self.globs)

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give a look-up of the type's code, which SQLite makes once."""
        del calls, facts
        likes = " OR ".join([f"name {LIKE}"] * len(self.globs))
        return Fragment(f"({_TYPES.format(likes)})", tuple(glob.like() for glob in self.globs), Cost.TYPE)

    def words(self) -> str:
        """Give the type as it was asked for."""
        return self.said

    def highlights(self) -> tuple[str, ...]:
        """Give none: a type has a column of its own."""
        return ()


class Regex(Struct, frozen=True):
    """A regular expression that is found in the payload, the type or the id."""

    pattern: re.Pattern[str]

    def matches(self, event: Event, facts: Facts) -> bool:
        """Look for it in each."""
        del facts
        return self._found(event.type, event.id, event.data)

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give a call for each row that has the text which every match has, if there is such a text."""
        del facts
        call = calls.name(self._found)
        needed = required_texts(self.pattern.pattern)
        if not needed:
            types = _TYPES.format(f"{call}(name)")
            return Fragment(f"({types} OR {call}(e.id, e.data))", (), Cost.ANY)
        likes = tuple(Glob(("", text, "")).like() for text in needed)
        in_id, in_data = (" OR ".join([f"{column} {LIKE}"] * len(likes)) for column in ("e.id", "e.data"))
        types = _TYPES.format(f"{call}(name)")
        sql = f"({types} OR (({in_id}) AND {call}(e.id)) OR (({in_data}) AND {call}(e.data)))"
        return Fragment(sql, (*likes, *likes), Cost.PYTHON)

    def words(self) -> str:
        """Give the expression between slashes."""
        return f"/{self.pattern.pattern}/"

    def highlights(self) -> tuple[str, ...]:
        """Give none: what was found differs from event to event."""
        return ()

    def _found(self, *texts: object) -> bool:
        return any(isinstance(text, str) and self.pattern.search(seen(text)[:REGEX_REACH]) for text in texts)


class Is(Struct, frozen=True):
    """What the program knows of an event: whether it is marked, new, or set aside (which none of the log is)."""

    kind: Kind

    def matches(self, event: Event, facts: Facts) -> bool:
        """Look into the facts."""
        match self.kind:
            case "marked":
                return event.id in facts.marked
            case "new":
                return event.seq > facts.new_after
            case "quarantined":
                return facts.set_aside

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give the facts as parameters; the store asks this of events of the log alone."""
        del calls
        if self.kind == "new":
            return Fragment("(e.seq > ?)", (facts.new_after,), Cost.SEQ)
        return _marked(facts.marked) if self.kind == "marked" else NEVER

    def words(self) -> str:
        """Give the kind."""
        return "set aside" if self.kind == "quarantined" else self.kind

    def highlights(self) -> tuple[str, ...]:
        """Give none."""
        return ()


def _marked(ids: frozenset[str]) -> Fragment:
    storable = sorted(id_ for id_ in ids if not any("\ud800" <= character <= "\udfff" for character in id_))
    condition, parameters = having(storable)
    return Fragment(condition, parameters, Cost.ID)
