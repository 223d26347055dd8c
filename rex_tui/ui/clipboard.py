"""The one place that copies: to the terminal's clipboard, and to this machine's own where there is one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Final, TypeAlias

from msgspec import Struct

PutOnMachine: TypeAlias = Callable[[str], bool]
"""Puts a text on this machine's clipboard and tells whether it is there; may take seconds, so not for the screen."""

TERMINAL_TAKES: Final = 74_000
"""Bytes of a text that every terminal which copies at all takes: many stop at 100,000 characters of base64."""


class _Job(Struct, frozen=True):
    text: str
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[bool]


class Clipboard:
    """Copies texts, one after the other; the last one wins."""

    def __init__(self, to_terminal: Callable[[str], bool | None], put: PutOnMachine | None = None) -> None:
        """Copy with `to_terminal`, at once, and with `put`, in a thread; without it there is only the terminal.

        `to_terminal` gives whether it is a browser that was asked to copy.
        """
        self._to_terminal = to_terminal
        self._put = put
        self._jobs: SimpleQueue[_Job] | None = None

    async def copy(self, text: str) -> str:
        """Copy a text; give where it is now, in words, which never say more than is known.

        That a terminal or a browser has taken it can't be known, only that it was sent there.
        """
        text = text.encode(errors="replace").decode()  # halves of surrogate pairs can't be copied
        if self._to_terminal(text):
            return "to the browser's clipboard, if it lets this page"
        if self._put is not None and await self._on_machine(text):
            return "to the clipboard"
        if len(text.encode()) > TERMINAL_TAKES:
            return "to the terminal's clipboard, if it takes that much"
        return "to the terminal's clipboard"

    def _on_machine(self, text: str) -> asyncio.Future[bool]:
        """Have the thread put it there. The thread is a daemon, so that a clipboard that hangs holds no exit up."""
        loop = asyncio.get_running_loop()
        if self._jobs is None:
            self._jobs = SimpleQueue()
            threading.Thread(target=self._work, args=(self._jobs,), name="clipboard", daemon=True).start()
        done = loop.create_future()
        self._jobs.put(_Job(text, loop, done))
        return done

    def _work(self, jobs: SimpleQueue[_Job]) -> None:
        while True:
            job = jobs.get()
            there = self._put is not None and jobs.empty() and self._put(job.text)
            with suppress(RuntimeError):  # the program has ended meanwhile
                job.loop.call_soon_threadsafe(_settle, job.done, there)


def _settle(done: asyncio.Future[bool], there: bool) -> None:  # noqa: FBT001 - the future's result
    if not done.done():
        done.set_result(there)
