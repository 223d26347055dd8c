"""Reading the types of a part of the log from their compact form, in any thread."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from rex_tui.store import blocks
from rex_tui.store.errors import translated
from rex_tui.store.schema import connect


def read_codes(path: Path, first: int, last: int) -> bytes:
    """Give what the store at `path` has of the type codes from the sequence `first` to `last`, two bytes each.

    Those that were forgotten meanwhile are none. It opens a connection of its own, so that nobody has to close one.
    Raises `StoreError`.
    """
    with translated(path), closing(connect(path, writable=False)) as connection:
        connection.execute("BEGIN")
        kept = max(first, blocks.before_blocks(connection) + 1)
        packed = blocks.read_part(connection, blocks.TYPES, kept, last) if kept <= last else b""
        return bytes(blocks.TYPES.width * min(kept - first, last - first + 1)) + packed


def read_forgotten(path: Path) -> int:
    """Give the sequence up to which the store at `path` has no event any more, likewise. Raises `StoreError`."""
    with translated(path), closing(connect(path, writable=False)) as connection:
        return max(0, blocks.first_seq(connection) - 1)
