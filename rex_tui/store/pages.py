"""From which page of Rex's log an event came: one row a page that brought something new, beside the events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

from rex_tui.event import Event, Page

CURSOR_MAX: Final = 4_096
"""Characters of a cursor that is worth keeping for each page; a longer one would go into no address anyway."""

PAGES_SCRIPT: Final = """
    CREATE TABLE pages (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, cursor TEXT, asked INTEGER NOT NULL);
"""
"""The new events of a page are those from `first` to `last`; `cursor` and `asked` (how many) are what it was asked for
with, `cursor` NULL for the start of Rex's log. Events that no row speaks of came before there was this table, or from
no page."""


def put_pages(connection: sqlite3.Connection, pages: Sequence[Page], fresh: Sequence[Event], first: int) -> None:
    """Note from which of these pages the new events came, which have their sequences from `first` on."""
    connection.executemany(
        "INSERT OR REPLACE INTO pages (first, last, cursor, asked) VALUES (?, ?, ?, ?)",
        _rows(pages, {id(event): seq for seq, event in enumerate(fresh, first)}),
    )


def _rows(pages: Sequence[Page], seq_of: dict[int, int]) -> Iterator[tuple[int, int, str | None, int]]:
    for page in pages:
        if page.asked is None or len(page.asked.cursor or "") > CURSOR_MAX:
            continue
        seqs = [seq_of[id(event)] for event in page.events if id(event) in seq_of]
        if seqs:
            yield seqs[0], seqs[-1], page.asked.cursor, page.asked.limit


def page_of(connection: sqlite3.Connection, seq: int) -> tuple[object, object] | None:
    """Give cursor and limit with which the page of an event was asked for, None where that is not known."""
    found = connection.execute(
        "SELECT last, cursor, asked FROM pages WHERE first <= ? ORDER BY first DESC LIMIT 1", (seq,)
    ).fetchone()
    return None if found is None or not isinstance(found[0], int) or found[0] < seq else (found[1], found[2])


def forget_pages(connection: sqlite3.Connection) -> None:
    """Forget the pages of which no event is left, and those whose cursor may name one that is gone: the one before."""
    connection.execute(
        "DELETE FROM pages WHERE NOT EXISTS (SELECT 1 FROM events WHERE seq BETWEEN first AND last)"
        " OR (cursor IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events WHERE seq = first - 1))"
    )
    connection.execute("UPDATE pages SET last = (SELECT max(seq) FROM events WHERE seq BETWEEN first AND last)")


def forget_pages_up_to(connection: sqlite3.Connection, last: int) -> None:
    """Forget the same, where everything up to a sequence was forgotten."""
    connection.execute("DELETE FROM pages WHERE last <= ?1 OR (first <= ?1 + 1 AND cursor IS NOT NULL)", (last,))


def find_page_problems(connection: sqlite3.Connection) -> list[str]:
    """Compare the pages with the events; give a sentence where they can't be theirs."""
    wrong = connection.execute(
        "SELECT 1 FROM (SELECT first, last, asked, lead(first) OVER (ORDER BY first) AS next FROM pages)"
        " WHERE NOT (first >= 1 AND first <= last AND last < coalesce(next, last + 1) AND asked >= 1)"
        " OR last > (SELECT coalesce(max(seq), 0) FROM events) LIMIT 1"
    ).fetchone()
    return ["The pages that the events came from are not those of the events."] if wrong else []
