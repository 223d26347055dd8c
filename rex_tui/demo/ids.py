"""Rex ids: a type prefix and a ULID, whose time part is real and whose random part is seeded."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
_RANDOM_BITS: Final = 80
_STEP_BITS: Final = 40


def ulid(time_ms: int, randomness: int) -> str:
    """Give the 26 characters of a ULID: 48 bits of milliseconds since the epoch, then 80 bits of randomness."""
    value = time_ms << _RANDOM_BITS | randomness
    return "".join([_PAIRS[value >> shift & 0x3FF] for shift in range(120, -1, -10)])


class Ids:
    """A source of ids that is the same for the same random numbers; ids of one millisecond still grow."""

    __slots__ = ("_last_ms", "_last_random", "_rng")

    def __init__(self, rng: Random) -> None:
        """Take the random numbers from `rng`."""
        self._rng = rng
        self._last_ms = -1
        self._last_random = 0

    def new(self, prefix: str, at: datetime) -> str:
        """Give an id like `cont_01HQ…` that was made at the aware time `at`."""
        time_ms = int(at.timestamp() * 1000)
        if time_ms == self._last_ms:
            self._last_random += 1 + self._rng.getrandbits(_STEP_BITS)
        else:
            self._last_ms, self._last_random = time_ms, self._rng.getrandbits(_RANDOM_BITS - 1)
        return f"{prefix}_{ulid(time_ms, self._last_random)}"
