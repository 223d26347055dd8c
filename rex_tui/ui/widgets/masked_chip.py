"""What says on every screen that masking is on."""

from __future__ import annotations

from typing import Final

CHIP: Final = (" MASKED ", "bold $background on $warning")


def masked_chip(*, masked: bool) -> list[tuple[str, str]]:
    """Give the parts of a line that say so, with a space in front; none where masking is off."""
    return [("  ", ""), CHIP] if masked else []
