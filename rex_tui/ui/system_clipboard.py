"""The machine's own clipboard; as a program, `python -m rex_tui.ui.system_clipboard BYTES`, it copies its input there.

It is a program of its own because whatever sets a clipboard (xclip, wl-copy, pbcopy) may hang, or write its errors
over the screen; here it can be ended, and nobody sees what it writes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from rex_tui.ui.clipboard import PutOnMachine

PATIENCE_S: Final = 3.0
ELSEWHERE: Final = ("SSH_CONNECTION", "SSH_TTY", "TEXTUAL_DRIVER")
"""Set where the machine that we run on may not be the one that the user sits at, whose clipboard is meant.

The last one is set where the screen is in a browser, which may be anywhere and has a clipboard of its own.
"""
DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
"""One of these is set on Linux where there is a clipboard at all."""


def system_clipboard(environment: Mapping[str, str]) -> PutOnMachine | None:
    """Give what copies to this machine's clipboard, None where it has none or it is not the user's machine."""
    if any(map(environment.get, ELSEWHERE)):
        return None
    if sys.platform == "linux" and not any(map(environment.get, DISPLAYS)):
        return None
    return partial(put_on_clipboard, environment=dict(environment))


def put_on_clipboard(text: str, environment: Mapping[str, str], patience_s: float = PATIENCE_S) -> bool:
    """Copy a text, within so many seconds; tell whether the clipboard has it now."""
    data = text.encode()
    program = [sys.executable, "-P", "-X", "utf8", "-m", __name__, str(len(data))]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module; the text goes by its input
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # what holds the clipboard lives on when this terminal is closed
        )
    except OSError:
        return False
    try:
        process.communicate(data, timeout=patience_s)
    except subprocess.TimeoutExpired:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.communicate()
    return process.returncode == 0


def main() -> int:
    """Copy the whole standard input; give 0 where the clipboard has it then."""
    import pyperclip  # noqa: PLC0415 - only this program needs it, and the screen must not wait for it

    data = sys.stdin.buffer.read()
    if len(data) != int(sys.argv[1]):  # whoever sent it ended meanwhile
        return 1
    pyperclip.copy(data.decode())
    return 0 if pyperclip.paste() == data.decode() else 1  # what it starts may fail without a word of it


if __name__ == "__main__":
    sys.exit(main())
