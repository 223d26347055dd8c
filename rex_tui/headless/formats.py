"""How `tail` writes events: as JSON Lines, as CSV, in plain words, or after a template."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from rex_tui.event import Event
from rex_tui.safe_text import csv_cell

_TO_SPACES: Final = str.maketrans("\t\r\n", "   ")
"""White space between a payload's tokens, which would break a line; inside its texts JSON has none of it."""


class Format:
    """How events are written: what comes before the first, and how some of them become lines.

    `made_for_terminals` tells that the lines are clean already, colours included.
    """

    made_for_terminals = False

    def __init__(self, head: str, lines: Callable[[Sequence[Event]], str]) -> None:
        """Write `head` first, "" for nothing, then what `lines` makes of some events, each ending in a new line."""
        self.head: Final = head
        self.lines: Final = lines

    @property
    def learns(self) -> bool:
        """Tell whether `meet` does anything."""
        return type(self).meet is not Format.meet

    def meet(self, events: Sequence[Event]) -> None:
        """Learn what is needed for these events, which are written next; called where the store may be read."""


def json_lines(events: Sequence[Event]) -> str:
    """Give each event as a line of JSON; see `Event.json_line`."""
    return "".join(f"{event.json_line()}\n" for event in events)


def csv_lines(events: Sequence[Event]) -> str:
    """Give each event as a line of CSV, in cells that no spreadsheet takes for a formula."""
    return _csv((event.id, event.type, event.occurred_at, event.data.translate(_TO_SPACES)) for event in events)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(map(csv_cell, row) for row in rows)
    return lines.getvalue()


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {"jsonl": Format("", json_lines), "csv": Format(_csv([("id", "type", "occurred_at", "data")]), csv_lines)}
)
