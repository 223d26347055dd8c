"""What a query consists of: terms, each of which can be asked of an event in memory and of the store in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from itertools import count
from typing import Final, Literal, Protocol, TypeAlias

from msgspec import Struct, field

from rex_tui.event import Event

Parameter: TypeAlias = "str | int | float | bytes"


class Facts(Struct, frozen=True):
    """What a query may ask of an event that the log does not hold.

    `marked` are the ids of the marked events; events with a greater sequence than `new_after` are new. `set_aside`
    says that it is asked of a thing that was set aside, which is no event of the log.
    """

    marked: frozenset[str] = frozenset()
    new_after: int = 0
    set_aside: bool = False


class Condition(Struct, frozen=True):
    """A boolean SQL expression over `events AS e` and `types`, its parameters in order, and what it calls.

    `functions` are the Python functions that the expression calls, by name; all are deterministic and never raise.
    """

    sql: str
    parameters: tuple[Parameter, ...] = ()
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)


class Cost(IntEnum):
    """What a condition costs for one row: cheap ones are asked first."""

    SEQ = 0
    TYPE = 1
    TIME = 2
    ID = 3
    TEXT = 4
    PYTHON = 5
    ANY = 6


class Fragment(Struct, frozen=True):
    """A part of a condition. It is 0 or 1 for every row, never NULL."""

    sql: str
    parameters: tuple[Parameter, ...] = ()
    cost: Cost = Cost.SEQ


_NUMBERS: Final = count(1)


class Calls:
    """The Python functions of one condition, under names of its own."""

    def __init__(self) -> None:
        """Begin without any."""
        self.functions: dict[str, Callable[..., object]] = {}

    def name(self, function: Callable[..., object]) -> str:
        """Give the name by which the condition calls a function; the same one for the same function."""
        for name, known in self.functions.items():
            if known is function:
                return name
        name = f"ask_{next(_NUMBERS)}"  # a connection keeps a function under its name from one query to the next
        self.functions[name] = function
        return name


class Term(Protocol):
    """A question about one event."""

    def matches(self, event: Event, facts: Facts) -> bool:
        """Tell whether the answer is yes."""

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give the same question to SQLite."""

    def words(self) -> str:
        """Give the question in a few words; not clean yet."""

    def highlights(self) -> tuple[str, ...]:
        """Give the texts by which an event that matches is known."""


def joined(fragments: list[Fragment], operator: Literal["AND", "OR"]) -> Fragment:
    """Put fragments together, the cheap ones first; no fragments at all are true for AND and false for OR."""
    if not fragments:
        return Fragment("1" if operator == "AND" else "0")
    if len(fragments) == 1:
        return fragments[0]
    fragments = sorted(fragments, key=lambda fragment: fragment.cost)
    return Fragment(
        f"({f' {operator} '.join(fragment.sql for fragment in fragments)})",
        tuple(parameter for fragment in fragments for parameter in fragment.parameters),
        fragments[-1].cost,
    )


class And(Struct, frozen=True):
    """All of these."""

    terms: tuple[Term, ...]

    def matches(self, event: Event, facts: Facts) -> bool:
        """Tell whether every term matches."""
        return all(term.matches(event, facts) for term in self.terms)

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give the terms joined by AND."""
        return joined([term.sql(calls, facts) for term in self.terms], "AND")

    def words(self) -> str:
        """Give the terms in a row."""
        told = [f"({term.words()})" if isinstance(term, Or) else term.words() for term in self.terms]
        return " ".join(told) or "all events"

    def highlights(self) -> tuple[str, ...]:
        """Give those of all terms."""
        return tuple(word for term in self.terms for word in term.highlights())


class Or(Struct, frozen=True):
    """One of these."""

    terms: tuple[Term, ...]

    def matches(self, event: Event, facts: Facts) -> bool:
        """Tell whether any term matches."""
        return any(term.matches(event, facts) for term in self.terms)

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give the terms joined by OR."""
        return joined([term.sql(calls, facts) for term in self.terms], "OR")

    def words(self) -> str:
        """Give the terms with "or" between them."""
        return " or ".join(term.words() for term in self.terms)

    def highlights(self) -> tuple[str, ...]:
        """Give those of all terms."""
        return tuple(word for term in self.terms for word in term.highlights())


class Not(Struct, frozen=True):
    """The contrary."""

    term: Term

    def matches(self, event: Event, facts: Facts) -> bool:
        """Tell whether the term does not match."""
        return not self.term.matches(event, facts)

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give the term with NOT before it."""
        inner = self.term.sql(calls, facts)
        return Fragment(f"(NOT {inner.sql})", inner.parameters, inner.cost)

    def words(self) -> str:
        """Give the term after "not"."""
        return f"not ({self.term.words()})" if isinstance(self.term, And | Or) else f"not {self.term.words()}"

    def highlights(self) -> tuple[str, ...]:
        """Give none: what matches has none of these words."""
        return ()


NEVER: Final = Fragment("0")
