"""Matching text the way SQLite's LIKE does, so that a query gives one answer in the store and in memory.

ASCII letters match in either case, all other characters exactly. As in SQLite, a text ends at its first NUL (Rex's ids
and types may hold one, its payloads can't), and U+FFFD, U+FFFE and U+FFFF are one character.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import product
from typing import Final

from msgspec import Struct

ESCAPE: Final = "~"
LIKE: Final = f"LIKE ? ESCAPE '{ESCAPE}'"
HAS_ESCAPE: Final = r"LIKE '%\%'"
"""What a payload has in which JSON's escapes stand, found at the speed of memory."""
_NONCHARACTERS: Final = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})
_HTML: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def folded(text: str) -> bytes:
    """Give a text as it is compared: ASCII letters small, everything else as it is."""
    return text.encode("utf-8", "surrogatepass").lower()


def seen(text: str) -> str:
    """Give what SQLite's text functions see of a text: what stands before its first NUL."""
    return text.partition("\0")[0] if "\0" in text else text


def searched(text: str) -> bytes:
    """Give an event's id, type or payload as words are looked for in it."""
    return folded(seen(text).translate(_NONCHARACTERS) if not text.isascii() else seen(text))


class Glob(Struct, frozen=True):
    """A text with gaps: its pieces in order, anything between them. One piece must be the whole text."""

    pieces: tuple[str, ...]

    def like(self) -> str:
        """Give the pattern for `LIKE`, which is 12 bytes a character at most."""
        return "%".join(
            piece.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_")
            for piece in self.pieces
        )

    def for_searched(self) -> tuple[bytes, ...]:
        """Give the pieces as `fits` takes them, for what `searched` gave."""
        return _for_searched(self.pieces)

    def for_folded(self) -> tuple[bytes, ...]:
        """Give the pieces as `fits` takes them, for what `folded` gave."""
        return _for_folded(self.pieces)

    def longest(self) -> str:
        """Give the longest piece, which stands in every text that matches."""
        return max(self.pieces, key=len)


@lru_cache(maxsize=1024)
def _for_searched(pieces: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(folded(piece.translate(_NONCHARACTERS)) for piece in pieces)


@lru_cache(maxsize=1024)
def _for_folded(pieces: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(map(folded, pieces))


def fits(pieces: tuple[bytes, ...], text: bytes) -> bool:
    """Tell whether the pieces stand in a text, in order, the first at its start and the last at its end."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return text == first
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in pieces[1:-1]:
        place = text.find(piece, place, end)
        if place < 0:
            return False
        place += len(piece)
    return True


@lru_cache(maxsize=256)
def spellings(word: str) -> tuple[str, ...]:
    r"""Give the ways in which a payload may write a word: as typed, and as JSON writers escape it.

    Those escape `"` and `\` and control characters always, and some of them `/` as `\/`, all that is not ASCII as
    `\u00e9`, or `<`, `>` and `&` as `\u003c`; each of these three either throughout or not at all.
    """
    found = {word: None}
    for ascii_only, slashes, html in product((False, True), repeat=3):
        spelled = json.dumps(word, ensure_ascii=ascii_only)[1:-1]
        spelled = spelled.replace("/", "\\/") if slashes else spelled
        found[spelled.translate(_HTML) if html else spelled] = None
    return tuple(found)


def plain(piece: str) -> bool:
    r"""Tell whether JSON escapes a text in no other way than with `\u`."""
    return not any(character in '"\\/' or character < " " for character in piece)
