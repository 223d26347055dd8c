"""Names of people and companies as a CRM really holds them: from many countries, and some that are awkward."""

from __future__ import annotations

import re
import unicodedata
from random import Random
from typing import Final

from msgspec import Struct

# Given names, then family names; "shown|spelt in ASCII" where the two differ by more than accents.
_PEOPLE: Final = (
    (
        "James Olivia Marcus Grace Ethan Naomi Caleb Harriet Simone Desmond Priscilla Walter",
        "Whitfield Okafor Brennan Castellano Hargrove Lindqvist-Moore Pruitt Abernathy Delacroix Sutton O'Hara Vance",
    ),
    (
        "Chloé Théo Aurélie François Noémie Gaëlle Rémi Hélène Benoît Léa",
        "Lefèvre Dubois Bérenger Marchand Carpentier Besançon Giraud Rousselot",
    ),
    ("Søren Freja Bjørn Åse Øyvind Kåre Sigrid Mårten", "Østergård Kjær Håkonsen Brændstrup Åkesson Mjøs Sørlie Lund"),
    (
        "Íñigo Begoña Martín Lucía Joaquín Inés Álvaro Ximena",
        "Ibáñez Núñez Zúñiga Cañas Peñalver Ordóñez Muñiz Herrera",
    ),
    (
        "Jürgen Käthe Anselm Heike Günter Friederike Björn Ulrike",
        "Weiß Schröder Böttcher Krämer Vogt Hügel Jäger Dörfler",
    ),
    (
        "健太|kenta さくら|sakura 陽子|yoko 大輔|daisuke 美咲|misaki 翔|sho",
        "山本|yamamoto 渡辺|watanabe 小林|kobayashi 中村|nakamura 藤原|fujiwara",
    ),
    ("민준|minjun 서연|seoyeon 지훈|jihoon 하은|haeun", "김|kim 박|park 최|choi 정|jung"),
    ("Łukasz Agnieszka Zdzisław Małgorzata Paweł Żaneta", "Wójcik Dąbrowska Żuraw Kołodziej Szczęsny Grabowski"),
    ("Priya Arjun Ananya Vikram Meera Rohan", "Raghunathan Chatterjee Iyer Deshpande Kulkarni Bose"),
    ("Amara Kwame Ngozi Tendai Zanele Chidi", "Adeyemi Mensah Nwosu Moyo Dlamini Boateng"),
    ("João Conceição Thaís Antônio Inês Luís", "Magalhães Araújo Conceição Simões Brandão Leitão"),
    ("Đặng|dang Thảo|thao Quỳnh|quynh Minh Hương|huong", "Nguyễn|nguyen Trần|tran Phạm|pham Võ|vo"),
)
_WEIGHTS: Final = (30, 10, 9, 8, 9, 7, 3, 6, 7, 5, 5, 3)

_COMPANY_FIRST: Final = (
    "Nordlys Bluefin Copperline Marisol Quillstone Tamarack Vega Brightwater Kestrel Ostrava Silverbirch Lumen Halcyon "
    "Meridian Juniper Calder Pinyon Saffron Aldermoor Fjordline Terrazul Ironbark Petrichor Wexford Zephyr Cobalt "
    "Marlowe Sundial Harrow Ember Larkspur Tidewater Granite Monarch Cirrus Beacon Solstice Redwood Æther Östra Höhe "
    "Niño São-Bento Crème 明星 桜井"
)
_COMPANY_SECOND: Final = (
    "Logistics Robotics Analytics Foods Textiles Energy Dental Instruments Media Freight Optics Software Interiors "
    "Biotech Insurance Coffee Marine Plastics Studio Partners Architects Print Security Bikes Travel"
)
_COMPANY_LEGAL: Final = ("", "", "", " Inc.", " Ltd", " GmbH", " AS", " S.A.", " K.K.", " & Co.", " B.V.", " SpA")
_AWKWARD_COMPANIES: Final = (
    "[ACME] Ltd",
    'Bäckerei "Zum Löwen" GmbH',
    "Brandt [closed, see Brandt Nordic]",
    "AT/&;T Signs, Inc.",
    "100% Wool",
)
_AWKWARD_EVERY: Final = 90
_AWKWARD_FIRST: Final = 6

# What people who try a public form for holes put into the field for the name. The clipboard text says "hello".
_HOSTILE_NAMES: Final = (
    "\u001b]52;c;aGVsbG8=\u0007Robert",
    "[/red]Bobby[@click=app.quit]Tables[/]",
    "\u001b[2J\u001b[31mAdmin\u202egnp.exe",
    "\u001b]0;owned\u001b\\Eve\u200b\u200bPayload",
)
_HOSTILE_EVERY: Final = 400
_HOSTILE_FIRST: Final = 37

_FREE_DOMAINS: Final = ("example.com", "example.org", "example.net")
INDUSTRIES: Final = ("logistics", "manufacturing", "software", "retail", "health", "energy", "media", "finance")
_PLACES: Final = (
    ("Oslo", "NO", "Europe/Oslo"),
    ("Lyon", "FR", "Europe/Paris"),
    ("København", "DK", "Europe/Copenhagen"),
    ("Málaga", "ES", "Europe/Madrid"),
    ("Köln", "DE", "Europe/Berlin"),
    ("大阪市", "JP", "Asia/Tokyo"),
    ("Kraków", "PL", "Europe/Warsaw"),
    ("Leeds", "GB", "Europe/London"),
    ("São Paulo", "BR", "America/Sao_Paulo"),
    ("Austin", "US", "America/Chicago"),
    ("Chicago", "US", "America/Chicago"),
    ("Portland", "US", "America/Los_Angeles"),
    ("Boston", "US", "America/New_York"),
)
COORDINATES: Final = {
    "Oslo": (59.9139, 10.7522),
    "Lyon": (45.764, 4.8357),
    "København": (55.6761, 12.5683),
    "Málaga": (36.7213, -4.4214),
    "Köln": (50.9375, 6.9603),
    "大阪市": (34.6937, 135.5023),
    "Kraków": (50.0647, 19.945),
    "Leeds": (53.8008, -1.5491),
    "São Paulo": (-23.5505, -46.6333),
    "Austin": (30.2672, -97.7431),
    "Chicago": (41.8781, -87.6298),
    "Portland": (45.5152, -122.6784),
    "Boston": (42.3601, -71.0589),
}
"""Latitude and longitude of each city that companies are in, in degrees."""

_TITLES: Final = (
    "Head of Operations",
    "Procurement Manager",
    "Chief Financial Officer",
    "IT Director",
    "Office Manager",
    "Founder",
    "VP Sales",
    "Marketing Lead",
    "Plant Manager",
    "Directrice générale",
    "営業部長",
)
_ASCII: Final = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "đ": "d"})


class Person(Struct, frozen=True):
    """A person's name as shown, and the part of an e-mail address before the @."""

    name: str
    mailbox: str
    hostile: bool = False


class Firm(Struct, frozen=True):
    """A company's name, its domain (always under `.example`), industry and place (city, country, time zone)."""

    name: str
    domain: str
    industry: str
    place: tuple[str, str, str]


class Names:
    """A source of names that is the same for the same random numbers; mailboxes and domains never repeat."""

    __slots__ = ("_domains", "_emails", "_firms", "_people", "_rng")

    def __init__(self, rng: Random) -> None:
        """Take the random numbers from `rng`."""
        self._rng = rng
        self._people = 0
        self._firms = 0
        self._emails: dict[str, int] = {}
        self._domains: dict[str, int] = {}

    def person(self) -> Person:
        """Give a person; `hostile` is set for the rare one who came by a web form to do harm."""
        self._people += 1
        if self._people % _HOSTILE_EVERY == _HOSTILE_FIRST:
            turn = self._people // _HOSTILE_EVERY
            return Person(_HOSTILE_NAMES[turn % len(_HOSTILE_NAMES)], f"visitor{turn}", hostile=True)
        given, family = self._rng.choices(_SPELT_PEOPLE, _WEIGHTS)[0]
        first, first_ascii = self._rng.choice(given)
        last, last_ascii = self._rng.choice(family)
        cjk = not first.isascii() and unicodedata.east_asian_width(first[0]) == "W"
        return Person(f"{last}{first}" if cjk else f"{first} {last}", f"{first_ascii}.{last_ascii}")

    def email(self, person: Person, domain: str | None) -> str:
        """Give an address that nobody had before, at `domain`, or at a public provider where it is None."""
        domain = domain or self._rng.choice(_FREE_DOMAINS)
        address = f"{person.mailbox}@{domain}"
        taken = self._emails[address] = self._emails.get(address, 0) + 1
        return address if taken == 1 else f"{person.mailbox}{taken}@{domain}"

    def firm(self) -> Firm:
        """Give a company; one in many has a name that is awkward to show."""
        self._firms += 1
        rng = self._rng
        place = rng.choice(_PLACES)
        if self._firms % _AWKWARD_EVERY == _AWKWARD_FIRST:
            name = _AWKWARD_COMPANIES[self._firms // _AWKWARD_EVERY % len(_AWKWARD_COMPANIES)]
            stem = ascii_slug(name)
        else:
            first, second = rng.choice(_FIRST_WORDS), rng.choice(_SECOND_WORDS)
            name = f"{first} {second}{rng.choice(_COMPANY_LEGAL)}"
            stem = ascii_slug(f"{first} {second}")
        taken = self._domains[stem] = self._domains.get(stem, 0) + 1
        if taken > 1:
            name, stem = f"{name} ({place[0]})", f"{stem}-{taken}"
        return Firm(name, f"{stem}.example", rng.choice(INDUSTRIES), place)

    def title(self) -> str:
        """Give a job title."""
        return self._rng.choice(_TITLES)

    def phone(self) -> str:
        """Give a telephone number from the range that is kept for fiction."""
        return f"+1-202-555-{self._rng.randrange(100, 200):04d}"


def ascii_slug(text: str) -> str:
    """Give `text` as lower-case ASCII words joined by hyphens: `Østra Foods` is `ostra-foods`."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_ASCII)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "company"


def _spelt(words: str) -> tuple[tuple[str, str], ...]:
    pairs = (word.partition("|") for word in words.split())
    return tuple((shown, spelt or ascii_slug(shown).replace("-", "")) for shown, _, spelt in pairs)


_SPELT_PEOPLE: Final = tuple((_spelt(given), _spelt(family)) for given, family in _PEOPLE)
_FIRST_WORDS: Final = tuple(_COMPANY_FIRST.split())
_SECOND_WORDS: Final = tuple(_COMPANY_SECOND.split())
