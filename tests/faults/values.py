"""Faults inside payloads: every kind of JSON, and what only looks like it."""

from __future__ import annotations

import json
from typing import Final

from faults.case import Case, Entry, Group, Row, between, entry, odd
from support.fault_kinds import with_event

MEGABYTE: Final = 2**20
HOSTILE: Final = "\x1b]52;c;aGFja2Vk\x07\x1b[2J\x9b31m\u202eevil [/red][@click=app.quit]x[/]\x00\x7f\u200b\r\n"


def log(id_: str, *odds: Entry, set_aside: int = 0) -> Case:
    """Give a case whose log has these entries between sound ones, on one page."""
    return Case(id_, "CaughtUp", 6, log=between(*odds), set_aside=set_aside, page_max=200)


def poisoned(data: bytes) -> Entry:
    """Give an entry that is set aside because of its payload."""
    return odd(b'{"id": "evt_x", "type": "t", "occurred_at": "x", "data": %b}' % data)


KINDS: Final = Row(
    "sends a list, a text, a number, true or null as payload",
    "keeps it as it is",
    (
        log(
            "each kind of payload",
            *(
                entry(10 + number, text)
                for number, text in enumerate(
                    ("{}", "[]", '["a", {"b": null}]', '"text"', "17", "-0.0", "true", "false", "null", "[ 1 ,  2 ]")
                )
            ),
        ),
    ),
)

NUMBERS: Final = Row(
    "sends numbers like 2^70, 1e400 or 0.10",
    "keeps every digit",
    (
        log(
            "numbers beyond measure",
            entry(11, f'{{"value": {2**70}}}'),
            entry(12, '{"value": 1e400, "less": -1E-400}'),
            entry(13, '{"value": 0.10, "long": ' + "9" * 4_000 + "}"),
        ),
    ),
)

NO_JSON: Final = Row(
    "sends NaN, Infinity or broken text inside one event",
    "sets that event aside verbatim, keeps the page",
    (
        log(
            "what is no JSON",
            poisoned(b'{"value": NaN}'),
            poisoned(b'{"value": -Infinity}'),
            poisoned(b'"\xff\xfe"'),
            poisoned(b'"line\nbreak"'),
            poisoned(b"{'single': 1}"),
            poisoned(b"01"),
            set_aside=6,
        ),
    ),
)

DEEP: Final = Row(
    "nests a payload 20,000 deep",
    "sets that event aside, keeps the page",
    (
        log("nested too deeply", poisoned(b"[" * 20_000 + b"]" * 20_000), set_aside=1),
        log("nested deeply", entry(11, "[" * 100 + "]" * 100)),
    ),
)

SURROGATES: Final = Row(
    "sends half a surrogate pair",
    "keeps it in a payload; sets it aside in an id or a type",
    (
        log(
            "surrogates in a payload",
            entry(11, r'{"name": "\ud83d"}'),
            entry(12, r'"\udc00\ud800"'),
        ),
        log(
            "surrogates in an id or type",
            odd(rb'{"id": "evt_\ud800", "type": "t", "occurred_at": "x", "data": 1}'),
            odd(rb'{"id": "evt_x", "type": "\udfff", "occurred_at": "x", "data": 1}'),
            set_aside=2,
        ),
    ),
)

TEXT: Final = Row(
    "sends escape sequences, bidirectional and zero-width characters, markup",
    "keeps them verbatim, shows them as visible signs",
    (
        log(
            "hostile text",
            entry(11, json.dumps({HOSTILE: HOSTILE})),
            entry(12, json.dumps({"n": "A\u0301" * 300, "key\u2028": "\u2029"}, ensure_ascii=False)),
            entry(13, json.dumps(HOSTILE), id_=HOSTILE, at=HOSTILE),
        ),
    ),
)

LARGE: Final = Row(
    "sends a payload of 20 MB",
    "keeps it verbatim; the list stays quick, since a large payload is read only when looked at",
    (log("a payload of 20 MB", entry(11, json.dumps({"note": "x" * (20 * MEGABYTE)}))),),
)

TOO_LARGE: Final = Row(
    "has more than 32 MB of payloads on a page",
    "asks for fewer events at a time; for one event above that it stops, and says so",
    (
        Case(
            "a page too large",
            "Retrying, CatchingUp, CaughtUp",
            30,
            log=tuple(entry(number, json.dumps("x" * 30_000)) for number in range(1, 61)),
            page_max=200,
            body_max=MEGABYTE,
            words="larger than 1 MiB",
        ),
        Case(
            "an event too large",
            "Retrying, Stopped contract, Connecting, CatchingUp, CaughtUp",
            3,
            (with_event(entry(7, json.dumps("x" * MEGABYTE)).raw),),
            body_max=MEGABYTE,
            user="poll_now",
            words="larger than 1 MiB",
        ),
    ),
)

GROUP: Final = Group("Payloads", (KINDS, NUMBERS, NO_JSON, DEEP, SURROGATES, TEXT, LARGE, TOO_LARGE))
