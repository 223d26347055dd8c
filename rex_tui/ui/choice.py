"""What can be exported: which events, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from rex_tui.store.reader import StoreReader


class Seqs(Protocol):
    """Sequences of which some are read at a time."""

    def __len__(self) -> int:
        """Count them."""

    def __getitem__(self, some: slice, /) -> Sequence[int]:
        """Give some of them, ascending."""


class Choice(Struct, frozen=True):
    """Events that can be exported: what they are called, how many, and how their sequences are read in the thread."""

    name: str
    count: int
    seqs: Callable[[StoreReader], Seqs]
