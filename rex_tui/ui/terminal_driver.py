"""Textual's driver for terminals, with one addition: it survives that the terminal is gone, and says so.

Textual writes in a thread that ends at the first error. What is written then fills a queue that nobody empties, and
the screen waits for it for ever, deaf to signals: a program without a terminal that keeps a core busy and the store
locked. Here a terminal that can't be written takes in everything, and the app is told once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import TextIOBase
from typing import TYPE_CHECKING, TextIO

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App


class LastingTerminal(TextIOBase):
    """A terminal to write to, also when it is gone: then `gone` is called, once, by whichever thread wrote."""

    def __init__(self, file: TextIO, gone: Callable[[], object]) -> None:
        """Write to `file` for as long as that is possible."""
        super().__init__()
        self._file = file
        self._gone = gone
        self._is_gone = False

    def write(self, text: str) -> int:
        """Write a text, or do nothing where nobody could read it; give its length."""
        self._try(lambda: self._file.write(text))
        return len(text)

    def flush(self) -> None:
        """Let the terminal have what was written."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """Give the terminal's file descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return self._file.isatty()

    def _try(self, act: Callable[[], object]) -> None:
        if self._is_gone:
            return
        try:
            act()
        except OSError:
            self._is_gone = True
            self._gone()


class TerminalDriver(LinuxDriver):
    """Drives a terminal, and ends the app when the terminal is gone."""

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """Drive the terminal of this process for `app`."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = LastingTerminal(self._file, self._leave)  # type: ignore[assignment, arg-type]

    def _leave(self) -> None:
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self._app.exit)
