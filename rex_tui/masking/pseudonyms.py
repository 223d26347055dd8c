"""What stands for a hidden value: readable, the same for the same value, not to be guessed back without the salt."""

from __future__ import annotations

import hmac
import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal, TypeAlias

MASKED: Final = "•••"
"""What stands for every amount: one that could be told from another would tell too much."""
APART: Final = "\0"
DOMAIN: Final = "masked.example"
KNOWN_MAX: Final = 50_000
SHORT: Final = 200
"""Characters of a value whose pseudonym is kept in memory; longer ones are made again."""
NUMBERS: Final = 9_999
LABELS: Final = ("Person", "Company", "Deal", "Name", "Place", "Text")
Label: TypeAlias = Literal["Person", "Company", "Deal", "Name", "Place", "Text"]

_WORDS: Final = (
    "Acorn Agate Alder Amber Apple Arrow Aspen Aster Badger Bamboo Barley Basil Beacon Beaver Beech Birch Bison "
    "Bramble Brook Cactus Camel Canyon Carob Cedar Cherry Cirrus Clover Cobalt Comet Condor Copper Coral Cricket "
    "Crocus Curlew Cypress Dahlia Daisy Delta Dingo Dolphin Dove Dune Eagle Ebony Elder Elm Ember Falcon Fennel Fern "
    "Finch Fjord Flint Fox Garnet Gecko Ginger Glacier Goose Grove Harbor Hazel Hazelnut Heath Heather Heron Hickory "
    "Holly Hornet Ibex Indigo Iris Island Ivory Jackal Jaguar Jasmine Juniper Kelp Kestrel Koala Lagoon Larch Lark "
    "Laurel Lemon Lilac Linden Lotus Lupine Lynx Magpie Mango Maple Marble Marten Meadow Mesa Mimosa Mint Monsoon "
    "Moss Myrtle Nectar Nettle Nutmeg Oak Ocelot Olive Onyx Opal Orchid Osprey Otter Palm Panda Papaya Pebble Pelican "
    "Pepper Pine Plover Poplar Poppy Quail Quartz Quince Raven Reed Ripple Rowan "
)
WORDS: Final = tuple(_WORDS.split())
_WORD: Final = "|".join(WORDS)
_LOWER: Final = _WORD.lower()
_PSEUDONYM: Final = (
    rf"(?:{'|'.join(LABELS)}) (?:{_WORD}) \d{{1,4}}|Person|(?:{_WORD}) \d{{1,4}}|{MASKED}"
    rf"|(?:https://)?(?:{_LOWER})\d{{1,4}}[.@]masked\.example|\+00 \d{{3}} \d{{4}}"
)
_PARTLY: Final = (
    rf"(?:{'|'.join(LABELS)}) (?:{_WORD}) \d|{MASKED}|(?:{_LOWER})\d{{1,4}}[.@]masked\.example|\+00 \d{{3}} \d{{4}}"
)
_SEPARATORS: Final = re.compile(r"[\s,;]+")
_NO_DIGITS: Final = re.compile(r"\D+")


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Give a pattern as it is used; compiling these takes a hundredth of a start, and most starts mask nothing."""
    return re.compile(pattern)


def amount_told(text: str) -> str:
    """Give a text as people may see it, amounts no more told apart."""
    return MASKED if text.startswith(f"{MASKED}{APART}") else text


def is_pseudonym(text: str) -> bool:
    """Tell whether a text is one of ours as a whole, so that masking it again leaves it as it is."""
    return _compiled(_PSEUDONYM).fullmatch(text) is not None


def holds_pseudonym(text: str) -> bool:
    """Tell whether one of ours stands in a text."""
    return _compiled(_PARTLY).search(text) is not None or is_pseudonym(text)


class Pseudonyms:
    """Gives the pseudonym of a value under one salt; any thread may ask."""

    def __init__(self, salt: bytes) -> None:
        """Take the salt: whoever has it can check a guess, so it stays beside the log."""
        self._salt: Final = salt
        self._known = lru_cache(KNOWN_MAX)(self._number)

    def named(self, label: Label, text: str) -> str:
        """Give the pseudonym of a name or a text: `Person Kestrel 41`.

        The order of a name's words, their case and what stands between them do not matter, and neither does the label:
        a name is the same word and number wherever it stands.
        """
        if is_pseudonym(text):
            return text
        words = sorted(_SEPARATORS.split(folded(text)))
        number = self._of("name", " ".join(filter(None, words)))
        return f"{label} {WORDS[number % len(WORDS)]} {number // len(WORDS) % NUMBERS + 1}"

    def email(self, text: str) -> str:
        """Give the pseudonym of an e-mail address: `kestrel41@masked.example`."""
        return text if is_pseudonym(text) else f"{self._host('email', text)}@{DOMAIN}"

    def site(self, text: str) -> str:
        """Give the pseudonym of a domain, or of an address of the web: `kestrel41.masked.example`."""
        if is_pseudonym(text):
            return text
        scheme, found, rest = text.strip().partition("://")
        host = f"{self._host('site', rest if found else scheme)}.{DOMAIN}"
        return f"https://{host}" if found else host

    def phone(self, text: str) -> str:
        """Give the pseudonym of a telephone number: `+00 000 0041`. Only its digits matter, without zeros in front."""
        if is_pseudonym(text):
            return text
        number = self._of("phone", _NO_DIGITS.sub("", text).lstrip("0") or folded(text)) % 10_000_000
        return f"+00 {number // 10_000:03} {number % 10_000:04}"

    def amount_apart(self, text: str) -> str:
        """Give what stands for an amount where two must be told apart; `amount_told` gives what people see of it."""
        return f"{MASKED}{APART}{self._of('amount', text)}"

    def _host(self, kind: str, text: str) -> str:
        number = self._of(kind, folded(text))
        return f"{WORDS[number % len(WORDS)].lower()}{number // len(WORDS) % NUMBERS + 1}"

    def _of(self, kind: str, text: str) -> int:
        return (self._known if len(text) <= SHORT else self._number)(kind, text)

    def _number(self, kind: str, text: str) -> int:
        told = f"{kind}\0{text}".encode(errors="surrogatepass")
        return int.from_bytes(hmac.digest(self._salt, told, "sha256")[:8])


def folded(text: str) -> str:
    """Give a text without what people spell now so, now so: case, spaces at its ends or in a row, width."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
