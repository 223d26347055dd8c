"""A filter as text of the language, so that one text says all: the types of the sidebar and the query of the bar."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from rex_tui.checkpoint import NO_PLACES, Places
from rex_tui.event import GAP_TYPE
from rex_tui.names import Names
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.query.language import QueryError, parse
from rex_tui.query.naming import NO_NAMES

NOTHING_TEXT: Final = "-type:*"
_TYPE: Final = r"type:([\w.*-]+)"
_HEAD: Final = re.compile(rf"(?:{_TYPE}|\({_TYPE}(?: or {_TYPE})+\))?(?:(?:\A| )-{_TYPE})*(?: |\Z)", re.ASCII)
_SIGNED: Final = re.compile(rf"(-?){_TYPE}", re.ASCII)
_ODD: Final = re.compile(r"[^\w.-]+", re.ASCII)
_NONE_SAVED: Final[Mapping[str, str]] = MappingProxyType({})
_EITHER: Final = re.compile(r"(?i)\bor\b|\|")


def compose(chosen: Filter, text: str, known: Collection[str] = ()) -> str:
    """Give types and query as one text; "" where both let everything through. `known` are the types there are."""
    types, text = types_text(chosen, known), text.strip()
    if types and _EITHER.search(text):
        text = f"({text})"
    return " ".join(part for part in (types, text) if part)


def split(
    text: str,
    now: datetime,
    known: Collection[str] = (),
    saved: Mapping[str, str] = _NONE_SAVED,
    names: Names = NO_NAMES,
    places: Places = NO_PLACES,
) -> tuple[Filter, str]:
    """Give types and query of a text that `compose` gave; of any other text all is query.

    `now`, `saved`, `names` and `places` are for reading it, as `parse` wants them, which raises `QueryError`.
    """
    parse(text, now, saved, names, places)
    found = _HEAD.match(text)
    head, rest = ("", text) if found is None else (found[0].strip(), text[found.end() :])
    shown = [name for sign, name in _SIGNED.findall(head) if not sign]
    hidden = [name for sign, name in _SIGNED.findall(head) if sign]
    if rest.startswith("(") and rest.endswith(")") and _EITHER.search(rest):
        rest = rest[1:-1]
    chosen = Filter(default=False) if head == NOTHING_TEXT else _of(shown, hidden)
    try:
        parse(rest, now, saved, names, places)
    except QueryError:
        return EVERYTHING, text
    return (chosen, rest) if compose(chosen, rest, known) == text else (EVERYTHING, text)


def types_text(chosen: Filter, known: Collection[str] = ()) -> str:
    """Give the types as terms of the language; rules that it can't say become a list of the `known` types shown."""
    shown, hidden = (
        [name for name, is_shown in chosen.groups if is_shown is wanted and name] for wanted in (True, False)
    )
    single, but = ([name for name, is_shown in chosen.types if is_shown is wanted] for wanted in (True, False))
    inside_hidden = any(_inside(name, group) for name in (*shown, *single) for group in hidden)
    if inside_hidden or (chosen.default and (shown or single)):
        return _either([_glob(name) for name in known if name != GAP_TYPE and chosen.shows(name)]) or NOTHING_TEXT
    if not chosen.default and not shown and not single:
        return NOTHING_TEXT
    without = [f"-type:{glob}" for glob in sorted(_globs(hidden, but, known))]
    return " ".join(filter(None, (_either(_globs(shown, single, known)), *without)))


def _either(globs: Iterable[str]) -> str:
    said = " or ".join(f"type:{glob}" for glob in sorted(globs))
    return f"({said})" if " " in said else said


def _globs(groups: Iterable[str], types: Iterable[str], known: Collection[str]) -> list[str]:
    globs = [_glob(name) for name in types]
    for group in groups:
        globs += [f"{_glob(group)}.*", *([_glob(group)] if group in known else [])]
    return globs


def _glob(name: str) -> str:
    """Give a type's name as a glob that needs no quotes: whatever is odd in it may be anything."""
    return _ODD.sub("*", name)


def _inside(name: str, group: str) -> bool:
    return name == group or name.startswith(group + ".")


def _of(shown: list[str], hidden: list[str]) -> Filter:
    groups = {(glob[:-2], glob in shown) for glob in (*shown, *hidden) if glob.endswith(".*")}
    types = {(glob, glob in shown) for glob in (*shown, *hidden) if not glob.endswith(".*")}
    return Filter(default=not shown, groups=frozenset(groups), types=frozenset(types))
