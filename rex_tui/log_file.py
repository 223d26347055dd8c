"""The log file: what the program did, for its owner's eyes, without what others wrote into the CRM."""

from __future__ import annotations

import errno
import io
import logging
import os
import stat
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from rex_tui import __version__
from rex_tui.api_key import ApiKey
from rex_tui.safe_text import clean
from rex_tui.settings import Settings
from rex_tui.settings_error import SettingsError

FILE_BYTES: Final = 1_000_000
FILES_KEPT: Final = 5
FILE_MODE: Final = 0o600
LINE_MAX: Final = 100_000
NO_FILE: Final = frozenset({errno.ELOOP, errno.ENXIO})
"""What opening a link or a pipe that nobody reads fails with."""

log = logging.getLogger(__name__)


def open_log(settings: Settings, path: Path, *, payloads: bool) -> LogFile:
    """Begin to log into a file, which is rotated; raises `SettingsError` where that can't be.

    Payloads and whole cursors are logged only with `payloads`.
    """
    try:
        handler = LogFile(path)
    except OSError as error:
        raise SettingsError(f"The log file {path} can't be opened ({error.strerror or error}).") from None
    handler.setFormatter(_CleanLines(settings.api_key.value))
    logger = logging.getLogger("rex_tui")  # only ours: those of libraries hold addresses with cursors
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.DEBUG if payloads else logging.INFO)
    logging.raiseExceptions = False  # a full disk must not write into the screen
    log.info("rex-tui %s for %s (%s)", __version__, settings.base_url.value, settings.base_url.origin)
    log.info(
        "key from %s, store %s (%s)", settings.api_key.origin, settings.store_path.value, settings.store_path.origin
    )
    if payloads:
        log.warning("payloads and whole cursors are logged, because --log-payloads was given")
    return handler


class LogFile(RotatingFileHandler):
    """A file that is for its owner only, from its first byte, as are those it is rotated to."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises `OSError` where it can't be, also for what is no file (a pipe, a device, a link)."""
        self.lost = 0
        """Lines that could not be written, on a full disk say."""
        self.why_lost = ""
        super().__init__(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")

    def _open(self) -> io.TextIOWrapper:
        # Without O_NONBLOCK a pipe would be waited for until somebody reads it; a file does not know the flag.
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            number = os.open(self.baseFilename, flags, FILE_MODE)
        except OSError as error:
            if error.errno in NO_FILE:
                raise OSError(error.errno, "it is a link or a pipe, not a file") from None
            raise
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise OSError(errno.EINVAL, "it is not a file")
        if os.name == "posix":
            os.fchmod(number, FILE_MODE)
        return io.TextIOWrapper(io.FileIO(number, "a"), encoding="utf-8", errors="replace", line_buffering=True)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - logging's name and arguments
        """Count a line that could not be written: the program goes on without it, and says so when it ends."""
        self.lost += 1
        error = sys.exception()
        self.why_lost = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__

    @property
    def loss(self) -> str:
        """Give a sentence about lines that are missing from the file; "" where none is."""
        if not self.lost:
            return ""
        lines = "1 line" if self.lost == 1 else f"{self.lost} lines"
        return f"{lines} could not be written to the log file {self.baseFilename} ({clean(self.why_lost, 100)})."


class _CleanLines(logging.Formatter):
    """One line a message, which can do a terminal no harm and never holds the key."""

    def __init__(self, api_key: ApiKey) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._hide = api_key.hide_in

    def format(self, record: logging.LogRecord) -> str:
        return clean(self._hide(super().format(record)), LINE_MAX)
