"""What stays of an event that was forgotten: enough to know it, nothing to read in it."""

from __future__ import annotations

import hashlib
from typing import Final

DIGEST_BYTES: Final = 8
"""Bytes of the digest."""


def digest_of(event_id: str) -> bytes:
    """Give what stays of an event that was forgotten, so that it is not taken in again."""
    return hashlib.sha256(event_id.encode()).digest()[:DIGEST_BYTES]
