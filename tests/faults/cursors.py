"""Faults of Rex's cursors and envelopes: where to go on, and whether there is more."""

from __future__ import annotations

from typing import Final

from faults.case import Case, Group, Row
from support import fault_kinds as kinds

STOPS: Final = "Retrying, Stopped contract, Connecting, CatchingUp, CaughtUp"
STALLS: Final = "CatchingUp, Retrying, CatchingUp, CaughtUp"
READS: Final = "CatchingUp, CaughtUp"
RETRIES_S: Final = 600.0
"""Ten minutes: with waits of 1, 2, 4 … 60 seconds that is 15 tries."""

AT_THE_END: Final = Row(
    "gives a null, empty, absent or repeated cursor when there is nothing more",
    "keeps the last real one; never starts over, never doubles",
    tuple(
        Case(f"{name} cursor at the end", READS, 8, (fault,))
        for name, fault in {
            "null": kinds.cursor("null", at_end=True),
            "empty": kinds.cursor('""', at_end=True),
            "absent": kinds.cursor(None, at_end=True),
            "repeated": kinds.repeated_cursor(at_end=True),
        }.items()
    ),
)

STUCK_WORDS: Final = "its cursor does not move on"

STUCK: Final = Row(
    "promises more, but gives a null, absent, repeated or circling cursor",
    "notices within one reading, says so, and asks again after 1, 2, 4 … 60 s",
    (
        Case(
            "null cursor with more",
            "Retrying, CatchingUp, CaughtUp",
            16,
            (kinds.cursor("null"),),
            hold_s=RETRIES_S,
            words=STUCK_WORDS,
        ),
        Case(
            "absent cursor with more",
            "Retrying, CatchingUp, CaughtUp",
            16,
            (kinds.cursor(None),),
            hold_s=RETRIES_S,
            words=STUCK_WORDS,
        ),
        Case(
            "repeated cursor with more",
            "CatchingUp, Retrying, CaughtUp",
            34,
            (kinds.repeated_cursor(at_end=True), kinds.more("true")),
            hold_s=RETRIES_S,
            words=STUCK_WORDS,
        ),
        Case(
            "circling cursors",
            STALLS,
            64,
            (kinds.cycling_cursor(),),
            hold_s=RETRIES_S,
            words=STUCK_WORDS,
        ),
    ),
)

EMPTY: Final = Row(
    "promises more, with a new cursor each time, but sends empty pages or the same page again and again",
    "notices, says so, and slows down as above",
    (
        Case("same page with more", STALLS, 34, (kinds.same_page(),), hold_s=RETRIES_S, words=STUCK_WORDS),
        Case("empty pages with more", STALLS, 80, (kinds.empty_with_more(),), hold_s=RETRIES_S, words=STUCK_WORDS),
    ),
)

ODD: Final = Row(
    "gives cursors with escape sequences, spaces, &, %, line breaks, emoji",
    "sends them back exactly, shows them cleaned",
    (Case("hostile cursor", READS, 8, (kinds.cursor_tail("\x1b]0;x\x07 &limit=1#%2e\r\nX-Evil: 1 🙂"),)),),
)

FRESH: Final = Row(
    "gives another cursor for the same place each time, or a number",
    "goes on with the newest, in Rex's own digits",
    (
        Case("new cursor each time", READS, 8, (kinds.new_cursor_each_time(),)),
        Case("cursor number", READS, 8, (kinds.number_cursor(),)),
    ),
)

NO_TEXT: Final = Row(
    "gives a cursor that is a list, an object or 20,000 characters long",
    "asks twice more, then stops and says that the format must have changed",
    tuple(
        Case(f"cursor {name}", STOPS, 3, (kinds.cursor(text),), user="poll_now")
        for name, text in {
            "list": "[2]",
            "object": '{"c": 2}',
            "too long": f'"c2{"x" * 20_000}"',
            "half a surrogate": r'"c2\ud800"',
        }.items()
    ),
)

REJECTED: Final = Row(
    "no longer accepts our cursor (400, 404, 409, 410, 422)",
    "stops, tells of a possible gap, and lets you choose: read again, which doubles nothing, or go on",
    tuple(
        Case(
            f"cursor rejected with {code}",
            "CaughtUp, Stopped cursor, Connecting, CatchingUp, CaughtUp",
            1,
            (kinds.status(code),),
            known=2,
            user="read_again",
        )
        for code in (400, 404, 409, 410, 422)
    ),
)

ENVELOPE: Final = Row(
    "uses the other documented envelope (`meta`), or both",
    "reads either",
    tuple(Case(f"envelope {name}", READS, 8, (kinds.form(name),)) for name in ("meta", "both")),
)

NOT_SAYING: Final = Row(
    "does not say whether there is more, or not as true or false",
    "never says “caught up”; asks twice more, then stops and says so",
    tuple(
        Case(f"has_more {name}", STOPS, 3, (kinds.more(text),), user="poll_now", words="format must have changed")
        for name, text in {"absent": None, "null": "null", "text": '"yes"', "number": "1"}.items()
    ),
)

NO_LIST: Final = Row(
    "answers JSON without a list of events",
    "asks twice more, then stops and says so",
    tuple(
        Case(f"body {name}", STOPS, 3, (kinds.body(raw),), user="poll_now")
        for name, raw in {
            "another shape": b'{"items": [], "has_more": false}',
            "a list": b"[]",
            "a text": b'"maintenance"',
            "null": b"null",
            "an object for the list": b'{"data": {}, "has_more": false}',
        }.items()
    ),
)

TOO_MANY: Final = Row(
    "puts 20,000 things into one page",
    "refuses the page",
    (Case("too many things", STOPS, 3, (kinds.many(20_000),), user="poll_now"),),
)

GROUP: Final = Group(
    "Cursors and envelopes",
    (AT_THE_END, STUCK, EMPTY, ODD, FRESH, NO_TEXT, REJECTED, ENVELOPE, NOT_SAYING, NO_LIST, TOO_MANY),
)
