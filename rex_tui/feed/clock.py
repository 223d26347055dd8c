"""The clock that the poller waits by; tests bring one of their own."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final, Protocol

SLICE_S: Final = 1.0
"""The longest sleep at a time, so that a laptop that slept through a deadline notices within a second."""


class Clock(Protocol):
    """Two readings and a wait."""

    def now(self) -> float:
        """Give the wall clock: seconds since the epoch, UTC."""

    def monotonic(self) -> float:
        """Give seconds that only ever go forward, also while the machine sleeps, where the system can tell."""

    async def wait(self, wake: asyncio.Event, until: float) -> None:
        """Wait until `monotonic()` is `until`, or `wake` is set."""


class SystemClock:
    """The machine's clock."""

    def __init__(self) -> None:
        """Choose the monotonic clock that counts a laptop's sleep, where there is one."""
        self._clock_id: int | None = getattr(time, "CLOCK_BOOTTIME", None)

    def now(self) -> float:
        """Give the wall clock: seconds since the epoch, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Give seconds that only ever go forward."""
        return time.monotonic() if self._clock_id is None else time.clock_gettime(self._clock_id)

    async def wait(self, wake: asyncio.Event, until: float) -> None:
        """Wait until `monotonic()` is `until`, or `wake` is set."""
        while not wake.is_set() and (left := until - self.monotonic()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, SLICE_S)):
                    await wake.wait()
