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


class NewFile:
    """A context manager that gives the open file; what is in it takes its place when the block ends without an error.

    With an error, or when the user gives up, nothing is left behind, and what was in its place stays.
    """

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        """Write to `path` in the end, over what is there only with `replace`; raises `ExportError`."""
        self._path = Path(os.path.realpath(path))
        self._replace = replace
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


def exists(path: Path) -> bool:
    """Tell whether something is in a file's place."""
    return os.path.lexists(path)
