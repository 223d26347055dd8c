"""Reading the types of a part of the log from their compact form, in any thread."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from rex_tui.store import blocks
from rex_tui.store.errors import translated
from rex_tui.store.schema import connect


def read_codes(path: Path, first: int, last: int) -> bytes:
    """Give what the store at `path` has of the type codes from the sequence `first` to `last`, two bytes each.

    It opens a connection of its own, so that nobody has to close one. Raises `StoreError`.
    """
    with translated(path), closing(connect(path, writable=False)) as connection:
        return blocks.read_part(connection, blocks.TYPES, first, last)
