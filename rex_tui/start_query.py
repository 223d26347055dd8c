"""Reading the query of `--where`, with the filters and marks kept beside the store; a wrong one ends the program."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from rex_tui.names import Names
from rex_tui.query.language import Query, QueryError, local_now, parse
from rex_tui.query.naming import NO_NAMES
from rex_tui.safe_text import clean
from rex_tui.store.notebook import Notebook, notebook_path

USAGE_EXIT: Final = 2
SET_ASIDE: Final = "What was set aside is no event and is not among these; `rex-tui store quarantine` lists it."


def read_query(text: str, store: Path | None, names: Names = NO_NAMES) -> tuple[Query, frozenset[str]]:
    """Read a query; give it and the ids of the marked events. Exits where it is none, with the place underlined.

    `store` is the store's file, None where there is none that could have notes beside it; `names` says what stages are
    called.
    """
    filters: Mapping[str, str] = {}
    marked: frozenset[str] = frozenset()
    if store is not None and notebook_path(store).exists():
        with Notebook(store) as notebook:
            filters, marked = notebook.filters(), frozenset(notebook.marks())
    try:
        query = parse(text, local_now(), filters, names)
    except QueryError as error:
        click.echo("rex-tui: " + clean(f"--where can't be read. {error.message}"), err=True)
        click.echo(textwrap.indent(error.shown(text), "  "), err=True)
        sys.exit(USAGE_EXIT)
    if query.wants_set_aside:
        click.echo(f"rex-tui: {SET_ASIDE}", err=True)
    return query, marked
