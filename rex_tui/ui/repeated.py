"""A step that is taken again when it is asked for while it is being taken, once however often that was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine


class Repeated:
    """Takes one asynchronous step at a time."""

    def __init__(
        self, step: Callable[[], Awaitable[None]], run: Callable[[Coroutine[None, None, None]], object]
    ) -> None:
        """Take `step` when asked; `run` runs a coroutine beside all else."""
        self._step = step
        self._run = run
        self._asked = False
        self.is_busy = False

    def ask(self) -> None:
        """Take the step now, or once more after the one that is being taken."""
        self._asked = True
        if not self.is_busy:
            self.is_busy = True
            self._run(self._go())

    async def _go(self) -> None:
        try:
            while self._asked:
                self._asked = False
                await self._step()
        finally:
            self.is_busy = False
