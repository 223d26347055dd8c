"""The poller: Rex's polling pattern as a state machine, one request at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from random import Random
from typing import Final

from rex_tui import api
from rex_tui.event import Grown, Page
from rex_tui.feed.backoff import pace_s
from rex_tui.feed.clock import Clock
from rex_tui.feed.follower import Follower
from rex_tui.feed.forgetting import Forgetting
from rex_tui.feed.intake import Intake
from rex_tui.feed.mending import Mending
from rex_tui.feed.outcomes import Outcomes
from rex_tui.feed.position import Position
from rex_tui.feed.question import Question
from rex_tui.feed.source import EventSource
from rex_tui.feed.standing import Standing
from rex_tui.feed.status import (
    CatchingUp,
    CaughtUp,
    FeedStatus,
    Following,
    Paused,
    RateLimited,
    Retrying,
    Rings,
    Stopped,
)
from rex_tui.feed.tenant import KeyTag, OtherOrganisation, TenantCheck
from rex_tui.feed.waiting_room import WaitingRoom
from rex_tui.store import EventStore, GapChoice, StoreDamaged, StoreError, StoreGone

log = logging.getLogger(__name__)

FOLLOW_EVERY_S: Final = 0.5


class Poller:
    """Reads Rex's log into the store: drain while there is more, wait the interval, poll again.

    `step` makes one move (a poll, a commit or a wait) and `run` makes them for ever. `on_status` hears of every
    change of state, `on_grown` of everything that was added to the log, `on_forgotten` up to which sequence it was
    forgotten, `on_reset` of a log that is another one from here on, because its file was replaced or is begun anew;
    all in the event loop.

    It decides on the next move; the rest has an owner each. `Standing` owns the status, `Position` the cursor,
    `Question` the request that is out, `Intake` what is not written yet, `WaitingRoom` the waiting and forgetting.
    `Outcomes` says what an answer means, `Follower` reads what another process writes, `Mending` sees to a bad store.
    """

    def __init__(
        self,
        source: EventSource,
        store: EventStore,
        *,
        interval_s: float,
        clock: Clock,
        random: Random,
        key_tag: KeyTag | None = None,
        on_status: Callable[[FeedStatus], None] = lambda _: None,
        on_grown: Callable[[Grown], None] = lambda _: None,
    ) -> None:
        """Put the poller together without starting it. `interval_s` is the wait when caught up, in seconds.

        With `key_tag`, a key that is new to the store must show the log that is in it (see `TenantCheck`).
        """
        self._store = store
        self._clock = clock
        self.on_status = on_status
        self.on_grown = on_grown
        self.on_reset: Callable[[], None] = lambda: None
        self.on_forgotten: Callable[[int], None] = lambda _: None
        # Those who hear may be set later, so they are looked up when there is something to tell.
        self._standing = Standing(store, clock, lambda status: self.on_status(status))  # noqa: PLW0108 - see above
        self._position = Position(store.cursor)
        tenant = TenantCheck(store, key_tag)
        self._question = Question(source, tenant)
        self._intake = Intake(store, tenant, self._stored)
        self._waiting = WaitingRoom(clock, self._intake.in_thread, self._forgot)
        self._follower = Follower(store)
        self._mending = Mending(store, self._standing, self._position, self._intake, tenant)
        self._outcomes = Outcomes(interval_s, random)
        self._pause_wanted = False

    # ---- the state machine

    async def run(self) -> None:
        """Poll until cancelled; everything that was committed by then stays."""
        try:
            self.on_status(self.status)
            while True:
                await self.step()
        finally:
            self._intake.close()

    async def step(self) -> None:
        """Make one move: wait for what the state waits for, or ask Rex for a page."""
        state = self.status.state
        if self._mending.wanted:
            await self._mend_or_reopen()
            return
        if self._pause_wanted and not isinstance(state, Paused | Stopped):
            await self._commit()
            self._standing.take(Paused())
            return
        match state:
            case Following():
                await self._follow()
            case Stopped(reason="store" | "tenant"):  # it can't be written, or may be another's
                await self._waiting.wait_for_call()
            case Paused() | Stopped():
                await self._waiting.wait_and_forget()
            case (
                CaughtUp(next_at=until)
                | RateLimited(until=until)
                | Retrying(until=until)
                | CatchingUp(resume_at=float(until))
            ):
                await self._waiting.wait_and_forget(until)
                if not (self._pause_wanted or self._mending.damage_known):
                    await self._poll()
            case _:
                await self._poll()

    async def _poll(self) -> None:
        try:
            page = await self._question.ask(self._position.cursor)
        except api.RexError as error:
            if await self._commit():
                self._standing.take(self._outcomes.failed(error, self._clock.monotonic()))
        except OtherOrganisation as error:
            self._standing.take(self._outcomes.stop("tenant", error))
        except StoreError as error:
            self._store_failed(error)
        else:
            if page is not None:
                await self._take(page)
        finally:
            self._question.close()

    async def _take(self, page: Page) -> None:
        """Keep a page, and decide what it means for the next move."""
        self._outcomes.answered()
        self._intake.add(page)
        leads_on = self._position.move_behind(page)
        now = self._clock.monotonic()
        due = self._intake.due(now)
        if (due or not leads_on) and not await self._commit(wait=not leads_on):
            return
        if leads_on:
            if due:
                await self._waiting.forget_what_is_urgent()
            pace = pace_s(page.budget)
            progress = self._position.progress(page, now, self._clock.now())
            self._standing.take(CatchingUp(progress, now + pace if pace else None, self._intake.skipping))
        elif page.has_more:
            self._standing.take(self._outcomes.stalled(now))
        else:
            self._intake.skipping = False
            self._standing.take(self._outcomes.reached_the_end(now))

    async def _follow(self) -> None:
        await self._waiting.wait(FOLLOW_EVERY_S)
        try:
            for grown in self._follower.growth():
                self.on_grown(grown)
            self._standing.read_store()
            if forgotten := self._follower.forgotten():
                self.on_forgotten(forgotten)
            state = self._standing.first_state()
        except StoreGone:
            self._mending.want_reopened()
        except StoreError as error:
            await self._store_unreadable(error)
        else:
            if self._store.writable:
                self._position.begin_at(self.status.cursor)
            self._standing.take(state)

    # ---- the store

    async def _commit(self, *, wait: bool = True) -> bool:
        """Write what came, and `wait` for it; give False where the store could not take it, which then is the state.

        Without waiting, what is said is whether the store took what was written before.
        """
        write = self._intake.commit if wait else self._intake.begin
        try:
            await write(self.status.cursor, self._clock.monotonic())
        except StoreError as error:
            self._position.begin_at(self.status.cursor)
            self._store_failed(error)
            return False
        return True

    def _stored(self, grown: Grown, cursor: str | None) -> None:
        """Take in that the store has grown, and has this cursor now."""
        log.info("stored: %d events, up to %d", len(grown), grown.last)
        self._outcomes.stored(len(grown))
        self._standing.stored(grown, cursor)
        self.on_grown(grown)

    def _forgot(self, last: int) -> None:
        log.info("forgotten: up to %d", last)
        self.on_forgotten(last)

    def _store_failed(self, error: StoreError) -> None:
        """Decide what a failure to write means: mend what is broken, wait for room, or stop."""
        if isinstance(error, StoreDamaged):
            self.store_damaged(str(error))
        else:
            self._standing.take(self._outcomes.store_failed(error, self._clock.monotonic()))

    async def _store_unreadable(self, error: StoreError) -> None:
        """Look again soon at a damaged file that another process writes, and so mends; else stop."""
        if isinstance(error, StoreDamaged) and isinstance(self.status.state, Following):
            self._mending.want_reopened()
            self._standing.tell_once(str(error))
            await self._waiting.wait(FOLLOW_EVERY_S)
        else:
            self._standing.take(self._outcomes.stop("store", error))

    async def _mend_or_reopen(self) -> None:
        self._waiting.answer()
        try:
            damage = await self._mending.do()
        except StoreError as error:
            await self._store_unreadable(error)
        else:
            self.on_reset()
            self._standing.take(self.status.state, damage or None)

    # ---- what others say and ask

    @property
    def status(self) -> FeedStatus:
        """Give what the feed is doing."""
        return self._standing.status

    @property
    def forgetting(self) -> Forgetting | None:
        """Give what is done while the feed waits, and the store holds more than is to be kept."""
        return self._waiting.forgetting

    @forgetting.setter
    def forgetting(self, forgetting: Forgetting) -> None:
        self._waiting.forgetting = forgetting

    @property
    def asking(self) -> bool:
        """Tell whether a question to Rex is out."""
        return self._question.is_open

    def pause(self) -> None:
        """Stop polling until `resume`; a request under way is given up, which loses nothing."""
        self._pause_wanted = True
        self._question.give_up()
        self._waiting.call()

    def resume(self) -> None:
        """Go on after `pause`, with a poll at once."""
        self._pause_wanted = False
        if isinstance(self.status.state, Paused):
            self._standing.take(self._standing.first_state())
        self._waiting.call()

    def poll_now(self) -> bool:
        """Ask Rex at once instead of waiting; give False where that is not ours to choose.

        That is so while Rex asked us to stay away, while its budget is paced, and while another process polls.
        """
        if self._question.is_open:
            return True
        match self.status.state:
            case RateLimited() | Following() | CatchingUp():
                return False
            case Paused():
                self.resume()
            case Stopped(reason="store"):
                self._pause_wanted = False
                self._mending.want_reopened()
            case Stopped():
                self._pause_wanted = False
                self._standing.take(self._standing.first_state())
        self._waiting.call()
        return True

    def tell_rings(self, rings: Rings) -> None:
        """Put what the doorbell heard into the status; `on_status` hears of it with the next change of state."""
        self._standing.heard(rings)

    def store_damaged(self, why: str) -> None:
        """Mend the store before the next move, because reading it has shown harm; `why` is a sentence for people."""
        self._mending.want_mended(why)
        self._waiting.call()

    async def read_again(self) -> None:
        """Read Rex's whole log again, after it rejected our cursor; events that are known are not doubled.

        Raises `StoreError`; the feed stays stopped then.
        """
        await self._leave_cursor("read again")

    async def go_on(self) -> None:
        """Pass over all that Rex has up to now, after it rejected our cursor, and keep what happens from then on.

        Raises `StoreError`; the feed stays stopped then.
        """
        await self._leave_cursor("go on")

    async def _leave_cursor(self, choice: GapChoice) -> None:
        state = self.status.state
        why = state.why if isinstance(state, Stopped) else ""
        await self._intake.settle()
        await self._intake.in_thread(lambda: self._store.forget_cursor(why, choice, self._clock.now()))
        self._intake.skipping = choice == "go on"
        self._position.begin_at(None)
        self._standing.left_cursor()
        self.poll_now()
