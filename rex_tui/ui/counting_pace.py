"""When what comes is counted: at once after a quiet while, together where more comes, and at times anyhow."""

from __future__ import annotations

from typing import Final

TICKS_AGAIN: Final = 60
"""Ticks after which it is counted again though nothing came: a period that ends now has gone on."""


class CountingPace:
    """Tells at each tick, and whenever something came, whether it is time to count."""

    def __init__(self) -> None:
        """Begin with a quiet tick behind."""
        self._is_quiet = True
        self._came = False
        self._ticks = 0

    def came(self) -> bool:
        """Take in that something came."""
        if self._is_quiet:
            self._is_quiet = False
            return True
        self._came = True
        return False

    def ticked(self) -> bool:
        """Take in that a tick has passed."""
        self._ticks += 1
        came, self._came = self._came, False
        self._is_quiet = not came
        return came or self._ticks % TICKS_AGAIN == 0
