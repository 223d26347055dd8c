"""The `open` command at work: files, a store that is thrown away, and the screen."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from io import BufferedReader
from pathlib import Path
from typing import Final

from rex_tui.api_key import KEY_VARIABLE
from rex_tui.ending import STORE_EXIT, USAGE_EXIT, fail
from rex_tui.feed import SystemClock
from rex_tui.feed.file_feed import FileFeed, SavedFile
from rex_tui.looks import Wishes
from rex_tui.start import NO_WISHES, show
from rex_tui.start_book import other_book
from rex_tui.start_keymap import wanted_keymap
from rex_tui.start_look import draws_no_screen, wanted_look
from rex_tui.start_masking import wanted_masking
from rex_tui.start_query import read_query
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Notebook
from rex_tui.ui.opening import Opening
from rex_tui.ui.session import Session
from rex_tui.webhook_secret import SECRET_VARIABLE

STANDARD_INPUT: Final = "-"
NO_SCREEN: Final = (
    "This terminal can draw no screen (TERM is dumb, or not set). Files like these are text: jq or grep read them too."
)
NOT_OURS: Final = "file"
"""What the throw-away store has in the place of a tenant's address."""


def open_files(
    names: Sequence[str], where: str = "", about: str = "", *, masked: bool | None = None, wishes: Wishes = NO_WISHES
) -> None:
    """Show what these files hold until the user quits; exits where it can't.

    The screen begins with the filter `where`, and the story of the id `about`, where they are given; `masked` is the
    flag.
    """
    is_masked, rules = wanted_masking(masked)
    if where:
        read_query(where, None)
    book = other_book(os.environ)
    keymap = wanted_keymap()
    os.environ.pop(KEY_VARIABLE, None)
    os.environ.pop(SECRET_VARIABLE, None)
    from_pipe = STANDARD_INPUT in names
    seen = [sys.stdout, sys.stderr] if from_pipe else [sys.stdin, sys.stdout, sys.stderr]
    if not all(stream.isatty() for stream in seen):
        fail(
            "The screen needs a terminal, and this is none. Files like these are text: jq or grep read them too.",
            USAGE_EXIT,
        )
    if draws_no_screen():
        fail(NO_SCREEN, USAGE_EXIT)
    look = wanted_look(wishes)
    files = [SavedFile(_called(name), _opened(name)) for name in names]
    if from_pipe:
        _keys_from_terminal()
    shown = files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} more"
    try:
        with (
            tempfile.TemporaryDirectory(prefix="rex-tui-open-") as folder,
            EventStore(Path(folder) / "file.db", NOT_OURS) as store,
            Notebook(store.path) as notebook,
        ):
            opening = Opening(where, about, _again(names), masked=is_masked.value, keymap=keymap, look=look)
            clock = SystemClock()
            feed = FileFeed(files, store, clock.now())
            session = Session(store, feed, clock, notebook, shown, opening, rules=book, masking=rules)
            code = asyncio.run(show(session))
    except (OSError, StoreError) as error:
        fail(f"There is no room to read the file into ({error}).", STORE_EXIT)
    if code:
        sys.exit(code)


def _again(names: Sequence[str]) -> tuple[str, ...]:
    """Give the command that opens the same files again; none where some came through a pipe."""
    if STANDARD_INPUT in names:
        return ()
    return ("rex-tui", "open", *(str(Path(name).absolute()) for name in names))


def _opened(name: str) -> BufferedReader:
    try:
        if name == STANDARD_INPUT:
            return os.fdopen(os.dup(0), "rb")
        if Path(name).is_dir():
            fail(f"{name} is a folder. Name the files in it.", USAGE_EXIT)
        return Path(name).open("rb")
    except OSError as error:
        fail(f"{name} can't be read ({error.strerror}).", USAGE_EXIT)


def _called(name: str) -> str:
    return "standard input" if name == STANDARD_INPUT else Path(name).name


def _keys_from_terminal() -> None:
    """Let keys come from the terminal, since events come from standard input."""
    try:
        terminal = os.open(os.ttyname(2), os.O_RDWR)
    except (OSError, AttributeError):  # Windows has no names for terminals
        fail(
            "Events come from standard input, and here no keys can come from elsewhere. Name a file instead.",
            USAGE_EXIT,
        )
    os.dup2(terminal, 0)
    os.close(terminal)
