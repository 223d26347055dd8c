"""Every sign outside ASCII that we draw, with what stands for it where a terminal can't show it: one cell for one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Signs: TypeAlias = Literal["unicode", "console", "ascii"]
"""Which signs are drawn: all, those that the fonts of Linux consoles have, or ASCII alone."""

UNWRITABLE: Final = "?"
_PAIRS: Final = (
    "●* ■# ◆$ ▲^ ≡= ↓v ○o ↻@ ◷@ ‖= ◇o ✕X "  # resources, and what the feed is doing
    "▌| •* ★* ⇣v ±+ ›> »} ✓x ≈~ ‹< "  # noqa: RUF001 - marks, for people
    "→> ←< ↑^ ↔- ▼v ▾v ▶> ◀< ⇧^ ⏎< ⌫< "  # arrows and keys
    "·- …~ –- —- “\" ”\" ‘' ’'"  # noqa: RUF001 - texts, for people
)
_OURS: Final = {
    **{pair[0]: pair[1] for pair in _PAIRS.split()},
    "\N{NO-BREAK SPACE}": " ",
    "\N{REPLACEMENT CHARACTER}": UNWRITABLE,
    "\N{RIGHT-POINTING MAGNIFYING GLASS}": "/ ",
}
_BARS: Final = dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True))
"""Bars of eight heights, by how much ink each has."""
_EDGES: Final = {"▀": "-", "▔": "-", **dict.fromkeys("▉▊▋▍▎▏▐▕▖▗▘▝▙▛▜▟▞▚", "|")}
_LINES: Final = dict.fromkeys("─━┄┅┈┉╌╍═╴╶╸╺╼╾", "-") | dict.fromkeys("│┃┆┇┊┋╎╏║╵╷╹╻╽╿", "|")
_CORNERS: Final = {chr(code): "+" for code in range(0x2500, 0x2580) if chr(code) not in _LINES}
_PICTURES: Final = {chr(code): UNWRITABLE for code in range(0x2400, 0x2427)}
"""Those of control characters, which foreign texts are made clean with."""

IN_ASCII: Final[Mapping[int, str]] = MappingProxyType(
    str.maketrans({**_CORNERS, **_LINES, **_EDGES, **_BARS, **_PICTURES, **_OURS})
)
"""What stands for a sign in ASCII, as `str.translate` takes it."""
CONSOLE_HAS: Final = "●■▲▼≡↓→←↑↔·…–—•‹›»≈±▶◀“”‘’█─━│┃┌┐└┘├┤┬┴┼╌╍╎╏═║╔╗╚╝╭╮╯╰╴╵╶╷╸╹╺╻"  # noqa: RUF001 - people's signs
"""Those of ours that consoles have. Source: Debian's console-setup, the fonts Lat15-Fixed16, -Terminus16 and -VGA16."""
IN_CONSOLE: Final[Mapping[int, str]] = MappingProxyType(
    {code: sign for code, sign in IN_ASCII.items() if chr(code) not in CONSOLE_HAS}
)
TABLES: Final[Mapping[Signs, Mapping[int, str]]] = MappingProxyType(
    {"unicode": MappingProxyType({}), "console": IN_CONSOLE, "ascii": IN_ASCII}
)


def written(text: str, signs: Signs, encoding: str) -> str:
    """Give a text in these signs; what the encoding of the terminal does not have becomes `?`, "" having all."""
    if text.isascii():
        return text
    text = text.translate(TABLES[signs])
    return text if not encoding or text.isascii() else "".join([_writable(character, encoding) for character in text])


@lru_cache(4_096)
def _writable(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        from unicodedata import east_asian_width  # noqa: PLC0415 - few terminals need it, and no command without one

        return UNWRITABLE * (2 if east_asian_width(character) in "WF" else 1)
    return character


def is_utf8(encoding: str) -> bool:
    """Tell whether an encoding can write everything, being UTF-8, by whichever of its names."""
    return encoding.lower().replace("-", "").replace("_", "") in ("utf8", "cp65001")
