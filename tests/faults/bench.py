"""The real parts on a bench: client, socket, store and poller; only time and chance are the test's."""

from __future__ import annotations

import asyncio
import sqlite3
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
from faults.case import Entry, Kept
from support.fakes import FakeClock, NoChance
from support.fault_rex import KEY, FaultRex, fault_rex

from rex_tui.api import RexClient
from rex_tui.api.client import BODY_MAX
from rex_tui.api_key import ApiKey
from rex_tui.event import Page
from rex_tui.feed import CaughtUp, FeedStatus, Poller, Stopped
from rex_tui.store import EventStore

INTERVAL_S: Final = 15.0
STEPS_MAX: Final = 5_000
STOPPED_LOOK_S: Final = 0.02
"""How long a stopped feed is watched for a move that it must not make."""


@dataclass
class CountedSource:
    """The client, with the requests that the poller made of it counted, those included that reached nobody."""

    client: RexClient
    pages: int = 0

    async def events(self, cursor: str | None = None, limit: int = 200) -> Page:
        self.pages += limit == 200
        return await self.client.events(cursor, limit)


@dataclass
class Bench:
    """A poller that a test steps, and all that it works with."""

    rex: FaultRex
    source: CountedSource
    store: EventStore
    poller: Poller
    clock: FakeClock
    seen: list[FeedStatus] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        return isinstance(self.poller.status.state, Stopped)

    @property
    def states(self) -> str:
        """Give the states that the feed told of, a reason after each stop; repeats of one or two are left out."""
        names: list[str] = []
        for status in self.seen:
            state = status.state
            name = f"Stopped {state.reason}" if isinstance(state, Stopped) else type(state).__name__
            if names[-1:] != [name]:
                names.append(name)
            if len(names) > 3 and names[-2:] == names[-4:-2]:
                del names[-2:]
        return ", ".join(names)

    @property
    def said(self) -> str:
        """Give all sentences about what went wrong."""
        return "\n".join({status.last_failure.why for status in self.seen if status.last_failure is not None})

    def happen(self, *entries: Entry) -> None:
        """Let these entries be the next of Rex's log."""
        self.rex.log += [one.raw for one in entries]

    async def hold(self, seconds: float) -> None:
        """Step until so much time has passed on the feed's clock, or the feed stopped."""
        until = self.clock.elapsed + seconds
        for _ in range(STEPS_MAX):
            if self.stopped or self.clock.elapsed >= until:
                return
            await self.poller.step()
        raise AssertionError(f"a hot loop: {STEPS_MAX} moves took {self.clock.elapsed} s; {self.poller.status}")

    async def recover(self) -> None:
        """Step until the feed has caught up, with no help."""
        for _ in range(STEPS_MAX):
            await self.poller.step()
            assert not self.stopped, self.poller.status
            if isinstance(self.poller.status.state, CaughtUp):
                return
        raise AssertionError(f"never caught up: {self.poller.status}")

    async def stays_stopped(self) -> bool:
        """Tell whether the feed waits for its user."""
        step = asyncio.create_task(self.poller.step())
        await asyncio.wait([step], timeout=STOPPED_LOOK_S)
        waits = not step.done()
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)
        return waits


@asynccontextmanager
async def bench(
    folder: Path,
    page_max: int = 200,
    *,
    deadline_s: float = 20.0,
    body_max: int = BODY_MAX,
    tls: tuple[ssl.SSLContext, ssl.SSLContext] | None = None,
) -> AsyncIterator[Bench]:
    """Put everything together; `tls` is the server's context and that by which the client trusts."""
    clock = FakeClock()
    rex = FaultRex(page_max=page_max, now=clock.now)
    async with AsyncExitStack() as opened:
        await opened.enter_async_context(fault_rex(rex, tls[0] if tls else None))
        trusting = httpx.AsyncHTTPTransport(verify=tls[1]) if tls else None
        client = RexClient(
            rex.url, ApiKey(KEY), deadline_s=deadline_s, body_max=body_max, now=clock.now, transport=trusting
        )
        source = CountedSource(await opened.enter_async_context(client))
        store = opened.enter_context(EventStore(folder / "rex.db", rex.url))
        poller = Poller(source, store, interval_s=INTERVAL_S, clock=clock, random=NoChance())
        made = Bench(rex, source, store, poller, clock)
        poller.on_status = made.seen.append
        yield made


@dataclass(frozen=True, slots=True)
class Found:
    """What SQL finds in a store."""

    events: list[Kept]
    set_aside: list[bytes]
    sound: bool


def look(path: Path) -> Found:
    """Read the store's file with plain SQL."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        events = connection.execute(
            "SELECT events.id, types.name, events.occurred_at, events.data"
            " FROM events JOIN types ON types.code = events.type ORDER BY events.seq"
        ).fetchall()
        aside = connection.execute("SELECT raw FROM quarantine").fetchall()
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return Found(events, [raw for (raw,) in aside], verdict == "ok")


def expected(log: Sequence[Entry]) -> list[Kept]:
    """Give what should be stored of a log."""
    return [one.kept for one in log if one.kept is not None]
