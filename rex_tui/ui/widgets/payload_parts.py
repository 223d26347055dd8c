"""What a payload's tree consists of: its branches a step at a time, and the words of each line, all of it clean."""

from __future__ import annotations

from itertools import islice
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct
from rich.text import Text

from rex_tui.payload import Json, Level, Number, PayloadError, parse_level
from rex_tui.safe_text import clean

ITEMS_A_STEP: Final = 100
OPEN_AT_ONCE: Final = 60
KEY_LIMIT: Final = 80
LABEL_LIMIT: Final = 160
FOLDED_TEXT: Final = 48
LINE_WIDTH: Final = 60

KEY_STYLE: Final = "payload-tree--key"
TEXT_STYLE: Final = "payload-tree--text"
NUMBER_STYLE: Final = "payload-tree--number"
WORD_STYLE: Final = "payload-tree--word"
FAINT_STYLE: Final = "payload-tree--faint"
STYLES: Final = frozenset({KEY_STYLE, TEXT_STYLE, NUMBER_STYLE, WORD_STYLE, FAINT_STYLE})
"""Component classes of the tree, by which the theme colours what stands in a line."""


class Branch(Struct, frozen=True):
    """A value with parts (a text's are its characters), of which those before `start` are in the tree already."""

    value: dict[str, Json] | list[Json] | Level | str
    start: int = 0


Part: TypeAlias = "tuple[str | None, Json | Level]"


def is_long(text: str) -> bool:
    """Tell whether a text is folded at first."""
    return len(text) > FOLDED_TEXT or "\n" in text


def parts_of(branch: Branch) -> tuple[list[Part], int, int]:
    """Give the next parts of a branch, where the rest begins, and how many parts (or characters) are left then."""
    value, start = branch.value, branch.start
    if isinstance(value, dict):
        found: list[Part] = [(key, _read(item)) for key, item in islice(value.items(), start, start + ITEMS_A_STEP)]
        return found, start + len(found), len(value) - start - len(found)
    if isinstance(value, list):
        found = [(str(index), _read(item)) for index, item in enumerate(value[start : start + ITEMS_A_STEP], start)]
        return found, start + len(found), len(value) - start - len(found)
    lines, end = _lines(value, start)
    return [(None, line) for line in lines], end, len(value) - end


def _read(value: Json | msgspec.Raw) -> Json | Level:
    """Read a part of a large payload when it comes into sight; what can't be read is shown as its text."""
    if not isinstance(value, msgspec.Raw):
        return value
    try:
        return parse_level(bytes(value))
    except PayloadError:
        return bytes(value).decode()


def _lines(text: str, start: int) -> tuple[list[str], int]:
    """Cut the next lines off a text, at spaces where it has some; give them, and where the rest begins."""
    lines: list[str] = []
    while start < len(text) and len(lines) < ITEMS_A_STEP:
        line, newline, _ = text[start : start + LINE_WIDTH + 1].partition("\n")
        if not newline and len(line) > LINE_WIDTH:
            line = line[: line.rfind(" ") + 1] or line[:LINE_WIDTH]
        start += len(line) + len(newline)
        lines.append(line.rstrip())
    return lines, start


def words_of(value: Json | Level, *, foldable: bool) -> Text:
    """Give what a line says of its value; a long text only begins where it is `foldable`."""
    if isinstance(value, dict):
        return Text(f"{{{len(value)}}}", FAINT_STYLE)
    if isinstance(value, list):
        return Text(f"[{len(value)}]", FAINT_STYLE)
    if isinstance(value, Number):
        return Text(clean(value, LABEL_LIMIT), NUMBER_STYLE)
    if isinstance(value, str):
        return Text(clean(value, FOLDED_TEXT if foldable and is_long(value) else LABEL_LIMIT), TEXT_STYLE)
    return Text({None: "null", True: "true", False: "false"}[value], WORD_STYLE)
