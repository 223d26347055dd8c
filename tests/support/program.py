"""The program as a user starts it, without a terminal: what it printed, and its exit code."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from support.warm import run_cold, run_warm


def run_raw(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `rex-tui` with these arguments, and these variables over ours, of which none is one of its own."""
    return run_warm(arguments, _ours() | environment, cwd)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it likewise; give what it printed as text."""
    return in_text(run_raw(*arguments, cwd=None, **environment))


def run_from_nothing(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it likewise in a Python that has loaded none of it before, as users always do."""
    return in_text(run_cold(arguments, _ours() | environment))


def _ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("REX_")}


def in_text(done: subprocess.CompletedProcess[bytes]) -> subprocess.CompletedProcess[str]:
    """Give what a program printed as text."""
    return subprocess.CompletedProcess(done.args, done.returncode, text_of(done.stdout), text_of(done.stderr))


def text_of(printed: bytes) -> str:
    """Give what was printed as text, with line ends as Python has them."""
    return printed.decode().replace("\r\n", "\n")
