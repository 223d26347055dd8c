"""Asking for stages by what people call them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rex_tui.event import Event
from rex_tui.names import Known, Names, Stage
from rex_tui.query.language import parse

NOW = datetime(2026, 3, 16, tzinfo=UTC)
NAMES = Names(
    {"stg_0003": "Closing"},
    {"stg_0004": Known("stg_0004", "Verhandlung übrig", 1.0, "payload")},
    [
        Stage("stg_0001", "Negotiation", "pipe_1", 0, "open", ""),
        Stage("stg_0002", "Won", "pipe_1", 1, "won", ""),
        Stage("stg_0003", "Old name", "pipe_1", 2, "open", ""),
        Stage("stg_0005", "negotiation", "pipe_2", 0, "open", ""),
    ],
)
DATA = {
    "by id": '{"from_stage_id":"stg_0002","to_stage_id":"stg_0001"}',
    "other pipeline": '{"to_stage_id":"stg_0005"}',
    "by name": '{"to_stage_name":"NEGOTIATION","to_stage_id":"stg_9999"}',
    "by text": '{"to_stage":"Negotiation"}',
    "in an object": '{"to_stage":{"id":"stg_9999","name":"Negotiation"}}',
    "won": '{"to_stage_id":"stg_0002","stage_id":"stg_0001"}',
    "closing": '{"to_stage_id":"stg_0003"}',
    "umlaut": '{"to_stage_id":"stg_0004"}',
    "none": '{"deal_id":"deal_0001","name":"Negotiation stg_0001"}',
    "number": '{"to_stage_id":17,"to_stage":null}',
}
NEGOTIATION = {"by id", "other pipeline", "by name", "by text", "in an object"}


def found(text: str, names: Names = NAMES) -> set[str]:
    query = parse(text, NOW, names=names)
    return {
        called for called, data in DATA.items() if query.matches(Event(called, "deal.stage_changed", "", data, 0.0))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to_stage:Negotiation", NEGOTIATION),
        ("to_stage:nego*", NEGOTIATION),
        ('to_stage:"negotiation"', NEGOTIATION),
        ("to_stage:Closing", {"closing"}),
        ('to_stage:"Old name"', set()),
        ('to_stage:"verhandlung ÜBRIG"', {"umlaut"}),
        ("to_stage:stg_0001", {"by id"}),
        ("from_stage:won", {"by id"}),
        ("stage:negotiation", {"won"}),
        ("to_stage:*", set(DATA) - {"none"}),
        ("to_stage!=Negotiation", set(DATA) - NEGOTIATION - {"none"}),
        ("-to_stage:Negotiation", set(DATA) - NEGOTIATION),
        ("to_stage:Nothing", set()),
        ("data.to_stage:negotiation", {"by text"}),
    ],
)
def test_a_stage_is_found_by_its_name(text: str, expected: set[str]) -> None:
    assert found(text) == expected


def test_without_names_the_payload_s_own_text_is_found_still() -> None:
    assert found("to_stage:negotiation", Names()) == {"by name", "by text", "in an object"}


def test_a_query_says_what_was_asked_and_keeps_its_names() -> None:
    query = parse("type:deal.* to_stage:Negotiation", NOW, names=NAMES)
    assert query.describe() == "deal.* to_stage Negotiation"
    assert query.highlights == ("Negotiation", "stg_0001", "stg_0005")
    assert parse("to_stage!=Won", NOW, names=NAMES).describe() == "to_stage not Won"
    both = parse("to_stage:Won is:new", NOW, names=NAMES).without_last_part()
    assert both.matches(Event("e", "deal.stage_changed", "", DATA["won"], 0.0))
    saved = parse("filter:won", NOW, {"won": "to_stage:won"}, NAMES)
    assert saved.matches(Event("e", "deal.stage_changed", "", DATA["won"], 0.0))


def test_a_name_that_hundreds_of_stages_have_is_asked_of_sqlite_still() -> None:
    many = Names(stages=[Stage(f"stg_{n:04}", "Same", "pipe_1", n, "open", "") for n in range(500)])
    condition = parse("to_stage:same", NOW, names=many).sql()
    assert len(condition.parameters) < 10
    assert found("to_stage:same", many) == {"by id", "other pipeline", "won", "closing", "umlaut"}
