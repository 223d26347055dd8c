"""Textual's driver for browsers, with one addition: it ends the app when whoever serves it is gone.

Textual's own reads to the end and goes on without its input: a program that nobody sees, with the store locked.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.drivers.web_driver import WebDriver

if TYPE_CHECKING:
    from textual.app import App


class ServedDriver(WebDriver):
    """Drives a screen in a browser, for as long as the server behind it reads and writes."""

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """Drive the screen that this process is one end of."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._write = self._put  # type: ignore[assignment]

    def run_input_thread(self) -> None:
        """Read to the end of the input, and leave."""
        super().run_input_thread()
        self._leave()

    def _put(self, data: bytes) -> int:
        """Write all of it, or nothing where nobody reads it any more; give its length."""
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self.fileno, rest) :]
        except OSError:
            self._leave()
        return len(data)

    def _leave(self) -> None:
        if not self.exit_event.is_set():
            with suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._app.exit)
