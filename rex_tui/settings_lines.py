"""Where in the settings file something stands, for those who have to mend it."""

from __future__ import annotations

import re
from typing import Final

_HEAD: Final = re.compile(r"[ \t]*\[\[?([^\]]+)\]\]?")
_KEY: Final = re.compile(
    r"[ \t]*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:[ \t]*\.[ \t]*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)[ \t]*="
)
_STEP: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_LONG: Final = re.compile(r'"""|\'\'\'')


def line_of(text: str, *steps: str) -> int | None:
    """Give the line, from 1, on which a key stands, `steps` being its tables and itself; None where it is not found.

    What stands in a table in braces, or in a text of several lines, is not looked into.
    """
    table: list[str] = []
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        was_inside, inside = inside, inside ^ (len(_LONG.findall(line)) % 2 == 1)
        if was_inside:
            continue
        if head := _HEAD.match(line):
            table = _steps(head[1])
            found = table
        elif key := _KEY.match(line):
            found = table + _steps(key[1])
        else:
            continue
        if found[: len(steps)] == list(steps):
            return number
    return None


def in_line(text: str, *steps: str) -> str:
    """Give `line 3 of ` for a key's place, "" where it is not found: what stands before `the settings file`."""
    line = line_of(text, *steps)
    return "" if line is None else f"line {line} of "


def _steps(path: str) -> list[str]:
    return ["".join(found.groups(default="")) for found in _STEP.finditer(path)]
