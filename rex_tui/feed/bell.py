"""Polling when the doorbell rings: at once, but once for many rings, and never against what holds the poller back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from rex_tui.feed.clock import Clock
from rex_tui.feed.poller import Poller
from rex_tui.feed.status import CatchingUp, CaughtUp, Connecting, Rings

GAP_S: Final = 1.0
"""Between two polls for rings, in seconds: a burst of deliveries is one or two polls, not one each."""
LOOK_AGAIN_S: Final = 0.25


class Bell:
    """Lets the poller ask Rex for every ring that came after its last question."""

    def __init__(self, poller: Poller, clock: Clock, refused: Callable[[], None] = lambda: None) -> None:
        """Ring for a poller; `refused` is called once, at the first refusal."""
        self._poller = poller
        self._clock = clock
        self._refused = refused
        self._rung = asyncio.Event()
        self._rings = Rings()
        poller.tell_rings(self._rings)

    def answered(self, signed: bool) -> None:  # noqa: FBT001 - the one thing there is to say
        """Take a delivery: a signed one rings."""
        before = self._rings
        self._rings = Rings(before.rung + signed, before.refused + (not signed))
        self._poller.tell_rings(self._rings)
        if signed:
            self._rung.set()
        elif not before.refused:
            self._refused()

    async def run(self) -> None:
        """Poll for rings until cancelled.

        A question that is out already may have been answered before the event came, so its end is waited for. Where
        the poller is paused or stopped, or waits because of Rex, a ring changes nothing: the log has it later.
        """
        never = asyncio.Event()
        while True:
            await self._rung.wait()
            while self._poller.asking or isinstance(self._poller.status.state, Connecting | CatchingUp):
                await self._clock.wait(never, self._clock.monotonic() + LOOK_AGAIN_S)
            self._rung.clear()
            if isinstance(self._poller.status.state, CaughtUp):
                self._poller.poll_now()
            await self._clock.wait(never, self._clock.monotonic() + GAP_S)
