"""A strict reader of what a program wrote to a terminal: every sequence by its family, and all text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_STRING: Final = r"(?P<body>[^\x00-\x06\x08-\x1f\x7f-\x9f]*?)(?:\x07|\x1b\\)"
_TOKEN: Final = re.compile(
    rf"""
    \x1b\[(?P<csi>(?P<private>[<=>?]?)(?P<parameters>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~]))
    | \x1b(?P<string>[\]PX^_]){_STRING}
    | \x1b(?P<escape>[ -/]*[0-Z\\`-~])
    | (?P<control>[\x00-\x1f\x7f-\x9f])
    | (?P<text>[^\x00-\x1f\x7f-\x9f]+)
    """,
    re.VERBOSE,
)
_COLOUR: Final = re.compile(r"\b([34]8);2;\d+;\d+;\d+")


@dataclass(frozen=True)
class Written:
    """One thing that was written: its family (`CSI ?1000h`, `OSC 52`, `control 0d`, `text`), and what is in it."""

    family: str
    body: str


def written(raw: bytes, columns: int, rows: int) -> Iterator[Written]:
    """Read all of it; a stray byte, or an ESC that begins nothing known, fails.

    A cursor sent to a place that a screen of this size has not is a family of its own, as is each attribute of a style.
    """
    text = raw.decode()
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        assert token is not None, f"no sequence of a terminal: {text[place : place + 40]!r}"
        place = token.end()
        if token["final"] == "m" and not token["private"]:
            for attribute in _COLOUR.sub(r"\1", token["parameters"]).split(";"):
                yield Written(f"SGR {attribute}", token["parameters"])
        else:
            yield _read(token, columns, rows)


def _read(token: re.Match[str], columns: int, rows: int) -> Written:
    if token["text"]:
        return Written("text", token["text"])
    if token["control"] or token["escape"]:
        return Written(f"ESC {token['escape']}" if token["escape"] else f"control {ord(token['control']):02x}", "")
    if token["string"]:
        kind = {"]": "OSC", "P": "DCS", "X": "SOS", "^": "PM", "_": "APC"}[token["string"]]
        number, _, body = token["body"].partition(";")
        return Written(f"{kind} {number}", body)
    return _read_csi(token, columns, rows)


def _read_csi(token: re.Match[str], columns: int, rows: int) -> Written:
    final, parameters = token["final"], token["parameters"]
    if final == "H" and not token["private"]:
        line, _, column = parameters.partition(";")
        inside = int(line or 1) <= rows and int(column or 1) <= columns
        return Written("CSI H" if inside else "CSI H outside", parameters)
    return Written(f"CSI {token['csi']}", parameters)
