"""The whole product in a test: demo Rex over a socket, store in a file, poller, and the screen under a pilot."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from support.fakes import HeldClock, NoChance
from support.quick_textual import paint_at_rest
from support.waiting import until
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from rex_tui.api import RexClient
from rex_tui.api_key import ApiKey
from rex_tui.demo import DEMO_KEY, DemoLog, DemoServer, Organisation
from rex_tui.feed import CaughtUp, Directory, Poller
from rex_tui.rules.book import RuleBook
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.opening import Opening
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.session import Session
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.panes import Panes

INTERVAL_S = 15.0
WIDE = (160, 45)
MEDIUM = (110, 30)
SMALL = (80, 24)


class FakeMachine:
    """A clipboard of the machine; `takes` says whether it works."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.takes = False

    def put(self, text: str) -> bool:
        if self.takes:
            self.held.append(text)
        return self.takes


@dataclass
class Watching:
    """A running screen, and the strings to pull."""

    pilot: Pilot[None]
    screen: WatchScreen
    store: EventStore
    poller: Poller
    clock: HeldClock
    organisation: Organisation
    log: DemoLog
    server: DemoServer
    machine: FakeMachine
    copied: list[str] = field(default_factory=list)

    @property
    def panes(self) -> Panes:
        return self.screen.panes

    @property
    def table(self) -> EventTable:
        return self.screen.panes.table

    @property
    def screen_event_type(self) -> str:
        """Give the type of the selected event."""
        event = self.store.event(self.table.cursor_seq or 0)
        return "" if event is None else event.type

    @property
    def focus(self) -> str | None:
        """Give the id of the widget that has the focus."""
        return None if self.screen.focused is None else self.screen.focused.id

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text, one key after the other, without waiting for what each of them brings."""
        for character in text:
            self.pilot.app.post_message(events.Key(_character_to_key(character), character))
        await self.pilot.pause()

    async def settle(self) -> None:
        """Wait until nothing that was caused is still to be painted."""
        await until(
            lambda: (
                self.screen._frame is None
                and self.screen._detail_frame is None
                and self.screen._sidebar_frame is None
                and self.screen._recount is None
                and self.screen.time_line.settled
            ),
            lambda: f"the feed is {self.poller.status}",
        )
        await self.pilot.pause()

    async def named(self) -> None:
        """Wait until the names of stages are known, and show all names that are."""
        directory = self.screen.directory
        assert directory is not None
        await self.until(lambda: directory.names.stages)
        self.screen.learn_names()
        await self.settle()

    async def answered(self) -> None:
        """Wait until what the bar says is searched for to the end."""
        search = self.screen._search
        await self.until(
            lambda: (
                self.screen._typing is None
                and self.screen.bar._offering is None
                and not search.running
                and search._due is None
            )
        )
        await self.settle()

    async def until(self, holds: Callable[[], Any]) -> None:
        """Let the program run until something holds; fail when it never does."""
        if holds():
            return
        # A pilot's pause asks every widget, which takes as long as the program.
        await until(holds, lambda: f"the feed is {self.poller.status}")
        await self.pilot.pause()

    async def live(self, count: int = 1) -> None:
        """Let `count` events happen in Rex, and time pass until they were polled and shown."""
        last = len(self.log)
        for _ in range(count):
            self.log.append(self.organisation.next_event(datetime.fromtimestamp(self.clock.now(), UTC)))
        self.clock.move(INTERVAL_S + 1)
        await self.until(lambda: self.store.last_seq() == last + count and self.screen._log.index.total == last + count)
        await self.settle()

    @property
    def told(self) -> str:
        """Give the latest toast."""
        return [str(one.message) for one in self.pilot.app._notifications][-1]

    def text(self, selector: str) -> str:
        """Give what a static widget says."""
        return str(self.screen.query_one(selector).render())

    def line(self, row: int) -> str:
        """Give a line of the table's window as it is painted."""
        top = row + self.table.scroll_offset.y
        self.table._lines.read(self.table._view.seqs(top - 1, top + 1))
        return self.table.render_line(row).text

    @property
    def lines(self) -> list[str]:
        return [self.line(row) for row in range(min(self.table._page_size, len(self.table._view)))]


@cache
def lived(count: int, now: float) -> bytes:
    """Give an organisation with its history of so many events, pickled: each test goes on with one of its own."""
    organisation = Organisation(7)
    past = organisation.history(count, datetime.fromtimestamp(now, UTC) - timedelta(seconds=4))
    return pickle.dumps((organisation, past))


@asynccontextmanager
async def watching(  # noqa: PLR0913 - each has a default that most tests take
    folder: Path,
    *,
    history: int = 300,
    size: tuple[int, int] = MEDIUM,
    api_key: str = DEMO_KEY,
    wait: Callable[[Watching], Any] = lambda watch: isinstance(watch.poller.status.state, CaughtUp),
    requests_per_minute: int = 100_000,
    log: DemoLog | None = None,
    elapsed: float = 0.0,
    opening: Opening = Opening(),  # noqa: B008 - frozen
    own_names: Mapping[str, str] | None = None,
    names_answer: HTTPStatus | None = None,
    rules: RuleBook = RuleBook(),  # noqa: B008 - frozen
    port: int = 0,
    kind: type[RexTuiApp] = RexTuiApp,
    utc: bool = True,
) -> AsyncIterator[Watching]:
    """Run the product on a demo organisation whose history ends at a fixed time, until the feed has caught up.

    `elapsed` are the seconds by which all of it is later. Ids are told by their names, of which the user's own are
    `own_names`, unless that is None; `names_answer` is what Rex says to whoever asks for some. `port` is where Rex is,
    for a second start on the same store; `kind` is the app that shows the screen.
    """
    clock = HeldClock()
    clock.elapsed = elapsed
    organisation = Organisation(7)
    if log is None:
        organisation, past = pickle.loads(lived(history, clock.now()))
        log = DemoLog(past)
    with (
        DemoServer(log, port=port, requests_per_minute=requests_per_minute, register=organisation) as server,
        EventStore(folder / "rex.db", server.url) as store,
        Notebook(folder / "rex.db") as notebook,
    ):
        async with RexClient(server.url, ApiKey(api_key), now=clock.now) as client:
            poller = Poller(client, store, interval_s=INTERVAL_S, clock=clock, random=NoChance())
            machine = FakeMachine()
            server.endpoint.names_answer = names_answer
            directory = None
            if own_names is not None:
                state = lambda: poller.status.state  # noqa: E731
                directory = Directory(client, store, state, clock=clock, random=NoChance(), overrides=own_names)
            told = "demo organisation", opening, machine.put, directory, rules
            session = Session(store, poller, clock, notebook, *told)
            screen = WatchScreen(session, utc=utc)
            app = kind(screen, opening.keymap)
            paint_at_rest(app)
            async with app.run_test(size=size) as pilot:
                watch = Watching(pilot, screen, store, poller, clock, organisation, log, server, machine)
                app.copy_to_clipboard = watch.copied.append  # type: ignore[method-assign, assignment]
                watch.table.fresh_s = 3_600  # so that no picture depends on how fast this machine is
                await watch.until(lambda: wait(watch))
                await watch.settle()
                yield watch
