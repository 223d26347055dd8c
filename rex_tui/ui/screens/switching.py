"""The key that switches masking, for a screen over the watch screen, whose masking it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable


async def _nobody() -> None:
    """Switch nothing, before there is anybody to do so."""


class SwitchesMasking:
    """A screen that has masking switched by somebody else; it binds `mask` to a key."""

    switch_masking: Callable[[], Awaitable[None]] = staticmethod(_nobody)
    """Switches masking on or off, on every screen."""

    async def action_mask(self) -> None:
        """Hide names, addresses, amounts and texts, or show them again."""
        await self.switch_masking()
