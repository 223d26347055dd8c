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
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Final, Self, TypeAlias

import pyte

COLUMNS: Final = 160
LINES: Final = 45
FOOT: Final = 2
"""Lines at the bottom that tell of the feed, and change by themselves each second; they are left out of timing."""
QUIET_S: Final = 0.1
"""A screen that did not change for so long has settled; the wait itself is in no figure."""
LULL_S: Final = 0.02
"""How long nothing has to come before what came is looked at."""
KEY_MAX_S: Final = 10.0
LEAVE_MAX_S: Final = 3.0
WHOLE: Final = (slice(0, LINES - FOOT), (slice(0, COLUMNS),))
"""All lines but the foot's, and all of their columns."""
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
    """A process's memory in bytes: resident now, resident at its peak, and what is its own (not files) now."""

    resident: int
    peak: int
    own: int


Region: TypeAlias = tuple[slice, tuple[slice, ...]]
"""Lines of a screen, and which of their columns."""


class Terminal:
    """A running program and its screen of 160 by 45; leaving it ends the program."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        """Start `command`, with `environment` over our own."""
        self.lines = [" " * COLUMNS for _ in range(LINES)]
        self.written = 0
        """Bytes that the program has written up to now."""
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self._read_at = 0.0
        self._came: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = self._last = time.perf_counter()
        """When it was started, by `time.perf_counter`."""
        self._program = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=child_environment() | terminal | environment,
        )
        os.close(slave)
        self._reader = Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
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
        return self._last - self.started

    def shows(self, pattern: str) -> bool:
        """Tell whether a line of the screen has `pattern`."""
        return any(re.search(pattern, line) for line in self.lines)

    def rest(self, region: Region = WHOLE) -> None:
        """Wait until a region does not change any more."""
        give_up = time.perf_counter() + KEY_MAX_S
        shown, changed = self.part(region), self._last
        while (now := time.perf_counter()) < give_up:
            stamp = self._take(QUIET_S / 4 if now < changed + QUIET_S else 0)
            if stamp is not None and (part := self.part(region)) != shown:
                shown, changed = part, stamp
            elif stamp is None and now >= changed + QUIET_S:
                return

    def press(self, key: str, region: Region = WHOLE, first: str = "", last: str = "") -> Reaction:
        """Press a key on a screen at rest, and wait until a region of it is so again; other changes don't count.

        With `first` (a regular expression), the first change is the one with which a line has it; with `last`, nothing
        is settled before a line has that.
        """
        self.rest(region)
        shown = self.part(region)
        sent = time.perf_counter()
        os.write(self._master, KEYS.get(key, key.encode()))
        first_s, last_at, ended = None, sent, False
        while first_s is None or not ended or time.perf_counter() < last_at + QUIET_S:
            if time.perf_counter() > sent + KEY_MAX_S:
                raise TimeoutError(f"the key {key} did nothing, or the screen never settled")
            self._let_it_come()
            stamp = self._take(QUIET_S / 4)
            if stamp is None or (part := self.part(region)) == shown:
                continue
            shown, last_at = part, stamp
            if first_s is None and (not first or self.shows(first)):
                first_s = stamp - sent
            ended = not last or self.shows(last)
        return Reaction(first_s, last_at - sent)

    def part(self, region: Region) -> list[str]:
        """Give a region of the screen."""
        lines, columns = region
        return ["".join(line[part] for part in columns) for line in self.lines[lines]]

    def replay(self) -> Iterator[tuple[float, list[str]]]:
        """Give, of all that has come and was not looked at, when it came, and the screen as it then was."""
        while (stamp := self._take(0)) is not None:
            yield stamp, self.lines

    def send(self, text: str) -> float:
        """Type a text, whatever the screen is at; give the seconds since the program's start."""
        sent = time.perf_counter()
        os.write(self._master, KEYS.get(text, text.encode()))
        return sent - self.started

    def memory(self) -> Memory:
        """Give the program's memory."""
        return memory_of(self._program.pid)

    def busy_s(self) -> float:
        """Give the seconds that the program, and what it has started, took of a core up to now."""
        return sum(_busy_ticks(pid) for pid in _family(self._program.pid)) / os.sysconf("SC_CLK_TCK")

    def _let_it_come(self) -> None:
        """Sleep while a piece follows the other: looking at them would hold up the thread that stamps them."""
        if self._came.empty():
            time.sleep(LULL_S)
        give_up = time.perf_counter() + QUIET_S
        while time.perf_counter() < min(self._read_at + LULL_S, give_up):
            time.sleep(LULL_S / 4)

    def _read(self) -> None:
        with suppress(OSError):  # what reading a terminal gives when the last program on it is gone
            while output := os.read(self._master, 1 << 16):
                self._read_at = time.perf_counter()
                self.written += len(output)
                self._came.put((self._read_at, output))

    def _take(self, wait_s: float) -> float | None:
        """Take the next piece of output into the screen, if it comes in time; give when it came."""
        try:
            stamp, output = self._came.get(timeout=wait_s) if wait_s else self._came.get_nowait()
        except Empty:
            return None
        output = self._rest + output
        cut = _UNFINISHED.search(output)
        output, self._rest = (output, b"") if cut is None else (output[: cut.start()], output[cut.start() :])
        self._stream.feed(_NO_TEXT.sub(b"", output))
        for number in self._screen.dirty:
            cells = self._screen.buffer[number]
            self.lines[number] = "".join(cells[column].data for column in range(COLUMNS))
        self._screen.dirty.clear()
        self._last = stamp
        return stamp


def child_environment() -> dict[str, str]:
    """Give our environment without what would make a program another one than people have.

    A program that may not keep its bytecode compiles itself at each start.
    """
    ours = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "NO_COLOR", "TEXTUAL_ANIMATIONS", "TMUX", "STY"}
    return {name: text for name, text in os.environ.items() if name not in ours and not name.startswith("REX_")}


def memory_of(pid: int) -> Memory:
    """Give a process's memory."""
    told = Path(f"/proc/{pid}/status").read_text()
    kib = {name: int(number) for name, number in re.findall(r"(\w+):\s+(\d+) kB", told)}
    return Memory(kib["VmRSS"] * 1024, kib["VmHWM"] * 1024, kib["RssAnon"] * 1024)


def _busy_ticks(pid: int) -> int:
    """Give the ticks of a process and of those children of it that have ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return 0
    return sum(map(int, told[11:15]))


def _family(pid: int) -> list[int]:
    """Give a process and all that it has started."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        children = []
    return [pid, *(one for child in children for one in _family(child))]
