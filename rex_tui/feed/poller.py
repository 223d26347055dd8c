"""The poller: Rex's polling pattern as a state machine, one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Final, TypeVar

from rex_tui import api
from rex_tui.event import Grown, Page
from rex_tui.feed.backoff import pace_s, retry_wait_s
from rex_tui.feed.clock import Clock
from rex_tui.feed.progress import Progress, ProgressMeter
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
    State,
    Stopped,
    StopReason,
)
from rex_tui.store import EventStore, StoreError, StoreUnwritable

T = TypeVar("T")

PAGE_LIMIT: Final = 200
COMMIT_EVERY_S: Final = 0.2
FOLLOW_EVERY_S: Final = 0.5
INTERVAL_JITTER: Final = 0.1
EMPTY_PAGES_MAX: Final = 5
"""Empty pages in a row, each with a new cursor and the promise of more, before we slow down."""
BAD_ANSWERS_MAX: Final = 3
"""Answers against the contract in a row before we stop asking; a passing proxy page is forgiven."""


class Poller:
    """Reads Rex's log into the store: drain while there is more, wait the interval, poll again.

    `step` makes one move (a poll, a commit or a wait) and `run` makes them for ever. `on_status` hears of every
    change of state, `on_grown` of everything that was added to the log, both in the event loop.
    """

    def __init__(
        self,
        source: EventSource,
        store: EventStore,
        *,
        interval_s: float,
        clock: Clock,
        random: Random,
        on_status: Callable[[FeedStatus], None] = lambda _: None,
        on_grown: Callable[[Grown], None] = lambda _: None,
    ) -> None:
        """Put the poller together without starting it. `interval_s` is the wait when caught up, in seconds."""
        self._source = source
        self._store = store
        self._interval_s = interval_s
        self._clock = clock
        self._random = random
        self.on_status = on_status
        self.on_grown = on_grown
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._wake = asyncio.Event()
        self._pause_wanted = False
        self._request: asyncio.Future[Page] | None = None
        self._cursor = store.cursor
        self._uncommitted: list[Page] = []
        self._last_commit = float("-inf")
        self._failures = 0
        self._bad_answers = 0
        self._start_drain()
        self._news_since_stall = 0
        self._stalls = 0
        self.status = FeedStatus(self._first_state(), self._cursor, store.quarantined())

    async def run(self) -> None:
        """Poll until cancelled; everything that was committed by then stays."""
        try:
            self.on_status(self.status)
            while True:
                await self.step()
        finally:
            self._thread.shutdown()

    async def step(self) -> None:
        """Make one move: wait for what the state waits for, or ask Rex for a page."""
        state = self.status.state
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
                await self._clock.wait(self._wake, until)
                self._wake.clear()
                if not self._pause_wanted:
                    await self._poll()
            case _:
                await self._poll()

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
            case Stopped():
                self._pause_wanted = False
                self._set(self._first_state())
        self._wake.set()
        return True

    async def read_again(self) -> None:
        """Read Rex's whole log again, after it rejected our cursor; events that are known are not doubled."""
        await self._in_thread(self._store.forget_cursor)
        self._cursor = None
        self.status = replace(self.status, cursor=None)
        self.poll_now()

    def _first_state(self) -> State:
        return Connecting() if self._store.writable else Following(self._store.writer_pid)

    def _start_drain(self) -> None:
        self._cursors_seen: set[str | None] = {self._cursor}
        self._empty_pages = 0
        self._meter = ProgressMeter()

    async def _poll(self) -> None:
        self._request = asyncio.ensure_future(self._source.events(self._cursor, PAGE_LIMIT))
        try:
            page = await self._request
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
        except api.RexError as error:
            if await self._commit():
                self._fail(error)
        else:
            await self._take(page)
        finally:
            self._request = None

    async def _take(self, page: Page) -> None:
        """Keep a page, and decide on the next move."""
        self._failures = self._bad_answers = 0
        self._uncommitted.append(page)
        stalled = page.has_more and not self._moves_on(page)
        if page.next_cursor is not None:
            self._cursor = page.next_cursor
        now = self._clock.monotonic()
        due = not page.has_more or stalled or now - self._last_commit >= COMMIT_EVERY_S
        if due and not await self._commit():
            return
        if stalled:
            self._stall()
        elif page.has_more:
            pace = pace_s(page.budget)
            self._set(CatchingUp(self._progress(page), now + pace if pace else None))
        else:
            self._stalls = 0
            self._start_drain()
            wait_s = self._interval_s * (1 + INTERVAL_JITTER * self._random.random())
            self._set(CaughtUp(now, now + wait_s))

    def _moves_on(self, page: Page) -> bool:
        """Tell whether asking for more would give something else than what we have seen in this drain."""
        self._empty_pages = 0 if page.events or page.quarantined else self._empty_pages + 1
        if page.next_cursor is None or page.next_cursor in self._cursors_seen:
            return False
        self._cursors_seen.add(page.next_cursor)
        return self._empty_pages < EMPTY_PAGES_MAX

    def _progress(self, page: Page) -> Progress:
        position = page.events[-1].occurred if page.events else None
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        return self._meter.add(self._clock.monotonic(), len(page.events), position, now)

    def _stall(self) -> None:
        self._stalls = 1 if self._news_since_stall else self._stalls + 1
        self._news_since_stall = 0
        self._start_drain()
        self._retry(self._stalls, "Rex says that there is more, but its cursor does not move on.")

    async def _commit(self) -> bool:
        """Write what came; give False where the store could not take it, which then is the state."""
        pages, self._uncommitted = self._uncommitted, []
        worth_writing = any(
            page.events or page.quarantined or page.next_cursor not in (None, self.status.cursor) for page in pages
        )
        if not worth_writing:
            return True
        try:
            grown = await self._in_thread(lambda: self._store.append(pages))
        except StoreError as error:
            self._cursor = self.status.cursor
            self._start_drain()
            if isinstance(error, StoreUnwritable):
                self._failures += 1
                self._retry(self._failures, str(error))
            else:
                self._stop("store", str(error))
            return False
        self._last_commit = self._clock.monotonic()
        self._news_since_stall += len(grown)
        self.status = replace(self.status, cursor=self._cursor, quarantined=self.status.quarantined + grown.quarantined)
        self.on_grown(grown)
        return True

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
            state = self._first_state()
        except StoreError as error:
            self._stop("store", str(error))
            return
        if takes_over:
            self._cursor = self.status.cursor
            self._start_drain()
        self._set(state)

    def _fail(self, error: api.RexError) -> None:
        now = self._clock.monotonic()
        match error:
            case api.Unauthorized() | api.Forbidden():
                self._stop("key", str(error))
            case api.CursorRejected():
                self._stop("cursor", str(error))
            case api.RateLimited():
                self._set(RateLimited(now + error.retry_in_s, str(error)), str(error))
            case api.BadResponse() if self._bad_answers + 1 >= BAD_ANSWERS_MAX:
                self._stop("contract", str(error))
            case _:
                self._bad_answers += isinstance(error, api.BadResponse)
                self._failures += 1
                self._retry(self._failures, str(error))

    def _retry(self, attempt: int, why: str) -> None:
        until = self._clock.monotonic() + retry_wait_s(attempt, self._random)
        self._set(Retrying(attempt, until, why), why)

    def _stop(self, reason: StopReason, why: str) -> None:
        self._failures = self._bad_answers = 0
        self._set(Stopped(reason, why), why)

    def _set(self, state: State, failure: str | None = None) -> None:
        last_failure = self.status.last_failure if failure is None else Failure(self._clock.now(), failure)
        self.status = replace(self.status, state=state, last_failure=last_failure)
        self.on_status(self.status)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
