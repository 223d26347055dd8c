"""The formats that are text: JSON Lines, CSV, and a Markdown table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

from rex_tui.event import Event, Row
from rex_tui.export.columns import Columns
from rex_tui.query.summary import summarise
from rex_tui.safe_text import clean, csv_cell

MARKDOWN_CELL: Final = 200
MARKDOWN_HEADS: Final = ("occurred_at", "type", "id", "summary")
_MARKS: Final = re.compile(r"[\\`*\[\]<>|~&$#!]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


class JsonLines:
    """Each event as a line of JSON, its payload byte for byte as Rex sent it."""

    surveys = False
    left_out = ""

    def survey(self, events: Sequence[Event]) -> None:
        """Need nothing beforehand."""

    def begin(self, file: BinaryIO) -> None:
        """Write nothing beforehand."""

    def write(self, file: BinaryIO, events: Sequence[Event]) -> None:
        """Write some lines."""
        file.write("".join(f"{event.json_line()}\n" for event in events).encode())

    def end(self, file: BinaryIO) -> None:
        """Write nothing afterwards."""


class Csv:
    """Rows for a spreadsheet, in cells that none takes for a formula."""

    def __init__(self, fields: Sequence[str] = ()) -> None:
        """Write the chosen fields; without any, those that the events have."""
        self._columns = Columns(fields)
        self.surveys = not fields

    @property
    def left_out(self) -> str:
        """Say which fields found no room."""
        return self._columns.words_left_out

    def survey(self, events: Sequence[Event]) -> None:
        """Note the fields that these events have."""
        self._columns.survey(events)

    def begin(self, file: BinaryIO) -> None:
        """Write the heads."""
        file.write(csv_lines([self._columns.heads]))

    def write(self, file: BinaryIO, events: Sequence[Event]) -> None:
        """Write some rows."""
        file.write(csv_lines(self._columns.row(event) for event in events))

    def end(self, file: BinaryIO) -> None:
        """Write nothing afterwards."""


class Markdown:
    """A table for people: when, what, which, and the event in one line; or the fields that were chosen."""

    surveys = False
    left_out = ""

    def __init__(self, fields: Sequence[str] = ()) -> None:
        """Write the chosen fields; without any, the summary that the screen shows."""
        self._columns = Columns(fields) if fields else None

    def survey(self, events: Sequence[Event]) -> None:
        """Need nothing beforehand."""

    def begin(self, file: BinaryIO) -> None:
        """Write the heads."""
        heads = self._columns.heads if self._columns else MARKDOWN_HEADS
        file.write(_markdown([heads]))
        file.write(f"|{' --- |' * len(heads)}\n".encode())

    def write(self, file: BinaryIO, events: Sequence[Event]) -> None:
        """Write some rows."""
        columns = self._columns
        file.write(_markdown(columns.row(event) if columns else _summary_row(event) for event in events))

    def end(self, file: BinaryIO) -> None:
        """Write nothing afterwards."""


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Give rows as lines of CSV, in cells that no spreadsheet takes for a formula."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([text and csv_cell(text) for text in row] for row in rows)
    return lines.getvalue().encode(errors="replace")


def _markdown(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join(f"| {' | '.join(map(markdown_cell, row))} |\n" for row in rows).encode()


def markdown_cell(text: str, limit: int = MARKDOWN_CELL) -> str:
    """Give a text, cut to `limit` characters, that says in Markdown, also within a table, what it says as it is."""
    return _MARKS.sub(r"\\\g<0>", clean(text, limit))


def _summary_row(event: Event) -> Sequence[str]:
    row = Row(event.seq, event.id, event.type, event.occurred_at, event.received_at, event.data, len(event.data))
    return event.occurred_at, event.type, event.id, summarise(row)
