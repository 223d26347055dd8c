"""Regular expressions that people type: read, kept from taking for ever, and the text that every match must have."""

from __future__ import annotations

import re
from typing import Final

from rex_tui.query.language.errors import QueryError

REGEX_MAX: Final = 300
REPEATS_MAX: Final = 3
ALTERNATIVES_MAX: Final = 10
_EXACTLY: Final = re.compile(r"(?<=\{)\d+\}")
"""A number of times that is sure, behind its brace: there is one way only."""
_GOES_ON: Final = frozenset("*+?{")
_NO_CHARACTER: Final = frozenset("dDwWsSbBAZ")
"""After a backslash: classes and places. Any other letter or digit there begins a number or a name."""


def read_regex(pattern: str, position: int) -> re.Pattern[str]:
    """Compile what stands between the slashes, from `position` on in the query; raises `QueryError`."""
    if not pattern:
        raise QueryError("Expected a regular expression between the slashes, like re:/won|lost/.", position)
    if len(pattern) > REGEX_MAX:
        raise QueryError(f"Expected a regular expression of at most {REGEX_MAX} characters.", position, len(pattern))
    try:
        compiled = re.compile(pattern, re.ASCII | re.IGNORECASE)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        place = getattr(error, "pos", None) or 0
        reason = getattr(error, "msg", None) or str(error)
        raise QueryError(f"This is no regular expression: {reason}.", position + place) from None
    _refuse_endless(pattern, position)
    return compiled


def _refuse_endless(pattern: str, position: int) -> None:
    """Refuse what may try an endless number of ways: repeats of groups that can match in several ways."""
    open_groups: list[bool] = []
    repeats = 0
    place = 0
    while place < len(pattern):
        place, sign = _token(pattern, place)
        if sign == "(":
            open_groups.append(False)
        elif sign == ")" and open_groups:
            many_ways = open_groups.pop()
            if many_ways and place < len(pattern) and pattern[place] in "*+{":
                raise QueryError(
                    "A repeated group with a repeat or a choice in it can take for ever. Write it without.",
                    position + place,
                )
            if open_groups:
                open_groups[-1] |= many_ways
        elif sign in ("*", "+", "{") and not _EXACTLY.match(pattern, place):
            repeats += 1
            if repeats > REPEATS_MAX:
                raise QueryError(
                    f"More than {REPEATS_MAX} repeats can take for ever. Write it with fewer.", position + place - 1
                )
        if sign in ("*", "+", "{", "?", "|") and open_groups:
            open_groups[-1] = True


def _token(pattern: str, place: int) -> tuple[int, str]:
    """Give the end and the sign of what stands at a place: an escape or a set as a whole, else one character."""
    sign = pattern[place]
    if sign == "\\":
        return place + 2, pattern[place : place + 2]
    if sign == "[":
        end = place + (2 if pattern[place + 1 : place + 2] == "^" else 1)
        end += pattern[end : end + 1] == "]"
        while end < len(pattern) and pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        return end + 1, "["
    return place + 1, sign


def required_texts(pattern: str) -> tuple[str, ...]:
    """Give texts of which one stands, in either case, in everything the pattern finds; none where that is not sure."""
    if "(?" in pattern:
        return ()
    alternatives = [[""]]
    depth = place = 0
    while place < len(pattern):
        place, sign = _token(pattern, place)
        if len(sign) > 1 and sign[0] == "\\" and sign[1].isalnum() and sign[1] not in _NO_CHARACTER:
            return ()
        if sign == "|" and not depth:
            alternatives.append([""])
            continue
        runs = alternatives[-1]
        depth += (sign == "(") - (sign == ")")
        literal = _literal(sign) if not depth else ""
        if sign == "{" and not depth:
            place = max(place, pattern.find("}", place) + 1)
        if literal and pattern[place : place + 1] not in _GOES_ON:
            runs[-1] += literal
        else:
            runs.append("")
    found = tuple(max(runs, key=len) for runs in alternatives)
    return found if all(found) and len(found) <= ALTERNATIVES_MAX else ()


def _literal(sign: str) -> str:
    """Give the character that a sign stands for, "" where it stands for something else."""
    if len(sign) > 1:
        return "" if sign[1].isalnum() or sign[1] == "\0" else sign[1]
    return "" if sign in "*+?{}()[]|.^$\\\0" else sign
