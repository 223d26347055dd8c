"""What the directory is to ask for next, and which of Rex's endpoints may be asked at all."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from msgspec import Struct

from rex_tui.feed.backoff import retry_wait_s

WISHES_MAX: Final = 200
"""Ids that wait to be asked for; the oldest wishes are given up for new ones."""
BAD_ANSWERS_MAX: Final = 3
"""Answers in a row that are not what was asked for, before an endpoint is left alone."""


class Wishes:
    """Ids that somebody wants named, the newest wish first."""

    def __init__(self) -> None:
        """Begin without any."""
        self._ids: dict[str, None] = {}
        self._failed: set[str] = set()

    def __iter__(self) -> Iterator[str]:
        """Give the ids, the newest wish first."""
        return iter(list(reversed(self._ids)))

    def add(self, id_: str) -> bool:
        """Wish for an id, before all others; one that could not be answered stays behind them. Tell whether it is new.

        The oldest wishes make room.
        """
        if id_ in self._failed:
            return False
        is_new = id_ not in self._ids
        self._ids.pop(id_, None)
        self._ids[id_] = None
        while len(self._ids) > WISHES_MAX:
            self.drop(next(iter(self._ids)))
        return is_new

    def put_last(self, id_: str) -> None:
        """Wish for an id again that could not be answered, after all others, so that it does not hold them up."""
        self._ids.pop(id_, None)
        self._ids = {id_: None, **self._ids}
        self._failed.add(id_)

    def drop(self, id_: str) -> None:
        """Wish no longer for an id."""
        self._ids.pop(id_, None)
        self._failed.discard(id_)


class Endpoint(Struct):
    """One of Rex's endpoints: whether it may be asked. `not_before` is a reading of the monotonic clock, in seconds."""

    what: str
    off: str = ""
    """Why it is not asked any more in this session, in a sentence; "" while it is."""
    not_before: float = 0.0
    _failures: int = 0
    _bad_answers: int = 0

    def may(self, now: float) -> bool:
        """Tell whether it may be asked now."""
        return not self.off and now >= self.not_before

    def answered(self) -> None:
        """Take note of an answer as documented, also of one that says no."""
        self._failures = self._bad_answers = 0

    def failed(self, now: float, random: Random, *, bad_answer: bool) -> None:
        """Take note of an answer that is none: the wait grows each time."""
        self._failures += 1
        self._bad_answers += bad_answer
        self.not_before = now + retry_wait_s(self._failures, random)

    @property
    def is_no_use(self) -> bool:
        """Tell whether it answered so often what was not asked for that it will not do better."""
        return self._bad_answers >= BAD_ANSWERS_MAX

    @property
    def note(self) -> str:
        """Give a sentence about an endpoint that is not asked; "" about one that is."""
        return f"Names of {self.what} are not asked for: {self.off}" if self.off else ""
