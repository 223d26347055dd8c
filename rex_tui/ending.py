"""How a command ends: its exit codes, and what it says on the way out."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

import click

from rex_tui.safe_text import clean

USAGE_EXIT: Final = 2
STORE_EXIT: Final = 5
INTERRUPTED_EXIT: Final = 130
TERMINATED_EXIT: Final = 143


def say(words: str) -> None:
    """Say something on standard error, clean."""
    click.echo(f"rex-tui: {clean(words)}", err=True)


def fail(words: str, code: int, shown: str = "") -> NoReturn:
    """Say what went wrong, with the lines `shown`, which are clean, below it; then exit."""
    say(words)
    if shown:
        click.echo(textwrap.indent(shown, "  "), err=True)
    sys.exit(code)


def drop_output() -> None:
    """Let standard output go nowhere, since nobody reads it any more: else the interpreter fails when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def to_output() -> Iterator[None]:
    """Let a block write to standard output; where that is full, say so and exit, and where nobody reads it, go on."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
    except OSError as error:
        drop_output()
        fail(f"Standard output can't be written ({error.strerror or error}).", STORE_EXIT)


def tell(words: str) -> None:
    """Write a line, which is clean, to standard output; exits where that is full."""
    with to_output():
        click.echo(words)


def end_when_terminated() -> None:
    """End in order at SIGTERM, so that no half-written file is left behind."""
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED_EXIT))


def leave_on_signals(leave: Callable[[], object]) -> None:
    """Leave in order when the terminal is closed or the machine shuts down, so that nothing is left behind."""
    import asyncio  # noqa: PLC0415 - only what has a screen needs it

    for name in ("SIGHUP", "SIGTERM"):
        with suppress(AttributeError, NotImplementedError):  # Windows has neither
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), leave)
