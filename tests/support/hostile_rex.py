"""A Rex whose every text means harm: ids, types, times, payloads, cursors, error messages, redirects."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

from support.other_rex import OtherRex

Say = Callable[[str, str], str]
"""Gives the text for the corpus' string of a name in a place."""
ID_MAX: Final = 500
TYPE_MAX: Final = 250
ERRORS: Final = (401, 403, 400, 500)


def json_text(value: object) -> str:
    """Give JSON with as little escaped as can be sent."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def is_text(text: str) -> bool:
    """Tell whether it can be an id, a type or a cursor: half surrogate pairs can't."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def hostile_event(name: str, say: Say, *, earlier: bool = False) -> str:
    """Give an event with a string of the corpus in every place; long ones are long in one place only.

    The `earlier` one is about the same entity, with other values.
    """

    def here(place: str, longest: int = TYPE_MAX) -> str:
        said = say(name, place)[:longest]
        return said if is_text(said) else said[:4]

    payload = {
        "name": say(name, "u") if earlier else say(name, "v"),
        say(name, "k")[:TYPE_MAX]: 0 if earlier else 1,
        "list": [{"deep": say(name, "n")[:ID_MAX]}],
        "id": say(name, "a")[:ID_MAX],
    }
    return json_text(
        {
            "id": here("j" if earlier else "i", ID_MAX),
            "type": here("t"),
            "occurred_at": here("o"),
            "data": payload,
            "note": here("x"),
        }
    )


def can_be_header(text: str) -> bool:
    """Tell whether HTTP carries it in a header: an answer with a control character there is no answer to the client."""
    return not any(character < " " or character == "\x7f" for character in text)


class HostileRex(OtherRex):
    """Serves one event a string, with a cursor that can be set, or an error made of a string."""

    def __init__(self, names: Sequence[str], say: Say, *, aside: bool = False) -> None:
        """Serve strings of these names; with `aside` also as lists, set aside, and each event twice."""
        lists = [json_text([say(name, "q")]) for name in names if aside]
        events = [
            hostile_event(name, say, earlier=one) for name in names for one in ([True, False] if aside else [False])
        ]
        super().__init__([*lists, *events])
        self.say = say
        self.cursor = "c0"
        self.fresh: list[str] = []
        """What has happened since the first page."""

    def page(self, query: dict[str, list[str]]) -> bytes:
        events = ",".join(self.fresh if "cursor" in query else self.events)
        return f'{{"data": [{events}], "has_more": false, "next_cursor": {json_text(self.cursor)}}}'.encode()

    def fail(self, name: str, status: int) -> None:
        """Answer with this error from now on, and with a string of the corpus in all of its parts."""
        said = self.say(name, "e")
        self.status, self.headers = status, {}
        self.body = json_text({"error": {"code": said} if len(name) % 2 else {"message": said}}).encode()
        if status == 429:
            self.headers = {"Retry-After": "1"}
        if status == 302:
            self.headers = {"Location": f"http://{said[:TYPE_MAX].encode('utf-8', 'replace').decode('latin-1')}/"}

    def heal(self) -> None:
        """Answer with pages again."""
        self.status, self.body, self.headers = 200, None, {}
