"""The terms about a payload's fields: what stands at a path, and how it compares."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Final, Protocol

from msgspec import Struct

from rex_tui.event import Event
from rex_tui.payload import Json, Number
from rex_tui.query.language.fields import values_at
from rex_tui.query.language.money import Amount, read_number
from rex_tui.query.language.terms import Calls, Cost, Facts, Fragment, Parameter
from rex_tui.query.language.text import LIKE, Glob, fits, folded, plain

ORDERS: Final[dict[str, str]] = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "=": "is"}
_NUMBERS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {">": gt, ">=": ge, "<": lt, "<=": le, "=": eq}
_TEXTS: Final[dict[str, Callable[[bytes, bytes], bool]]] = {">": gt, ">=": ge, "<": lt, "<=": le, "=": eq}
_UNICODE_ESCAPE: Final = "%\\u%"
_ANY_ESCAPE: Final = "%\\%"


class Wanted(Protocol):
    """What a value has to be."""

    def accepts(self, value: Json, currency: str) -> bool:
        """Tell whether a value, with the currency of where it stands, is what is wanted."""

    def pieces(self) -> tuple[str, ...]:
        """Give texts of which one is in the JSON text of every accepted value, unescaped; none where that is open."""

    def words(self) -> str:
        """Give what is wanted, after the field's name."""

    def highlights(self) -> tuple[str, ...]:
        """Give the texts by which an accepted value is known."""


class Anything(Struct, frozen=True):
    """Any value at all, also null."""

    def accepts(self, value: Json, currency: str) -> bool:
        """Accept it."""
        del value, currency
        return True

    def pieces(self) -> tuple[str, ...]:
        """Give none."""
        return ()

    def words(self) -> str:
        """Say that it is there."""
        return "given"

    def highlights(self) -> tuple[str, ...]:
        """Give none."""
        return ()


class Equal(Struct, frozen=True):
    """A text that fits a pattern, a number of the same value, or true, false or null where that was typed bare."""

    glob: Glob
    number: Decimal | None = None
    literal: Json = ""

    def accepts(self, value: Json, currency: str) -> bool:
        """Compare by the kind of the value."""
        del currency
        if isinstance(value, Number):
            return self.number is not None and read_number(value) == self.number
        if isinstance(value, str):
            return fits(self.glob.for_folded(), folded(value))
        return value is self.literal

    def pieces(self) -> tuple[str, ...]:
        """Give the longest piece of the pattern, with what else may be meant; none for a number."""
        longest = self.glob.longest()
        if not longest or self.number is not None:
            return ()
        return (longest, "null") if self.literal is None else (longest,)

    def words(self) -> str:
        """Give the pattern."""
        return "*".join(self.glob.pieces) or "empty"

    def highlights(self) -> tuple[str, ...]:
        """Give the longest piece of the pattern."""
        return tuple(filter(None, (self.glob.longest(),)))


class Compared(Struct, frozen=True):
    """A number that compares with another; in a currency, only where the value is in that currency."""

    operator: str
    amount: Amount
    said: str

    def accepts(self, value: Json, currency: str) -> bool:
        """Compare numbers, however large, by value."""
        if not isinstance(value, Number) or (self.amount.currency is not None and currency != self.amount.currency):
            return False
        number = read_number(value)
        return number is not None and _NUMBERS[self.operator](number, self.amount.number)

    def pieces(self) -> tuple[str, ...]:
        """Give none: a number has many spellings."""
        return ()

    def words(self) -> str:
        """Give the comparison in words."""
        return f"{ORDERS[self.operator]} {self.said}"

    def highlights(self) -> tuple[str, ...]:
        """Give none."""
        return ()


class Ordered(Struct, frozen=True):
    """A text that stands before or behind another, as dates do; only texts that begin with a digit."""

    operator: str
    text: str

    def accepts(self, value: Json, currency: str) -> bool:
        """Compare texts character by character."""
        del currency
        if not isinstance(value, str) or isinstance(value, Number) or not value[:1].isdecimal():
            return False
        return _TEXTS[self.operator](folded(value), folded(self.text))

    def pieces(self) -> tuple[str, ...]:
        """Give none."""
        return ()

    def words(self) -> str:
        """Give the comparison in words."""
        return f"{ {'>': 'after', '<': 'before'}.get(self.operator, ORDERS[self.operator]) } {self.text}"

    def highlights(self) -> tuple[str, ...]:
        """Give none."""
        return ()


class Field(Struct, frozen=True):
    """A path in the payload at which some value is what is wanted; or, with `differs`, values are, but none that."""

    path: tuple[str, ...]
    wanted: Wanted
    differs: bool = False

    def matches(self, event: Event, facts: Facts) -> bool:
        """Look into the payload."""
        del facts
        return self._in(event.data)

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give a call for each row whose payload has the key and a piece of the value, or writes with escapes."""
        del facts
        call = calls.name(self._in)
        # A key in a payload ends in a quotation mark; the one before it is left out, since quotation marks are many.
        keys = tuple(f'%{Glob((key,)).like()}"%' for key in self.path)
        needed = needing(self.path, () if self.differs else self.wanted.pieces(), keys)
        return Fragment(f"({needed.sql} AND {call}(e.data))", needed.parameters, Cost.PYTHON)

    def words(self) -> str:
        """Give the path and what is wanted there."""
        return f"{'.'.join(self.path)} {'not ' if self.differs else ''}{self.wanted.words()}"

    def highlights(self) -> tuple[str, ...]:
        """Give what the value is known by."""
        return () if self.differs else self.wanted.highlights()

    def _in(self, data: object) -> bool:
        if not isinstance(data, str):
            return False
        found = values_at(data, self.path)
        for value, currency in found:
            if self.wanted.accepts(value, currency):
                return not self.differs
        return self.differs and bool(found)


def needing(names: tuple[str, ...], pieces: tuple[str, ...], keys: tuple[str, ...]) -> Fragment:
    """Give a condition for payloads that may have something: all of the patterns `keys`, and one of the pieces.

    `names` are the fields that the patterns are about. A payload with escapes, in which either may be spelled in
    another way, is always let through.
    """
    values = [Glob(("", piece, "")).like() for piece in pieces]
    needed = [f"({' OR '.join([f'e.data {LIKE}'] * len(values))})"] if values else []
    needed += [f"e.data {LIKE}"] * len(keys)
    escape = _UNICODE_ESCAPE if all(map(plain, (*names, *pieces))) else _ANY_ESCAPE
    parameters: tuple[Parameter, ...] = (*values, *keys, escape)
    return Fragment(f"(({' AND '.join(needed)}) OR e.data LIKE ?)", parameters, Cost.TEXT)
