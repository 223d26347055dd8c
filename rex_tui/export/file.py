"""A file that appears when it is whole: written beside its place under another name, private, then moved there."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, cast

from rex_tui.export.export import ExportError

SUFFIX: Final = ".part"
BESIDE: Final = ("", "-wal", "-shm", ".lock", ".notes", ".notes-wal", ".notes-shm")
"""How the names of the files end that make up a store and what the user adds to it."""


class NewFile:
    """A context manager that gives the open file; what is in it takes its place when the block ends without an error.

    With an error, or when the user gives up, nothing is left behind, and what was in its place stays.
    """

    def __init__(self, path: Path, *, replace: bool = False, store: Path | None = None) -> None:
        """Write to `path` in the end, over what is there only with `replace`; raises `ExportError`.

        The files of `store` are never written over, whoever agrees to it.
        """
        self._path = Path(os.path.realpath(path))
        self._replace = replace
        self._store = store
        self._check()
        try:
            descriptor, name = tempfile.mkstemp(SUFFIX, f".{self._path.name[:100]}-", self._path.parent)
        except OSError as error:
            raise _could_not(self._path, error) from None
        self._part = Path(name)
        self._file = cast("BinaryIO", os.fdopen(descriptor, "wb"))

    def __enter__(self) -> BinaryIO:
        return self._file

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
            self._file.close()
            if kind is None:
                self._check()
                self._part.replace(self._path)
        except OSError as failure:
            raise _could_not(self._path, failure) from None
        finally:
            with suppress(OSError):
                self._file.close()
            self._part.unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise _could_not(self._path, error) from None

    def _check(self) -> None:
        if self._store is not None and _is_of_store(self._path, self._store):
            raise ExportError(f"{self._path} belongs to the store itself, which stays as it is. Choose another name.")
        try:
            found = self._path.lstat()
        except OSError:
            return
        if not stat.S_ISREG(found.st_mode):
            raise ExportError(f"{self._path} is no file that could be replaced. Choose another name.")
        if not self._replace:
            raise ExportError(f"{self._path} is there already and was left as it is. Choose another name, or --force.")


def _could_not(path: Path, error: OSError) -> ExportError:
    return ExportError(f"{path} can't be written ({error.strerror or error}). Nothing of it was kept.")


def _is_of_store(path: Path, store: Path) -> bool:
    """Tell whether a file is one of the store's, under whatever name."""
    own = [Path(os.path.realpath(store.with_name(store.name + ending))) for ending in BESIDE]
    return path in own or any(_same(path, one) for one in own)


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:  # one of them is not there
        return False


def exists(path: Path) -> bool:
    """Tell whether something is in a file's place."""
    return os.path.lexists(path)
