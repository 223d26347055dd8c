"""Reading one term: a word, or a name with a value, each name in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from rex_tui.checkpoint import NO_PLACES, Places
from rex_tui.names import Names
from rex_tui.payload import Json
from rex_tui.query.language.errors import QueryError
from rex_tui.query.language.field_terms import Anything, Compared, Equal, Field, Ordered, Wanted
from rex_tui.query.language.lexer import Token, Value
from rex_tui.query.language.money import MONEY_FIELD, Amount, read_amount
from rex_tui.query.language.places import Beyond, place_words, read_place
from rex_tui.query.language.stage_terms import SIDES, StageIs, stages_called
from rex_tui.query.language.terms import Not, Term
from rex_tui.query.language.text import Glob
from rex_tui.query.language.text_terms import IdIs, Is, TypeIs, Word
from rex_tui.query.language.times import Between, in_words, read_span

KINDS: Final = ("marked", "new", "quarantined")
PATH_MAX: Final = 20
STARS_MAX: Final = 10
DATA_PREFIX: Final = "data."
"""Before the name of a field that is called like one of the names with a meaning of their own: `data.type:call`."""
_LITERALS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None, "none": None}


class Asked(Struct, frozen=True):
    """A name, an operator and a value, where they stand, when it is asked, and what ids and places are called then."""

    token: Token
    value: Value
    now: datetime
    names: Names
    places: Places | None

    @property
    def glob(self) -> Glob:
        """Give the value with its stars as gaps."""
        if len(self.value.pieces) > STARS_MAX:
            raise QueryError(f"Expected at most {STARS_MAX - 1} stars.", self.value.position, self.value.length)
        return Glob(self.value.pieces)


def read_word(value: Value) -> Word:
    """Give the term of a word; stars around it say nothing that is not so anyway."""
    return Word(value.text if value.quoted else value.text.strip("*") or value.text)


def read_field(token: Token, value: Value, now: datetime, names: Names, places: Places | None = NO_PLACES) -> Term:
    """Give the term of a name with a value; raises `QueryError`."""
    asked = Asked(token, value, now, names, places)
    special = _SPECIAL.get(token.name.lower())
    if special is None:
        return _field(asked)
    example, read = special
    if not value.text:
        raise _expected(asked, example)
    if token.operator not in (":", "=", "!="):
        raise QueryError(
            f"{token.name} can't be compared with {token.operator}: expected {token.name}: and {example}.",
            token.start,
            token.end - token.start,
        )
    term = read(asked)
    return Not(term) if token.operator == "!=" else term


def _expected(asked: Asked, what: str) -> QueryError:
    token, value = asked.token, asked.value
    said = f"{token.name}{token.operator}"
    return QueryError(f"Expected {what} after {said}.", value.position, max(1, value.length))


def _id(asked: Asked) -> Term:
    return IdIs(asked.glob)


def _type(asked: Asked) -> Term:
    """Give the term of a type, or of several with commas between.

    A name without a star stands for all types below it, too, as `deal` for `deal.won`.
    """
    globs = [asked.glob]
    if "," in asked.value.text and not asked.value.quoted:
        globs = [Glob(tuple(name.split("*"))) for name in asked.value.text.split(",") if name]
        if not globs:
            raise _expected(asked, "a type like deal.won or deal.*")
    below = [Glob((f"{glob.pieces[0]}.", "")) for glob in globs if len(glob.pieces) == 1]
    return TypeIs((*globs, *below), asked.value.text)


def _resource(asked: Asked) -> Term:
    pieces = asked.glob.pieces
    below = (*pieces[:-1], f"{pieces[-1]}.", "")
    triggers = (f"trigger.{below[0]}", *below[1:])
    return TypeIs((Glob(pieces), Glob(below), Glob(triggers)), f"{asked.value.text}.*")


def _since(asked: Asked) -> Term:
    if (place := read_place(asked.value, asked.now, asked.places)) is not None:
        return Beyond(place, after=True, said=place_words("since", place, asked.now))
    start = _read_time(asked)[0]
    return Between(start, None, f"since {in_words(start, asked.now)}")


def _before(asked: Asked) -> Term:
    if (place := read_place(asked.value, asked.now, asked.places)) is not None:
        return Beyond(place, after=False, said=place_words("before", place, asked.now))
    start = _read_time(asked)[0]
    return Between(None, start, f"before {in_words(start, asked.now)}")


def _at(asked: Asked) -> Term:
    start, end = _read_time(asked)
    return Between(start, end, f"at {in_words(start, asked.now)}")


def _read_time(asked: Asked) -> tuple[datetime, datetime]:
    span = read_span(asked.value.text, asked.now, asked.value.position)
    return span.start, span.end


def _is(asked: Asked) -> Term:
    for kind in KINDS:
        if asked.value.text.lower() == kind:
            return Is(kind)
    raise _expected(asked, "marked, new or quarantined")


def _field(asked: Asked) -> Term:
    token, value = asked.token, asked.value
    path = tuple(token.name.removeprefix(DATA_PREFIX).split("."))
    if not all(path):
        raise QueryError(
            "Expected the names of fields with one dot between them, as in contact.email.", token.start, len(token.name)
        )
    if len(path) > PATH_MAX:
        raise QueryError(f"Expected a path of at most {PATH_MAX} fields.", token.start, len(token.name))
    if not value.text and not value.quoted:
        what = "a value" if token.operator in (":", "=", "!=") else "a number, an amount or a date"
        raise _expected(asked, f"{what}, as in {token.name}{_example(token.operator)},")
    amount = read_amount(value.text, money=MONEY_FIELD in path)
    if token.operator in (":", "=", "!="):
        wanted, differs = _equal(asked, amount), token.operator == "!="
        if token.name in SIDES:
            any_stage = isinstance(wanted, Anything)
            ids: frozenset[str] = frozenset() if any_stage else stages_called(asked.glob, asked.names)
            return StageIs(token.name, wanted, ids, differs)
        return Field(path, wanted, differs)
    return Field(path, _ordered(asked, amount))


def _example(operator: str) -> str:
    return f"{operator}won" if operator in (":", "=", "!=") else f"{operator}500"


def _equal(asked: Asked, amount: Amount | None) -> Wanted:
    value = asked.value
    if not value.quoted and value.text == "*":
        return Anything()
    if amount is not None and amount.currency is not None and len(value.text) > len("USD"):
        return Compared("=", amount, value.text)
    if value.quoted:
        return Equal(asked.glob)
    literal = _LITERALS.get(value.text.lower(), "")
    return Equal(asked.glob, None if amount is None else amount.number, literal)


def _ordered(asked: Asked, amount: Amount | None) -> Wanted:
    value, operator = asked.value, asked.token.operator
    if amount is not None:
        return Compared(operator, amount, value.text)
    if value.text[:1].isdecimal() and value.text.isascii() and "-" in value.text:
        return Ordered(operator, value.text)
    raise _expected(asked, "a number, an amount like 500.00 or “500.00 EUR”, or a date like 2026-03-01")


_SPECIAL: Final[Mapping[str, tuple[str, Callable[[Asked], Term]]]] = {
    "id": ("an event's id, or its beginning and a star", _id),
    "type": ("a type like deal.won or deal.*", _type),
    "resource": ("a resource like deal", _resource),
    "since": ("a time like 2d, monday or 2026-03-01, or a checkpoint", _since),
    "before": ("a time like 2d, monday or 2026-03-01, or a checkpoint", _before),
    "at": ("a time like 14:03 or 2026-03-01", _at),
    "is": ("marked, new or quarantined", _is),
}
NAMES: Final = (*_SPECIAL, "filter", "re")
"""The names with a meaning of their own."""
