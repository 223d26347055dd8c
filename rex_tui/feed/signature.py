"""What Rex says of a delivery in `X-Rex-Signature`, and whether it holds."""

from __future__ import annotations

import hmac
import re
from typing import Final

from msgspec import Struct

TOLERANCE_S: Final = 300.0
"""How far a delivery's time may be from ours, in seconds, either way: an older one may be somebody's copy."""
HEADER_MAX: Final = 1_024
SIGNATURES_MAX: Final = 4
"""Signatures in one header: while a secret is replaced there are two."""
_TIMESTAMP: Final = re.compile(rb"\d{1,12}")
_SIGNATURE: Final = re.compile(rb"[0-9a-fA-F]{64}")


class Signature(Struct, frozen=True):
    """A delivery's time, as Rex spelled it, and the signatures, as hex digits, of which one has to be right."""

    timestamp: bytes
    candidates: tuple[bytes, ...]

    def holds(self, mac: hmac.HMAC, now: float) -> bool:
        """Tell whether the delivery is of these minutes and signed; `now` is in seconds since the epoch.

        However wrong a signature is, comparing it takes the same time.
        """
        expected = mac.hexdigest().encode()
        right = [hmac.compare_digest(expected, candidate.lower()) for candidate in self.candidates]
        return any(right) and abs(now - int(self.timestamp)) <= TOLERANCE_S


def read_signature(header: bytes) -> Signature | None:
    """Read `t=…,v1=…`; None where it is none. Source: Rex's documentation of webhooks."""
    if len(header) > HEADER_MAX:
        return None
    parts = [part.strip().partition(b"=") for part in header.split(b",")]
    times = [value for name, _, value in parts if name == b"t"]
    candidates = tuple(value for name, _, value in parts if name == b"v1")
    if len(times) != 1 or not _TIMESTAMP.fullmatch(times[0]) or not 0 < len(candidates) <= SIGNATURES_MAX:
        return None
    return Signature(times[0], candidates) if all(map(_SIGNATURE.fullmatch, candidates)) else None
