"""What can go wrong with the store, as callers see it; nothing of sqlite3 leaves this room.

StoreError
├── StoreTooNew       written by a newer rex-tui
├── OtherTenant       it mirrors another Rex tenant
├── StoreDamaged      not a store of ours, or its file is corrupt
└── StoreUnwritable   the disk is full, the folder is read-only, the file is gone: worth trying again
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """The store can't be used; `str()` is one sentence for people."""


class StoreTooNew(StoreError):
    """A newer rex-tui wrote this store."""


class OtherTenant(StoreError):
    """The store mirrors another tenant than the one asked for."""


class StoreDamaged(StoreError):
    """The file is no store of ours, or SQLite finds it corrupt."""


class StoreUnwritable(StoreError):
    """The store can't be read or written at the moment, for a reason outside of it."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what sqlite3 and the file system raise inside the block into a `StoreError` about `path`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith("SQLITE_FULL"):
            raise StoreUnwritable(f"The disk that holds {path} is full.") from error
        if error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
            raise StoreDamaged(_damaged(path)) from error
        raise StoreUnwritable(f"The store {path} can't be read or written ({error}).") from error
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(_damaged(path)) from error
    except OSError as error:
        raise StoreUnwritable(f"The store {path} can't be opened ({error.strerror or error}).") from error


def _damaged(path: Path) -> str:
    return (
        f"The file {path} is damaged or is no store of rex-tui. Nothing was changed; move it away, or name another "
        "with --store, to read the log again from Rex."
    )
