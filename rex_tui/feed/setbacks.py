"""What a failure means for the next move: wait longer each time, stay away as long as Rex says, or stop."""

from __future__ import annotations

from random import Random
from typing import Final

from rex_tui import api
from rex_tui.feed.backoff import retry_wait_s
from rex_tui.feed.status import RateLimited, Retrying, State, Stopped

BAD_ANSWERS_MAX: Final = 3
"""Answers against the contract in a row before we stop asking; a passing proxy page is forgiven."""


class Setbacks:
    """Counts what went wrong in a row. Times are readings of the monotonic clock in seconds."""

    def __init__(self, random: Random) -> None:
        """Begin with a clean record; `random` spreads the waits."""
        self._random = random
        self._failures = 0
        self._bad_answers = 0
        self._stalls = 0
        self._news_since_stall = 0

    def answered(self) -> None:
        """Take note of a page: what went wrong before it is over."""
        self._failures = self._bad_answers = 0

    def stopped(self) -> None:
        """Take note that polling has stopped: when the user goes on, the counting begins anew."""
        self.answered()

    def stored(self, events: int) -> None:
        """Take note of new events in the store."""
        self._news_since_stall += events

    def reached_the_end(self) -> None:
        """Take note that Rex had no more."""
        self._stalls = 0

    def failed(self, error: api.RexError, now: float) -> State:
        """Give the state after an answer that is none."""
        match error:
            case api.Unauthorized() | api.Forbidden():
                return Stopped("key", str(error))
            case api.CursorRejected():
                return Stopped("cursor", str(error))
            case api.RateLimited():
                return RateLimited(now + error.retry_in_s, str(error))
            case api.BadResponse() if self._bad_answers + 1 >= BAD_ANSWERS_MAX:
                return Stopped("contract", str(error))
            case _:
                self._bad_answers += isinstance(error, api.BadResponse)
                return self.could_not(str(error), now)

    def could_not(self, why: str, now: float) -> Retrying:
        """Give the state after something that may work later."""
        self._failures += 1
        return self._retrying(self._failures, why, now)

    def stalled(self, now: float) -> Retrying:
        """Give the state after a page that leads nowhere; the wait grows while nothing new comes in between."""
        self._stalls = 1 if self._news_since_stall else self._stalls + 1
        self._news_since_stall = 0
        return self._retrying(self._stalls, "Rex says that there is more, but its cursor does not move on.", now)

    def _retrying(self, attempt: int, why: str, now: float) -> Retrying:
        return Retrying(attempt, now + retry_wait_s(attempt, self._random), why)
