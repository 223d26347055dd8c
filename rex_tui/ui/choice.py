"""What can be exported: which events, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from rex_tui.store.reader import StoreReader


class Choice(Struct, frozen=True):
    """Events that can be exported: what they are called, how many, and how their sequences are read in the thread."""

    name: str
    count: int
    seqs: Callable[[StoreReader], Sequence[int]]
