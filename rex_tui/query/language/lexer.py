"""Cutting a query's text into tokens, each knowing where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from rex_tui.query.language.errors import QueryError

QUERY_MAX: Final = 2_000
_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
_OPERATOR: Final = re.compile(r"(?P<colon>:)|\s*(?P<sign>>=|<=|!=|>|<|=)\s*")
_WORD: Final = re.compile(r"[^\s()]+")
_KEYWORD: Final = re.compile(r"(and|or|not)(?![^\s()])", re.IGNORECASE)
_SPECIAL: Final = re.compile(r'[\\"*]')
_NO_CHARACTER: Final = re.compile("[\0\ud800-\udfff\ufffe\uffff]")


class Kind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    NOT = auto()
    AND = auto()
    OR = auto()
    WORD = auto()
    REGEX = auto()
    FIELD = auto()
    END = auto()


class Value(Struct, frozen=True):
    """A text as it is meant, and cut at its stars, of those in quotes only where no backslash stands before them."""

    text: str
    pieces: tuple[str, ...]
    quoted: bool
    position: int
    length: int


class Token(Struct, frozen=True):
    """A piece of a query from `start` up to, not including, `end`; a field has a name and an operator, too."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    operator: str = ""
    value: Value | None = None


def tokens(text: str) -> list[Token]:
    """Cut a query into tokens, the last of which is the end; raises `QueryError`."""
    if len(text) > QUERY_MAX:
        raise QueryError(f"A query has room for {QUERY_MAX:,} characters; this one has {len(text):,}.", QUERY_MAX)
    odd = _NO_CHARACTER.search(text)
    if odd:
        raise QueryError("Here is a character that no text can have. Leave it out.", odd.start())
    return [*_cut(text), Token(Kind.END, len(text), len(text))]


def escaped(text: str) -> str:
    """Give a text as it stands between quotation marks, so that it is meant as it is."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _cut(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _token(text, place)
        yield token
        place = token.end


def _token(text: str, start: int) -> Token:
    sign = text[start]
    if sign in "()":
        return Token(Kind.OPEN if sign == "(" else Kind.CLOSE, start, start + 1)
    if sign in "-!":
        return Token(Kind.NOT, start, start + 1)
    if keyword := _KEYWORD.match(text, start):
        return Token(Kind[keyword[1].upper()], start, keyword.end())
    if text.startswith("re:", start):
        return _regex(text, start)
    if sign in "<>=:":
        raise QueryError(f"Expected a field before {sign}, as in value>500.00 or type:deal.*.", start)
    name = _NAME.match(text, start)
    operator = _OPERATOR.match(text, name.end()) if name else None
    if name and operator and not text.startswith("//", operator.end()):  # an address on the web is a word
        value = _value(text, operator.end())
        said = operator["sign"] or ":"
        return Token(Kind.FIELD, start, value.position + value.length, name[0], said, value)
    value = _value(text, start)
    if value.quoted and not value.text:
        raise QueryError("Expected a text between the quotation marks.", start, value.length)
    return Token(Kind.WORD, start, start + value.length, value=value)


def _value(text: str, start: int) -> Value:
    """Read the value that begins at a place: in quotation marks or up to a space or parenthesis; may be missing."""
    if text.startswith('"', start):
        return _quoted(text, start)
    found = _WORD.match(text, start)
    word = found[0] if found else ""
    return Value(word, tuple(word.split("*")), quoted=False, position=start, length=len(word))


def _quoted(text: str, start: int) -> Value:
    pieces = [""]
    whole = ""
    place = start + 1
    while place < len(text) and text[place] != '"':
        sign = text[place]
        if sign == "\\" and text[place + 1 : place + 2] in ('"', "\\", "*"):
            place += 1
            sign = text[place]
            pieces[-1] += sign
        elif sign == "*":
            pieces.append("")
        else:
            pieces[-1] += sign
        whole += sign
        place += 1
    if place >= len(text):
        raise QueryError("This quotation mark is not closed: expected another one behind the text.", start)
    return Value(whole, tuple(pieces), quoted=True, position=start, length=place + 1 - start)


def _regex(text: str, start: int) -> Token:
    begin = start + len("re:")
    if not text.startswith("/", begin):
        raise QueryError("Expected a regular expression between slashes: re:/won|lost/.", start, len("re:"))
    place = begin + 1
    while place < len(text) and text[place] != "/":
        place += 2 if text[place] == "\\" else 1
    if place >= len(text):
        raise QueryError("This regular expression is not closed: expected a slash behind it.", begin)
    pattern = text[begin + 1 : place]
    value = Value(pattern, (pattern,), quoted=True, position=begin + 1, length=len(pattern))
    return Token(Kind.REGEX, start, place + 1, value=value)
