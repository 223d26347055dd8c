"""The one door by which text from outside comes near a terminal.

Anyone on the internet can write into a CRM's events through a public form. Terminals obey escape sequences wherever
they stand, and neither Textual nor Rich takes them out of data, so every foreign string passes `clean` first and is
then wrapped in a `Content` or `Text` object, never in markup.
"""

from __future__ import annotations

import unicodedata
from typing import Final

TEXT_LIMIT: Final = 4096
MARKS_IN_A_ROW: Final = 4
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS: Final = "…"

_SPACE: Final = 0x20
_DELETE: Final = 0x7F
_CONTROL_PICTURES: Final = 0x2400
_DELETE_PICTURE: Final = "\N{SYMBOL FOR DELETE}"
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS: Final = frozenset({"Mn", "Me", "Mc"})
# Letters that paint nothing, so that two different strings would look the same.
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# They change the width of the character before them in some terminals and not in others.
_VARIATION_SELECTORS: Final = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """Give `text` as it may be shown: one line, printable, at most `limit` characters (a cut ends in an ellipsis).

    Control characters become their visible pictures (ESC is ␛, a new line is ␊); C1, format and bidirectional
    characters, surrogates, private and unassigned ones become U+FFFD; other spaces become a space; more than
    `MARKS_IN_A_ROW` combining marks on one letter are dropped.
    """
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + ELLIPSIS
    if text.isprintable() and text.isascii():
        return text
    return "".join(_characters(text))


def _characters(text: str) -> list[str]:
    shown: list[str] = []
    marks = 0
    for character in text:
        code = ord(character)
        if code < _SPACE:
            shown.append(chr(_CONTROL_PICTURES + code))
            marks = 0
            continue
        if code < _DELETE:
            shown.append(character)
            marks = 0
            continue
        category = unicodedata.category(character)
        if category in _MARKS:
            marks += 1
            if marks <= MARKS_IN_A_ROW and character not in _VARIATION_SELECTORS:
                shown.append(character)
            continue
        marks = 0
        if code == _DELETE:
            shown.append(_DELETE_PICTURE)
        elif category in _REFUSED or character in _BLANK_LETTERS:
            shown.append(REPLACEMENT)
        elif category == "Zs":
            shown.append(" ")
        else:
            shown.append(character)
    return shown
