"""What came of a question means for the next move: wait the interval or longer each time, stay away, or stop."""

from __future__ import annotations

from random import Random
from typing import Final

from rex_tui import api
from rex_tui.feed.backoff import retry_wait_s
from rex_tui.feed.status import CaughtUp, RateLimited, Retrying, State, Stopped, StopReason
from rex_tui.store import StoreError, StoreUnwritable

BAD_ANSWERS_MAX: Final = 3
"""Answers against the contract in a row before we stop asking; a passing proxy page is forgiven."""
INTERVAL_JITTER: Final = 0.1


class Outcomes:
    """Gives the state after each outcome, and counts what went wrong in a row.

    Each `now` is a reading of the monotonic clock in seconds.
    """

    def __init__(self, interval_s: float, random: Random) -> None:
        """Begin with a clean record; `interval_s` is the wait in seconds when caught up, `random` spreads the waits."""
        self._interval_s = interval_s
        self._random = random
        self._failures = 0
        self._bad_answers = 0
        self._stalls = 0
        self._news_since_stall = 0

    def answered(self) -> None:
        """Take note of a page: what went wrong before it is over."""
        self._failures = self._bad_answers = 0

    def stored(self, events: int) -> None:
        """Take note of new events in the store."""
        self._news_since_stall += events

    def reached_the_end(self, now: float) -> CaughtUp:
        """Give the state after a page behind which Rex has no more."""
        self._stalls = 0
        return CaughtUp(now, now + self._interval_s * (1 + INTERVAL_JITTER * self._random.random()))

    def stalled(self, now: float) -> Retrying:
        """Give the state after a page that leads nowhere; the wait grows while nothing new comes in between."""
        self._stalls = 1 if self._news_since_stall else self._stalls + 1
        self._news_since_stall = 0
        return self._retrying(self._stalls, "Rex says that there is more, but its cursor does not move on.", now)

    def failed(self, error: api.RexError, now: float) -> State:
        """Give the state after an answer that is none."""
        match error:
            case api.Unauthorized() | api.Forbidden():
                return self.stop("key", error)
            case api.CursorRejected():
                return self.stop("cursor", error)
            case api.RateLimited():
                return RateLimited(now + error.retry_in_s, str(error))
            case api.BadResponse() if self._bad_answers + 1 >= BAD_ANSWERS_MAX:
                return self.stop("contract", error)
            case _:
                self._bad_answers += isinstance(error, api.BadResponse)
                return self._could_not(error, now)

    def store_failed(self, error: StoreError, now: float) -> State:
        """Give the state after the store could not take what came: try again, or let the user see to it."""
        return self._could_not(error, now) if isinstance(error, StoreUnwritable) else self.stop("store", error)

    def stop(self, reason: StopReason, error: Exception) -> Stopped:
        """Give the state in which polling waits for the user; when they go on, the counting begins anew."""
        self.answered()
        return Stopped(reason, str(error))

    def _could_not(self, error: Exception, now: float) -> Retrying:
        self._failures += 1
        return self._retrying(self._failures, str(error), now)

    def _retrying(self, attempt: int, why: str, now: float) -> Retrying:
        return Retrying(attempt, now + retry_wait_s(attempt, self._random), why)
