"""How the feed stands: its one status, which changes here alone."""

from __future__ import annotations

import logging
from collections.abc import Callable

from msgspec.structs import replace

from rex_tui.event import Grown
from rex_tui.feed.clock import Clock
from rex_tui.feed.status import (
    Connecting,
    Failure,
    FeedStatus,
    Following,
    RateLimited,
    Retrying,
    Rings,
    State,
    Stopped,
)
from rex_tui.store import EventStore

log = logging.getLogger(__name__)


class Standing:
    """Owns the status. Every change of state is told at once; what else changes is told with the next of these."""

    def __init__(self, store: EventStore, clock: Clock, told: Callable[[FeedStatus], None]) -> None:
        """Begin with what `store` says of itself, of which `told` does not hear yet."""
        self._store = store
        self._clock = clock
        self._told = told
        self.status = FeedStatus(Connecting())
        self.read_anew()

    def first_state(self) -> State:
        """Give the state to begin in, or to go on in after a pause or a stop: asking Rex is for the one who writes."""
        return Connecting() if self._store.writable else Following(self._store.writer_pid)

    def read_anew(self) -> None:
        """Take in all that the store says, since it is another file now, and begin in its first state."""
        aside = self._store.moved_aside
        self.status = replace(
            self.status,
            state=self.first_state(),
            cursor=self._store.cursor,
            quarantined=self._store.quarantined(),
            moved_aside=None if aside is None else str(aside),
        )

    def read_store(self) -> None:
        """Take in what another process may have written."""
        self.status = replace(self.status, cursor=self._store.cursor, quarantined=self._store.quarantined())

    def stored(self, grown: Grown, cursor: str | None) -> None:
        """Take in what was written here, with the cursor behind it, None where the pages named none."""
        quarantined = self.status.quarantined + grown.quarantined
        self.status = replace(self.status, cursor=cursor or self.status.cursor, quarantined=quarantined)

    def left_cursor(self) -> None:
        """Take in that the store has no cursor any more."""
        self.status = replace(self.status, cursor=None)

    def heard(self, rings: Rings) -> None:
        """Take in what the doorbell heard."""
        self.status = replace(self.status, rings=rings)

    def take(self, state: State, failure: str | None = None) -> None:
        """Take a state, and tell it; `failure` says what went wrong where the state itself does not."""
        if isinstance(state, Stopped | Retrying | RateLimited):
            failure = state.why
        last_failure = self.status.last_failure if failure is None else Failure(self._clock.now(), failure)
        log.info("%s%s", type(state).__name__, f": {failure}" if failure else "")
        self.status = replace(self.status, state=state, last_failure=last_failure)
        self._told(self.status)

    def tell_once(self, failure: str) -> None:
        """Tell a failure that changes no state, unless it is the one that was told last."""
        if self.status.last_failure is None or self.status.last_failure.why != failure:
            self.take(self.status.state, failure)
