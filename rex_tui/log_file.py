"""The log file: what the program did, for its owner's eyes, without what others wrote into the CRM."""

from __future__ import annotations

import io
import logging
import os
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

log = logging.getLogger(__name__)


def open_log(settings: Settings, path: Path, *, payloads: bool) -> None:
    """Begin to log into a file, which is rotated; raises `SettingsError` where that can't be.

    Payloads and whole cursors are logged only with `payloads`.
    """
    try:
        handler = _OwnersFile(path)
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


class _OwnersFile(RotatingFileHandler):
    """A file that is for its owner only, from its first byte, as are those it is rotated to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")

    def _open(self) -> io.TextIOWrapper:
        number = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
        if os.name == "posix":
            os.fchmod(number, FILE_MODE)
        return io.TextIOWrapper(io.FileIO(number, "a"), encoding="utf-8", errors="replace", line_buffering=True)


class _CleanLines(logging.Formatter):
    """One line a message, which can do a terminal no harm and never holds the key."""

    def __init__(self, api_key: ApiKey) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._hide = api_key.hide_in

    def format(self, record: logging.LogRecord) -> str:
        return clean(self._hide(super().format(record)), LINE_MAX)
