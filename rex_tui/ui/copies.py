"""What can be copied of an event, each as the very text that goes to the clipboard."""

from __future__ import annotations

import re
import shlex
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from msgspec import Struct

from rex_tui.api_key import KEY_VARIABLE
from rex_tui.event import Asked, Event
from rex_tui.query.language import escaped
from rex_tui.safe_text import clean

PAGE_LIMIT: Final = 200
NAMED: Final = 60
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NO_COMMAND: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Copy(Struct, frozen=True):
    """One thing to copy: its key, its name, the text, and a line about it. Without a text the line says why not."""

    key: str
    name: str
    text: str | None
    about: str = ""


class Place(Struct, frozen=True):
    """Where the cursor stands in a payload: the path, and the value as text."""

    path: str
    text: str


class Seen(Struct, frozen=True):
    """What is known around an event: Rex's address, our place in its log, the page that the event came from.

    And the store's file, what is asked for or, in a lens, about whom, and the words that open the screen again, where
    all may be `made_anew` then, with other ids.
    `base_url` and `store` are "" where the events come from a file. `masked` says that the event is.
    """

    base_url: str
    cursor: str | None
    store: str
    where: str
    about: str = ""
    again: tuple[str, ...] = ()
    made_anew: bool = False
    page: Asked | None = None
    masked: bool = False


def copies_of(event: Event, place: Place | None, seen: Seen) -> list[Copy]:
    """Give all that can be copied, in the order in which a menu lists it."""
    nothing = "go to a line of the payload first"
    truth = "masked, as on the screen" if seen.masked else "byte for byte as Rex sent it"
    return [
        Copy("y", "the event as JSON", event.json_line()),
        Copy("d", "its data", event.data, truth),
        Copy("v", "the value under the cursor", None if place is None else harmless(place.text), nothing),
        Copy("p", "the path of that value", (None if place is None else harmless(place.path)) or None, nothing),
        Copy("i", "the event's id", harmless(event.id)),
        _curl(event, seen),
        _again(seen),
        _export(seen),
        Copy("c", "the cursor", seen.cursor, "our place in Rex's log: what comes after all that is stored"),
    ]


def harmless(text: str) -> str:
    """Give a text without the characters by which a paste could do more than insert it; line breaks and tabs stay."""
    return _CONTROLS.sub("", text)


def _curl(event: Event, seen: Seen) -> Copy:
    name = "a curl command"
    if urlsplit(seen.base_url).scheme not in ("http", "https"):
        return Copy("u", name, None, "there is no Rex to ask: these events come from a file")
    wanted: dict[str, str | int]
    if seen.page is None:
        wanted = {"limit": PAGE_LIMIT, "type": event.type}
        about = f"fetches the first {PAGE_LIMIT} of {clean(event.type, NAMED)}; from which page it came is not known"
    else:
        wanted = {"limit": seen.page.limit} | ({} if seen.page.cursor is None else {"cursor": seen.page.cursor})
        about = f"fetches the page of {seen.page.limit} it came from"
    query = urlencode(wanted, quote_via=quote, safe="", errors="replace")
    header = f'"X-Api-Key: ${KEY_VARIABLE}"'
    return _command(Copy("u", name, f"curl -sS -H {header} {shlex.quote(f'{seen.base_url}/events?{query}')}", about))


def _again(seen: Seen) -> Copy:
    name = "a rex-tui command"
    if not seen.again:
        return Copy("r", name, None, "what came through a pipe can't be opened again")
    if seen.about and seen.made_anew:
        return Copy("r", name, None, "a demo is made anew at each start, with other ids")
    words = [*seen.again]
    if seen.about:
        words += ["--about", seen.about]
    elif seen.where:
        words += ["--where", seen.where]
    words += ["--masked"] * seen.masked
    return _command(Copy("r", name, shlex.join(words), f"opens this {'story' if seen.about else 'view'} again"))


def _export(seen: Seen) -> Copy:
    name = "an export command"
    if not seen.store:
        return Copy("e", name, None, "what a file holds is in no store")
    where = f'"{escaped(seen.about)}"' if seen.about else seen.where
    words = ["rex-tui", "export", "--store", seen.store, *(["--where", where] if where else [])]
    words += ["--masked"] * seen.masked
    which = "that have this id in them" if seen.about else "of this view"
    return _command(Copy("e", name, shlex.join(words), f"writes the events {which}, without asking Rex"))


def _command(copy: Copy) -> Copy:
    """Give a shell command only where nothing in it could leave its line."""
    if copy.text is not None and _NO_COMMAND.search(copy.text):
        return Copy(copy.key, copy.name, None, "it would have control characters in it, which no shell should get")
    return copy
