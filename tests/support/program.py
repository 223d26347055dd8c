"""The program as a user starts it, without a terminal: what it printed, and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run_raw(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `rex-tui` with these arguments, and these variables over ours, of which none is one of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    return subprocess.run(
        [sys.executable, "-m", "rex_tui", *arguments],
        env=kept | environment,
        cwd=cwd,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it likewise; give what it printed as text."""
    done = run_raw(*arguments, cwd=None, **environment)
    return subprocess.CompletedProcess(done.args, done.returncode, text_of(done.stdout), text_of(done.stderr))


def text_of(printed: bytes) -> str:
    """Give what was printed as text, with line ends as Python has them."""
    return printed.decode().replace("\r\n", "\n")
