"""Waiting for the thing itself, where nobody could set an event: looked at again and again, for a bounded time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

PATIENCE_S: Final = 20.0
LOOK_AGAIN_S: Final = 0.005


async def until(holds: Callable[[], Any], told: Callable[[], object] = str) -> None:
    """Let the program run until something holds; fail, with what is `told`, when it never does."""
    give_up = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < give_up, f"never came true; {told()}"
        await asyncio.sleep(LOOK_AGAIN_S)
