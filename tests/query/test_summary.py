"""The one-line summary, for every documented type, for types never seen, and for whatever else a payload may be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.event import Row
from rex_tui.query.summary import SUMMARY_LIMIT, main_id, short_id, summarise

DEAL = "deal_01JQ0000000000000000000ABC"


def row(type_: str, data: object) -> Row:
    text = data if isinstance(data, str) else json.dumps(data)
    return Row(1, "evt_1", type_, "", 0.0, text, len(text))


@pytest.mark.parametrize(
    ("type_", "data", "line"),
    [
        ("contact.created", {"contact_id": "cont_01HQ", "email": "ada@example.com"}, "ada@example.com"),
        ("contact.created", {"name": "Ada Byron", "email": "ada@example.com"}, "Ada Byron · ada@example.com"),
        (
            "contact.updated",
            {"first_name": "Ada", "changes": {"phone": {"from": None, "to": "1"}}},
            "phone none → 1 · Ada",
        ),
        ("company.created", {"name": "Acme", "domain": "acme.example"}, "Acme · acme.example"),
        ("deal.created", {"name": "Acme renewal", "value": 1234500, "currency": "EUR"}, "12,345.00 EUR · Acme renewal"),
        ("deal.won", {"deal_id": DEAL, "value": 5}, "0.05 USD"),
        (
            "deal.stage_changed",
            {"deal_id": DEAL, "from_stage_id": "stg_01JQ000000000000000000000A", "to_stage_name": "Won"},
            "stg_…00000A → Won",
        ),
        ("deal.stage_changed", {"from_stage_id": "stg_01HQ", "to_stage_id": "stg_02HQ"}, "stg_01HQ → stg_02HQ"),
        ("deal.lost", {"name": "Acme", "value": 100, "reason": "price"}, "1.00 USD · price · Acme"),
        ("deal.updated", {"name": "A", "changes": {"value": {"from": 100, "to": 250}}}, "value 1.00 → 2.50 · A"),
        ("activity.created", {"kind": "call", "subject": "Intro", "duration_minutes": 25}, "call · Intro · 25 min"),
        ("trigger.deal.stale", {"deal_id": DEAL, "days_inactive": 14}, "no activity for 14 days"),
        (
            "import.completed",
            {"file_name": "leads.csv", "rows_imported": 120, "rows_failed": 3, "entity": "contacts"},
            "leads.csv · 120 rows imported as contacts · 3 failed",
        ),
        ("task.created", {"title": "Call back", "due_at": "2026-03-20T10:00:00Z"}, "Call back · due 2026-03-20"),
        (
            "robot.danced",
            {"robot_id": "x", "style": "waltz", "ok": True, "steps": [1, 2], "who": {"a": 1}, "no": None, "late": 1},
            "style waltz, ok yes, steps 2 items, who 1 field",
        ),
        ("deal.won", [1, 2], "[1, 2]"),
        ("deal.won", None, "null"),
        ("deal.won", "no json at all", "no json at all"),
        ("deal.won", '{"value": 1e400, "name": "x"}', "x"),
        ("contact.created", {"name": "\x1b[31mred\nline"}, "␛[31mred␊line"),
        ("contact.created", {"name": "[/red] [ACME] Ltd"}, "[/red] [ACME] Ltd"),
    ],
)
def test_each_type_is_told_in_its_own_words(type_: str, data: object, line: str) -> None:
    assert summarise(row(type_, data)) == line


def test_big_money_is_exact() -> None:
    assert summarise(row("deal.won", f'{{"value": {2**70}}}')) == "11,805,916,207,174,113,034.24 USD"


def test_a_large_payload_is_told_by_its_size() -> None:
    assert summarise(Row(1, "evt", "deal.won", "", 0.0, None, 2_097_152)).startswith("large payload, 2.0 MiB")


@pytest.mark.parametrize(
    ("type_", "data", "id_"),
    [
        ("deal.won", {"contact_id": "cont_01HQAA", "deal_id": DEAL}, DEAL),
        ("trigger.deal.stale", {"contact_id": "cont_01HQAA", "deal_id": DEAL}, DEAL),
        ("deal.won", {"id": DEAL}, DEAL),
        ("never.seen", {"a": {"b": ["x", DEAL]}}, DEAL),
        ("never.seen", [DEAL], DEAL),
        ("never.seen", {"a": 1}, ""),
        ("never.seen", "broken", ""),
    ],
)
def test_the_id_that_an_event_is_about(type_: str, data: object, id_: str) -> None:
    assert main_id(row(type_, data)) == id_


def test_a_short_id_keeps_what_tells_ids_apart() -> None:
    assert short_id(DEAL) == "deal_…000ABC"
    assert short_id("deal_1") == "deal_1"
    assert short_id("no_prefix" + "\x1b" * 40) == "no_…␛␛␛␛␛␛"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "name",
    "email",
    "value",
    "currency",
    "changes",
    "from_stage_id",
    "to",
    "kind",
    "subject",
    "due_at",
    "rows",
    "id",
]


@given(
    st.sampled_from(["contact.enriched", "deal.stage_changed", "deal.updated", "task.x", "import.completed", "z", ""]),
    json_values | st.dictionaries(st.sampled_from(FIELDS), json_values),
)
def test_whatever_the_payload_is_the_line_is_one_clean_line(type_: str, data: object) -> None:
    line = summarise(row(type_, json.dumps(data)))
    assert len(line) <= SUMMARY_LIMIT
    assert line.isprintable()
    assert main_id(row(type_, json.dumps(data))).isprintable()
