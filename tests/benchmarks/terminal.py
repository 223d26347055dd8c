"""A program in a real pseudo-terminal, timed from outside: keys go in, and what the screen shows tells when.

A thread reads what the program writes and stamps it, so that the program never waits for us; pyte turns it into a
screen afterwards. Every time is that of the piece of output that made the screen so, not of our looking at it.
"""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Final, Self

import pyte

COLUMNS: Final = 160
LINES: Final = 45
FOOT: Final = 2
"""Lines at the bottom that tell of the feed, and change by themselves each second; they are left out of timing."""
QUIET_S: Final = 0.2
"""A screen that did not change for so long has settled."""
KEY_MAX_S: Final = 10.0
LEAVE_MAX_S: Final = 3.0
KEYS: Final = {"pageup": b"\x1b[5~", "pagedown": b"\x1b[6~"}

_NO_TEXT: Final = re.compile(
    rb"\x1b\[[\d;:]*m"  # colours: only text counts here, and pyte is slow at them
    rb"|\x1b\[[<=>][\d;]*[a-z]|\x1b\[[\d;?]*\$[a-z]|\x1b[P_][^\x1b]*\x1b\\"  # questions that pyte takes for text
)
_UNFINISHED: Final = re.compile(rb"\x1b(?:\[[^@-~]*|[P_\]][^\x1b\x07]*\x1b?)?\Z")


@dataclass(frozen=True, slots=True)
class Reaction:
    """How long after a key the screen changed for the first time, and for the last; seconds."""

    first_s: float
    settled_s: float


@dataclass(frozen=True, slots=True)
class Memory:
    """A process's resident memory in bytes: the most it ever had, and what is its own (not files) now."""

    peak: int
    own: int


class Terminal:
    """A running program and its screen of 160 by 45; leaving it ends the program."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        """Start `command`, with `environment` over our own."""
        self.lines = [" " * COLUMNS for _ in range(LINES)]
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self._came: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._started = self._changed = time.perf_counter()
        self._program = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=os.environ | terminal | environment,
        )
        os.close(slave)
        self._reader = Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Ask the program to leave, and kill it if it does not."""
        with suppress(OSError):
            os.write(self._master, b"q")
        try:
            self._program.wait(LEAVE_MAX_S)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        self._reader.join(LEAVE_MAX_S)
        os.close(self._master)

    def wait_for(self, pattern: str, within_s: float) -> float:
        """Wait for a line that has `pattern` (a regular expression); give the seconds since the program's start."""
        give_up = time.perf_counter() + within_s
        while not self.shows(pattern):
            if time.perf_counter() > give_up:
                shown = "\n".join(self.lines)
                raise TimeoutError(f"no {pattern!r} within {within_s:g} s on this screen:\n{shown}")
            self._take(QUIET_S)
        return self._changed - self._started

    def shows(self, pattern: str) -> bool:
        """Tell whether a line of the screen has `pattern`."""
        return any(re.search(pattern, line) for line in self.lines)

    def rest(self) -> None:
        """Wait until the screen does not change any more."""
        give_up = time.perf_counter() + KEY_MAX_S
        while time.perf_counter() < min(self._changed + QUIET_S, give_up):
            self._take(QUIET_S)

    def press(self, key: str) -> Reaction:
        """Press a key on a screen at rest, and wait until it is so again."""
        self.rest()
        before = self.lines[:-FOOT]
        sent = time.perf_counter()
        os.write(self._master, KEYS.get(key, key.encode()))
        first: float | None = None
        while True:
            changed = self._take(QUIET_S / 4)
            if changed and first is None:
                first = self._changed - sent
            now = time.perf_counter()
            if first is not None and now > self._changed + QUIET_S:
                break
            if now > sent + KEY_MAX_S:
                raise TimeoutError(f"the key {key} did nothing, or the screen never settled")
        if self.lines[:-FOOT] == before:
            raise AssertionError(f"the key {key} left the screen as it was")
        return Reaction(first, self._changed - sent)

    def send(self, text: str) -> float:
        """Type a text, whatever the screen is at; give the seconds since the program's start."""
        sent = time.perf_counter()
        os.write(self._master, KEYS.get(text, text.encode()))
        return sent - self._started

    def memory(self) -> Memory:
        """Give the program's memory."""
        told = Path(f"/proc/{self._program.pid}/status").read_text()
        kib = {name: int(number) for name, number in re.findall(r"(\w+):\s+(\d+) kB", told)}
        return Memory(kib["VmHWM"] * 1024, kib["RssAnon"] * 1024)

    def _read(self) -> None:
        with suppress(OSError):  # what reading a terminal gives when the last program on it is gone
            while output := os.read(self._master, 1 << 16):
                self._came.put((time.perf_counter(), output))

    def _take(self, wait_s: float) -> bool:
        """Take the next piece of output, if it comes in time; tell whether it changed a line above the foot."""
        try:
            stamp, output = self._came.get(timeout=wait_s)
        except Empty:
            return False
        output = self._rest + output
        cut = _UNFINISHED.search(output)
        output, self._rest = (output, b"") if cut is None else (output[: cut.start()], output[cut.start() :])
        self._stream.feed(_NO_TEXT.sub(b"", output))
        changed = False
        for number in self._screen.dirty:
            cells = self._screen.buffer[number]
            line = "".join(cells[column].data for column in range(COLUMNS))
            changed = changed or (line != self.lines[number] and number < LINES - FOOT)
            self.lines[number] = line
        self._screen.dirty.clear()
        if changed:
            self._changed = stamp
        return changed
