"""Faults that Rex tells by its answer's status, or by a body that is no JSON."""

from __future__ import annotations

from typing import Final

from faults.case import Case, Group, Row, entry
from support import fault_kinds as kinds
from support.fault import Answer, Fault

COMES_BACK: Final = "Retrying, CatchingUp, CaughtUp"
STOPS: Final = "Retrying, Stopped contract, Connecting, CatchingUp, CaughtUp"
TEN_MINUTES_S: Final = 600.0
TRIES: Final = 16
"""Requests in ten minutes at waits of 1, 2, 4 … 60 seconds."""


def retried(id_: str, *faults: Fault) -> Case:
    """Give a case that is waited out."""
    return Case(id_, COMES_BACK, TRIES, faults, hold_s=TEN_MINUTES_S)


def slowed(id_: str, requests: int, fault: Fault, hold_s: float = TEN_MINUTES_S) -> Case:
    """Give a case of a 429."""
    return Case(id_, "RateLimited, CatchingUp, CaughtUp", requests, (fault,), hold_s=hold_s)


KEY: Final = Row(
    "does not accept the key (401), or not for events (403)",
    "stops at once, without a second request, until you ask for one",
    tuple(
        Case(
            f"{code} at the start",
            "Stopped key, Connecting, CatchingUp, CaughtUp",
            1,
            (kinds.status(code),),
            user="poll_now",
            words=f"({code}: code_{code}: Not ␛[31mnow)",
        )
        for code in (401, 403)
    ),
)

REVOKED: Final = Row(
    "revokes the key in the middle of a catch-up, or between two polls",
    "stops at once; what came before is kept, and it goes on there",
    (
        Case(
            "revoked in a catch-up",
            "CatchingUp, Stopped key, Connecting, CatchingUp, CaughtUp",
            2,
            (kinds.only(kinds.status(401), after=1),),
            user="poll_now",
        ),
        Case(
            "revoked between polls",
            "CaughtUp, Stopped key, Connecting, CatchingUp, CaughtUp",
            1,
            (kinds.status(401),),
            known=2,
            user="poll_now",
        ),
    ),
)

SLOW_DOWN: Final = Row(
    "asks to slow down (429) for some seconds, or until a date",
    "stays away exactly that long; even `r` does not ask earlier",
    (
        slowed("429 with seconds", 31, kinds.status(429, Retry_After="20")),
        slowed("429 with a date", 31, kinds.retry_at_date(20)),
        slowed("429 with a reset", 31, kinds.status(429, X_RateLimit_Reset="20")),
    ),
)

NONSENSE_WAIT: Final = Row(
    "asks to slow down for a nonsensical, negative, absurd or no time at all",
    "stays away for a minute, at most an hour",
    (
        slowed("429 with nonsense", 11, kinds.status(429, Retry_After="soon \x1b[31m")),
        slowed("429 with a negative time", 11, kinds.status(429, Retry_After="-5")),
        slowed("429 with NaN", 11, kinds.status(429, Retry_After="nan")),
        slowed("429 with a huge time", 4, kinds.status(429, Retry_After="99999999999"), hold_s=3 * 3_600),
        slowed("429 with none", 11, kinds.status(429)),
    ),
)

BUDGET: Final = Row(
    "runs out of the request budget that its headers tell of",
    "spreads the requests that are left, before a 429 comes",
    (
        Case(
            "budget nearly gone",
            "CatchingUp, CaughtUp",
            11,
            (kinds.budget("1000", "110", "60"),),
            log=tuple(map(entry, range(1, 42))),
        ),
    ),
)

TROUBLE: Final = Row(
    "has trouble of its own (500, 502, 503, 504), in HTML or whatever else",
    "asks again after 1, 2, 4 … 60 s, with jitter, and goes on where it was",
    (
        *(retried(f"status {code} with HTML", kinds.status(code, kinds.HTML)) for code in (500, 502, 503, 504)),
        retried("status 500 nested deeply", kinds.status(500, b"[" * 20_000)),
        retried("status 503 with half a MB", kinds.status(503, b"x" * 2**19)),
    ),
)

HTML_200: Final = Row(
    "answers with a login page, nothing, or JSON that is cut off, as if all were well (200)",
    "waits and asks again; nothing of it is kept",
    (
        retried("HTML at 200", kinds.body(kinds.HTML)),
        retried("nothing at 200", Fault("empty", answer=lambda _answer, _rex: Answer(200))),
        retried("JSON cut off", kinds.cut_short()),
    ),
)

OTHER: Final = Row(
    "answers with a status that no Events API gives (206, 400 without a cursor, 404, 418)",
    "asks twice more, then stops and says so",
    tuple(
        Case(f"status {code}", STOPS, 3, (kinds.status(code),), user="poll_now") for code in (206, 400, 404, 405, 418)
    ),
)

REDIRECT: Final = Row(
    "redirects to another host",
    "does not go there, so the key is not sent there; asks twice more, then stops and names the host",
    (Case("redirect", STOPS, 3, (kinds.redirect(),), user="poll_now", words="redirected to 127.0.0.1"),),
)

GROUP: Final = Group("Statuses", (KEY, REVOKED, SLOW_DOWN, NONSENSE_WAIT, BUDGET, TROUBLE, HTML_200, OTHER, REDIRECT))
