"""The directory: what ids are called, learned from Rex where the key allows, and never at the events' expense.

A state machine beside the poller, with the poller's kind of clock. It looks at the poller's state, and does nothing to
it: whatever becomes of a question about a name, the events are read as if it had not been asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from random import Random
from typing import Final, Literal

from rex_tui import api
from rex_tui.event import Row, parse_time
from rex_tui.feed.backoff import EASY_SHARE
from rex_tui.feed.clock import Clock
from rex_tui.feed.known_names import KnownNames
from rex_tui.feed.memory import NameMemory
from rex_tui.feed.source import NameSource
from rex_tui.feed.status import CaughtUp, State
from rex_tui.feed.wishes import Endpoint, Wishes
from rex_tui.names import (
    PLURALS,
    EntityKind,
    Known,
    Names,
    Remembered,
    RememberedState,
    Stage,
    entity_kind,
    is_stage,
)
from rex_tui.store import EventStore

log = logging.getLogger(__name__)

ASK_EVERY_S: Final = 0.5
LOOK_EVERY_S: Final = 1.0
"""How often the poller's state is looked at while a question waits for it."""
BUDGET_EVERY_S: Final = 5.0
"""How often the budget is looked at while it is too low; each poll tells of it anew."""
STAGES_EVERY_S: Final = 600.0
"""Pipelines are not asked for more often than this, however many unknown stages there are."""
WANTED_MAX: Final = 500
"""Ids that one wish has room for: more than a screen shows."""
PIPELINES: Final = "pipelines"


class Directory:
    """Knows names, and learns those that somebody wants: from memory, the store, and then from Rex.

    `step` makes one move (a question or a wait) and `run` makes them for ever. `on_names` hears of every change, in the
    event loop. Rex is asked only while the poller has caught up, one question at a time, at most two a second, and not
    while less than half of the request budget is left.
    """

    def __init__(
        self,
        source: NameSource,
        store: EventStore,
        state: Callable[[], State],
        *,
        clock: Clock,
        random: Random,
        overrides: Mapping[str, str],
        on_names: Callable[[Names], None] = lambda _: None,
    ) -> None:
        """Put it together without asking anything; `state` gives the poller's, `overrides` are the user's own names."""
        self._source = source
        self._store = store
        self._state = state
        self._clock = clock
        self._random = random
        self._memory = NameMemory(store, clock)
        self._known = KnownNames(self._memory, clock, overrides)
        self._wishes = Wishes()
        self._endpoints = {what: Endpoint(what) for what in (PIPELINES, *PLURALS.values())}
        self._wake = asyncio.Event()
        self._not_before = 0.0
        self._stages_wanted = True
        self._refusals_read = False
        self._read_stages()
        self._known.on_names = on_names

    @property
    def on_names(self) -> Callable[[Names], None]:
        """Give what hears of every change, in the event loop."""
        return self._known.on_names

    @on_names.setter
    def on_names(self, hear: Callable[[Names], None]) -> None:
        self._known.on_names = hear

    @property
    def names(self) -> Names:
        """Give what is known now."""
        return self._known.names

    @property
    def notes(self) -> tuple[str, ...]:
        """Give a sentence for each thing whose names are not asked for, with the reason."""
        return tuple(endpoint.note for endpoint in self._endpoints.values() if endpoint.off)

    # ---- what the caller says

    def want(self, ids: Iterable[str]) -> None:
        """Wish for the names of these ids, the most important first; those that nobody can name cost nothing.

        Answers from memory and, in one look, from the store; what is left is asked of Rex, when there is time.
        """
        unknown = list(dict.fromkeys(filter(self._may_ask, islice(ids, WANTED_MAX))))
        if not unknown:
            return
        self._known.take_rows(self._memory.look_up(id_ for id_ in unknown if not is_stage(id_)))
        if not self._store.writable:
            if any(map(is_stage, unknown)):
                self._known.read_stages()
            return
        for id_ in reversed(unknown):
            if is_stage(id_):
                is_new, self._stages_wanted = not self._stages_wanted, True
            else:
                is_new = self._may_ask(id_) and self._wishes.add(id_)
            if is_new:
                self._wake.set()

    def learn_from(self, event_type: str, data: str, at: float) -> None:
        """Take the names that an event's payload tells; `at` is when it happened, in seconds since the epoch, UTC."""
        self._known.learn_from([(event_type, data, at)])

    def learn_from_rows(self, rows: Iterable[Row]) -> None:
        """Take the names that a screenful of payloads tells, which is cheaper than one after the other."""
        told = []
        for row in rows:
            if row.data is not None:
                occurred = parse_time(row.occurred_at)
                told.append((row.type, row.data, row.received_at if occurred is None else occurred.timestamp()))
        self._known.learn_from(told)

    # ---- moves

    async def run(self) -> None:
        """Ask what is wished for until cancelled."""
        while True:
            await self.step()

    async def step(self) -> None:
        """Make one move: ask Rex, or wait for a wish or for the time to ask."""
        now = self._clock.monotonic()
        wish = self._next_wish(now)
        until = self._next_due() if wish is None else self._free_at(now)
        if wish is not None and until is None:
            if self._refusals_read:
                await self._ask(wish)
            else:
                self._read_refusals()
            return
        if until is None:
            await self._wake.wait()
        else:
            await self._clock.wait(self._wake, until)
        self._wake.clear()

    def _next_wish(self, now: float) -> str | None:
        """Give what to ask for next: the pipelines or an id; None where nothing may be asked for now."""
        if not self._store.writable:
            return None
        if self._stages_wanted and self._endpoints[PIPELINES].may(now):
            return PIPELINES
        return next((id_ for id_ in self._wishes if self._endpoint_of(id_).may(now)), None)

    def _next_due(self) -> float | None:
        """Give when the first endpoint for which there is a wish may be asked again."""
        if not self._store.writable:
            return None
        waiting = [self._endpoint_of(id_) for id_ in self._wishes]
        if self._stages_wanted:
            waiting.append(self._endpoints[PIPELINES])
        return min((endpoint.not_before for endpoint in waiting if not endpoint.off), default=None)

    def _free_at(self, now: float) -> float | None:
        """Give until when nothing is asked, because the events come first; None where the time is now."""
        if not isinstance(self._state(), CaughtUp):
            return now + LOOK_EVERY_S
        left, limit = self._source.budget.remaining, self._source.budget.limit
        if left is not None and limit is not None and left <= limit * EASY_SHARE:
            return now + BUDGET_EVERY_S
        return self._not_before if now < self._not_before else None

    def _read_refusals(self) -> None:
        """Leave alone what refused this key before; only now, since by now the store knows whose key it is."""
        self._refusals_read = True
        endpoints = {f"/{endpoint.what}": endpoint for endpoint in self._endpoints.values()}
        for path, why in self._memory.refusals(endpoints).items():
            endpoints[path].off = why
        self._drop_what_is_off()

    async def _ask(self, wish: str) -> None:
        self._not_before = self._clock.monotonic() + ASK_EVERY_S
        endpoint = self._endpoint_of(wish)
        try:
            if wish == PIPELINES:
                await self._take_stages((await self._source.pipelines()).value)
            else:
                await self._take_name(wish, (await self._source.entity(_kind(wish), wish)).value)
        except (api.Unauthorized, api.Forbidden, api.NotFound) as error:
            await self._refused(endpoint, wish, error)
        except api.RateLimited as error:
            self._not_before = self._clock.monotonic() + error.retry_in_s
        except api.RexError as error:
            self._failed(endpoint, wish, error)
        else:
            endpoint.answered()

    async def _refused(self, endpoint: Endpoint, wish: str, error: api.RexError) -> None:
        """Take note of a no; where it is about all of an endpoint, that one is left alone."""
        self._wishes.drop(wish)
        if isinstance(error, api.NotFound) and wish != PIPELINES:
            endpoint.answered()
            await self._keep(wish, "missing", self._known.rex_calls(wish))
            return
        self._switch_off(endpoint, str(error))
        if not isinstance(error, api.Unauthorized):  # that one is about the key, which may be another next time
            state: Literal["missing", "forbidden"] = "forbidden" if isinstance(error, api.Forbidden) else "missing"
            await self._memory.keep_refusal(f"/{endpoint.what}", state, str(error))

    def _failed(self, endpoint: Endpoint, wish: str, error: api.RexError) -> None:
        """Wait before that endpoint is asked again; what can't be understood is not asked for again."""
        bad_answer = isinstance(error, api.BadResponse)
        endpoint.failed(self._clock.monotonic(), self._random, bad_answer=bad_answer)
        if endpoint.is_no_use:
            self._switch_off(endpoint, str(error))
        elif bad_answer:
            self._wishes.drop(wish)
            self._memory.pass_over(wish)
        elif wish != PIPELINES:
            self._wishes.put_last(wish)

    def _switch_off(self, endpoint: Endpoint, why: str) -> None:
        endpoint.off = why
        log.info("%s", endpoint.note)
        self._drop_what_is_off()

    def _drop_what_is_off(self) -> None:
        for id_ in self._wishes:
            if self._endpoint_of(id_).off:
                self._wishes.drop(id_)

    async def _take_name(self, id_: str, name: str) -> None:
        self._wishes.drop(id_)
        if name:
            self._known.take([Known(id_, name, self._clock.now(), "rex")])
        await self._keep(id_, "known" if name else "nameless", name)

    async def _keep(self, id_: str, state: RememberedState, name: str) -> None:
        await self._memory.keep([Remembered(id_, _kind(id_), state, name, self._clock.now())])

    async def _take_stages(self, stages: tuple[Stage, ...]) -> None:
        self._stages_wanted = False
        self._endpoints[PIPELINES].not_before = self._clock.monotonic() + STAGES_EVERY_S
        await self._memory.keep(self._known.list_stages(stages, self._clock.now()))

    def _read_stages(self) -> None:
        """Take the stages that the store has; if Rex listed them a moment ago, it need not do so again."""
        age_s = self._known.read_stages()
        if age_s is not None and 0 <= age_s < STAGES_EVERY_S:
            self._stages_wanted = False
            self._endpoints[PIPELINES].not_before = self._clock.monotonic() + STAGES_EVERY_S - age_s

    def _may_ask(self, id_: str) -> bool:
        return self._known.is_wanting(id_) and not self._endpoint_of(id_).off

    def _endpoint_of(self, wish: str) -> Endpoint:
        return self._endpoints[PIPELINES if wish == PIPELINES or is_stage(wish) else PLURALS[_kind(wish)]]


def _kind(id_: str) -> EntityKind:
    kind = entity_kind(id_)
    if kind is None:  # nothing else is ever wished for
        raise AssertionError(id_)
    return kind
