"""`python -m rex_tui` in a process of its own that need not load the program first, which was most of what it took.

A process has loaded it once, and is forked; whoever has `REX_TUI_LONG` starts each program from nothing, as
the tests of an installed wheel do.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 60.0
SERVER: Final = Path(__file__).with_name("warm_server.py")
LONG: Final = bool(os.environ.get("REX_TUI_LONG") or os.environ.get("REX_TUI_INSTALLED"))
READ_AT_START: Final = ("PYTHON", "LANG", "LC_", "TEXTUAL")
"""Variables that are read before the program runs: with others of these than ours it is started from nothing."""

IN_A_TERMINAL: Final = {"LANG": "C.UTF-8", "LC_ALL": ""}
"""What of these our terminals have, whatever the one has in which the tests run."""


def can_be_warm(environment: Mapping[str, str], *, screen: bool = False) -> bool:
    """Tell whether a process with these variables, in a terminal of ours or not, would be what a fresh one is."""
    return sys.platform == "linux" and not LONG and _read_at_start(environment) == _read_at_start(_ours(screen=screen))


def _ours(*, screen: bool) -> dict[str, str]:
    return {**os.environ, **(IN_A_TERMINAL if screen else {})}


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(READ_AT_START) and value}


class WarmProcess:
    """A process that runs the program; of `subprocess.Popen` it has what tests ask for."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        cwd: Path | None = None,
        *,
        streams: tuple[int, int, int],
        screen: bool = False,
        interrupts: bool = False,
    ) -> None:
        """Start it with standard input, output and error; with a `screen`, or else it must not need one.

        A screen's is a session of its own; with `interrupts` the terminal is in charge of it.
        """
        self.returncode: int | None = None
        self._report, theirs = os.pipe()
        self._said = b""
        request = {
            "arguments": [*arguments],
            "environment": dict(environment),
            "folder": str(cwd or Path.cwd()),
            "session": screen,
            "interrupts": interrupts,
        }
        control = _server(is_measured="COVERAGE_PROCESS_START" in environment, screen=screen)
        socket.send_fds(control, [json.dumps(request).encode()], [*streams, theirs])
        os.close(theirs)
        while b"\n" not in self._said:
            self._hear(PATIENCE_S)
        self.pid = int(self._said.split(b"\n")[0])

    def _hear(self, timeout: float) -> None:
        if select.select([self._report], [], [], timeout)[0]:
            piece = os.read(self._report, 64)
            assert piece, "the process that is forked is gone"
            self._said += piece
        elif timeout:
            raise subprocess.TimeoutExpired("rex-tui", timeout)

    def poll(self) -> int | None:
        """Give the exit code, or None while it runs."""
        return self._code(0)

    def wait(self, timeout: float = PATIENCE_S) -> int:
        """Wait for its end; give the exit code."""
        while (code := self._code(timeout)) is None:
            pass
        return code

    def _code(self, timeout: float) -> int | None:
        if self.returncode is None:
            if self._said.count(b"\n") < 2:
                self._hear(timeout)
            if self._said.count(b"\n") == 2:
                self.returncode = int(self._said.split(b"\n")[1])
                os.close(self._report)
        return self.returncode

    def send_signal(self, sent: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, sent)

    def is_stopped(self) -> bool:
        """Tell whether it has stopped, as Linux tells it."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


@cache
def _server(*, is_measured: bool, screen: bool) -> socket.socket:
    """Give the socket of the process that is forked; it is measured by coverage or not, as all that it becomes."""
    left_out = ("REX_",) if is_measured else ("REX_", "COV")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, str(SERVER), str(theirs.fileno()), *(["screen"] if screen else [])],
            env={name: value for name, value in _ours(screen=screen).items() if not name.startswith(left_out)},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def run_warm(
    arguments: Sequence[str], environment: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run `rex-tui` with these arguments and just these variables, in `cwd` or where we are."""
    if not can_be_warm(environment):
        return run_cold(arguments, environment, cwd)
    out, err = os.pipe(), os.pipe()
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - no path
        process = WarmProcess(arguments, environment, cwd, streams=(nothing.fileno(), out[1], err[1]))
    os.close(out[1])
    os.close(err[1])
    try:
        said = _read({out[0]: bytearray(), err[0]: bytearray()})
    except TimeoutError:
        process.kill()
        raise
    finally:
        os.close(out[0])
        os.close(err[0])
        code = process.wait()
    return subprocess.CompletedProcess(["rex-tui", *arguments], code, *said)


def run_cold(
    arguments: Sequence[str], environment: Mapping[str, str], cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run it likewise, started from nothing."""
    return subprocess.run(
        [sys.executable, "-m", "rex_tui", *arguments],
        env=dict(environment),
        cwd=cwd,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_S,
        check=False,
    )


def _read(pipes: dict[int, bytearray]) -> tuple[bytes, bytes]:
    """Read two pipes to their end."""
    give_up = time.monotonic() + PATIENCE_S
    left = list(pipes)
    while left:
        ready = select.select(left, [], [], max(0, give_up - time.monotonic()))[0]
        if not ready:
            raise TimeoutError(f"never ended: {pipes}")
        for pipe in ready:
            piece = os.read(pipe, 65_536)
            pipes[pipe] += piece
            if not piece:
                left.remove(pipe)
    out, err = pipes.values()
    return bytes(out), bytes(err)
