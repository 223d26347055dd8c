"""Several faults at once, or one after the other."""

from __future__ import annotations

from typing import Final

from faults.case import LOG, Case, Group, Row, entry
from support import fault_kinds as kinds

POISON: Final = b'{"id": "evt_x", "type": "t", "occurred_at": "x", "data": {"a": NaN}}'
AFTER: Final = entry(4, '{"value": "other"}')

AT_ONCE: Final = Row(
    "does several of these at once, or one after the other",
    "does what each asks for; the log has every event once, in order",
    (
        Case(
            "503s, doubles and a truncated body",
            "Retrying, CatchingUp, CaughtUp",
            12,
            (
                kinds.only(kinds.status(503, kinds.HTML), times=2),
                kinds.doubled_within(),
                kinds.doubled_across(),
                kinds.only(kinds.TRUNCATED, times=1, after=3),
            ),
        ),
        Case(
            "a bad night",
            "Retrying, RateLimited, CatchingUp, Retrying, CatchingUp, CaughtUp",
            50,
            (
                kinds.CLOSED_AFTER,
                kinds.only(kinds.SILENT, times=1),
                kinds.only(kinds.status(502, kinds.HTML), times=1, after=1),
                kinds.only(kinds.status(429, Retry_After="30"), times=1, after=2),
                kinds.only(kinds.RESET, times=1, after=4),
                kinds.only(kinds.body(kinds.HTML), times=1, after=5),
                kinds.form("meta"),
                kinds.cursor("null", at_end=True),
            ),
            hold_s=600,
        ),
        Case(
            "poison, doubles and changed content behind a null cursor",
            "CatchingUp, CaughtUp",
            9,
            (
                kinds.cursor(None, at_end=True),
                kinds.with_event(POISON),
                kinds.doubled_across(),
                kinds.only(kinds.with_event(AFTER.raw), after=3),
            ),
            log=LOG,
            set_aside=2,
        ),
        Case(
            "a revoked key in a stuck, doubled catch-up",
            "CatchingUp, Retrying, Stopped key, Connecting, CatchingUp, CaughtUp",
            4,
            (
                kinds.doubled_within(),
                kinds.only(kinds.cursor("null"), times=1, after=1),
                kinds.only(kinds.status(401), after=2),
            ),
            user="poll_now",
        ),
    ),
)

GROUP: Final = Group("All together", (AT_ONCE,))
