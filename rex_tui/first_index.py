"""Telling on the terminal, before anything else is there, that an older store gets its index, and how far it is."""

from __future__ import annotations

import sys
from typing import Final, TextIO

LARGE: Final = 50_000
"""Events from which on it takes long enough (about a second) to be told."""


class FirstIndex:
    """Says once what is going on, to a terminal also how far it is; of a small store it says nothing."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Write to `stream`, standard error without one."""
        self._stream = sys.stderr if stream is None else stream
        self.begun = False

    def __call__(self, done: int, newest: int) -> None:
        """Take in that `done` of `newest` events are done."""
        if newest < LARGE:
            return
        if not self.begun:
            self.begun = True
            self._write(
                f"rex-tui: Bringing the {newest:,} events that this store holds up to date, for their stories and "
                "times; this happens once, and Ctrl-C does no harm: the next start goes on.\n"
            )
        if self._stream.isatty():
            self._write(f"\r{done * 100 // newest:3} %{chr(10) if done >= newest else ''}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
