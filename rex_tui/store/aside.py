"""Moving a damaged store aside: it is kept under another name, never deleted, and never somebody else's file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rex_tui.store.schema import APPLICATION_ID

SIDE_FILES: Final = ("", "-wal", "-shm")
LOOKED_AT: Final = 65_536
MARK_AT: Final = 68
"""Where SQLite keeps a file's application id. Source: SQLite's "Database File Format", 1.3."""
OUR_TABLES: Final = b"CREATE TABLE type_blocks"


def bears_our_mark(path: Path) -> bool:
    """Tell whether what is left of a file shows that rex-tui made it."""
    try:
        with path.open("rb") as file:
            head = file.read(LOOKED_AT)
    except OSError:
        return False
    return head[MARK_AT : MARK_AT + 4] == APPLICATION_ID.to_bytes(4, "big") or OUR_TABLES in head


def move_aside(path: Path) -> Path:
    """Give a store and the files beside it another name, as they are; give the new name. Raises `OSError`."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    number = 0
    while (target := path.with_name(f"{path.name}.damaged-{stamp}{f'-{number}' if number else ''}")).exists():
        number += 1
    for side in SIDE_FILES:
        source = path.with_name(path.name + side)
        if source.exists():
            source.rename(target.with_name(target.name + side))
    return target


def identity(path: Path) -> tuple[int, int] | None:
    """Give what tells a file from any other, also from one of the same name; None where there is no file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked before every commit: half the time of Path.stat
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
