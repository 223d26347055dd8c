"""Faults of the log: doubled, changed, late and broken events."""

from __future__ import annotations

import json
from typing import Final

from faults.case import LOG, Case, Entry, Group, Row, between, entry, odd
from support import fault_kinds as kinds

READS: Final = "CatchingUp, CaughtUp"


def log(id_: str, *odds: Entry, set_aside: int = 0) -> Case:
    """Give a case whose log has these entries between sound ones, on one page."""
    return Case(id_, "CaughtUp", 6, log=between(*odds), set_aside=set_aside, page_max=200)


DOUBLED: Final = Row(
    "sends events twice: in a page, across pages, at every poll",
    "keeps each once, by its id",
    (
        Case("doubled within a page", READS, 8, (kinds.doubled_within(),)),
        Case("doubled across pages", READS, 8, (kinds.doubled_across(),)),
        Case("doubled everywhere", READS, 8, (kinds.doubled_across(), kinds.doubled_within())),
    ),
)

CHANGED: Final = Row(
    "sends an id again with other content",
    "keeps the first, sets the other aside verbatim",
    (
        Case(
            "same id, other content, same page",
            "CaughtUp",
            6,
            log=LOG,
            page_max=200,
            set_aside=1,
            faults=(kinds.with_event(entry(2, '{"value": 7}').raw),),
        ),
        Case(
            "same id, other content, later",
            "CaughtUp",
            6,
            log=LOG[:3],
            known=3,
            page_max=200,
            set_aside=1,
            faults=(kinds.with_event(entry(2, '{"value": 7}').raw),),
        ),
    ),
)

UNORDERED: Final = Row(
    "sends events late, unordered, at the same time, in the year 9999, or without a time",
    "keeps the order in which they came; times are only shown",
    (
        log(
            "odd times",
            entry(11, at="2019-01-01T00:00:00Z"),
            entry(12, at="9999-12-31T23:59:59.999999999+14:00"),
            entry(13, at="2026-03-16T12:00:01Z"),
            entry(14, at=""),
            entry(15, at="yesterday \x1b[31m"),
            odd('{"id": "e1", "type": "t", "occurred_at": null, "data": 1}', "e1", "t", "", "1"),
            odd('{"id": "e2", "type": "t", "data": 1}', "e2", "t", "", "1"),
            odd('{"id": "e3", "type": "t", "occurred_at": 1773662400, "data": 1}', "e3", "t", "1773662400", "1"),
            odd('{"id": "e4", "type": "t", "timestamp": "2026-03-16", "data": 1}', "e4", "t", "2026-03-16", "1"),
        ),
    ),
)

TYPES: Final = Row(
    "invents types, with escape sequences, markup, or rex-tui's own",
    "keeps them verbatim, shows them cleaned; its own it sets aside",
    (
        log(
            "unknown and hostile types",
            entry(11, type_="invoice.line.item.paid"),
            entry(12, type_="\x1b]52;c;aGFja2Vk\x07.\u202e[/red]"),
            entry(13, type_="."),
            entry(14, type_="名前.更新" * 20),
        ),
        log(
            "rex-tui's own type", odd('{"id": "e1", "type": "rex-tui.gap", "occurred_at": "x","data":{}}'), set_aside=1
        ),
    ),
)

FIELDS: Final = Row(
    "leaves fields out, adds some, or gives them another kind",
    "keeps the event if it has an id and a type, unknown fields included; else sets it aside verbatim",
    (
        log(
            "missing and extra fields",
            odd('{"id": "e1", "type": "t", "occurred_at": "x"}', "e1", "t", "x", "null"),
            odd('{"v": [1], "id": "e2", "type": "t", "occurred_at": "x", "data": {}}', "e2", "t", "x", "{}"),
        ),
        log(
            "wrong fields",
            odd('{"type": "t", "occurred_at": "x", "data": {}}'),
            odd('{"id": 17, "type": "t", "occurred_at": "x", "data": {}}'),
            odd('{"id": "", "type": "t", "occurred_at": "x", "data": {}}'),
            odd('{"id": "e1", "occurred_at": "x", "data": {}}'),
            odd('{"id": "e2", "type": ["t"], "occurred_at": "x", "data": {}}'),
            odd(json.dumps({"id": "e3", "type": "t" * 300, "occurred_at": "x", "data": {}})),
            odd(json.dumps({"id": "e" * 600, "type": "t", "occurred_at": "x", "data": {}})),
            set_aside=7,
        ),
    ),
)

NO_EVENTS: Final = Row(
    "puts something else than an event among the events",
    "sets that aside, counts it on screen, keeps its neighbours",
    (
        log("no events", odd("null"), odd("7"), odd('"evt"'), odd("[]"), odd("[[1], {}]"), odd("{}"), set_aside=6),
        Case(
            "a poisoned event in each page",
            READS,
            8,
            (kinds.with_event(b'{"id": "evt_x", "type": "t", "occurred_at": "x", "data": {"a": NaN}}'),),
            set_aside=1,
        ),
    ),
)

GROUP: Final = Group("Events", (DOUBLED, CHANGED, UNORDERED, TYPES, FIELDS, NO_EVENTS))
