"""`rex-tui tail`: the log line by line, from the same store and feed as the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import IntEnum
from typing import Final

from rex_tui.event import GAP_TYPE, Event
from rex_tui.feed import CaughtUp, FeedStatus, Following, Poller, RateLimited, Retrying, Stopped
from rex_tui.headless.delivery import Delivery
from rex_tui.headless.formats import FORMATS, Format
from rex_tui.masking import Masking
from rex_tui.query.filter import Filter
from rex_tui.query.language import Facts, Query
from rex_tui.safe_text import clean
from rex_tui.store import EventStore, GapChoice, StoreError

EVENTS_A_WRITE: Final = 500
ATTEMPTS_ONCE: Final = 3
"""Failures in a row after which `--once` gives up; without it the feed tries for ever."""


class Outcome(IntEnum):
    """How a tail ended, as the program's exit code."""

    DONE = 0
    KEY_REJECTED = 3
    REX_FAILED = 4
    STORE_FAILED = 5


_STOPPED: Final = {
    "key": Outcome.KEY_REJECTED,
    "cursor": Outcome.REX_FAILED,
    "contract": Outcome.REX_FAILED,
    "store": Outcome.STORE_FAILED,
    "tenant": Outcome.STORE_FAILED,
}


class Tail:
    """Writes every event that a filter shows, oldest first, as one line each."""

    def __init__(  # noqa: PLR0913 - what it works with, and its options
        self,
        store: EventStore,
        poller: Poller,
        chosen: Filter,
        *,
        write: Callable[[str], None],
        say: Callable[[str], None],
        once: bool,
        after_gap: GapChoice | None = None,
        format: Format | None = None,  # noqa: A002 - the option's name
        where: tuple[Query, frozenset[str]] | None = None,
        again: Callable[[], Query] | None = None,
        masking: Masking | None = None,
        delivery: Delivery | None = None,
    ) -> None:
        """Write lines of a format (JSON) with `write`, in a thread, and what people should know with `say`.

        With `once`, end when caught up; else go on until cancelled, or until trying again can't help. `after_gap` is
        what to do when Rex rejects our cursor; None ends the tail there. `where` is a query that events must match
        as well, and the ids of the marked events; new to it is what comes from now on. `again` reads that query
        once more, since the places of checkpoints in it are others in a log that grows, or is begun anew. What is
        written has passed `masking`. With `delivery`, go on where a consumer's place is, and move it.
        """
        self._store = store
        self._poller = poller
        self._filter = chosen
        self._write = write
        self._say = say
        self._once = once
        self._after_gap = after_gap
        self._format = FORMATS["jsonl"] if format is None else format
        self._delivery = delivery
        self._masking = masking
        self._where = None if where is None else where[0]
        self._read_again = again
        self._facts = Facts(frozenset() if where is None else where[1], store.last_seq())
        self._news = asyncio.Event()
        self._written: int | None = None if delivery else 0
        """The sequence of the last event that was passed; None while it is not known where to go on."""
        if poller.forgetting is not None:
            poller.forgetting.holds.append(lambda: self._written or 0)
        self._begun_anew = 0
        self._said = ""

    async def run(self) -> Outcome:
        """Write what is stored and what comes; raises what `write` raises."""
        self._poller.on_status = self._status_changed
        self._poller.on_grown = lambda _: self._news.set()
        self._poller.on_reset = self._begin_anew
        self._tell_moved_aside(self._poller.status)
        polling = asyncio.create_task(self._poller.run())
        polling.add_done_callback(lambda _: self._news.set())
        try:
            if self._format.head:
                await asyncio.to_thread(self._write, self._format.head)
            while True:
                await self._news.wait()
                self._news.clear()
                status = self._poller.status
                await self._write_new()
                if polling.done():
                    polling.result()
                if await self._goes_on(status):
                    continue
                outcome = self._outcome(status)
                if outcome is not None:
                    return outcome
        except StoreError as error:
            self._say(str(error))
            return Outcome.STORE_FAILED
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling

    async def _goes_on(self, status: FeedStatus) -> bool:
        """Go on after a rejected cursor as the user has chosen beforehand; tell whether that was so."""
        match status.state, self._after_gap:
            case Stopped("cursor", why), "read again":
                self._say(f"{why} Reading Rex's log again from its start; events may be missing before what comes new.")
                await self._poller.read_again()
                return True
            case Stopped("cursor", why), "go on":
                self._say(f"{why} Passing over what Rex has up to now; events are missing before what comes new.")
                await self._poller.go_on()
                return True
        return False

    def _begin_anew(self) -> None:
        """Write the log from its start, because it is another one now."""
        self._written = None if self._delivery else 0
        self._begun_anew += 1
        self._facts = Facts(self._facts.marked)
        self._find_places(anew=True)
        self._tell_moved_aside(self._poller.status)
        if self._delivery is None:
            self._say("The log is begun anew, so lines that were written before may come again.")

    def _tell_moved_aside(self, status: FeedStatus) -> None:
        if status.moved_aside:
            self._say(
                f"The store was damaged. It is kept, as it was, as {status.moved_aside}; Rex's log is read again."
            )

    def _status_changed(self, status: FeedStatus) -> None:
        match status.state:
            case RateLimited(why=why):
                self._say_once(f"{why} Waiting as long as Rex asked.")
            case Retrying(why=why) if not (self._once and self._given_up(status)):
                self._say_once(f"{why} Trying again; nothing is lost.")
            case Following(writer_pid=pid):
                rings = "" if status.rings is None else " So the doorbell is of no use here."
                self._say_once(f"Process {clean(pid, 10)} writes this store; this one only reads it.{rings}")
            case CaughtUp():
                self._said = ""
        self._news.set()

    def _say_once(self, words: str) -> None:
        """Say it, unless it is what was said last and still holds."""
        if words != self._said:
            self._said = words
            self._say(words)

    def _outcome(self, status: FeedStatus) -> Outcome | None:
        """Tell whether it is over in this state. `status` was read before the last look into the store."""
        match status.state:
            case Stopped(reason, why):
                self._say(why)
                return _STOPPED[reason]
            case CaughtUp() if self._once:
                return Outcome.DONE
            case Following() if self._once:
                self._say("This is what that process has stored so far.")
                return Outcome.DONE
            case Retrying(why=why) if self._once and self._given_up(status):
                self._say(f"{why} Given up after {ATTEMPTS_ONCE} attempts; what came so far is stored.")
                return Outcome.REX_FAILED
        return None

    @staticmethod
    def _given_up(status: FeedStatus) -> bool:
        return isinstance(status.state, Retrying) and status.state.attempt >= ATTEMPTS_ONCE

    def _find_places(self, *, anew: bool) -> None:
        """Read the query again where it asks for places that the log has not come to, or that are of another log."""
        places = () if self._where is None else self._where.places
        if self._read_again is not None and any(anew or not place.exact for place in places):
            self._where = self._read_again()

    async def _write_new(self) -> None:
        self._find_places(anew=False)
        if self._written is None and self._delivery is not None:
            self._written = self._delivery.begin(caught_up=isinstance(self._poller.status.state, CaughtUp))
        while self._written is not None and (events := list(self._store.events(self._written, EVENTS_A_WRITE))):
            log = self._begun_anew
            await self._pass_on(events)
            if log == self._begun_anew:
                self._written = events[-1].seq

    async def _pass_on(self, events: Sequence[Event]) -> None:
        """Choose and write, in a thread; a format that learns does so in between, here, where the store may be read."""
        if self._format.learns:
            shown = await asyncio.to_thread(self._shown, events)
            self._format.meet(shown)
            await asyncio.to_thread(self._pass, events, shown)
        else:
            await asyncio.to_thread(lambda: self._pass(events, self._shown(events)))

    def _shown(self, events: Sequence[Event]) -> Sequence[Event]:
        if self._delivery is not None:
            events = self._delivery.wanted(events)
        shown = [event for event in events if event.type != GAP_TYPE and self._filter.shows(event.type)]
        if self._where is not None:
            shown = [event for event in shown if self._where.matches(event, self._facts)]
        return shown if self._masking is None else list(map(self._masking.event, shown))

    def _pass(self, events: Sequence[Event], shown: Sequence[Event]) -> None:
        """Write those of some events that are shown, and only then move the consumer's place behind all of them."""
        if shown:
            self._write(self._format.lines(shown))
        if self._delivery is not None:
            self._delivery.acknowledge(events)
