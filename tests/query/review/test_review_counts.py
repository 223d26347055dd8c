"""The review counts what one counts by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from query.review.counting import NOW, SECOND, at, event, folding, move, review, story, way

from rex_tui.query.review.facts import fact_of
from rex_tui.query.review.figures import DEFINITIONS, Figures
from rex_tui.query.review.period import period_named
from rex_tui.query.review.review import review_of
from rex_tui.query.review.stages import Stage

LEAD, TALK, OFFER, WON, LOST = "stg_lead", "stg_talk", "stg_offer", "stg_won", "stg_lost"


def created(day: float | str, deal: str = "deal_0001", **fields: object) -> tuple[str, float | str, dict[str, object]]:
    return event("deal.created", day, deal, stage_id=LEAD, status="open", **fields)


def test_a_week_counted_by_hand() -> None:
    told = review(
        created(3, value=100),
        move(5, LEAD, TALK),
        created(8, "deal_0002", value=2_000, currency="EUR"),
        move(10, TALK, OFFER),
        created(11, "deal_0003"),
        move(11.5, OFFER, WON),
        event("deal.won", 11.5, stage_id=WON, value=150),
        move(12, LEAD, TALK, "deal_0002"),
        event("deal.updated", 12, "deal_0002", value=2_000, changes={"stage_id": {"from": LEAD, "to": TALK}}),
        move(13, TALK, LEAD, "deal_0002"),
        event("deal.lost", 16.999, "deal_0002", reason="price"),
        event("deal.lost", 17, "deal_0003"),
        event("activity.created", 18, "deal_0003"),
    )
    assert told.figures == Figures(
        created=1,
        moved=3,
        moved_forward=2,
        moved_backward=1,
        won=1,
        lost=1,
        win_rate=0.5,
        value_won=(("USD", 150),),
        value_lost=(("EUR", 2_000),),
        days_to_win=8.5,
        stale=0,
    )
    assert told.before == Figures(2, 1, 1, 0, 0, 0, None, (), (), None, 0)
    assert [(stage.id, stage.kind) for stage in told.stages] == [
        *((LEAD, "open"), (TALK, "open"), (OFFER, "open")),
        (WON, "won"),
    ]
    flow = {flow.stage: flow for flow in told.flow}
    assert (flow[LEAD].at_start, flow[LEAD].entered, flow[LEAD].forward, flow[LEAD].lost, flow[LEAD].at_end) == (
        *(1, 2, 1, 1),
        1,
    )
    assert (flow[TALK].at_start, flow[TALK].entered, flow[TALK].forward, flow[TALK].backward) == (1, 1, 1, 1)
    assert (flow[OFFER].entered, flow[OFFER].won, flow[OFFER].at_end) == (1, 1, 0)
    for row in told.flow:
        assert row.at_start + row.entered - row.left == row.at_end
    assert [(one.before, one.after, one.count) for one in told.matrix] == [
        (LEAD, TALK, 1),
        (TALK, LEAD, 1),
        (TALK, OFFER, 1),
    ]
    days = {day.start.day: (day.created, day.won, day.lost) for day in told.days}
    assert days == {10: (0, 0, 0), 11: (1, 1, 0), **dict.fromkeys((12, 13, 14, 15), (0, 0, 0)), 16: (0, 0, 1)}
    assert [(row.deal.id, row.happened, row.status) for row in told.deals] == [
        ("deal_0002", ("moved", "lost", "touched"), "lost"),
        ("deal_0001", ("moved", "won", "touched"), "won"),
        ("deal_0003", ("created", "touched"), "open"),
    ]
    assert told.unknown == ()


def test_a_move_told_by_two_events_is_one_also_when_the_second_comes_after_the_next_move() -> None:
    update = event("deal.updated", 11.002, changes={"stage_id": {"from": LEAD, "to": TALK}})
    twice = [created(10), move(11, LEAD, TALK), update]
    assert way(*twice) == [LEAD, TALK]
    assert way(created(10), move(11, LEAD, TALK), move(11.001, TALK, OFFER), update) == [LEAD, TALK, OFFER]
    only = way(created(10), update)
    assert only == [LEAD, TALK]
    assert review(*twice).figures.moved == 1


def test_deals_alone_are_reviewed_as_a_folding_reviews_them() -> None:
    folded = folding([created(9), move(11, LEAD, TALK), move(12, TALK, OFFER), move(13, OFFER, TALK)])
    told = folded.review(period_named("2026-03-10..2026-03-16", NOW), NOW)
    assert review_of(folded.stories(), told.period, NOW) == told


def test_a_move_from_where_the_deal_was_not_known_to_be_is_one_move() -> None:
    jumped = [created(9), move(11, TALK, OFFER), move(12, LEAD, OFFER)]
    assert way(*jumped) == [LEAD, TALK, OFFER]
    assert review(*jumped).figures.moved == 1
    update = event("deal.updated", 13, changes={"stage_id": {"from": LEAD, "to": TALK}})
    assert way(created(9), move(11, LEAD, TALK), move(12, TALK, OFFER), update)[-2:] == [LEAD, TALK]
    again = [created(9), event("deal.deleted", 10), created(11)]
    assert review(*again).deals[0].status == "open"


def test_an_update_that_only_repeats_the_stage_moves_nothing() -> None:
    told = [created(10), event("deal.updated", 11, stage_id=LEAD, value=5), move(12, LEAD, LEAD)]
    assert way(*told) == [LEAD]
    assert review(*told).figures.moved == 0


def test_a_late_arrival_is_told_where_it_belongs() -> None:
    in_order = [created(9, value=1), move(11, LEAD, TALK), event("deal.updated", 12, value=7), move(13, TALK, OFFER)]
    late = [in_order[0], in_order[3], in_order[2], in_order[1]]
    assert way(*late) == way(*in_order) == [LEAD, TALK, OFFER]
    assert review(*late).figures == review(*in_order).figures
    assert story(*late).value == 7


def test_what_has_no_readable_time_is_counted_nowhere_and_that_is_said() -> None:
    told = review(
        created(11),
        event("deal.won", "soon"),
        event("deal.lost", ""),
        event("deal.won", 9e5),
        event("deal.won", "0001-01-01T00:00:00+14:00"),
        created("2026-13-41", "d2"),
    )
    assert (told.figures.created, told.figures.won, told.figures.lost) == (1, 0, 0)
    assert told.unknown[-1] == "5 events about deals have no readable time and are counted nowhere."
    assert "1 event about a deal has no readable time and is" in review(created("")).unknown[-1]


def test_an_event_at_the_end_of_a_period_belongs_to_the_next() -> None:
    assert review(created(10), created(17, "deal_2")).figures.created == 1
    assert review(created(10 - SECOND), created(17 - SECOND, "deal_2")).figures.created == 1


def test_currencies_are_never_added_and_usd_is_meant_where_there_is_none() -> None:
    told = review(
        *(
            event("deal.won", 11, f"deal_{n}", value=n, currency=code)
            for n, code in ((1, "EUR"), (2, "USD"), (4, "EUR"))
        ),
        event("deal.won", 11, "deal_8", value=8),
        event("deal.won", 11, "deal_9", value=None),
        event("deal.won", 11, "deal_10", value="lots"),
        event("deal.lost", 11, "deal_11", value=2.5),
    )
    assert told.figures.value_won == (("EUR", 5), ("USD", 10))
    assert told.figures.value_lost == ()
    assert told.unknown[0] == "Value unknown for 3 deals won or lost."


def test_a_value_that_was_taken_back_is_unknown() -> None:
    for to in (None, 2**70, 0, -4, 10**30, "7", 7.5, True):
        told = story(created(1, value=5), event("deal.updated", 2, changes={"value": {"from": 5, "to": to}}))
        assert told.value == (to if to in (None, 2**70, 0, -4) else 5)


def test_lost_then_won_is_won_and_opened_again_is_neither() -> None:
    ended = review(created(9), event("deal.lost", 11), event("deal.won", 13))
    assert (ended.figures.won, ended.figures.lost, ended.figures.win_rate) == (1, 0, 1.0)
    again = [created(9), move(11, LEAD, WON), event("deal.won", 11, stage_id=WON), move(13, WON, TALK)]
    told = review(*again)
    assert (told.figures.won, told.deals[0].status, story(*again).status) == (0, "open", "open")
    assert told.figures.moved == 1
    later = review(*again[:3], move(20, WON, TALK))
    assert (later.figures.won, later.deals[0].status) == (1, "won")
    by_status = review(created(9), event("deal.won", 11), event("deal.updated", 12, changes={"status": {"to": "open"}}))
    assert by_status.deals[0].status == "open"
    assert review(created(9), event("deal.lost", 11), event("deal.reopened", 12)).deals[0].status == "open"


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_the_step_into_the_stage_of_a_win_is_no_move_whichever_event_comes_first(order: tuple[int, ...]) -> None:
    ends = [
        move(12, TALK, WON),
        event("deal.won", 12 + SECOND, stage_id=WON),
        event("deal.updated", 12, changes={"stage_id": {"from": TALK, "to": WON}}),
    ]
    told = [created(10), move(11, LEAD, TALK)]
    for place, number in enumerate(order):
        type_, _day, data = ends[number]
        told.append((type_, 12 + place * SECOND, data))
    reviewed = review(*told)
    assert way(*told) == [LEAD, TALK, f"{WON}!"]
    assert (reviewed.figures.moved, reviewed.figures.won, story(*told).status) == (1, 1, "won")
    assert [flow.won for flow in reviewed.flow if flow.stage == TALK] == [1]


def test_a_move_right_after_a_loss_belongs_to_it_and_one_much_later_opens_the_deal() -> None:
    told = [created(10), event("deal.lost", 12), move(12 + SECOND, LEAD, LOST)]
    assert way(*told) == [LEAD, f"{LOST}!"]
    assert (story(*told).status, review(*told).figures.moved) == ("lost", 0)
    assert story(*told, move(12 + 90 * SECOND, LOST, LEAD)).status == "open"


def test_a_deal_won_in_the_middle_of_the_pipeline_was_won_there() -> None:
    told = review(created(9), event("deal.won", 12))
    assert [(flow.stage, flow.at_start, flow.won, flow.at_end) for flow in told.flow] == [(LEAD, 1, 1, 0)]


def test_a_deleted_deal_is_created_all_the_same_but_neither_open_nor_won() -> None:
    told = review(
        created(11),
        event("deal.deleted", 12),
        created(11, "d2"),
        event("deal.won", 12, "d2"),
        event("deal.deleted", 13, "d2"),
    )
    assert (told.figures.created, told.figures.won, told.figures.stale) == (2, 0, 0)
    assert [flow.deleted for flow in told.flow if flow.stage == LEAD] == [2]
    assert {row.status for row in told.deals} == {"deleted"}


def test_what_was_created_before_the_log_is_said_and_not_guessed() -> None:
    told = review(
        move(3, TALK, OFFER),
        event("deal.won", 12),
        event("deal.updated", 5, "d2", value=3),
        event("deal.lost", 12, "d3", stage_id=LOST),
    )
    assert told.figures.days_to_win is None
    assert told.figures.created == 0
    assert told.unknown == (
        "Value unknown for 2 deals won or lost.",
        "The log starts 2026-03-03; created before: 3 deals of those open, won or lost.",
        "Days to win unknown for 1 deal, created before the log starts.",
        "Stage unknown for 1 deal of those open.",
    )
    assert story(move(3, TALK, OFFER)).path[0].entered is None
    assert {flow.stage: (flow.lost, flow.at_end) for flow in told.flow}[""] == (1, 1)


def test_a_period_that_the_log_does_not_reach_has_nothing_to_be_compared_with() -> None:
    told = review(created(12))
    assert told.before is None
    assert told.unknown == ("The log starts 2026-03-12, within this period, so that its first part is not counted.",)
    assert [day.start.day for day in told.days] == [12, 13, 14, 15, 16]
    assert review(created(4)).unknown == (
        "The log starts 2026-03-04, within the period before, so that changes are against a part.",
    )
    early = review(created(20))
    assert (early.days, early.unknown) == ((), ("The log starts 2026-03-20, after this period.",))
    assert review().unknown == ("The log has no event about a deal yet.",)


def test_stages_are_known_by_name_where_that_is_all_and_by_id_where_an_event_has_both() -> None:
    by_name = [
        event("deal.created", 9, stage_name="Lead"),
        event("deal.stage_changed", 10, from_stage_name="Lead", to_stage_name="Talk"),
    ]
    assert way(*by_name) == ["Lead", "Talk"]
    both = event("deal.updated", 11, "d2", stage={"id": TALK, "name": "Talk"})
    reviewed = review(*by_name, both)
    assert [(row.deal.id, row.stage) for row in reviewed.deals] == [("d2", TALK), ("deal_0001", TALK)]
    assert {(stage.id, stage.name) for stage in reviewed.stages} == {("Lead", ""), (TALK, "Talk")}
    assert reviewed.figures.moved == 1
    two = [both, event("deal.updated", 11, "d3", stage={"id": "stg_other", "name": "Talk"})]
    assert review(*by_name, *two).deals[-1].stage == "Talk"
    assert way(event("deal.updated", 9, changes={"stage": {"from": "Lead", "to": "Talk"}})) == ["Lead", "Talk"]


def test_the_order_of_stages_is_that_of_rex_where_it_is_known() -> None:
    folded = folding([created(9), move(11, LEAD, TALK), move(12, TALK, OFFER), move(13, OFFER, WON)])
    period = review().period
    assert folded.review(period, NOW).figures.moved_forward == 3
    folded.know([Stage(OFFER, "Offer", 1), Stage(TALK, "Talk", 2), Stage(LEAD, "Lead", 3), Stage(WON, "Won", 4, "won")])
    told = folded.review(period, NOW)
    assert [stage.name for stage in told.stages] == ["Offer", "Talk", "Lead", "Won"]
    assert (told.figures.moved, told.figures.moved_backward, told.figures.moved_forward) == (2, 2, 0)


def test_stuck_is_what_rex_warned_of_and_nobody_touched_or_what_nobody_touched_for_long() -> None:
    warned = [created(2), event("trigger.deal.stale", 12, days_inactive=10)]
    assert review(*warned).figures.stale == 1
    assert review(*warned, event("activity.created", 13)).figures.stale == 0
    assert review(*warned, event("activity.created", 17)).figures.stale == 1
    assert review(*warned, event("deal.lost", 13)).figures.stale == 0
    assert review(created(3)).figures.stale == 1
    assert review(created(3 + SECOND)).figures.stale == 0
    assert review(created(8), stuck_days=8).before == Figures(1, 0, 0, 0, 0, 0, None, (), (), None, 0)
    silent = review(created(8), stuck_days=9)
    assert (silent.figures.stale, silent.deals[0].is_stuck, silent.deals[0].idle_days) == (1, True, 9.0)
    assert review(*warned, period="2026-03-03..2026-03-09").figures.stale == 0


def test_a_period_that_is_not_over_ends_now() -> None:
    now = datetime(2026, 3, 12, 12, tzinfo=UTC)
    told = review(created(9), event("deal.won", 12.4), event("deal.lost", 12.6, "d2"), period="this-week", now=now)
    assert (told.figures.won, told.figures.lost, told.is_over) == (1, 0, False)
    assert [day.start.day for day in told.days] == [9, 10, 11, 12]


def test_something_else_that_names_a_deal_is_an_activity_however_it_is_spelled() -> None:
    spelled = ('{"deal_id":"deal_0001"}', '{ "deal_id" : "deal_0001" }', '{"deal_id": {"id": "deal_0001"}}')
    for text in (*spelled, '{"deal_id":"deal_\\u0030001"}'):
        folded = folding([created(9)])
        fact = fact_of("task.created", 2, at(12), text)
        assert fact is not None
        folded.take([fact])
        assert folded.stories()[0].activity_at == datetime(2026, 3, 12, tzinfo=UTC).timestamp()
    assert fact_of("task.created", 2, at(12), '{"deal_id":null,"id":"deal_0001"}') is None


def test_payloads_of_any_shape_say_what_they_can() -> None:
    for text in ("", "nonsense", "[1]", '"deal_1"', "null", "{}", "[" * 100_000, '{"deal_id":[]}', '{"deal_id":true}'):
        assert fact_of("deal.won", 1, "", text) is None
    odd = json.dumps({"id": 7, "value": True, "currency": 3, "status": ["won"], "changes": [1], "stage": 4, "name": {}})
    fact = fact_of("deal.won", 1, at(3), odd)
    assert fact is not None
    assert (fact.deal, fact.stage, fact.currency, fact.status, fact.name) == ("7", "", "", "", "")
    half = fact_of(
        "deal.updated", 1, at(3), '{"deal_id":"d","name":"\\ud800","changes":{"name":{"to":"\\udfff"},"value":3}}'
    )
    assert half is not None
    assert (half.name, half.value) == ("\udfff", 3)
    assert len((fact_of("deal.won", 1, "", json.dumps({"id": "d", "name": "x" * 9_999})) or half).name) == 400


def test_every_figure_has_its_definition_in_a_sentence() -> None:
    assert [one.key for one in DEFINITIONS] == list(Figures.__struct_fields__)
    assert all(one.text.endswith(".") and "\n" not in one.text for one in DEFINITIONS)
