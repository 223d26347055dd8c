"""Faults of the way to Rex: what connections do on bad networks."""

from __future__ import annotations

from typing import Final

from faults.case import Case, Group, Row, entry
from support import fault_kinds as kinds

COMES_BACK: Final = "Retrying, CatchingUp, CaughtUp"
TEN_MINUTES_S: Final = 600.0
TRIES: Final = 16

CUT: Final = Row(
    "cuts an answer off, resets the connection in its middle, closes it without a word, or never ends its headers",
    "keeps nothing of that answer, asks again after 1, 2, 4 … 60 s",
    (
        Case("truncated body", COMES_BACK, TRIES, (kinds.TRUNCATED,), hold_s=TEN_MINUTES_S),
        Case("reset in the body", COMES_BACK, TRIES, (kinds.RESET,), hold_s=TEN_MINUTES_S),
        Case("closed without an answer", COMES_BACK, TRIES, (kinds.SILENT,), hold_s=TEN_MINUTES_S),
        Case("headers without an end", COMES_BACK, TRIES, (kinds.ENDLESS_HEADERS,), hold_s=TEN_MINUTES_S),
        Case("no web server", COMES_BACK, TRIES, (kinds.GARBAGE,), hold_s=TEN_MINUTES_S),
        Case(
            "reset in a catch-up",
            "CatchingUp, Retrying, CatchingUp, CaughtUp",
            6,
            (kinds.only(kinds.RESET, times=1, after=1),),
            hold_s=10,
        ),
    ),
)

SLOW: Final = Row(
    "never answers, sends a byte a second, or puts us off for ever (100 Continue)",
    "gives up after 30 s in all, and asks again later",
    (
        Case(
            "never an answer",
            COMES_BACK,
            5,
            (kinds.NEVER,),
            hold_s=4,
            deadline_s=0.3,
            words="not answer in full within 0.3 s",
        ),
        Case(
            "one byte after the other",
            COMES_BACK,
            5,
            (kinds.drip(0.05),),
            hold_s=4,
            deadline_s=0.3,
            words="not answer in full",
        ),
        Case("interim answers", COMES_BACK, 5, (kinds.ENDLESS_INTERIM,), hold_s=4, deadline_s=0.3),
    ),
)

NARROW: Final = Row(
    "is reached over a line too slow for a full page",
    "asks for fewer events at a time, down to one, and for more again when that goes well",
    (
        Case(
            "a slow line",
            COMES_BACK,
            30,
            (kinds.stall_after(9_000),),
            log=tuple(map(entry, range(1, 101))),
            page_max=200,
            hold_s=10,
            deadline_s=0.4,
        ),
    ),
)

IDLE: Final = Row(
    "closes the connection between two polls",
    "opens another; no error",
    (Case("closed keep-alive", "CatchingUp, CaughtUp", 8, (kinds.CLOSED_AFTER,)),),
)

DOWN: Final = Row(
    "is down for a minute, or for a night",
    "says so, asks again at least once a minute, and is back within a minute after Rex",
    (
        Case("down for a minute", COMES_BACK, 8, trouble="down", hold_s=60),
        Case("down for a night", COMES_BACK, 490, trouble="down", hold_s=8 * 3_600, words="can't be reached"),
        Case("down between polls", "CaughtUp, Retrying, CatchingUp, CaughtUp", 8, trouble="down", known=2),
    ),
)

CERTIFICATE: Final = Row(
    "shows a certificate of an unknown authority, of another name, or one that is out of date",
    "does not send the key; says what is wrong, and asks again later",
    (
        Case(
            "unknown authority",
            COMES_BACK,
            TRIES,
            trouble="unknown authority",
            words="not to be trusted (unable to get local issuer",
            hold_s=TEN_MINUTES_S,
        ),
        Case(
            "certificate of another name",
            COMES_BACK,
            TRIES,
            trouble="other name",
            words="not to be trusted (IP address mismatch",
            hold_s=TEN_MINUTES_S,
        ),
        Case(
            "certificate out of date",
            COMES_BACK,
            TRIES,
            trouble="out of date",
            words="not to be trusted (certificate has expired",
            hold_s=TEN_MINUTES_S,
        ),
    ),
)

BOMB: Final = Row(
    "sends a small answer that unpacks to 200 MB",
    "stops unpacking at 32 MB, keeps nothing, asks twice more, then stops and says so",
    (
        Case(
            "gzip bomb",
            "Retrying, Stopped contract, Connecting, CatchingUp, CaughtUp",
            3,
            (kinds.bomb(200),),
            user="poll_now",
            words="larger than 32 MiB",
        ),
    ),
)

GROUP: Final = Group("The way to Rex", (CUT, SLOW, NARROW, IDLE, DOWN, CERTIFICATE, BOMB))
