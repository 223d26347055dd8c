"""What is wrong with a query, and where."""

from __future__ import annotations

import unicodedata
from typing import Final

from rex_tui.safe_text import ELLIPSIS, clean

SHOWN_BEFORE: Final = 48
SHOWN_AFTER: Final = 24


class QueryError(ValueError):
    """A query can't be read. `position` and `length` name the characters of its text that are wrong, from 0."""

    def __init__(self, message: str, position: int, length: int = 1) -> None:
        """Take a sentence for people, which says what is expected, and the place it is about."""
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length

    def shown(self, text: str) -> str:
        """Give the query `text`, or the part of it around the error, with a caret under it: two lines, clean."""
        start = max(0, self.position - SHOWN_BEFORE)
        end = self.position + SHOWN_AFTER
        before = (ELLIPSIS if start else "") + clean(text[start : self.position])
        after = clean(text[self.position : end]) + (ELLIPSIS if end < len(text) else "")
        return f"{before}{after}\n{' ' * _cells(before)}^"


def _cells(text: str) -> int:
    """Count the columns that a clean text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


class SavedFilterError(QueryError):
    """A query can't be read because a filter that it names is not saved here, or can't be read itself."""
