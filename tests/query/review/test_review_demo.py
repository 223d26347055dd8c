"""The review of the demo's organisation is what an independent count of the raw events gives, whatever came first."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict
from query.review.count_by_hand import count
from query.review.counting import at, event, folding, move

from rex_tui.demo import DemoEvent, Organisation
from rex_tui.event import Event, Page
from rex_tui.query.review.facts import MENTIONED_BY, DealFact, fact_of
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.period import Period, period_named
from rex_tui.query.review.reading import about_deals, fold_log
from rex_tui.query.review.review import Review
from rex_tui.store import EventStore
from rex_tui.store.slices import DATA_MAX, SliceReader

END = datetime(2026, 3, 30, 12, tzinfo=UTC)
PERIODS = ("today", "7d", "last-week", "30d", "this-month", "2026-03-07..2026-03-09", "2026-03-29..2026-03-29")


@pytest.fixture(scope="module")
def made() -> list[DemoEvent]:
    return Organisation(7).history(5_000, END)


@pytest.fixture(scope="module")
def stages() -> list[str]:
    return [stage.id for stage in Organisation(7).stages]


def facts(made: list[DemoEvent]) -> list[DealFact]:
    told = (fact_of(one.type, seq, one.occurred_at, one.data) for seq, one in enumerate(made, 1))
    return [fact for fact in told if fact is not None]


def counted(review: Review) -> dict[str, Any]:
    """Give a review as the independent count has it."""
    told: dict[str, Any] = asdict(review.figures)
    told |= {name: dict(told[name]) for name in ("value_won", "value_lost")}
    told["flow"] = {
        flow.stage: {name: number for name, number in asdict(flow).items() if name != "stage" and number}
        for flow in review.flow
    }
    return told


def by_hand(made: list[DemoEvent], period: Period, stages: list[str], stuck_days: int) -> dict[str, Any]:
    raw = [{"type": one.type, "occurred_at": one.occurred_at, "data": json.loads(one.data)} for one in made]
    start, end = (round(bound) for bound in period.bounds)
    return count(raw, start, min(end, round(END.timestamp())), stages, stuck_days)


def test_every_figure_of_the_demo_is_what_an_independent_count_gives(
    made: list[DemoEvent], stages: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "rex.db"
    with EventStore(path, "https://acme.rexgtm.com") as store:
        events = tuple(Event(one.id, one.type, one.occurred_at, one.data, 0.0) for one in made)
        store.append([Page(events, (), has_more=False, next_cursor="c")])
    read, live = Folding(), Folding()
    live.take(facts(made))
    with SliceReader(path, about_deals, MENTIONED_BY) as slices:
        assert fold_log(slices, read, len(made))
    for name in PERIODS:
        for stuck_days in (14, 3):
            period = period_named(name, END)
            review = read.review(period, END, stuck_days)
            expected = by_hand(made, period, stages, stuck_days)
            assert counted(review) == expected, name
            assert review == live.review(period, END, stuck_days)
            assert [stage.id for stage in review.stages] == stages
            if review.before is not None:
                before = by_hand(made, period.before, stages, stuck_days)
                told = asdict(review.before)
                told |= {key: dict(told[key]) for key in ("value_won", "value_lost")}
                assert told == {key: value for key, value in before.items() if key != "flow"}
    assert read.review(period_named("30d", END), END).figures.won > 20


def test_the_first_figures_come_before_the_whole_log_is_read(made: list[DemoEvent], tmp_path: Path) -> None:
    path = tmp_path / "rex.db"
    odd = f'{{"deal_id": "deal_large", "value": 7, "stage_id": "s", "note": "{"x" * DATA_MAX}"}}'
    others = [
        Event("evt_1", "deal.won", "2026-03-30T11:00:00Z", odd, 0.0),
        Event("evt_2", "task.created", "2026-03-30T11:00:01Z", '{"deal_id" : "deal_large"}', 0.0),
        Event("evt_3", "deal.won", "", '{"deal_id" : "deal_2"}', 0.0),
        Event("evt_4", "task.created", "", '{"deal_id":"deal_2"}', 0.0),
        Event("evt_5", "deal.won", "2026-03-30T11:00:00Z", '"text"', 0.0),
        Event("evt_6", "task.created", "2026-03-30T11:00:01Z", '{"x": {"deal_id":{}}, "y": 1e999}', 0.0),
    ]
    with EventStore(path, "https://acme.rexgtm.com") as store:
        events = [Event(f"{one.id}{n}", one.type, one.occurred_at, one.data, 0.0) for n in range(4) for one in made]
        store.append([Page((*events, *others), (), has_more=False, next_cursor="c")])
        last = store.last_seq()
    period = period_named("2026-03-30..2026-03-30", END)
    folded, first = Folding(), list[Review]()

    def reached(moment: float) -> None:
        if moment < period.bounds[0]:
            first.append(folded.review(period, END, complete=False))

    with SliceReader(path, about_deals, MENTIONED_BY) as slices:
        fold_log(slices, folded, last, reached)
        assert not fold_log(slices, Folding(), last, stopped=lambda: True)
        assert fold_log(slices, Folding(), 0)
    whole = folded.review(period, END)
    quick = first[0]
    assert (quick.complete, quick.unknown, quick.before) == (False, (), None)
    for name in ("won", "lost", "created", "value_won", "value_lost"):
        assert getattr(quick.figures, name) == getattr(whole.figures, name)
    large = next(row.deal for row in whole.deals if row.deal.id == "deal_large")
    assert (large.value, large.status) == (7, "won")
    assert large.activity_at == datetime(2026, 3, 30, 11, 0, 1, tzinfo=UTC).timestamp()
    assert whole.unknown[-1] == "2 events about deals have no readable time and are counted nowhere."


TOLD = [
    event("deal.created", 9, stage_id="a", value=1),
    event("deal.created", 9, "d2", stage_name="A"),
    move(10, "a", "b"),
    event("deal.updated", 10, changes={"stage_id": {"from": "a", "to": "b"}}),
    event("deal.updated", 10, "d2", stage={"id": "a", "name": "A"}, currency="EUR", value=9),
    event("deal.updated", 11, "d2", stage={"id": "b", "name": "B"}),
    event("deal.updated", 12, "d3", stage={"id": "b", "name": "Bee"}),
    event("deal.stage_changed", 12, "d3", to_stage_name="B"),
    event("activity.created", 12),
    event("trigger.deal.stale", 13),
    event("deal.won", 13, "d2", stage_id="w"),
    move(13, "b", "w", "d2"),
    move(14, "w", "a", "d2"),
    event("deal.lost", 15),
    event("deal.won", 15.5),
    event("deal.deleted", 15, "d3"),
    event("deal.won", "soon", "d3"),
    event("deal.created", "2026-03-11T10:00:00.5+02:00", "d4", name="x", owner={"id": "u"}),
]


@given(st.permutations(range(len(TOLD))), st.lists(st.integers(0, len(TOLD)), max_size=4))
@settings(max_examples=150, deadline=None)
def test_the_review_is_the_same_whatever_came_first(order: list[int], cuts: list[int]) -> None:
    period = period_named("2026-03-10..2026-03-16", END)
    expected = folding(TOLD).review(period, END)
    told: list[DealFact] = []
    whole = [folding([]), folding([])]
    seqs = {number: seq for seq, number in enumerate(range(len(TOLD)), 1)}
    for number in order:
        type_, day, data = TOLD[number]
        fact = fact_of(type_, seqs[number], day if isinstance(day, str) else at(day), json.dumps(data))
        assert fact is not None
        told.append(fact)
    whole[0].take(told)
    bounds = [0, *sorted(cuts), len(told)]
    for start, end in pairwise(bounds):
        whole[1].take(told[start:end])
        whole[1].review(period, END)
    assert whole[0].review(period, END) == expected
    assert whole[1].review(period, END) == expected
