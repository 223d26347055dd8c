"""What is offered while a query is typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rex_tui.query.language import Known, QueryError, complete, parse
from rex_tui.query.language.completion import COMPLETIONS_MAX

KNOWN = Known(
    types=("deal.won", "deal.lost", "contact.created", "x\x1b[2J", "odd one"),
    fields=("value", "contact.email", "bad name", "to_stage_id"),
    ids=("stg_01A", "stg_01B", "deal_01"),
    filters=("big", "my deals"),
)


def offered(text: str, position: int | None = None) -> list[str]:
    return [found.text for found in complete(text, len(text) if position is None else position, KNOWN)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type:de", ["deal.*", "deal.lost", "deal.won"]),
        ("type:won", ["deal.won"]),
        ("acme -type:od", ['"odd one"']),
        ("type:x", []),
        ("resource:c", ["contact"]),
        ("va", ["value:"]),
        ("(to_", ["to_stage_id:"]),
        ("sin", ["since:"]),
        ("is:", ["marked", "new", "quarantined"]),
        ("is:m", ["marked"]),
        ("since:to", ["today"]),
        ("filter:", ["big", '"my deals"']),
        ("my", ['filter:"my deals"']),
        ("to_stage_id:stg_", ["stg_01A", "stg_01B"]),
        ("to_stage_id:", []),
        ('"type:de', []),
        ("bad", []),
    ],
)
def test_what_may_follow_is_offered(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


def test_at_the_start_of_a_word_everything_that_may_begin_one_is_offered() -> None:
    found = complete("acme ", 5, KNOWN)
    assert {"type:", "is:marked", "since:", "filter:big", "value:"} <= {completion.text for completion in found}
    assert {completion.kind for completion in found} == {"keyword", "filter", "field"}


def test_a_completion_takes_the_place_of_the_whole_word_under_the_cursor() -> None:
    text = "acme type:deXX value>5"
    (first, *_) = complete(text, text.index("XX"), KNOWN)
    assert text[: first.start] + first.text + text[first.end :] == "acme type:deal.* value>5"


def test_what_is_offered_can_be_read_or_gone_on_with() -> None:
    saved = {"big": "value>5", "my deals": "type:deal.*"}
    for begun in ("type:", "is:", "filter:", "resource:", "since:", "at:", "before:"):
        for completion in complete(begun, len(begun), KNOWN):
            parse(begun + completion.text, datetime(2026, 3, 16, tzinfo=UTC), saved)
    with pytest.raises(QueryError):
        parse("type:", datetime(2026, 3, 16, tzinfo=UTC))


def test_ten_thousand_types_give_a_listful() -> None:
    many = Known(types=tuple(f"type{number}.made" for number in range(10_000)))
    assert len(complete("type:made", 9, many)) == COMPLETIONS_MAX


def test_stages_are_offered_by_name_in_the_order_of_the_pipeline() -> None:
    known = Known(fields=("to_stage", "to_stage_id"), stages=("Lead", "Proposal sent", "x\x1b[2J", "Lost*"))
    assert [found.text for found in complete("to_stage:", 9, known)] == ["Lead", '"Proposal sent"', '"Lost\\*"']
    assert [found.text for found in complete("-from_stage:pro", 15, known)] == ['"Proposal sent"']
    assert {found.kind for found in complete("stage:", 6, known)} == {"stage"}
    assert [found.text for found in complete("to_s", 4, known)] == ["to_stage:", "to_stage_id:"]
    assert complete("to_stage:", 9, KNOWN) == []
