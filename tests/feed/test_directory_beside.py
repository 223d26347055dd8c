"""Whatever Rex does to questions about names, the events are read as if none had been asked, request by request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from support.fakes import NOW, FakeClock, HeldClock, NoChance
from support.fault import Answer, Delivery, Fault
from support.fault_rex import KEY, Asked, FaultRex, fault_rex

from rex_tui.api import RexClient
from rex_tui.api_key import ApiKey
from rex_tui.demo import DEMO_KEY, DemoLog, DemoServer, Organisation
from rex_tui.feed import CatchingUp, CaughtUp, Directory, FeedStatus, Poller, kept_names
from rex_tui.names import entity_kind
from rex_tui.store import EventStore
from rex_tui.subject import mentioned_ids

EVENTS = 450
PAGE_MAX = 50
ROUNDS = 4
PATIENCE_S = 30.0
FLOOD_MIB = 200
NO_KEY = b'{"error":{"code":"unauthorized","message":"no such key"}}'


async def hang(_writer: asyncio.StreamWriter, _text: bytes) -> None:
    await asyncio.Event().wait()


async def flood(writer: asyncio.StreamWriter, _text: bytes) -> None:
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {FLOOD_MIB * 2**20}\r\n\r\n".encode())
    for _ in range(FLOOD_MIB):
        writer.write(b" " * 2**20)
        await writer.drain()


async def slam(writer: asyncio.StreamWriter, _text: bytes) -> None:
    writer.transport.abort()


def event(number: int) -> bytes:
    told = {"deal_id": f"deal_{number:05}", "to_stage_id": f"stg_{number:05}"}
    return json.dumps(
        {"id": f"evt_{number:05}", "type": "deal.stage_changed", "occurred_at": "2026-03-16T12:00:00Z", "data": told}
    ).encode()


def always(answer: Answer) -> Callable[[Asked], Answer]:
    return lambda _asked: answer


def good(asked: Asked) -> Answer:
    named = {"id": "stg_00001", "name": "Lead", "position": 0}
    found = [{"id": "pipe_0001", "stages": [named]}] if asked.path == "/pipelines" else {"name": asked.path}
    return Answer(200, json.dumps({"data": found}).encode())


@dataclass
class Seen:
    """What a catch-up, and some polls after it, looked like from both sides."""

    events_asked: list[tuple[str | None, int, str]] = field(default_factory=list)
    states: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    names_asked: list[str] = field(default_factory=list)
    events_first: int = 0
    """Requests for events before the first one for a name."""


async def watched(
    folder: Path,
    beside: Callable[[Asked], Answer] | None,
    deliver: Delivery | None = None,
    *,
    with_directory: bool = True,
) -> Seen:
    """Read a log to its end and poll a few times more, with a directory that wants names all the while."""
    rex = FaultRex([event(number) for number in range(EVENTS)], page_max=PAGE_MAX, beside=beside)
    seen, clock = Seen(), HeldClock()
    caught_up, names_asked = asyncio.Event(), asyncio.Event()

    def whim(asked: Asked) -> Sequence[Fault]:
        if asked.path == "/events":
            return ()
        names_asked.set()
        return () if deliver is None else (Fault("names", deliver=deliver),)

    def note(status: FeedStatus) -> None:
        failure = None if status.last_failure is None else status.last_failure.why
        # While more comes, how far the writing behind it has come is chance.
        cursor = None if isinstance(status.state, CatchingUp) else status.cursor
        seen.states.append((type(status.state).__name__, cursor, failure))
        if isinstance(status.state, CaughtUp):
            caught_up.set()

    rex.whim = whim
    async with fault_rex(rex), RexClient(rex.url, ApiKey(KEY), now=clock.now) as client:
        with EventStore(folder / "rex.db", rex.url) as store:
            poller = Poller(client, store, interval_s=15.0, clock=clock, random=NoChance(), on_status=note)
            directory = Directory(
                client, store, lambda: poller.status.state, clock=clock, random=NoChance(), overrides={}
            )
            directory.want(["deal_00000", "stg_00000", "cont_00000", "comp_00000"])
            running = [asyncio.create_task(poller.run())]
            if with_directory:
                running.append(asyncio.create_task(directory.run()))
            async with asyncio.timeout(PATIENCE_S):
                for number in range(ROUNDS):
                    await caught_up.wait()
                    caught_up.clear()
                    if with_directory and number == 0:
                        clock.move(1.0)  # until the directory looks again
                        await names_asked.wait()
                    directory.want([f"deal_{number:05}", f"cont_{number:05}"])
                    rex.log += [event(EVENTS + 60 * number + more) for more in range(60)]
                    clock.move(16.0)
                await caught_up.wait()
            for task in running:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            assert store.last_seq() == EVENTS + 60 * ROUNDS
            assert store.problems() == []
    events = [asked for asked in rex.asked if asked.path == "/events"]
    seen.events_asked = [(asked.cursor, asked.limit, asked.headers["x-api-key"]) for asked in events]
    seen.names_asked = [asked.path for asked in rex.asked if asked.path != "/events"]
    is_event = [asked.path == "/events" for asked in rex.asked]
    seen.events_first = len(is_event) if all(is_event) else is_event.index(False)
    return seen


@pytest.mark.parametrize(
    ("beside", "deliver"),
    [
        pytest.param(good, None, id="good"),
        pytest.param(None, None, id="404"),
        pytest.param(always(Answer(401, NO_KEY)), None, id="401"),
        pytest.param(always(Answer(403)), None, id="403"),
        pytest.param(always(Answer(500, b"<html>")), None, id="500"),
        pytest.param(always(Answer(429, b"", {"Retry-After": "5"})), None, id="429"),
        pytest.param(always(Answer(302, b"", {"Location": "https://evil.example"})), None, id="redirect"),
        pytest.param(always(Answer(200, b"<html>log in</html>")), None, id="html"),
        pytest.param(good, hang, id="hangs"),
        pytest.param(good, flood, id="floods"),
        pytest.param(good, slam, id="slams"),
    ],
)
async def test_a_catch_up_is_undisturbed(
    tmp_path: Path, beside: Callable[[Asked], Answer] | None, deliver: Delivery | None
) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    seen = await watched(tmp_path / "with", beside, deliver)
    expected = await watched(tmp_path / "without", beside, deliver, with_directory=False)
    assert seen.events_asked == expected.events_asked
    assert seen.states == expected.states
    assert seen.names_asked[0] == "/pipelines"
    assert seen.events_first >= EVENTS / PAGE_MAX
    assert expected.names_asked == []
    assert len(seen.names_asked) <= 2 * ROUNDS + 4


async def test_the_demo_s_names_are_learned_as_long_as_it_gives_them(tmp_path: Path) -> None:
    organisation, clock = Organisation(7), FakeClock()
    log = DemoLog(organisation.history(300, datetime.fromtimestamp(NOW, UTC)))
    wanted = [id_ for one in reversed(log.events) for id_ in mentioned_ids(one.data)[0] if entity_kind(id_)][:9]
    with DemoServer(log, register=organisation) as server, EventStore(tmp_path / "rex.db", server.url) as store:
        async with RexClient(server.url, ApiKey(DEMO_KEY), now=clock.now) as client:
            directory = Directory(
                client, store, lambda: CaughtUp(0.0, 0.0), clock=clock, random=NoChance(), overrides={}
            )
            directory.want([stage.id for stage in organisation.stages])
            directory.want(wanted)
            async with asyncio.timeout(PATIENCE_S):
                while directory._next_wish(clock.monotonic()) is not None:
                    await directory.step()
            assert [stage.name for stage in directory.names.stages] == [stage.name for stage in organisation.stages]
            told = {id_: organisation._world.register.get(id_) for id_ in wanted}
            called = {id_: None if one is None else one.name for id_, one in told.items()}
            assert {id_: directory.names.of(id_) for id_ in wanted} == called
            assert any(called.values())
            server.endpoint.names_answer = HTTPStatus.FORBIDDEN
            directory.want(["deal_none1"])
            while directory._next_wish(clock.monotonic()) is not None:
                await directory.step()
            assert "deals (403" in directory.notes[0]
        kept = kept_names(store, {organisation.stages[0].id: "My lead"}, clock)
        assert [stage.name for stage in kept.stages][:2] == ["My lead", organisation.stages[1].name]
