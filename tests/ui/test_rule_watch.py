"""Rules fed by a real poller: what alerts, what never does, and what is told together."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.fakes import HeldClock, NoChance, ScriptedRex
from support.waiting import until

from rex_tui.api import CursorRejected, Unavailable
from rex_tui.event import Event, Grown, Page
from rex_tui.feed import CaughtUp, FeedStatus, Following, Poller, Stopped
from rex_tui.names import Names
from rex_tui.query.language import local_now
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.store import EventStore
from rex_tui.ui import rule_watch
from rex_tui.ui.rule_watch import Hands, RuleWatch

WON = RuleSetting("Won", "type:deal.won", frozenset({"toast", "bell"}))
ANY = RuleSetting("Any", "", frozenset({"notify"}))


@dataclass
class Followed:
    rex: ScriptedRex
    store: EventStore
    clock: HeldClock
    poller: Poller
    toasts: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    bells: int = 0
    number: int = 0
    rules: RuleWatch = None  # type: ignore[assignment] # made next

    def ring(self) -> None:
        self.bells += 1

    def page(self, *types: str, more: bool = False, age: float = 5.0, shown: str = "Acme") -> Page:
        """Give a page of events that happened so many seconds ago."""
        when = f"{datetime.fromtimestamp(self.clock.now() - age, UTC):%Y-%m-%dT%H:%M:%SZ}"
        first, self.number = self.number, self.number + len(types)
        data = json.dumps({"name": shown, "value": 100})
        events = [Event(f"evt_{first + n}", type_, when, data, self.clock.now()) for n, type_ in enumerate(types)]
        return Page(tuple(events), (), more, f"c{self.number}")

    async def poll(self, *pages: Page | Exception, wait: float = 16.0) -> None:
        """Let time pass, and Rex answer like this, until the feed and the rules have come to rest."""
        self.rex.answers += pages  # type: ignore[arg-type]
        self.clock.move(wait)
        now = self.clock.monotonic()
        await self.until(
            lambda: (
                isinstance(state := self.poller.status.state, CaughtUp)
                and state.answered_at == now
                and not self.rules.is_busy
            )
        )

    async def until(self, holds: Callable[[], Any]) -> None:
        await until(holds, lambda: self.poller.status)


@asynccontextmanager
async def followed(folder: Path, *rules: RuleSetting, terminal: str = "xterm") -> AsyncIterator[Followed]:
    clock, rex = HeldClock(), ScriptedRex()
    rex.hang_when_done = False
    with EventStore(folder / "rex.db", "https://acme.rexgtm.com") as store:
        poller = Poller(rex, store, interval_s=15.0, clock=clock, random=NoChance())
        made = Followed(rex, store, clock, poller)
        async with asyncio.TaskGroup() as tasks:
            begun: list[asyncio.Task[None]] = []

            def run(step: Coroutine[None, None, None]) -> None:
                begun.append(tasks.create_task(step))

            hands = Hands(
                lambda title, words: made.toasts.append((title, words)),
                made.ring,
                made.written.append,
                made.said.append,
                lambda error: made.said.append(str(error)),
                run,
                Names,
            )
            book = RuleBook(rules, {"TERM": terminal, "SSH_TTY": "x"})
            made.rules = RuleWatch(book, store, clock, hands)
            made.rules.read(local_now(), {}, Names())
            made.rules.start()

            def entered(status: FeedStatus) -> None:
                made.rules.entered(status.state)

            poller.on_status, poller.on_grown = entered, made.rules.grew
            rex.answers = [made.page("deal.won", "deal.won", more=True), made.page("deal.won")]
            run(poller.run())
            await made.until(lambda: isinstance(poller.status.state, CaughtUp))
            yield made
            for task in begun:
                task.cancel()


async def test_the_first_alerts_at_once_and_a_burst_is_told_together(tmp_path: Path) -> None:
    async with followed(tmp_path, WON) as made:
        assert made.toasts == [], "the first history never alerts"
        await made.poll(made.page("deal.won", "deal.lost"))
        assert made.toasts == [("Won", "deal.won · 1.00 USD · Acme")]
        assert made.bells == 1
        await made.poll(made.page(), wait=16.0)
        await made.poll(made.page(*["deal.won"] * 200, more=True), made.page(*["deal.won"] * 30, shown="Last"))
        assert made.toasts[1:] == [("Won", "deal.won · 1.00 USD · Acme · and 199 more")], "one page came, then another"
        made.rules.tick()
        assert len(made.toasts) == 2
        made.clock.move(5)
        made.rules.tick()
        assert made.toasts[2:] == [("Won", "deal.won · 1.00 USD · Last · and 29 more")]
        tally = made.rules.tallies["Won"]
        assert (tally.events, tally.alerts, tally.late, tally.silenced) == (231, 3, 0, 0)


async def test_what_is_caught_up_on_or_read_again_never_alerts(tmp_path: Path) -> None:
    async with followed(tmp_path, WON) as made:
        made.rex.answers.append(CursorRejected("Gone."))
        made.clock.move(16)
        await made.until(lambda: isinstance(made.poller.status.state, Stopped))
        again = made.page("deal.won", "deal.won")
        made.rex.answers += [made.page("deal.won", more=True), again]
        await made.poller.read_again()
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        made.poller.pause()
        await made.until(lambda: type(made.poller.status.state).__name__ == "Paused")
        made.rex.answers.append(made.page("deal.won"))
        made.poller.resume()
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        await made.poll(made.page("deal.won", more=True), made.page("deal.won"), wait=3_600.0)  # a laptop that slept
        made.rules.tick()
        assert (made.toasts, made.said, made.store.last_seq()) == ([], [], 10), (
            "nine events, and a row that tells of the gap"
        )
        await made.poll(made.page("deal.won", age=3_000.0))
        assert (made.toasts, made.rules.tallies["Won"].late) == ([], 1), "it happened long before it came"
        await made.poll(made.page("deal.won", shown="Now"))
        assert made.toasts == [("Won", "deal.won · 1.00 USD · Now")]
        assert made.rules.tallies["Won"].events == 1


async def test_muted_rules_are_silent_and_count_and_a_new_log_is_begun_anew(tmp_path: Path) -> None:
    async with followed(tmp_path, WON, RuleSetting("Lit", "type:deal.*", frozenset({"highlight"}))) as made:
        made.rules.mute(True)
        await made.poll(made.page("deal.won", "deal.won"))
        made.rules.mute(False)
        made.clock.move(9)
        made.rules.tick()
        assert made.toasts == [], "nothing is told afterwards"
        assert made.rules.tallies["Won"].silenced == 2
        assert (made.rules.tallies["Lit"].events, made.rules.tallies["Lit"].silenced) == (2, 0)
        made.rules.begin_anew()
        await made.poll(made.page("deal.won"))
        assert made.toasts == []


async def test_notifications_go_to_the_terminal_or_else_are_toasts_and_that_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with followed(tmp_path, ANY, terminal="foot") as made:
        await made.poll(made.page("deal.won", shown="\x1b]9;evil\x07<b>;"))
        await made.until(lambda: made.written)
        assert made.written == ["\x1b]777;notify;Rex: Any;deal.won · 1.00 USD · ␛]9,evil␇‹b›,\x07"]  # noqa: RUF001
        assert (made.toasts, made.said) == ([], [])
    async with followed(tmp_path / "other", ANY) as made:
        for _ in range(2):
            await made.poll(made.page("deal.won"))
        await made.until(lambda: len(made.toasts) == 2)
        (said,) = made.said
        assert "this terminal is not known to show any, and the desktop is on another machine" in said


async def test_more_than_can_be_taken_is_passed_over_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_watch, "BACKLOG_MAX", 5)
    async with followed(tmp_path, WON) as made:
        await made.poll(made.page(*["deal.won"] * 8))
        assert made.rules.tallies["Won"].events == 5
        made.rules.tick()
        assert made.said == ["The rules were not asked of 3 events: more came than they can take."]


async def test_commands_are_the_writer_s_and_what_they_can_not_take_is_told(tmp_path: Path) -> None:
    run = RuleSetting("Run", "type:deal.won", frozenset({"toast"}), (sys.executable, "-c", ""))
    async with followed(tmp_path, run) as made:
        made.rules.entered(Following("7"))
        made.rules.grew(Grown(1, 3, (1, 1, 1)))
        await made.until(lambda: not made.rules._asking.is_busy)
        assert made.toasts == [("Run", "deal.won · 1.00 USD · Acme · and 2 more")]
        assert not made.rules.is_busy, "the process that writes the store runs them"
        made.rules.entered(made.poller.status.state)
        made.rex.answers.append(made.page(*["deal.won"] * 150))
        made.clock.move(16)
        await made.until(lambda: made.rules._commands.busy)
        made.rules.mute(True)
        made.rules.tick()
        assert made.said == ["The command of rule “Run” was not run for 50 events: more came than it can take."]


async def test_a_network_that_fails_for_a_moment_costs_no_alert(tmp_path: Path) -> None:
    async with followed(tmp_path, WON) as made:
        made.rex.answers.append(Unavailable("Rex can't be reached."))
        made.clock.move(16)
        await made.until(lambda: type(made.poller.status.state).__name__ == "Retrying")
        await made.poll(made.page("deal.won"))
        assert len(made.toasts) == 1
