"""The one door by which text from outside comes near a terminal.

Anyone on the internet can write into a CRM's events through a public form. Terminals obey escape sequences wherever
they stand, and neither Textual nor Rich takes them out of data, so every foreign string passes `clean` first and is
then wrapped in a `Content` or `Text` object, never in markup. What comes out is also as wide in every terminal as
Textual reckons, so that nothing in a payload can push a column or a border aside.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

TEXT_LIMIT: Final = 4096
MARKS_IN_A_ROW: Final = 4
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS: Final = "…"

_PICTURES: Final = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {"\x7f": "\N{SYMBOL FOR DELETE}"}
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DEPENDS: Final = ""
_BASE: Final = "\N{DOTTED CIRCLE}"
_VIRAMA: Final = 9
"""The combining class of marks that take a letter's own vowel away."""
_REPLACED_ONE_BY_ONE: Final = 64
_KNOWN_MAX: Final = 16_384


def _characters(*spans: str) -> frozenset[str]:
    """Give the characters of spans like "az", both ends included."""
    return frozenset(chr(code) for span in spans for code in range(ord(span[0]), ord(span[-1]) + 1))


# They paint nothing, so that two different strings would look the same.
_BLANK: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\U00013441\U00013442\U00016fe4\U0001d159"
)
# They change the width of the character before them in some terminals and not in others.
_VARIATION_SELECTORS: Final = _characters("\ufe00\ufe0f", "\U000e0100\U000e01ef")
# Terminals and the tables they are made from do not agree on the widths of these: jamo that join the syllable before
# them, marks that became wide with Unicode 16, letters that stand before or behind others, skin tones, keycaps.
_UNSURE_WIDTH: Final = frozenset(
    "\u0d4e\u17a4\u17d8\u20e3\ua8fa\U0001171e\U000111c2\U000111c3\U0001193f\U00011941\U00011a3a\U00011d46"
    "\U0001f93b\U0001f946"
) | _characters(
    "\u1160\u11ff",
    "\u2630\u2637",
    "\u268a\u268f",
    "\u4dc0\u4dff",
    "\ud7b0\ud7ff",
    "\U00011a84\U00011a89",
    "\U0001d300\U0001d356",
    "\U0001d360\U0001d376",
    "\U0001f3fb\U0001f3ff",
)
# The same sign with a width that is the same everywhere: letters for the halves of flags, sound marks that stand alone.
_TWINS: Final = {chr(0x1F1E6 + number): chr(ord("A") + number) for number in range(26)} | {
    "\N{HALFWIDTH KATAKANA VOICED SOUND MARK}": "\N{KATAKANA-HIRAGANA VOICED SOUND MARK}",
    "\N{HALFWIDTH KATAKANA SEMI-VOICED SOUND MARK}": "\N{KATAKANA-HIRAGANA SEMI-VOICED SOUND MARK}",
}
_SPLIT_SYLLABLE: Final = re.compile("[\u1100-\u1112\uac00-\ud7a3][\u1161-\u1175\u11a8-\u11c2]+")
_OBEYED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_FORMULA_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER: Final = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?")

# Characters that were looked at before and stay as they are, so that most texts are passed at one glance.
_known_as_plain: Final = set(map(chr, range(0x20, 0x7F)))


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """Give `text` as it may be shown: one line, printable, at most `limit` characters (a cut ends in an ellipsis).

    Control characters become their visible pictures (ESC is ␛, a new line is ␊); C1, format and bidirectional
    characters, surrogates, private, unassigned and blank ones and those that have another width in another terminal
    become U+FFFD or a twin of a sure width; other spaces become a space; variation selectors and more than
    `MARKS_IN_A_ROW` combining marks on one letter are dropped. What is clean stays as it is.
    """
    text = _cut(text, limit)
    if text.isascii():
        return text if text.isprintable() else _with_pictures(text)
    if _known_as_plain.issuperset(text):
        return text
    return _cut(_cleaned(text), limit)


def csv_cell(text: str) -> str:
    """Give `text` as a cell of a table that a spreadsheet will open: without control characters, never a formula.

    What begins like one gets an apostrophe in front; numbers stay numbers.
    """
    shown = _OBEYED.sub(lambda found: _PICTURES.get(found[0], REPLACEMENT), text)
    begins_formula = text.lstrip(" ").startswith(_FORMULA_BEGINS) and not _NUMBER.fullmatch(text)
    return f"'{shown}" if begins_formula else shown


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + ELLIPSIS


def _with_pictures(text: str) -> str:
    for control, picture in _PICTURES.items():
        if control in text:
            text = text.replace(control, picture)
    return text


def _cleaned(text: str) -> str:
    """Replace the kinds of characters that `text` has, each all at once, and look only at marks one by one."""
    text = _SPLIT_SYLLABLE.sub(lambda syllable: unicodedata.normalize("NFC", syllable[0]), text)
    changed: dict[str, str] = {}
    marks: set[str] = set()
    for kind in set(text).difference(_known_as_plain):
        shown = _shown(kind)
        if shown == _DEPENDS:
            marks.add(kind)
        elif shown != kind:
            changed[kind] = shown
        elif len(_known_as_plain) < _KNOWN_MAX:
            _known_as_plain.add(kind)
    if len(changed) > _REPLACED_ONE_BY_ONE:
        text = text.translate({ord(kind): shown for kind, shown in changed.items()})
    else:
        for kind, shown in changed.items():
            text = text.replace(kind, shown)
    return _runs_of("".join(sorted(marks))).sub(_placed, text) if marks else text


def _shown(character: str) -> str:
    """Give what a character is shown as; `_DEPENDS` for a mark, which depends on what it stands on."""
    if character in _PICTURES:
        return _PICTURES[character]
    category = unicodedata.category(character)
    if category in _REFUSED or character in _BLANK or character in _UNSURE_WIDTH:
        return REPLACEMENT
    if category in ("Mn", "Me"):
        return _DEPENDS
    if category == "Mc":
        return _letter_of(character)
    return " " if category == "Zs" else _TWINS.get(character, character)


def _letter_of(sign: str) -> str:
    """Give the letter for a vowel sign, which takes a cell in some terminals and none in others."""
    name = unicodedata.name(sign).replace("VOWEL SIGN", "LETTER")
    try:
        letter = unicodedata.lookup(name)
    except KeyError:
        return REPLACEMENT
    return letter if unicodedata.category(letter) == "Lo" else REPLACEMENT


@lru_cache(64)
def _runs_of(marks: str) -> re.Pattern[str]:
    """Give what finds the runs of marks to look into: with ordinary accents alone, the long ones and the first."""
    if any(mark in _VARIATION_SELECTORS or unicodedata.combining(mark) == _VIRAMA for mark in marks):
        return re.compile(f"[{marks}]+")
    return re.compile(rf"\A[{marks}]+|[{marks}]{{{MARKS_IN_A_ROW + 1},}}")


def _placed(run: re.Match[str]) -> str:
    """Keep those of a run of marks that are readable and stay in the cell of the character before them."""
    before = run.string[max(run.start() - 1, 0) : run.start()]
    after = run.string[run.end() : run.end() + 1]
    shown, above = "", 0
    for place, mark in enumerate(run[0], 1):
        if not before:
            before, shown = REPLACEMENT, REPLACEMENT
        elif above < MARKS_IN_A_ROW and mark not in _VARIATION_SELECTORS:
            kept = mark
            if unicodedata.combining(mark) == _VIRAMA:
                kept = _virama(mark, shown[-1:] or before, run[0][place : place + 1] or after)
            above = 0 if kept == REPLACEMENT else 1 if len(kept) > 1 else above + 1
            shown += kept
    return shown


def _virama(mark: str, before: str, after: str) -> str:
    """Give a mark that makes some terminals draw the next letter into the last one's cells a sign of its own."""
    if after.isascii() or after == ELLIPSIS:
        return mark
    if unicodedata.category(after)[0] == "M" or unicodedata.east_asian_width(after) in "WF":
        return REPLACEMENT
    return mark if before == _BASE else _BASE + mark
