"""What a shell may complete a value with: from the settings file and the store, as they are. Rex is never asked.

Types, fields and names are written by anyone: only what no shell could take for something else is offered. What only
one kind of value needs is imported for that one, so that Tab answers at once.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

from rex_tui import store_values
from rex_tui.event import Row
from rex_tui.names import is_stage
from rex_tui.settings_error import SettingsError
from rex_tui.settings_options import PROFILE_VARIABLE, STORE_VARIABLE
from rex_tui.shell.completion import MORE

OFFERED_MAX: Final = 200
TEXT_MAX: Final = 120
"""Characters of a value that is offered."""
LOOKED_AT: Final = 200
"""How many of the newest events are looked through for fields and ids."""
WITHOUT_STORE: Final = frozenset({"demo", "open"})
"""Commands that read a log of their own."""
TIMES: Final = ("today", "yesterday", "monday", "1h", "1d", "7d")
SAFE: Final = re.compile(r"[A-Za-z0-9_/][\w.:@%+,/-]*", re.ASCII)
SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_][\w.:@%+,/-]*( [\w.:@%+,/-]+)*", re.ASCII)
SAFE_TERM: Final = re.compile(r'[A-Za-z0-9_/][\w.:@%+,/*-]*|(\w+:)?"[\w.:@%+,/ -]*"', re.ASCII)
"""A whole word; the same with spaces in it; what the query language has for a term of such words."""


def offered(what: str, context: click.Context, begun: str) -> list[CompletionItem[str]]:
    """Give what could complete a value that is `begun`, nothing where it can't be read."""
    try:
        found = OFFERS[what](context, begun)
    except (SettingsError, sqlite3.Error, OSError):
        return []
    return [item for item in found if len(item.value) <= len(begun) + TEXT_MAX][:OFFERED_MAX]


def _profiles(_context: click.Context, begun: str) -> list[CompletionItem[str]]:
    from rex_tui.settings_file import read_settings_file  # noqa: PLC0415 - see the module's docstring

    environment = {name: value for name, value in os.environ.items() if name != PROFILE_VARIABLE}
    return _items(read_settings_file(environment).profiles, begun, "profile")


def _types(context: click.Context, begun: str) -> list[CompletionItem[str]]:
    return _items(_from_store(context, store_values.types_in), begun, "event type")


def _consumers(context: click.Context, begun: str) -> list[CompletionItem[str]]:
    return _items(_from_store(context, store_values.consumers_in), begun, "consumer")


def _rules(_context: click.Context, begun: str) -> list[CompletionItem[str]]:
    from rex_tui.settings import load_rules  # noqa: PLC0415 - the same

    return _items((rule.name for rule in load_rules(os.environ).value), begun, "watch rule", SAFE_NAME)


def _times(context: click.Context, begun: str) -> list[CompletionItem[str]]:
    places = _items(_from_store(context, store_values.checkpoints_in), begun, "checkpoint", SAFE_NAME)
    return _items(TIMES, begun, "time") + places


def _periods(context: click.Context, begun: str) -> list[CompletionItem[str]]:
    from rex_tui.query.review.period import NAMES, SINCE  # noqa: PLC0415 - the same

    places = (f"{SINCE}{name}" for name in _from_store(context, store_values.checkpoints_in))
    return _items(NAMES, begun, "period") + _items(places, begun, "checkpoint", SAFE_NAME)


def _ids(context: click.Context, begun: str) -> list[CompletionItem[str]]:
    from rex_tui.query.known import known_in  # noqa: PLC0415 - the same

    return _items(known_in(_newest(context), (), ()).ids, begun, "id")


def _fields(context: click.Context, begun: str) -> list[CompletionItem[str]]:
    """Give lists of fields that go on behind the last comma."""
    from rex_tui.query.known import known_in  # noqa: PLC0415 - the same

    before, comma, last = begun.rpartition(",")
    taken = before.split(",")
    fields = (name for name in known_in(_newest(context), (), ()).fields if name not in taken)
    return _items((before + comma + name for name in fields if name.startswith(last)), begun, "field")


def _queries(context: click.Context, begun: str) -> list[CompletionItem[str]]:
    """Give queries that go on at their end: the bar's own completion."""
    from rex_tui.query.known import known_in  # noqa: PLC0415 - the same
    from rex_tui.query.language import Known, complete  # noqa: PLC0415 - the same
    from rex_tui.settings import load_masking, load_names  # noqa: PLC0415 - the same

    store = _store(context)
    known = Known()
    if store is not None:
        # What is masked on the screen is not offered there either.
        own = (name for id_, name in load_names(os.environ).value.items() if is_stage(id_))
        saved = () if load_masking(os.environ, masked=None)[0].value else store_values.filters_in(store)
        known = known_in(store_values.newest_in(store, LOOKED_AT), store_values.types_in(store), saved)
        known = Known(
            known.types,
            known.fields,
            known.ids,
            known.filters,
            tuple(dict.fromkeys((*store_values.stages_in(store), *own))),
            store_values.checkpoints_in(store),
        )
    return _terms(begun, lambda text: [(one.start, one.text, one.kind) for one in complete(text, len(text), known)])


def _terms(begun: str, further: Callable[[str], Iterable[tuple[int, str, str]]]) -> list[CompletionItem[str]]:
    """Give the texts that may follow; where a single one wants a value, those with the values that it may have.

    A shell closes the quotation mark behind what nothing else could follow.
    """

    def found(text: str) -> Iterator[tuple[str, str]]:
        for start, term, kind in further(text):
            if SAFE_TERM.fullmatch(term):
                yield text[:start] + term, kind

    texts = list(found(begun))
    if len(texts) == 1 and texts[0][0].endswith(":"):
        (text, kind) = texts[0]
        texts = list(found(text)) or [(text, kind), (f"{text}*", kind)]
    return [CompletionItem(text, MORE if text.endswith(":") else "plain", kind) for text, kind in texts]


def _from_store(context: click.Context, read: Callable[[Path], tuple[str, ...]]) -> tuple[str, ...]:
    store = _store(context)
    return () if store is None else read(store)


def _newest(context: click.Context) -> list[Row]:
    store = _store(context)
    return [] if store is None else store_values.newest_in(store, LOOKED_AT)


def _store(context: click.Context) -> Path | None:
    """Give the store that the command would read, by flags, environment and settings file; None where none is named."""
    if context.info_name in WITHOUT_STORE:
        return None
    at: click.Context | None = context
    while at is not None:
        if isinstance(named := at.params.get("store"), Path):
            return named.expanduser()
        at = at.parent
    if named := os.environ.get(STORE_VARIABLE, "").strip():
        return Path(named).expanduser()
    from rex_tui.settings import load_store_path  # noqa: PLC0415 - the same

    try:
        return load_store_path(os.environ).value
    except SettingsError:
        return None


def _items(values: Iterable[str], begun: str, words: str, safe: re.Pattern[str] = SAFE) -> list[CompletionItem[str]]:
    return [
        CompletionItem(value, help=words)
        for value in values
        if value.lower().startswith(begun.lower()) and safe.fullmatch(value)
    ]


OFFERS: Final[Mapping[str, Callable[[click.Context, str], list[CompletionItem[str]]]]] = {
    "profile": _profiles,
    "type": _types,
    "consumer": _consumers,
    "rule": _rules,
    "time": _times,
    "period": _periods,
    "id": _ids,
    "fields": _fields,
    "query": _queries,
}
"""What can be completed, by what it is."""
