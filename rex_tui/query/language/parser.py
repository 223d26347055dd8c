"""Reading a query: terms side by side, `and`, `or`, `not`, parentheses, and filters that were saved under a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rex_tui.checkpoint import Places
from rex_tui.names import Names
from rex_tui.query.language.errors import QueryError, SavedFilterError
from rex_tui.query.language.lexer import Kind, Token, tokens
from rex_tui.query.language.reading import read_field, read_word
from rex_tui.query.language.regex import read_regex
from rex_tui.query.language.terms import And, Not, Or, Term
from rex_tui.query.language.text_terms import Regex
from rex_tui.safe_text import clean

NESTED_MAX: Final = 30
TERMS_MAX: Final = 100
FILTER: Final = "filter"
NAME_SHOWN: Final = 60
_BEGINS: Final = frozenset({Kind.OPEN, Kind.NOT, Kind.WORD, Kind.REGEX, Kind.FIELD})


class Reading(Struct, frozen=True):
    """What holds for the whole of a query: when it is asked, the saved filters, and those being read just now.

    `names` says what ids are called, `places` where checkpoints are in the log.
    """

    now: datetime
    saved: Mapping[str, str]
    names: Names
    places: Places | None
    inside: tuple[str, ...] = ()


def read(text: str, reading: Reading) -> Term | None:
    """Give the term that a query is, None for an empty one; raises `QueryError`."""
    parser = _Parser(tokens(text), reading)
    return parser.whole()


class _Parser:
    def __init__(self, found: list[Token], reading: Reading, counted: list[int] | None = None) -> None:
        """Take tokens; `counted` holds the number of terms so far, saved filters included."""
        self._tokens = found
        self._reading = reading
        self._place = 0
        self._depth = 0
        self._counted = [0] if counted is None else counted

    @property
    def _token(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._token
        self._place += 1
        return token

    def whole(self) -> Term | None:
        """Read all tokens."""
        if self._token.kind is Kind.END:
            return None
        term = self._alternatives()
        if self._token.kind is Kind.CLOSE:
            raise QueryError("This parenthesis closes none: expected one that opens before it.", self._token.start)
        return term

    def _alternatives(self) -> Term:
        found = [self._together()]
        while self._token.kind is Kind.OR:
            self._take()
            found.append(self._together())
        return found[0] if len(found) == 1 else Or(tuple(found))

    def _together(self) -> Term:
        found = [self._unary()]
        while self._token.kind is Kind.AND or self._token.kind in _BEGINS:
            if self._token.kind is Kind.AND:
                self._take()
            found.append(self._unary())
        return found[0] if len(found) == 1 else And(tuple(found))

    def _unary(self) -> Term:
        negated = False
        while self._token.kind is Kind.NOT:
            self._take()
            negated = not negated
        term = self._primary()
        return Not(term) if negated else term

    def _primary(self) -> Term:
        token = self._take()
        if token.kind is Kind.OPEN:
            return self._group(token)
        if token.kind in (Kind.WORD, Kind.REGEX, Kind.FIELD):
            return self._term(token)
        self._place -= 1
        where = {Kind.CLOSE: "before this parenthesis", Kind.END: "at the end"}.get(token.kind, "here")
        raise QueryError(
            f"Expected a word or a condition {where}, like acme or type:deal.won.",
            token.start,
            max(1, token.end - token.start),
        )

    def _group(self, opening: Token) -> Term:
        self._depth += 1
        if self._depth > NESTED_MAX:
            raise QueryError(f"Expected at most {NESTED_MAX} parentheses in one another.", opening.start)
        term = self._alternatives()
        if self._take().kind is not Kind.CLOSE:
            raise QueryError("This parenthesis is not closed: expected ) behind its terms.", opening.start)
        self._depth -= 1
        return term

    def _term(self, token: Token) -> Term:
        self._counted[0] += 1
        if self._counted[0] > TERMS_MAX:
            raise QueryError(f"Expected at most {TERMS_MAX} terms, those of saved filters included.", token.start, 1)
        value = token.value
        if value is None:  # only parentheses, signs and the end have none
            raise AssertionError(token)
        if token.kind is Kind.WORD:
            return read_word(value)
        if token.kind is Kind.REGEX:
            return Regex(read_regex(value.text, value.position))
        if token.name.lower() == FILTER and token.operator in (":", "="):
            return self._saved(token, value.text)
        return read_field(token, value, self._reading.now, self._reading.names, self._reading.places)

    def _saved(self, token: Token, name: str) -> Term:
        """Read the saved filter of a name in this place."""
        shown = clean(name, NAME_SHOWN)
        length = token.end - token.start
        text = self._reading.saved.get(name)
        if text is None:
            known = ", ".join(clean(other, NAME_SHOWN) for other in sorted(self._reading.saved)[:5])
            hint = f"expected one of those that you saved: {known}" if known else "you have not saved any yet"
            raise SavedFilterError(f"There is no saved filter “{shown}”; {hint}.", token.start, length)
        if name in self._reading.inside:
            raise QueryError(f"The saved filter “{shown}” is part of itself. Change one of them.", token.start, length)
        reading = replace(self._reading, inside=(*self._reading.inside, name))
        if len(reading.inside) > NESTED_MAX:
            raise QueryError(f"Expected at most {NESTED_MAX} saved filters in one another.", token.start, length)
        try:
            term = _Parser(tokens(text), reading, self._counted).whole()
        except QueryError as error:
            raise SavedFilterError(
                f"The saved filter “{shown}” can't be read: {error.message}", token.start, length
            ) from None
        return And(()) if term is None else term


def without_last_part(text: str) -> str:
    """Give a query that could be read without its last term, or group of terms; "" when nothing is left."""
    depth = 0
    found = tokens(text)[:-1]
    end = len(found)
    while end:
        end -= 1
        depth += (found[end].kind is Kind.CLOSE) - (found[end].kind is Kind.OPEN)
        if not depth:
            break
    while end and found[end - 1].kind in (Kind.NOT, Kind.AND, Kind.OR):
        end -= 1
    return text[: found[end - 1].end] if end else ""
