"""One screen in a browser: a program of its own behind it, which is started, fed, heard, and ended in any case."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from rex_tui.safe_text import clean

PRELUDE: Final = b"__GANGLION__\n"
"""What a program under Textual's web driver writes first."""
SAID_MAX: Final = 16_384
SENTENCE_MAX: Final = 400
OWN: Final = "rex-tui: "
PIECE: Final = 4_096

LEFT: Final = "You left rex-tui. It can be opened again."
FAILED: Final = "rex-tui failed, which should not be. The terminal in which it is served says more."


@dataclass(frozen=True, slots=True)
class Program:
    """What is started for a screen: the command, its environment, and the line that it gets on its standard input.

    It may take `quit_s` seconds to leave in order; then it is told by a signal, and `terminate_s` later it is ended.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    told: bytes = field(repr=False)
    quit_s: float = 5.0
    terminate_s: float = 2.0


class Screen(AppService):
    """The program behind one tab. What it says on standard error is given to `say`, clean, once it has ended."""

    def __init__(
        self, program: Program, socket: web.WebSocketResponse, downloads: DownloadManager, say: Callable[[str], object]
    ) -> None:
        """Talk through `socket`; `downloads` are the files that the program hands over."""
        super().__init__(
            "",
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=self._leave_open,
            download_manager=downloads,
        )
        self._program = program
        self._socket = socket
        self._say = say
        self._said = bytearray()

    async def start(self, width: int, height: int) -> None:
        """Start the program for a screen of so many columns and rows; raises `OSError` where it can't be."""
        environment = {**self._program.environment, "COLUMNS": str(width), "ROWS": str(height)}
        self._process = await asyncio.create_subprocess_exec(
            *self._program.command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C in our terminal is for us, who end it in order
        )
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        self._stdin = self._process.stdin
        self._stdin.write(self._program.told)
        self._task = asyncio.create_task(self.run())

    async def run(self) -> None:
        """Hand on what the program writes until it ends; then say why it did, and close the socket."""
        process = self._process
        if process is None or process.stdout is None or process.stderr is None:
            return
        hearing = asyncio.create_task(self._hear(process.stderr))
        await self._read(process.stdout)
        code = await process.wait()
        await hearing
        why = self._why(code)
        with suppress(ConnectionError, RuntimeError):  # the browser has gone meanwhile
            await self._socket.send_str(json.dumps(["ended", why]))
        await self._socket.close()

    async def stop(self) -> None:
        """Have the program quit, and end it where it does not; returns when it has ended."""
        process, task = self._process, self._task
        if process is None or task is None:
            return
        self._task = None
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        if process.stdin is not None:
            process.stdin.close()  # which it takes for the end; `quit` would have to wait until it reads
        for patience_s, after in ((self._program.quit_s, "SIGTERM"), (self._program.terminate_s, "SIGKILL")):
            if (await asyncio.wait({task}, timeout=patience_s))[0]:
                return
            _signal(process, after)
        await task

    def kill(self) -> None:
        """End the program at once, where it still runs."""
        if self._process is not None and self._process.returncode is None:
            _signal(self._process, "SIGKILL")

    async def on_meta(self, data: bytes) -> None:
        """Take in what the program says of itself; that it is about to end is known when it has."""
        if json.loads(data).get("type") not in ("exit", "open_url"):
            await super().on_meta(data)

    async def _leave_open(self) -> None:
        """Leave the socket as it is: it is closed when the program has ended."""

    async def _read(self, output: asyncio.StreamReader) -> None:
        """Hand on what the program writes, to its end. Where nobody takes it, it is read all the same."""
        with suppress(asyncio.IncompleteReadError, ValueError):  # it ended, or wrote a line without an end
            while await output.readline() != PRELUDE:
                if output.at_eof():
                    return
            while True:
                kind, size = await output.readexactly(1), await output.readexactly(4)
                payload = await output.readexactly(int.from_bytes(size, "big"))
                with suppress(ConnectionError, RuntimeError):
                    await self._hand_on(kind, payload)

    async def _hand_on(self, kind: bytes, payload: bytes) -> None:
        match kind:
            case b"D":
                await self.on_data(payload)
            case b"M":
                await self.on_meta(payload)
            case b"P":
                await self.on_packed(payload)

    async def _hear(self, errors: asyncio.StreamReader) -> None:
        while piece := await errors.read(PIECE):
            self._said = (self._said + piece)[-SAID_MAX:]

    def _why(self, code: int) -> str:
        """Give why the program ended, for who looks at the page, and tell the terminal what it said."""
        lines = self._said.decode(errors="replace").splitlines()
        for line in lines:
            self._say(line.removeprefix(OWN))
        if code == 0:
            return LEFT
        told = next((line for line in reversed(lines) if line.startswith(OWN)), None)
        return FAILED if told is None else clean(told.removeprefix(OWN), SENTENCE_MAX)


def _signal(process: Process, name: str) -> None:
    """Send a signal to a program and what it started, where there are such groups."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, getattr(signal, name))
        else:
            process.terminate()


def browser_message(text: str) -> list[Any]:
    """Give what a browser sent as a list, empty for what is none."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return message if isinstance(message, list) else []
