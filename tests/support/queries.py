"""Queries and events to ask them of, by chance: likely ones and hostile ones, made from the same small supply."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from rex_tui.checkpoint import NOWHERE, Place
from rex_tui.event import GAP_TYPE, Event
from rex_tui.names import Known, Names, Stage
from rex_tui.query.language import Facts

NOW: Final = datetime(2026, 3, 16, 13, 30, 15, 250_000, tzinfo=ZoneInfo("Europe/Berlin"))
FACTS: Final = Facts(marked=frozenset({"evt_1", "EVT_1", "e\0x", "a\ufffe", "\ud800"}), new_after=3)

STAGES: Final = (
    Stage("stg_XYZ1", "Acme & Co", "pipe_1", 0, "open", ""),
    Stage("stg_XYZ2", "ACME", "pipe_1", 1, "won", ""),
    Stage("stg_XYZ3", "É_%", "pipe_1", 2, "", ""),
)
NAMES: Final = Names({"stg_XYZ3": 'a*b "é"'}, {"stg_XYZ4": Known("stg_XYZ4", "日本", 0.0, "payload")}, STAGES)
PLACES: Final = {
    place.name: place
    for place in (
        Place("last-visit", 3, 1_773_600_000.0),
        Place("größe.1", 0, 0.0),
        Place("gone", 5, -1e300, exact=False),
        Place("later", NOWHERE, 1e300, exact=False),
    )
}
SIDES: Final = ("to_stage", "from_stage", "stage")

TEXTS: Final = (
    *(
        "acme",
        "ACME",
        "Acme & Co",
        "a",
        "É",
        "é",
        "Łódź",
        "日本",
        "😀",
        "%",
        "_",
        "a_b",
        "axb",
        "~",
        "100%",
        "</b>",
        "/",
    ),
    *(
        '"',
        "\\",
        "\\u00e9",
        "a\\b",
        "null",
        "true",
        "none",
        "5",
        "5.0",
        "-",
        "\u017f",
        "K",
        "\u212a",
        "\ufffd",
        "\ufffe",
        "\uffff",
    ),
    *(
        "a\0b",
        "\0",
        "a\nb",
        "\x1b[2J",
        "\u202e",
        "stg_X",
        "stg_Xy",
        "stg_XYZ1",
        "stg_xyz2",
        "stg_XYZ3",
        "stg_XYZ4",
        "EUR",
        "usd",
        "2026-03-01",
        "",
        " ",
        "*",
        "a*b",
        "(",
    ),
)
KEYS: Final = (
    *("value", "Value", "currency", "a", "b", "é", "x-y", "_", "id", "type", "c_d", "name"),
    *("stage_id", "to_stage_id", "to_stage_name", "to_stage", "stage"),
)
NUMBERS: Final = (
    *("0", "-0", "5", "5.0", "5e0", "0.5e1", "500", "50000", "50000.0", "50001", "-1", str(2**70), f"{2**70}.0"),
    *("1e400", "-1e400", "1e999999999999999999999", "0.10", "0.1", "1E2"),
)
TIMES: Final = (
    *("2026-03-16T12:30:15Z", "2026-03-16T12:30:14Z", "2026-03-16T12:30:15.999Z", "2026-03-15T23:00:00Z"),
    *("2026-03-15T22:59:59.999Z", "2026-03-16T13:30:00+01:00", "2026-03-01", "20260316T123015Z", "2026-W12-1"),
    *("2026-03-16 12:30:15Z", "2026-03-16T12:30:15", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z"),
    *("2026-03-15T24:00:00Z", "2026-03-16T12:30:60Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59Z", "2026-03-16T12:30:15Z\0", "2026-03-16T12:30:15.1 Z", "2026-03-16T12:30:15.12Z"),
    *("2026-03-31T12:00:00Z", "2026-03-30T12:00:00.500Z", "", "now", "2461116.5", "soon", "\uff12026-03-16T12:30:15Z"),
)
TYPES: Final = (
    "deal.won",
    "Deal.Won",
    "deal",
    "trigger.deal.stale",
    "dealer",
    "deal_won",
    "d%",
    "é.x",
    "t\0y",
    GAP_TYPE,
)
IDS: Final = ("evt_1", "EVT_1", "evtx1", "evt_2%", "e\0x", "acme", "a\ufffe", "é", "日本")


def _spelled(text: str) -> st.SearchStrategy[str]:
    """Give the ways in which JSON may write a text, lone surrogates and needless escapes included."""
    return st.sampled_from(
        [
            json.dumps(text),
            json.dumps(text, ensure_ascii=False),
            json.dumps(text).replace("/", "\\/"),
            '"' + "".join(f"\\u{ord(character) & 0xFFFF:04X}" for character in text) + '"',
            json.dumps(text)[:-1] + '\\ud800"',
        ]
    )


_scalars = st.sampled_from(TEXTS).flatmap(_spelled) | st.sampled_from((*NUMBERS, "true", "false", "null"))


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    key = st.sampled_from(KEYS)
    pair = st.tuples(key.map(json.dumps) | key.flatmap(_spelled), inner).map(": ".join)
    return st.lists(pair, max_size=4).map(lambda pairs: f"{{{', '.join(pairs)}}}") | st.lists(inner, max_size=3).map(
        lambda items: f"[{','.join(items)}]"
    )


ODD_DATA: Final = (
    *("", "{", "nonsense acme", '{"value": 01}', '{"value": NaN}', '{"a": "\x01"}', '{"value": 5} 6', "\ufeff{}"),
    *('{"value":5,"value":"acme"}', '{"value":"acme","value":5}', ' { "a" : { "b" : [ { "value" : 5 } ] } } '),
    *('{"value":"x\0acme"}', '\0{"value":5}', '{"value":5}\0acme'),
    *("[" * depth + '{"value":5}' + "]" * depth for depth in (150, 199, 200, 201, 1_200)),
    *('{"a":' * depth + "5" + "}" * depth for depth in (199, 200, 201, 1_200)),
    '{"text":"' + "[" * 300 + '","value":5}',
)
payloads = st.recursive(_scalars, _nested, max_leaves=8)
objects = st.dictionaries(st.sampled_from(KEYS), payloads, max_size=4).map(
    lambda members: "{" + ",".join(f"{json.dumps(key)}:{value}" for key, value in members.items()) + "}"
)
events = st.builds(
    Event,
    id=st.sampled_from(IDS),
    type=st.sampled_from(TYPES),
    occurred_at=st.sampled_from(TIMES),
    data=objects | payloads | st.sampled_from(ODD_DATA),
    received_at=st.just(0.0),
)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_values = st.sampled_from(TEXTS).map(_quoted) | st.sampled_from(TEXTS).filter(
    lambda text: text != "" and not set(text) & set(' \n"()\0')
)
_words = _values
_globs = st.builds("{}{}{}".format, st.sampled_from(["", "*"]), _values, st.sampled_from(["", "*", "*a*"])).filter(
    lambda text: '"' not in text
)
_paths = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3).map(".".join)
_own = st.builds(
    "{}:{}".format,
    st.sampled_from(["id", "type", "resource"]),
    _globs | st.sampled_from([*IDS, *TYPES, "deal.*", "evt_*", "*", "*.*", "DEAL"]),
)
_equals = st.builds(
    "{}{}{}".format,
    _paths,
    st.sampled_from([":", "=", "!=", " = "]),
    _values
    | _globs
    | st.sampled_from([*NUMBERS, "true", "null", "none", "*", '""', "500.00", "500.00EUR", '"5.00 USD"']),
)
_stages = st.builds(
    "{}{}{}".format,
    st.sampled_from(SIDES),
    st.sampled_from([":", "=", "!="]),
    _values | _globs | st.sampled_from(["*", "acm*", "stg_*", '"a\\*b*"', "É*", "é*", "null", "5", '"5.00 USD"', '""']),
)
_compared = st.builds(
    "{}{}{}".format,
    _paths | st.just("value"),
    st.sampled_from([">", ">=", "<", "<=", " < "]),
    st.sampled_from([*NUMBERS, "500.00", "500.00EUR", "0.05", '"500.00 EUR"', "$5", "2026-03-01", "500,000.00"]),
)
_times = st.builds(
    "{}:{}".format,
    st.sampled_from(["since", "before", "at"]),
    st.sampled_from(
        [
            *("2d", "1h", "90s", "now", "today", "yesterday", "monday", "sun", "13:30", "23:59", "13:30:15", "2026-03"),
            *(
                "2026-03-16",
                "2026-03-31",
                '"2026-03-16 13:30"',
                "2026-03-16T12:30:15Z",
                "0001-01-02",
                "9999-12-30",
                "1000w",
            ),
            *("last-visit", "LAST-VISIT", '"größe.1"', "gone", "later", "gome"),
        ]
    ),
)
_is = st.sampled_from(["is:marked", "is:new", "is:quarantined"])
_regexes = st.sampled_from(
    [
        *("re:/acme/", "re:/^evt_\\d/", "re:/a.b|won/", "re:/é|日本/", "re:/[a-c]x?b/", "re:/\\x61cme/", "re:/k|s/"),
        *("re:/(acme|won).?/", "re:/a{2}|b/", "re:/\\/b/", "re:/$/", "re:/(?i)stg_x+/", "re:/\\u00e9/", "re:/a\\.?b/"),
    ]
)
terms = _words | _own | _equals | _stages | _compared | _times | _is | _regexes


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        "{}{}{}".format, inner, st.sampled_from([" ", " and ", " or ", " OR ", " -", " not ", " and !"]), inner
    ) | st.builds("{}({})".format, st.sampled_from(["", "-", "not "]), inner)


queries = st.recursive(terms, _combined, max_leaves=4)
