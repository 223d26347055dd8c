"""What can go wrong with the store, as callers see it; nothing of sqlite3 leaves this room.

StoreError
├── StoreTooNew       written by a newer rex-tui
├── OtherTenant       it mirrors another Rex tenant
├── StoreDamaged      not a store of ours, or its file is corrupt
│   └── StoreForeign  a sound file of another program
├── StoreGone         the file was deleted or replaced while it was open
└── StoreUnwritable   the disk is full, the folder is read-only: worth trying again
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_DAMAGE: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
_TABLES_AMISS: Final = ("no such table", "no such column", "malformed database schema")


class StoreError(Exception):
    """The store can't be used; `str()` is one sentence for people."""


class StoreTooNew(StoreError):
    """A newer rex-tui wrote this store."""


class OtherTenant(StoreError):
    """The store mirrors another tenant than the one asked for."""


class StoreDamaged(StoreError):
    """The file is no store of ours, or SQLite finds it corrupt."""


class StoreForeign(StoreDamaged):
    """The file is a sound database of another program."""


class StoreGone(StoreError):
    """The file was deleted, or replaced by another, while we had it open."""


class StoreUnwritable(StoreError):
    """The store can't be read or written at the moment, for a reason outside of it."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what sqlite3 and the file system raise inside the block into a `StoreError` about `path`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        name = getattr(error, "sqlite_errorname", None)  # none: Python's own, about text that is no UTF-8
        if name is None or name.startswith(_DAMAGE) or str(error).startswith(_TABLES_AMISS):
            raise StoreDamaged(damaged(path)) from error
        if name.startswith("SQLITE_FULL"):
            raise StoreUnwritable(f"The disk that holds {path} is full.") from error
        raise StoreUnwritable(f"The store {path} can't be read or written ({error}).") from error
    except sqlite3.ProgrammingError as error:
        raise StoreUnwritable(f"The store {path} is closed.") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # what SQLite says quotes the harm, bytes and all
        raise StoreDamaged(damaged(path)) from error
    except OSError as error:
        raise StoreUnwritable(f"The store {path} can't be opened ({error.strerror or error}).") from error


def damaged(path: Path) -> str:
    """Give the sentence for a file that is not as it should be."""
    return (
        f"The file {path} is damaged or is no store of rex-tui. Nothing was changed; move it away, or name another "
        "with --store, to read the log again from Rex."
    )
