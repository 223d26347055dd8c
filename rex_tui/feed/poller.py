"""The poller: Rex's polling pattern as a state machine, one request at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Final

from msgspec.structs import replace

from rex_tui import api
from rex_tui.event import Grown, Page
from rex_tui.feed.backoff import pace_s
from rex_tui.feed.clock import Clock
from rex_tui.feed.drain import Drain
from rex_tui.feed.forgetting import Forgetting
from rex_tui.feed.intake import Intake
from rex_tui.feed.mending import Mending
from rex_tui.feed.setbacks import Setbacks
from rex_tui.feed.source import EventSource
from rex_tui.feed.status import (
    CatchingUp,
    CaughtUp,
    Connecting,
    Failure,
    FeedStatus,
    Following,
    Paused,
    RateLimited,
    Retrying,
    Rings,
    State,
    Stopped,
    StopReason,
)
from rex_tui.feed.tenant import KeyTag, OtherOrganisation, TenantCheck
from rex_tui.store import EventStore, GapChoice, StoreDamaged, StoreError, StoreGone, StoreUnwritable

log = logging.getLogger(__name__)

PAGE_LIMIT: Final = 200
FOLLOW_EVERY_S: Final = 0.5
INTERVAL_JITTER: Final = 0.1
URGENT_SLICES: Final = 20
"""Slices that are forgotten at once in a catch-up."""


class Poller:
    """Reads Rex's log into the store: drain while there is more, wait the interval, poll again.

    `step` makes one move (a poll, a commit or a wait) and `run` makes them for ever. `on_status` hears of every
    change of state, `on_grown` of everything that was added to the log, `on_forgotten` up to which sequence it was
    forgotten, `on_reset` of a log that is another one from here on, because its file was replaced or is begun anew;
    all in the event loop.
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
        self._source = source
        self._store = store
        self._interval_s = interval_s
        self._clock = clock
        self._random = random
        self.on_status = on_status
        self.on_grown = on_grown
        self.on_reset: Callable[[], None] = lambda: None
        self.on_forgotten: Callable[[int], None] = lambda _: None
        self.forgetting: Forgetting | None = None
        """What is done while the feed waits, and the store holds more than is to be kept."""
        self._forgotten = 0
        self._tenant = TenantCheck(store, key_tag)
        self._intake = Intake(store, self._tenant, self._stored)
        self._wake = asyncio.Event()
        self._pause_wanted = False
        self._request: asyncio.Future[Page] | None = None
        self._cursor = store.cursor
        self._drain = Drain(self._cursor)
        self._setbacks = Setbacks(random)
        self._mending = Mending(store)
        self._rings: Rings | None = None
        self.status = self._first_status()

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
            self._set(Paused())
            return
        match state:
            case Following():
                await self._follow()
            case Paused() | Stopped():
                await self._wake.wait()
                self._wake.clear()
            case (
                CaughtUp(next_at=until)
                | RateLimited(until=until)
                | Retrying(until=until)
                | CatchingUp(resume_at=float(until))
            ):
                await self._wait(until)
                self._wake.clear()
                if not (self._pause_wanted or self._mending.damage_known):
                    await self._poll()
            case _:
                await self._poll()

    async def _wait(self, until: float) -> None:
        """Wait for that time, or to be woken; what is not to be kept is forgotten meanwhile."""
        while self.forgetting is not None and self.forgetting.next_at < until:
            await self._clock.wait(self._wake, self.forgetting.next_at)
            if self._wake.is_set() or not await self._forget(self.forgetting):
                break
        await self._clock.wait(self._wake, until)

    async def _forget_what_is_urgent(self) -> None:
        """Forget about as much as a catch-up brings between two commits, where it has brought far too much."""
        with suppress(StoreError):  # which the next writing tells
            if self.forgetting is not None and self.forgetting.is_urgent:
                for _ in range(URGENT_SLICES):
                    await self._forget(self.forgetting)

    async def _forget(self, forgetting: Forgetting) -> bool:
        """Forget a slice; give False where the store could not, which the next writing tells."""
        try:
            last = await forgetting.slice(self._intake.in_thread)
        except StoreError as error:
            log.warning("nothing was forgotten: %s", error)
            return False
        if last:
            log.info("forgotten: up to %d", last)
            self.on_forgotten(last)
        return True

    def pause(self) -> None:
        """Stop polling until `resume`; a request under way is given up, which loses nothing."""
        self._pause_wanted = True
        if self._request is not None:
            self._request.cancel()
        self._wake.set()

    def resume(self) -> None:
        """Go on after `pause`, with a poll at once."""
        self._pause_wanted = False
        if isinstance(self.status.state, Paused):
            self._set(self._first_state())
        self._wake.set()

    def poll_now(self) -> bool:
        """Ask Rex at once instead of waiting; give False where that is not ours to choose.

        That is so while Rex asked us to stay away, while its budget is paced, and while another process polls.
        """
        if self._request is not None:
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
                self._set(self._first_state())
        self._wake.set()
        return True

    @property
    def asking(self) -> bool:
        """Tell whether a question to Rex is out."""
        return self._request is not None

    def tell_rings(self, rings: Rings) -> None:
        """Put what the doorbell heard into the status; `on_status` hears of it with the next change of state."""
        self._rings = rings
        self.status = replace(self.status, rings=rings)

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
        self._intake.skipping = True

    def store_damaged(self, why: str) -> None:
        """Mend the store before the next move, because reading it has shown harm; `why` is a sentence for people."""
        self._mending.want_mended(why)
        self._wake.set()

    async def _leave_cursor(self, choice: GapChoice) -> None:
        state = self.status.state
        why = state.why if isinstance(state, Stopped) else ""
        await self._intake.settle()
        await self._intake.in_thread(lambda: self._store.forget_cursor(why, choice, self._clock.now()))
        self._begin_at(None)
        self.status = replace(self.status, cursor=None)
        self.poll_now()

    def _first_status(self) -> FeedStatus:
        aside = self._store.moved_aside
        return FeedStatus(
            self._first_state(),
            self._store.cursor,
            self._store.quarantined(),
            moved_aside=None if aside is None else str(aside),
            rings=self._rings,
        )

    def _first_state(self) -> State:
        return Connecting() if self._store.writable else Following(self._store.writer_pid)

    async def _mend_or_reopen(self) -> None:
        """Begin a damaged store anew, or open what is at its path now; the log is another one from here on."""
        self._wake.clear()
        with suppress(StoreError):  # what is wrong with it is known
            await self._intake.settle()
        try:
            damage = self._mending.do()
            self.status = replace(self._first_status(), last_failure=self.status.last_failure)
        except StoreDamaged as error:
            await self._wait_for_writer(error)
            return
        except StoreError as error:
            self._stop("store", str(error))
            return
        self._begin_at(self.status.cursor)
        self._intake.drop()
        self._tenant.again()
        self.on_reset()
        self._set(self.status.state, damage or None)

    async def _wait_for_writer(self, error: StoreDamaged) -> None:
        """Look again soon at a damaged file that another process writes, and so mends; stop where it is ours."""
        if not isinstance(self.status.state, Following):
            self._stop("store", str(error))
            return
        self._mending.want_reopened()
        if self.status.last_failure is None or self.status.last_failure.why != str(error):
            self._set(self.status.state, str(error))
        await self._clock.wait(self._wake, self._clock.monotonic() + FOLLOW_EVERY_S)

    def _begin_at(self, cursor: str | None) -> None:
        self._cursor = cursor
        self._drain = Drain(cursor)

    async def _ask(self) -> Page:
        await self._tenant.check(self._source)
        return await self._source.events(self._cursor, PAGE_LIMIT)

    async def _poll(self) -> None:
        self._request = asyncio.ensure_future(self._ask())
        try:
            page = await self._request
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
        except api.RexError as error:
            if await self._commit():
                self._set(self._setbacks.failed(error, self._clock.monotonic()))
        except OtherOrganisation as error:
            self._stop("tenant", str(error))
        except StoreError as error:
            self._store_failed(error)
        else:
            await self._take(page)
        finally:
            self._request = None

    async def _take(self, page: Page) -> None:
        """Keep a page, and decide on the next move."""
        self._setbacks.answered()
        self._intake.add(page)
        stalled = page.has_more and not self._drain.moves_on(page)
        if page.next_cursor is not None:
            self._cursor = page.next_cursor
        now = self._clock.monotonic()
        due = self._intake.due(now)
        if not page.has_more or stalled:
            if not await self._commit():
                return
        elif due and not await self._commit(wait=False):
            return
        if stalled:
            self._drain = Drain(self._cursor)
            self._set(self._setbacks.stalled(now))
        elif page.has_more:
            if due:
                await self._forget_what_is_urgent()
            pace = pace_s(page.budget)
            progress = self._drain.progress(page, now, self._clock.now())
            self._set(CatchingUp(progress, now + pace if pace else None, self._intake.skipping))
        else:
            self._setbacks.reached_the_end()
            self._intake.skipping = False
            self._drain = Drain(self._cursor)
            wait_s = self._interval_s * (1 + INTERVAL_JITTER * self._random.random())
            self._set(CaughtUp(now, now + wait_s))

    async def _commit(self, *, wait: bool = True) -> bool:
        """Write what came, and `wait` for it; give False where the store could not take it, which then is the state.

        Without waiting, what is said is whether the store took what was written before.
        """
        write = self._intake.commit if wait else self._intake.begin
        try:
            await write(self.status.cursor, self._clock.monotonic())
        except StoreError as error:
            self._begin_at(self.status.cursor)
            self._store_failed(error)
            return False
        return True

    def _stored(self, grown: Grown, cursor: str | None) -> None:
        """Take in that the store has grown, and has this cursor now."""
        log.info("stored: %d events, up to %d", len(grown), grown.last)
        self._setbacks.stored(len(grown))
        quarantined = self.status.quarantined + grown.quarantined
        self.status = replace(self.status, cursor=cursor or self.status.cursor, quarantined=quarantined)
        self.on_grown(grown)

    def _store_failed(self, error: StoreError) -> None:
        """Decide what a failure of the store means: wait for room, mend what is broken, or stop."""
        match error:
            case StoreUnwritable():
                self._set(self._setbacks.could_not(str(error), self._clock.monotonic()))
            case StoreDamaged():
                self.store_damaged(str(error))
            case _:
                self._stop("store", str(error))

    async def _follow(self) -> None:
        await self._clock.wait(self._wake, self._clock.monotonic() + FOLLOW_EVERY_S)
        self._wake.clear()
        try:
            takes_over = self._store.become_writer()
            while len(grown := self._store.refresh()):
                self.on_grown(grown)
                if not takes_over:
                    break
            self.status = replace(self.status, cursor=self._store.cursor, quarantined=self._store.quarantined())
            if (forgotten := self._store.forgotten().last) > self._forgotten:
                self._forgotten = forgotten
                self.on_forgotten(forgotten)
            state = self._first_state()
        except StoreGone:
            self._mending.want_reopened()
            return
        except StoreDamaged as error:
            await self._wait_for_writer(error)
            return
        except StoreError as error:
            self._stop("store", str(error))
            return
        if takes_over:
            self._begin_at(self.status.cursor)
        self._set(state)

    def _stop(self, reason: StopReason, why: str) -> None:
        self._set(Stopped(reason, why))

    def _set(self, state: State, failure: str | None = None) -> None:
        """Take a state; `failure` says what went wrong where the state itself does not."""
        if isinstance(state, Stopped):
            self._setbacks.stopped()
        if isinstance(state, Stopped | Retrying | RateLimited):
            failure = state.why
        last_failure = self.status.last_failure if failure is None else Failure(self._clock.now(), failure)
        log.info("%s%s", type(state).__name__, f": {failure}" if failure else "")
        self.status = replace(self.status, state=state, last_failure=last_failure)
        self.on_status(self.status)
