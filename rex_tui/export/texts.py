"""The formats that are text: JSON Lines, CSV, and a Markdown table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final

from rex_tui.event import Event, Row
from rex_tui.export.columns import OWN, Columns
from rex_tui.export.naming import Naming, no_names
from rex_tui.names import Names
from rex_tui.query.naming import NO_NAMES
from rex_tui.query.summary import summarise
from rex_tui.safe_text import clean, csv_cell

MARKDOWN_CELL: Final = 200
SUMMARY: Final = "summary"
MARKDOWN_HEADS: Final = ("occurred_at", "type", "id", SUMMARY)
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
    """Rows for a spreadsheet, in cells that none takes for a formula.

    Ids are as they came; where no fields are chosen, `summary` says what happened with the names that `naming` gives.
    """

    def __init__(self, fields: Sequence[str] = (), naming: Naming = no_names) -> None:
        """Write the chosen fields; without any, the summary that the screen shows and those that the events have."""
        self._columns = Columns(fields)
        self._naming = naming
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
        own, found = self._columns.heads[: len(OWN)], self._columns.heads[len(OWN) :]
        file.write(csv_lines([[*own, *([SUMMARY] if self.surveys else []), *found]]))

    def write(self, file: BinaryIO, events: Sequence[Event]) -> None:
        """Write some rows."""
        file.write(csv_lines(self._rows(events)))

    def end(self, file: BinaryIO) -> None:
        """Write nothing afterwards."""

    def _rows(self, events: Sequence[Event]) -> Iterator[list[str]]:
        names = self._naming(events) if self.surveys else NO_NAMES
        for event in events:
            row = self._columns.row(event)
            yield [*row[: len(OWN)], *([_summary(event, names)] if self.surveys else []), *row[len(OWN) :]]


class Markdown:
    """A table for people: when, what, which, and the event in one line, with the names that `naming` gives.

    Or the fields that were chosen, as they came.
    """

    surveys = False
    left_out = ""

    def __init__(self, fields: Sequence[str] = (), naming: Naming = no_names) -> None:
        """Write the chosen fields; without any, the summary that the screen shows."""
        self._columns = Columns(fields) if fields else None
        self._naming = naming

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
        if columns is not None:
            file.write(_markdown(columns.row(event) for event in events))
            return
        names = self._naming(events)
        file.write(_markdown((one.occurred_at, one.type, one.id, _summary(one, names)) for one in events))

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


def _summary(event: Event, names: Names) -> str:
    row = Row(event.seq, event.id, event.type, event.occurred_at, event.received_at, event.data, len(event.data))
    return summarise(row, names)
