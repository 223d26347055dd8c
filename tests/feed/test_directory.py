"""The directory, stepped: what it asks for, when it does not, and what it makes of every answer."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from feed.rig import URL
from support.fakes import NOW, FakeClock, HeldClock, NoChance
from support.name_rex import STAGES, NameRex

from rex_tui import api
from rex_tui.event import RateBudget, Row
from rex_tui.feed import CatchingUp, CaughtUp, Connecting, Directory, Following, Paused, RateLimited, Retrying, Stopped
from rex_tui.feed.directory import ASK_EVERY_S, STAGES_EVERY_S
from rex_tui.feed.memory import DAY_S
from rex_tui.feed.progress import Progress
from rex_tui.feed.status import State
from rex_tui.feed.wishes import WISHES_MAX
from rex_tui.names import Names, Stage
from rex_tui.store import EventStore

DEAL, CONTACT, COMPANY = "deal_0001", "cont_0001", "comp_0001"
HOSTILE = "\x1b]0;x\x07 [red]\u202e"


class Bench:
    """A directory and all around it."""

    def __init__(
        self, store: EventStore, overrides: dict[str, str] | None = None, clock: FakeClock | None = None
    ) -> None:
        self.rex = NameRex()
        self.clock = FakeClock() if clock is None else clock
        self.state: State = CaughtUp(0.0, 0.0)
        self.told: list[Names] = []
        self.directory = Directory(
            self.rex,
            store,
            lambda: self.state,
            clock=self.clock,
            random=NoChance(),
            overrides=overrides or {},
            on_names=self.told.append,
        )

    @property
    def names(self) -> Names:
        return self.directory.names

    async def steps(self, count: int) -> list[str]:
        """Make so many moves; give what was asked meanwhile."""
        before = len(self.rex.asked)
        for _ in range(count):
            await self.directory.step()
        return self.rex.asked[before:]


@pytest.fixture
def bench(store: EventStore) -> Bench:
    return Bench(store)


async def asked(bench: Bench, count: int) -> list[str]:
    """Step until so many questions were asked."""
    before = len(bench.rex.asked)
    async with asyncio.timeout(10):
        while len(bench.rex.asked) - before < count:
            await bench.directory.step()
    return bench.rex.asked[before:]


async def test_pipelines_are_asked_for_at_the_start_and_kept(bench: Bench, store: EventStore) -> None:
    assert not bench.names.stages
    assert await asked(bench, 1) == ["pipelines"]
    assert bench.names.stages == STAGES
    assert [names.of("stg_0001") for names in bench.told] == ["Lead"]
    again = Bench(store, clock=bench.clock)
    assert again.names.stages == STAGES
    bench.directory.want(["stg_0001"])
    assert again.told == []


async def test_an_unknown_stage_has_them_asked_for_again_but_not_soon(bench: Bench) -> None:
    await asked(bench, 1)
    bench.rex.stages = (*STAGES, Stage("stg_0003", HOSTILE, "pipe_0001", 2, "open", ""))
    bench.directory.want(["stg_0003", "stg_0001", "stg_"])
    start = bench.clock.elapsed
    assert await asked(bench, 1) == ["pipelines"]
    assert bench.clock.elapsed - start == STAGES_EVERY_S
    assert bench.names.of("stg_0003") == HOSTILE
    assert len(bench.told) == 2


async def test_a_stage_that_is_listed_no_more_keeps_its_name_over_a_restart(bench: Bench, store: EventStore) -> None:
    await asked(bench, 1)
    bench.rex.stages = STAGES[1:]
    bench.directory.want(["stg_0009"])
    await asked(bench, 1)
    again = Bench(store, clock=bench.clock)
    for one in (bench, again):
        assert (one.names.stages, one.names.of("stg_0001")) == (STAGES[1:], "Lead")


async def test_names_are_asked_for_once_the_newest_wish_first_and_kept(bench: Bench, store: EventStore) -> None:
    bench.rex.said = {DEAL: "Rollout", CONTACT: HOSTILE, COMPANY: ""}
    await asked(bench, 1)
    bench.directory.want([DEAL])
    bench.directory.want([CONTACT, COMPANY, "usr_0001", "../events", CONTACT])
    assert await asked(bench, 3) == [CONTACT, COMPANY, DEAL]
    assert (bench.names.of(DEAL), bench.names.of(CONTACT), bench.names.of(COMPANY)) == ("Rollout", HOSTILE, None)
    again = Bench(store, clock=bench.clock)
    again.directory.want([DEAL, CONTACT, COMPANY])
    assert (again.names.of(DEAL), again.names.of(CONTACT)) == ("Rollout", HOSTILE)
    assert len(again.told) == 1
    bench.directory.want([DEAL, CONTACT, COMPANY])
    for one in (bench, again):
        assert list(one.directory._wishes) == []


async def test_at_most_two_a_second_and_one_at_a_time(bench: Bench) -> None:
    bench.directory.want([f"deal_{n:04}" for n in range(20)])
    start = bench.clock.elapsed
    await asked(bench, 21)
    assert bench.clock.elapsed - start == pytest.approx(20 * ASK_EVERY_S)
    assert bench.rex.most_running == 1


async def test_wishes_are_bounded_and_the_oldest_given_up(bench: Bench) -> None:
    for start in range(0, 3 * WISHES_MAX, WISHES_MAX):
        bench.directory.want([f"deal_{n:04}" for n in range(start, start + WISHES_MAX)])
    assert list(bench.directory._wishes) == [f"deal_{n:04}" for n in range(2 * WISHES_MAX, 3 * WISHES_MAX)]


@pytest.mark.parametrize(
    "state",
    [
        Connecting(),
        CatchingUp(Progress(None, None, None)),
        RateLimited(9.0, "slow"),
        Retrying(1, 9.0, "gone"),
        Paused(),
        Stopped("key", "no"),
        Following("1"),
    ],
)
async def test_nothing_is_asked_while_the_events_come_first(bench: Bench, state: State) -> None:
    bench.state = state
    bench.directory.want([DEAL])
    assert await bench.steps(30) == []
    bench.state = CaughtUp(0.0, 0.0)
    assert await asked(bench, 2) == ["pipelines", DEAL]


@pytest.mark.parametrize(("left", "asks"), [(500, False), (501, True), (0, False), (None, True)])
async def test_nothing_is_asked_of_less_than_half_a_budget(bench: Bench, left: int | None, asks: bool) -> None:
    bench.rex.budget = RateBudget(1000, left, 3.0)
    assert await bench.steps(2) == (["pipelines"] if asks else [])
    if not asks:
        bench.rex.budget = RateBudget(1000, 900, 3.0)
        assert await asked(bench, 1) == ["pipelines"]


@pytest.mark.parametrize("error", [api.Unauthorized("The key is gone (401)."), api.Forbidden("It may not (403).")])
async def test_an_endpoint_that_refuses_is_left_alone_and_the_others_are_not(
    bench: Bench, store: EventStore, error: api.RexError
) -> None:
    bench.rex.said = {"deal": error, CONTACT: "Ada"}
    await asked(bench, 1)
    bench.directory.want([DEAL, "deal_0002", CONTACT])
    assert await asked(bench, 2) == [DEAL, CONTACT]
    assert bench.directory.notes == (f"Names of deals are not asked for: {error}",)
    bench.directory.want(["deal_0003", DEAL])
    assert list(bench.directory._wishes) == []
    await next_session(store, bench, wants=isinstance(error, api.Unauthorized))


async def next_session(store: EventStore, bench: Bench, *, wants: bool) -> None:
    """A refusal is remembered for a day, for the same key; a key that is unknown may be another one next time."""
    again = Bench(store, clock=bench.clock)
    again.directory.want(["cont_0002", DEAL])
    if wants:
        assert await asked(again, 2) == ["cont_0002", DEAL]
    else:
        assert await asked(again, 1) == ["cont_0002"]
        assert again.directory.notes == bench.directory.notes
        assert list(again.directory._wishes) == []
    store.accept_key("another")
    other = Bench(store, clock=bench.clock)
    other.directory.want(["deal_0004"])
    assert await asked(other, 1) == ["deal_0004"]


async def test_pipelines_that_are_not_there_are_not_asked_for_at_every_start(bench: Bench, store: EventStore) -> None:
    bench.rex.stages = api.NotFound("Rex has nothing there (404).")
    await asked(bench, 1)
    assert bench.directory.notes == ("Names of pipelines are not asked for: Rex has nothing there (404).",)
    again = Bench(store, clock=bench.clock)
    again.directory.want([DEAL])
    assert await asked(again, 1) == [DEAL]


async def test_who_is_not_there_is_remembered_too_for_a_day(bench: Bench, store: EventStore) -> None:
    await asked(bench, 1)
    bench.directory.want([DEAL])
    assert await asked(bench, 1) == [DEAL]
    again = Bench(store, clock=bench.clock)
    for one in (bench, again):
        one.directory.want([DEAL])
        assert list(one.directory._wishes) == []
    bench.clock.elapsed += DAY_S + 60
    for one in (bench, again):
        one.directory.want([DEAL])
        assert list(one.directory._wishes) == [DEAL]


async def test_a_name_older_than_a_day_is_shown_and_asked_for_again(bench: Bench) -> None:
    bench.rex.said = {DEAL: "Rollout"}
    await asked(bench, 1)
    bench.directory.want([DEAL])
    await asked(bench, 1)
    bench.clock.elapsed += DAY_S
    bench.rex.said = {DEAL: "Renamed"}
    bench.directory.want([DEAL])
    assert bench.names.of(DEAL) == "Rollout"
    await asked(bench, 1)
    assert bench.names.of(DEAL) == "Renamed"
    bench.clock.elapsed += DAY_S
    del bench.rex.said[DEAL]
    bench.directory.want([DEAL])
    await asked(bench, 1)
    assert bench.names.of(DEAL) == "Renamed", "who was deleted is called as before"


@pytest.mark.parametrize("error", [api.Unavailable("Rex has trouble (500)."), api.Unavailable("no network")])
async def test_trouble_is_waited_out_longer_each_time_and_holds_nothing_else_up(
    bench: Bench, error: api.RexError
) -> None:
    bench.rex.stages = error
    bench.rex.said = {DEAL: error, "deal_0002": "Fine", CONTACT: "Ada"}
    bench.directory.want([DEAL, "deal_0002", CONTACT])
    assert await asked(bench, 5) == ["pipelines", DEAL, "pipelines", "deal_0002", CONTACT]
    start = bench.clock.elapsed
    for _ in range(50):
        bench.directory.want([DEAL])
        await bench.directory.step()
    assert bench.clock.elapsed - start > 8 * 60
    assert len(bench.rex.asked) < 45
    bench.rex.stages = STAGES
    bench.rex.said = {DEAL: "At last"}
    await asked(bench, 2)
    assert (bench.names.stages, bench.names.of(DEAL)) == (STAGES, "At last")
    assert bench.directory.notes == ()


async def test_one_that_always_fails_does_not_starve_the_others_on_the_screen(bench: Bench) -> None:
    others = [f"deal_{n:04}" for n in range(2, 8)]
    bench.rex.said = {DEAL: api.Unavailable("trouble (500)"), **dict.fromkeys(others, "Fine")}
    bench.directory.want([DEAL, *others])
    async with asyncio.timeout(10):
        while len(bench.rex.asked) < 12:
            bench.directory.want([DEAL, *others])
            await bench.directory.step()
    assert all(bench.names.of(id_) == "Fine" for id_ in others)


async def test_answers_that_are_none_are_passed_over_and_end_an_endpoint(bench: Bench) -> None:
    bench.rex.said = {"deal": api.BadResponse("Rex's answer is no name.")}
    await asked(bench, 1)
    bench.directory.want([f"deal_{n:04}" for n in range(9)])
    assert await asked(bench, 3) == ["deal_0000", "deal_0001", "deal_0002"]
    assert bench.directory.notes == ("Names of deals are not asked for: Rex's answer is no name.",)
    assert list(bench.directory._wishes) == []


async def test_a_rate_limit_is_waited_out(bench: Bench) -> None:
    bench.rex.stages = api.RateLimited("slow down", 42.0)
    await asked(bench, 1)
    bench.rex.stages = STAGES
    start = bench.clock.elapsed
    assert await asked(bench, 1) == ["pipelines"]
    assert bench.clock.elapsed - start == 42.0


async def test_what_payloads_tell_counts_first_and_spares_the_question(bench: Bench) -> None:
    await asked(bench, 1)
    moved = {"deal_id": DEAL, "name": HOSTILE, "to_stage_id": "stg_0002", "to_stage_name": "Closed"}
    bench.directory.learn_from("deal.stage_changed", json.dumps(moved), NOW + DAY_S)
    assert (bench.names.of(DEAL), bench.names.of("stg_0002")) == (HOSTILE, "Closed")
    bench.directory.want([DEAL])
    assert list(bench.directory._wishes) == []
    told = len(bench.told)
    bench.directory.learn_from("deal.stage_changed", json.dumps(moved), NOW + DAY_S)
    bench.directory.learn_from("deal.updated", json.dumps({"deal_id": DEAL, "name": "As it was"}), NOW - 99)
    bench.directory.learn_from("deal.updated", "no json", NOW)
    assert bench.names.of(DEAL) == HOSTILE
    assert len(bench.told) == told


async def test_a_screenful_of_payloads_is_told_of_once(store: EventStore) -> None:
    bench = Bench(store)
    heard: list[Names] = []
    assert bench.directory.on_names == bench.told.append
    bench.directory.on_names = heard.append
    rows = [
        Row(1, "evt_1", "deal.won", "2026-03-01T00:00:00Z", NOW, '{"deal_id":"deal_0001","name":"New"}', 9),
        Row(2, "evt_2", "deal.won", "2026-02-01T00:00:00Z", NOW, '{"deal_id":"deal_0001","name":"Old"}', 9),
        Row(3, "evt_3", "deal.won", "soon", NOW + 9e9, '{"deal_id":"deal_0002","name":"Other"}', 9),
        Row(4, "evt_4", "deal.won", "", NOW, None, 9_000_000),
    ]
    bench.directory.learn_from_rows(rows)
    assert len(heard) == 1
    assert (bench.names.of("deal_0001"), bench.names.of("deal_0002")) == ("New", "Other")
    found = bench.names.known("deal_0002")
    assert found is not None
    assert found.learned_at == NOW


async def test_the_user_s_own_names_stand_over_all_and_are_never_asked_for(store: EventStore) -> None:
    bench = Bench(store, {DEAL: "Mine", "stg_0001": "My lead"})
    await asked(bench, 1)
    bench.directory.learn_from("deal.won", json.dumps({"deal_id": DEAL, "name": "Theirs"}), NOW)
    bench.directory.want([DEAL])
    assert (bench.names.of(DEAL), bench.names.stages[0].name) == ("Mine", "My lead")
    assert list(bench.directory._wishes) == []
    assert Bench(store, clock=bench.clock).names.stages == STAGES, "the store keeps what Rex said"


async def test_a_follower_reads_what_the_writer_learns_and_asks_nothing(
    bench: Bench, store: EventStore, tmp_path: Path
) -> None:
    bench.rex.said = {DEAL: "Rollout"}
    with EventStore(tmp_path / "rex.db", URL) as second:
        follower = Bench(second, clock=HeldClock())
        follower.directory.want([DEAL, "stg_0001"])
        assert (follower.names.of(DEAL), follower.names.stages) == (None, ())
        bench.directory.want([DEAL])
        await asked(bench, 2)
        follower.clock.elapsed += 9
        follower.directory.want([DEAL, "stg_0001"])
        assert (follower.names.of(DEAL), follower.names.stages) == ("Rollout", STAGES)
        assert follower.rex.asked == []
        assert follower.directory._next_wish(follower.clock.monotonic()) is None


async def test_a_store_that_fails_costs_names_and_nothing_else(bench: Bench, store: EventStore) -> None:
    bench.rex.said = {DEAL: "Rollout", CONTACT: "Ada"}
    with closing(sqlite3.connect(store.path)) as raw:
        raw.executescript("INSERT INTO names VALUES ('stg_0001', 'stage', 'x', '{', 1.0, 'known'); DROP TABLE names;")
    bench.directory.want([DEAL])
    assert await asked(bench, 2) == ["pipelines", DEAL]
    assert (bench.names.of(DEAL), bench.names.stages) == ("Rollout", STAGES)
    again = Bench(store, clock=bench.clock)
    again.rex.said = bench.rex.said
    again.directory.want([CONTACT])
    await asked(again, 2)
    assert again.names.of(CONTACT) == "Ada"


async def test_ending_it_in_the_middle_of_a_question_leaves_nothing_behind(store: EventStore) -> None:
    bench = Bench(store, clock=HeldClock())
    bench.rex.hold = asyncio.Event()
    running = asyncio.create_task(bench.directory.run())
    await bench.rex.begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert bench.rex.running == 0
