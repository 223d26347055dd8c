"""Reading the query of `--where`, with what is kept beside the store; a wrong one ends the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from rex_tui.checkpoint import Checkpoint, Place
from rex_tui.ending import USAGE_EXIT, fail, say
from rex_tui.names import Names
from rex_tui.query.language import Query, QueryError, escaped, local_now, parse
from rex_tui.query.naming import NO_NAMES
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook, notebook_path

SET_ASIDE: Final = "What was set aside is no event and is not among these; `rex-tui store quarantine` lists it."


class Notes(Struct, frozen=True):
    """What a query may ask of the notes beside a store: saved filters, marked events, checkpoints."""

    filters: Mapping[str, str] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    checkpoints: Mapping[str, Checkpoint] = field(default_factory=dict)


class Where(Struct, frozen=True):
    """A query that was read, the ids of the marked events, and how to read it again, since places in the log move."""

    query: Query
    marked: frozenset[str]
    again: Callable[[], Query]


def read_notes(store: Path | None) -> Notes:
    """Give what is in the notes beside a store's file, nothing where there are none; raises `StoreError`."""
    if store is None or not notebook_path(store).exists():
        return Notes()
    with Notebook(store) as notebook:
        return Notes(notebook.filters(), frozenset(notebook.marks()), notebook.checkpoints())


def read_query(
    text: str, store: Path | None, names: Names = NO_NAMES, log: EventStore | None = None, *, since: str = ""
) -> Where:
    """Read a query. Exits where it is none, with the place underlined.

    `store` is the store's file, None where there is none that could have notes beside it; `names` says what stages are
    called. Without the store itself, `log`, it is known which checkpoints there are, but not where. With `since`, a
    time or the name of a checkpoint, events must also have happened, or come, since then.
    """
    notes = read_notes(store)
    again = partial(_read, text, since, local_now(), notes, names, log)
    try:
        query = again()
    except QueryError as error:
        fail(f"--where can't be read. {error.message}", USAGE_EXIT, error.shown(text))
    if query.wants_set_aside:
        say(SET_ASIDE)
    for place in query.places if log is not None else ():
        if not place.exact:
            say(f"The log does not have the event of the checkpoint {place.name}, so its time stands in for it.")
    return Where(query, notes.marked, again)


def _read(text: str, since: str, now: datetime, notes: Notes, names: Names, log: EventStore | None) -> Query:
    if log is None:
        places = {one.name: Place(one.name, 0, one.made_at) for one in notes.checkpoints.values()}
    else:
        places = log.places(notes.checkpoints.values())
    query = parse(text, now, notes.filters, names, places)
    if not since:
        return query
    also = f'since:"{escaped(since)}"'
    return parse(also if query.is_all else f"({text}) {also}", now, notes.filters, names, places)
