"""A filter and how far its search is, in words: never more certain than what is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final

from msgspec import Struct

from rex_tui.keymap.keymap import USUAL, Keymap
from rex_tui.query.filter import Filter
from rex_tui.query.found import FoundView
from rex_tui.query.language import Query
from rex_tui.safe_text import clean
from rex_tui.ui.search import Search

QUERY_LIMIT: Final = 80
FIELD_LIMIT: Final = 40
SET_ASIDE: Final = "What was set aside is no event, so no row shows it; {} lists it."


class SearchWords(Struct, frozen=True):
    """What the title says of the filter and of the search, and what an empty table says; all of it clean."""

    words: str
    search: str = ""
    none: str = ""


def filter_words(chosen: Filter, query: Query, types: Iterable[str]) -> str:
    """Give types and query in one sentence part: `deals with "acme"`."""
    said = chosen.describe(types)
    return said if query.is_all else f"{said} {query_words(query)}"


def query_words(query: Query) -> str:
    """Give what a query asks for, to stand after what it is asked of: `with “acme”`."""
    said = clean(query.describe(), QUERY_LIMIT)
    return said if said.startswith("with ") else f"with {said}"


def search_words(
    search: Search, types: Iterable[str], keymap: Keymap = USUAL, fields: Collection[str] = ()
) -> SearchWords:
    """Give what is to be said of what is shown now; `fields` are those of the newest payloads, as far as is known."""
    found, view = search.found, search.view
    if isinstance(view, FoundView):
        words = filter_words(view.filter, view.query, types)
        if found is not view:  # the next search has nothing to show yet
            return SearchWords(words, "searching" if search.running else "", "Searching …")
        none = (
            f"None of the {view.total:,} events stored so far is shown.\n"
            f"Esc takes back the last part of the filter, {keymap.told('filter.all')} shows all."
        )
        none += _unknown_words(view.query, fields)
        if view.query.wants_set_aside:
            none = f"{SET_ASIDE.format(keymap.told('log.set_aside'))} In the bar, {keymap.told('bar.keep')} lists what "
            return SearchWords(words, progress_words(search), f"{none}matches.")
        if search.failed:
            return SearchWords(
                words, f"search broken off at {_percent(found)}", f"None found before it broke off. {none}"
            )
        if search.running:
            none = f"None found so far; {_percent(found)} of the log is searched."
        return SearchWords(words, progress_words(search), none)
    words = search.filter.describe(types)
    if found is None:
        return SearchWords(words)
    matching = f"{found.events:,} {query_words(found.query)}"
    return SearchWords(words, " · ".join(filter(None, (matching, progress_words(search)))))


def _unknown_words(query: Query, fields: Collection[str]) -> str:
    """Give a line on a field that is asked for and that no payload of late has, which may be a slip; else ""."""
    unknown = next((name for name in query.fields if fields and name not in fields), None)
    if unknown is None:
        return ""
    near = get_close_matches(unknown, fields, 1)
    said = f"\nNo payload of late has a field {clean(unknown, FIELD_LIMIT)}"
    return f"{said}; did you mean {clean(near[0], FIELD_LIMIT)}?" if near else f"{said}."


def progress_words(search: Search) -> str:
    """Give how far the search is; "" when it has looked at everything."""
    found = search.found
    if found is None or found.complete:
        return ""
    if search.failed:
        return f"search broken off at {_percent(found)}"
    return f"searching {_percent(found)}"


def _percent(found: FoundView) -> str:
    return f"{min(99, int(found.progress * 100))} %"
