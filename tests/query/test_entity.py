"""The story of an entity: its way, how long it took, whom it met; whatever its events hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.event import GAP_TYPE, Mentions, Row
from rex_tui.query.entity import Story, kind_of, tell, time_between

DEAL = "deal_01JQ0000000000000000000ABC"
TEXTS = st.text(max_size=12) | st.sampled_from(["\x1b[2J", "\u202e", DEAL, "[/b]"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def row(seq: int, type_: str, day: float, **data: object) -> Row:
    text = json.dumps(data)
    return Row(seq, f"evt_{seq}", type_, f"2026-03-{int(day):02}T{int(day % 1 * 24):02}:00:00Z", 0.0, text, len(text))


def story(*rows: Row, id_: str = DEAL, total: int | None = None) -> Story:
    seqs = tuple(one.seq for one in rows)
    return tell(id_, rows, Mentions(seqs, len(rows) if total is None else total, 0, 1), rows[0].occurred_at)


def path(told: Story) -> list[tuple[str, str]]:
    return [(stop.name, stop.stay) for stop in told.path]


MOVES = (
    row(1, "deal.created", 1, deal_id=DEAL, stage_name="Lead"),
    row(2, "deal.stage_changed", 4, deal_id=DEAL, from_stage_name="Lead", to_stage_name="Proposal"),
)


def test_the_way_leads_through_the_stages_with_the_time_in_each() -> None:
    assert path(story(*MOVES)) == [("Lead", "3 d"), ("Proposal", "")]
    assert story(*MOVES).is_open
    won = story(*MOVES, row(3, "deal.won", 15.5, deal_id=DEAL))
    assert path(won) == [("Lead", "3 d"), ("Won", "")]
    assert not won.is_open


def test_a_deal_won_in_a_stage_of_its_own_has_it_as_its_end() -> None:
    won = story(*MOVES, row(3, "deal.won", 15, deal_id=DEAL, stage_name="Signed"))
    assert path(won) == [("Lead", "3 d"), ("Proposal", "11 d"), ("Won", "")]


def test_a_deal_that_is_opened_again_is_open() -> None:
    again = row(4, "deal.stage_changed", 20, deal_id=DEAL, from_stage_name="Won", to_stage_name="Proposal")
    told = story(*MOVES, row(3, "deal.lost", 15, deal_id=DEAL), again)
    assert told.is_open
    assert told.path[-1].name == "Proposal"


def test_a_way_whose_begin_is_not_known_begins_with_where_it_came_from() -> None:
    assert path(story(MOVES[1], total=90)) == [("Lead", ""), ("Proposal", "")]
    assert story(MOVES[1], total=90).left_out == 89


def test_stages_without_names_go_by_their_short_ids() -> None:
    stage = "stg_01JQ0000000000000000000ABC"
    assert path(story(row(1, "deal.created", 1, deal_id=DEAL, stage_id=stage))) == [("stg_…000ABC", "")]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("2026-03-01", "2026-03-04", "3 days later"),
        ("2026-03-04", "2026-03-01", "3 days earlier"),
        ("2026-03-04", "2026-03-04", "at once"),
        ("soon", "2026-03-04", ""),
        ("", "", ""),
    ],
)
def test_the_time_between_two_events_is_told_in_words(before: str, after: str, words: str) -> None:
    assert time_between(before, after) == words


@pytest.mark.parametrize(
    ("id_", "kind"), [(DEAL, "deal"), ("gadget_1", "gadget"), ("12345", ""), ("\x1b[2J_x", "␛[2J"), ("", "")]
)
def test_the_kind_of_an_id_is_in_its_prefix(id_: str, kind: str) -> None:
    assert kind_of(id_) == kind


@given(st.lists(st.tuples(st.sampled_from(["deal.won", "deal.stage_changed", "x", GAP_TYPE, ""]), VALUES), min_size=1))
def test_a_story_is_told_whatever_its_events_hold_and_only_in_clean_words(events: list[tuple[str, object]]) -> None:
    rows = []
    for seq, (type_, value) in enumerate(events, 1):
        data = json.dumps(value | {"deal_id": DEAL} if isinstance(value, dict) else value)
        rows.append(Row(seq, f"evt_{seq}", type_, "", 0.0, data, len(data)))
    told = story(*rows)
    shown = [told.kind, told.name, *(stop.name for stop in told.path), *(met.name for met in told.met)]
    shown += [chapter.summary for chapter in told.chapters]
    assert all(text.isprintable() for text in shown)


def test_a_payload_too_large_for_a_row_is_a_chapter_all_the_same() -> None:
    large = Row(1, "evt_1", "deal.won", "", 0.0, None, 10**6)
    assert [chapter.summary for chapter in story(large).chapters] == [
        "large payload, 976.6 KiB: open it in the detail pane"
    ]
