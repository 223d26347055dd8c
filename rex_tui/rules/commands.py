"""Running the commands of rules: a few at a time, each for a bounded time, what is too much dropped and told."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from msgspec import Struct

from rex_tui.event import Event
from rex_tui.rule_settings import RuleSetting
from rex_tui.safe_text import clean

AT_ONCE: Final = 4
WAITING_MAX: Final = 100
WAITING_BYTES_MAX: Final = 16_000_000
GRACE_S: Final = 2.0
"""Between asking a command to end and ending it."""
HIDDEN: Final = (
    "REX_API_KEY",
    "REX_API_KEY_COMMAND",
    "REX_TUI_KEYRING",
    "REX_WEBHOOK_SECRET",
    "REX_WEBHOOK_SECRET_COMMAND",
)
"""Variables that tell the key or a webhook's secret, or how to come by them."""


class _Job(Struct, frozen=True):
    rule: RuleSetting
    line: bytes


def child_environment(environment: Mapping[str, str], hide: Callable[[str], str]) -> dict[str, str]:
    """Give what commands inherit: all but what tells the API key, which `hide` finds wherever it stands."""
    return {name: value for name, value in environment.items() if name not in HIDDEN and hide(value) == value}


class Commands:
    """Runs commands, without a shell, the event as one line of JSON on standard input, its output thrown away."""

    def __init__(self, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        """Run with this environment; `say` tells people what goes wrong, once for each rule."""
        self._environment = dict(environment)
        self._say = say
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._bytes = 0
        self._told: set[str] = set()
        self._dropped: dict[str, int] = {}
        self._running = 0

    @property
    def busy(self) -> bool:
        """Tell whether a command runs or waits."""
        return bool(self._running) or not self._jobs.empty()

    def put(self, rule: RuleSetting, events: Sequence[Event]) -> None:
        """Run the rule's command for each of these events when its turn comes; what is too much is dropped."""
        for place, event in enumerate(events):
            line = (event.json_line() + "\n").encode(errors="surrogatepass")
            if self._jobs.qsize() >= WAITING_MAX or self._bytes + len(line) > WAITING_BYTES_MAX:
                self.drop(rule, len(events) - place)
                return
            self._bytes += len(line)
            self._jobs.put_nowait(_Job(rule, line))

    def drop(self, rule: RuleSetting, count: int) -> None:
        """Take note that the command was not run for so many events."""
        self._dropped[rule.name] = self._dropped.get(rule.name, 0) + count

    def take_dropped(self) -> Mapping[str, int]:
        """Give for how many events since the last call which rule's command was not run, because of too many."""
        dropped, self._dropped = self._dropped, {}
        return dropped

    def forget(self) -> None:
        """Forget what waits; what runs goes on."""
        while not self._jobs.empty():
            self._bytes -= len(self._jobs.get_nowait().line)

    async def run(self) -> None:
        """Run what is put until cancelled; then every command is ended."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            self._bytes -= len(job.line)
            self._running += 1
            try:
                await self._one(job)
            finally:
                self._running -= 1

    async def _one(self, job: _Job) -> None:
        program, rule = job.rule.run, f"The command of rule “{job.rule.name}”"
        try:
            process = await asyncio.create_subprocess_exec(
                *program,
                stdin=PIPE,
                stdout=DEVNULL,
                stderr=DEVNULL,
                env=self._environment,
                start_new_session=True,  # so that Ctrl-C in the terminal is ours alone, and its children end with it
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it can't be run"
            self._tell_once(job, f"{rule} can't be started: {clean(program[0], 100)} ({why}).")
            return
        try:
            async with asyncio.timeout(job.rule.timeout_s):
                await process.communicate(job.line)
        except TimeoutError:
            _signal(process, signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE_S):
                    await process.wait()
            self._tell_once(job, f"{rule} took longer than {job.rule.timeout_s:g} s, so it was ended.")
        else:
            if code := process.returncode:
                ended = f"failed with exit code {code}" if code > 0 else f"was ended by signal {-code}"
                self._tell_once(job, f"{rule} {ended}.")
        finally:
            if process.returncode is None:
                _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
                await _ended(process)

    def _tell_once(self, job: _Job, words: str) -> None:
        if job.rule.name not in self._told:
            self._told.add(job.rule.name)
            self._say(f"{words} It is tried again with the next event; this is told once.")


async def _ended(process: Process) -> None:
    """Wait for a command that was killed, also where we are cancelled meanwhile: it takes no time to end."""
    ended = asyncio.ensure_future(process.wait())
    try:
        await asyncio.shield(ended)
    except asyncio.CancelledError:
        await asyncio.wait([ended], timeout=GRACE_S)
        raise


def _signal(process: Process, number: signal.Signals) -> None:
    """Send a signal to a command and to what it started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
