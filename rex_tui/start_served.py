"""A screen in a browser: the program behind one tab, `python -m rex_tui.start_served`, which `rex-tui serve` starts.

What it is to show comes as one line of JSON on its standard input, the key among it: so the key is neither in an
argument nor in a variable, which others on the machine may be able to see.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import msgspec

from rex_tui import start
from rex_tui.api_key import ApiKey
from rex_tui.ending import USAGE_EXIT
from rex_tui.settings import KnownKey, Setting
from rex_tui.start_book import other_book
from rex_tui.start_feed import Flags
from rex_tui.start_look import wanted_look
from rex_tui.ui.opening import Opening

LINE_MAX: Final = 1 << 20


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a tab is to show, and with which flags. `is_demo` says that `url` is a demo's, whose store is `store`."""

    url: str
    key: str
    key_origin: str
    where: str = ""
    about: str = ""
    is_demo: bool = False
    store: str | None = None
    interval_s: float | None = None
    ca_file: str | None = None
    log_file: str | None = None
    log_payloads: bool = False
    masked: bool | None = None
    restore: bool | None = None
    keep: str | None = None

    def __repr__(self) -> str:
        return "Wanted(hidden)"

    def line(self) -> bytes:
        """Give the line that tells it."""
        return msgspec.json.encode(self) + b"\n"


def main() -> None:
    """Run the screen that standard input tells of, until it is left."""
    wanted = msgspec.json.decode(_first_line(), type=Wanted)
    key = ApiKey(wanted.key, wanted.key_origin)
    if wanted.is_demo:
        again = ("rex-tui", "demo")
        look = wanted_look(start.NO_WISHES)
        opening = Opening(wanted.where, again=again, made_anew=True, masked=wanted.masked is True, look=look)
        store = Path(wanted.store or "")
        start.watch_demo(wanted.url, key, store, opening, other_book(os.environ, is_demo=True))
        return
    flags = Flags(
        store=_path(wanted.store),
        interval_s=wanted.interval_s,
        ca_file=_path(wanted.ca_file),
        log_file=_path(wanted.log_file),
        log_payloads=wanted.log_payloads,
        masked=wanted.masked,
        restore=wanted.restore,
        keep=wanted.keep,
        known_key=KnownKey(Setting(key, wanted.key_origin), wanted.url),
    )
    start.watch(flags, wanted.where, wanted.about)


def _first_line() -> bytes:
    """Read the first line and not a byte more: what follows is for the screen."""
    line = bytearray()
    while not line.endswith(b"\n"):
        if not (byte := os.read(0, 1)) or len(line) > LINE_MAX:
            sys.exit(USAGE_EXIT)
        line += byte
    return bytes(line)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


if __name__ == "__main__":
    main()
