"""Events after a template of the user's: `{occurred_at} {type} {data.name}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from rex_tui.event import Event
from rex_tui.fields import field_of, text_of
from rex_tui.headless.formats import Format
from rex_tui.headless.plain import spoken_summary
from rex_tui.names import Names
from rex_tui.payload import Json, PayloadError, parse
from rex_tui.query.language import QueryError
from rex_tui.query.naming import NO_NAMES
from rex_tui.safe_text import clean

SUMMARY: Final = "summary"
DATA: Final = "data"
_PIECE: Final = re.compile(
    r"\{\{|\}\}|\\(?P<escape>.?)|\{(?P<path>[^{}]*)(?P<end>\}?)|(?P<stray>\})|[^{}\\]+", re.DOTALL
)
_PATH: Final = re.compile(r"[^.\[\]\s]+(?:\.[^.\[\]]+|\[\d{1,9}\])*")
_NO_TEXT: Final = re.compile("[\ud800-\udfff]")
_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\", "{": "{", "}": "}"}
_OWN: Final[dict[str, Callable[[Event], str]]] = {
    "id": lambda event: event.id,
    "type": lambda event: event.type,
    "occurred_at": lambda event: event.occurred_at,
    "received_at": lambda event: datetime.fromtimestamp(event.received_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    DATA: lambda event: event.data,
}


class Field(Struct, frozen=True):
    """A field that an event is asked for, by its path: `type`, `data.contact.email`, `data.items[0].id`."""

    path: str


def read_template(text: str) -> tuple[str | Field, ...]:
    r"""Give the texts and fields of a template, in order; raises `QueryError`, which names the character.

    `{{` and `}}` stand for braces, `\n`, `\t` and `\\` for a new line, a tab and a backslash.
    """
    odd = _NO_TEXT.search(text)
    if odd:
        raise QueryError("Here is a byte that is no UTF-8. Leave it out.", odd.start())
    pieces: list[str | Field] = []
    for piece in _PIECE.finditer(text):
        path, place = piece["path"], piece.start()
        if path is not None and not piece["end"]:
            raise QueryError("Here a field begins that has no } behind it; {{ stands for a brace.", place)
        if path is not None:
            if not _PATH.fullmatch(path):
                raise QueryError("Expected a field like {type} or {data.contact.email}.", place, len(piece[0]))
            pieces.append(Field(path))
        elif piece["escape"] is not None:
            if piece["escape"] not in _ESCAPES:
                raise QueryError(r"Expected \n, \t or \\ for a new line, a tab or a backslash.", place, len(piece[0]))
            pieces.append(_ESCAPES[piece["escape"]])
        elif piece["stray"]:
            raise QueryError("Here a } stands without a {; }} stands for a brace.", place)
        else:
            pieces.append({"{{": "{", "}}": "}"}.get(piece[0], piece[0]))
    return tuple(pieces)


class Template(Format):
    """Each event as a template says, its fields clean; a field that an event does not have is empty."""

    made_for_terminals = True

    def __init__(self, pieces: Sequence[str | Field], naming: Callable[[Sequence[Event]], Names]) -> None:
        """Take what `read_template` gave; `naming` gives the names for events, where `{summary}` is asked for."""
        super().__init__("", self._lines)
        self._pieces = tuple(pieces)
        self._asks_summary = Field(SUMMARY) in self._pieces
        self._asks_data = any(isinstance(piece, Field) and _below_data(piece.path) for piece in self._pieces)
        self._naming = naming
        self._names = NO_NAMES

    def meet(self, events: Sequence[Event]) -> None:
        """Learn the names for these events, where they are needed. Raises `StoreError`."""
        if self._asks_summary:
            self._names = self._naming(events)

    def _lines(self, events: Sequence[Event]) -> str:
        return "".join(f"{self._line(event)}\n" for event in events)

    def _line(self, event: Event) -> str:
        try:
            payload = parse(event.data) if self._asks_data else None
        except PayloadError:
            payload = None
        return "".join(
            piece if isinstance(piece, str) else self._value(event, payload, piece.path) for piece in self._pieces
        )

    def _value(self, event: Event, payload: Json, path: str) -> str:
        if path == SUMMARY:
            return spoken_summary(event, self._names)
        if path in _OWN:
            value = _OWN[path](event)
        elif below := _below_data(path):
            value = text_of(field_of(payload, below))
        else:
            value = _extra(event, path)
        return clean(value, len(value))


def _below_data(path: str) -> str:
    """Give the path inside the payload, "" where it leads elsewhere."""
    if path.startswith(f"{DATA}["):
        return path.removeprefix(DATA)
    return path.removeprefix(f"{DATA}.") if path.startswith(f"{DATA}.") else ""


def _extra(event: Event, path: str) -> str:
    """Give what a member of an event has that the reference does not know, "" where it has none of that name."""
    name = next((name for name in event.extra if re.match(rf"{re.escape(name)}(?:[.\[]|$)", path)), None)
    if name is None:
        return ""
    try:
        found = parse(event.extra[name])
    except PayloadError:
        return ""
    below = path.removeprefix(name).removeprefix(".")
    return text_of(field_of(found, below) if below else found)
