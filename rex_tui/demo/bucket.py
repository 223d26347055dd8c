"""The demo's rate limit: a token bucket, as Rex documents it."""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Lock
from typing import Final

from msgspec import Struct

_MINUTE_S: Final = 60.0


class Budget(Struct, frozen=True):
    """The state of a bucket: requests a minute, whole ones left, seconds until it is full and until one is left."""

    limit: int
    remaining: int
    full_in_s: float
    retry_in_s: int


class TokenBucket:
    """A budget of `capacity` requests that refills evenly within a minute; for many threads."""

    def __init__(self, capacity: int, clock: Callable[[], float]) -> None:
        """Start full; `clock` gives monotonic seconds."""
        self._capacity: Final = capacity
        self._clock: Final = clock
        self._lock = Lock()
        self._tokens = float(capacity)
        self._refilled_at = clock()

    def take(self) -> bool:
        """Take one request out; False where none is left."""
        with self._lock:
            self._refill()
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True

    def budget(self) -> Budget:
        """Give what is left now."""
        with self._lock:
            self._refill()
            second_s = _MINUTE_S / self._capacity
            return Budget(
                limit=self._capacity,
                remaining=int(self._tokens),
                full_in_s=(self._capacity - self._tokens) * second_s,
                retry_in_s=max(1, math.ceil((1 - self._tokens) * second_s)),
            )

    def _refill(self) -> None:
        now = self._clock()
        gained = (now - self._refilled_at) * self._capacity / _MINUTE_S
        self._tokens = min(float(self._capacity), self._tokens + gained)
        self._refilled_at = now
