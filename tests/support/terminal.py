"""A program in a real pseudo-terminal, with pyte as the eye."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import pyte
from support.warm import IN_A_TERMINAL, WarmProcess, can_be_warm

PATIENCE_S = 30.0
PRESS_AGAIN_S = 0.5
UNSEEN = re.compile(rb"\x1b\[[<=>][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]*m")
"""Sequences that pyte would print as text, and colours: nobody asks it for them, and reading them took it longest."""

USUAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "", **IN_A_TERMINAL}
"""What a terminal is like, unless a test says otherwise."""

FROM_NOTHING = (sys.executable, "-m", "rex_tui")


class Terminal:
    """A running program; `raw` is every byte that it wrote."""

    def __init__(self, process: subprocess.Popen[bytes] | WarmProcess, master: int, columns: int, rows: int) -> None:
        self.process = process
        self.raw = bytearray()
        self.columns, self.rows = columns, rows
        self._master = master
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._parsed = 0
        self._text = (-1, "")
        self.hung_up = False

    @property
    def text(self) -> str:
        if self._text[0] != self._parsed:
            lines = map(self._screen.buffer.__getitem__, range(self.rows))
            text = "\n".join("".join([line[column].data for column in range(self.columns)]) for line in lines)
            self._text = (self._parsed, text)
        return self._text[1]

    def until(self, *words: str) -> None:
        """Read on until the screen shows these words, or others of them; fail when it never does."""
        give_up = time.monotonic() + PATIENCE_S
        while not any(one in self.text for one in words):
            assert time.monotonic() < give_up, f"never showed {words!r}:\n{self.text}"
            self.read()

    def until_so(self, holds: Callable[[], object]) -> None:
        """Read on until something holds; fail when it never does."""
        give_up = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < give_up, f"never came true:\n{self.text}"
            self.read()

    def until_gone(self, words: str) -> None:
        """Read on until the screen does not show these words any more; fail when it always does."""
        give_up = time.monotonic() + PATIENCE_S
        while words in self.text:
            assert time.monotonic() < give_up, f"always showed {words!r}:\n{self.text}"
            self.read()

    def until_written(self, what: bytes, times: int) -> None:
        """Read on until the program wrote this so often; fail when it never does."""
        give_up = time.monotonic() + PATIENCE_S
        while self.raw.count(what) < times:
            assert time.monotonic() < give_up, f"never wrote {what!r}:\n{self.text}"
            self.read()

    def cell(self, column: int, row: int) -> str:
        """Give what stands in a cell; "" in the right half of a wide character."""
        return str(self._screen.buffer[row][column].data)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def press_until(self, keys: str, *words: str) -> None:
        """Press until the screen shows these words, or others of them: a key that came while an answer was out."""
        give_up = time.monotonic() + PATIENCE_S
        again = 0.0
        while not any(one in self.text for one in words):
            now = time.monotonic()
            assert now < give_up, f"never showed {words!r}:\n{self.text}"
            if now > again:
                self.press(keys)
                again = now + PRESS_AGAIN_S
            self.read()

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal larger or smaller, as its window is."""
        self.columns, self.rows = columns, rows
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen.resize(rows, columns)
        self.process.send_signal(signal.SIGWINCH)

    def until_stopped(self) -> None:
        """Wait until the program has stopped itself, as Ctrl-Z asks; then forget what the screen shows."""
        process = self.process
        if isinstance(process, WarmProcess):
            self.until_so(process.is_stopped)
        else:
            self.until_so(lambda: os.waitpid(process.pid, os.WUNTRACED | os.WNOHANG)[0])
        while select.select([self._master], [], [], 0.05)[0]:
            self.read()
        self._screen.reset()
        self._text = (-1, "")

    def hang_up(self) -> int:
        """Close the terminal under the program, without a signal; give the exit code."""
        os.close(self._master)
        self.hung_up = True
        return self.process.wait(PATIENCE_S)

    def wait(self) -> int:
        """Read to the end and give the exit code."""
        give_up = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < give_up, f"never ended:\n{self.text}"
            self.read()
        return self.process.wait(PATIENCE_S)

    def read(self) -> None:
        """Take in what the program wrote meanwhile."""
        if select.select([self._master], [], [], 0.05)[0]:
            try:
                self.raw += os.read(self._master, 65_536)
            except OSError:
                return
            fresh = UNSEEN.sub(b"", bytes(self.raw[self._parsed :]))
            self._parsed = len(self.raw)
            self._stream.feed(fresh)


@contextmanager
def terminal(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    columns: int = 120,
    rows: int = 35,
    *,
    stdin: BinaryIO | None = None,
    measured: bool = True,
    interrupts: bool = False,
    program: Sequence[str] | None = None,
) -> Iterator[Terminal]:
    """Run a program, `python -m rex_tui`, with these arguments while the block runs, its input the terminal or `stdin`.

    Measured by coverage, it is slower, which a long tour need not be. With `interrupts` the terminal is in charge of
    the program, so that Ctrl-C interrupts it. Where no `program` is
    named, its modules come from a process that has loaded them (`support.warm`), unless `REX_TUI_LONG` is set.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    others = ("REX_", "COLUMNS", "LINES", *(() if measured else ("COV",)))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    told = kept | USUAL | dict(environment)
    process: subprocess.Popen[bytes] | WarmProcess
    if program is None and can_be_warm(told, screen=True):
        streams = (slave if stdin is None else stdin.fileno(), slave, slave)
        process = WarmProcess(arguments, told, streams=streams, screen=True, interrupts=interrupts)
    else:
        process = subprocess.Popen(
            [*(program or FROM_NOTHING), *arguments],
            stdin=slave if stdin is None else stdin,
            stdout=slave,
            stderr=slave,
            env=told,
            start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if interrupts else None,  # noqa: PLW1509 - no threads
        )
    os.close(slave)
    shown = Terminal(process, master, columns, rows)
    try:
        yield shown
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if not shown.hung_up:
            os.close(master)
