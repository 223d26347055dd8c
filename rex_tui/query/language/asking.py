"""Asking for what is seen: a value in a payload as a term of the language, and a term put behind a query."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from rex_tui.payload import Json, Level, Number
from rex_tui.query.language.lexer import Kind, escaped, tokens
from rex_tui.query.language.money import read_number
from rex_tui.query.language.reading import DATA_PREFIX, NAMES, STARS_MAX
from rex_tui.safe_text import clean

Way = Literal["only", "all but", "at least", "at most"]
"""How a value is asked for."""
TEXT_MAX: Final = 200
"""Characters of a value that are asked for; what follows may be anything."""
_SIGNS: Final[Mapping[Way, str]] = {"only": ":", "all but": ":", "at least": ">=", "at most": "<="}
_STEP: Final = re.compile(r"[\w\-]+")
_FIRST: Final = re.compile(r"[^\W\d][\w\-]*")
_BARE: Final = re.compile(r"[A-Za-z_][\w.@/+-]*", re.ASCII)
_LITERALS: Final = ("true", "false", "null", "none")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


def term_for(path: Sequence[str], value: Json | Level, way: Way) -> str | None:
    """Give the term that asks for a value at a path of names; None where the language has none for that way.

    Steps through lists are left out of the path. A value whose path can't be typed is asked for as a word, wherever it
    stands. Characters that can't be shown become stars.
    """
    name = _name(path)
    no = "-" if way == "all but" else ""
    ordered = way in ("at least", "at most")
    if isinstance(value, dict | list):
        return None if ordered or not name or not value else f"{no}{name}:*"
    if ordered and not (isinstance(value, Number) or (isinstance(value, str) and _DATE.fullmatch(value))):
        return None
    if not name:
        word = max(_pieces(value), key=len) if isinstance(value, str) and not ordered else ""
        return f'{no}"{escaped(word)}"' if word.strip() else None
    said = _said(value)
    return None if said is None else f"{no}{name}{_SIGNS[way]}{said}"


def with_term(text: str, term: str) -> str:
    """Give a query that asks for what `text`, which can be read, asks for, and for the term."""
    depth, either = 0, False
    for token in tokens(text):
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        either = either or (token.kind is Kind.OR and not depth)
    return f"({text.strip()}) {term}" if either else f"{text.strip()} {term}".lstrip()


def _name(path: Sequence[str]) -> str:
    """Give a path as the language writes it; "" where it can't."""
    if not path or not all(map(_STEP.fullmatch, path)):
        return ""
    taken = not _FIRST.fullmatch(path[0]) or f"{path[0]}." == DATA_PREFIX
    taken = taken or (len(path) == 1 and path[0].lower() in NAMES)
    name = f"{DATA_PREFIX if taken else ''}{'.'.join(path)}"
    return name if clean(name) == name else ""


def _said(value: str | Number | bool | None) -> str | None:  # noqa: FBT001 - a JSON value
    if isinstance(value, Number):
        if len(value) > TEXT_MAX or read_number(value) is None:
            return None
        # A number with decimals is money in some fields; one with an exponent is what it is.
        return f"{value}e0" if "." in value and "e" not in value.lower() else str(value)
    if isinstance(value, str):
        bare = _DATE.fullmatch(value) or (_BARE.fullmatch(value) and value.lower() not in _LITERALS)
        return value if bare and len(value) <= TEXT_MAX else _text(value)
    return {True: "true", False: "false", None: "null"}[value]


def _text(value: str) -> str:
    """Give a text in quotation marks, with stars for what can't be shown."""
    return f'"{"*".join(map(escaped, _pieces(value)))}"'


def _pieces(value: str) -> list[str]:
    """Cut a text where it can't be shown, and where it is too long."""
    shown = [one if one.isprintable() and clean(one) == one else None for one in value[:TEXT_MAX]]
    together = "".join(filter(None, shown))
    if clean(together) != together:  # signs that only spoil their neighbours
        shown = [one if one is not None and one.isascii() else None for one in shown]
    pieces = [""]
    for before, one in zip([None, *shown], shown, strict=False):
        if one is not None:
            pieces[-1] += one
        elif before is not None or len(pieces) == 1:
            pieces.append("")
    if len(value) > TEXT_MAX and shown[-1] is not None:
        pieces.append("")
    return [*pieces[: STARS_MAX - 1], ""] if len(pieces) > STARS_MAX else pieces
