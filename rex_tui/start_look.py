"""The look of a screen that is about to start: what is wanted, and what the terminal can show."""

from __future__ import annotations

import os
import sys
from typing import Final

from rex_tui.ending import USAGE_EXIT, fail
from rex_tui.looks import COLOURS_16, COLOURS_256, COLOURS_ALL, Look, Wishes, is_dumb, look
from rex_tui.settings_error import SettingsError
from rex_tui.settings_look import load_wishes
from rex_tui.streams import encoding_of

WINDOWS: Final = sys.platform == "win32"
COLOUR_SYSTEM: Final = "TEXTUAL_COLOR_SYSTEM"
SYSTEMS: Final = {COLOURS_16: "standard", COLOURS_256: "256", COLOURS_ALL: "truecolor"}


def wanted_look(flags: Wishes) -> Look:
    """Give the look, and tell textual how many colours there are, where nobody did; exits where a setting is wrong."""
    try:
        found = look(os.environ, encoding(), load_wishes(os.environ, flags), windows=WINDOWS)
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)
    if not WINDOWS:
        os.environ.setdefault(COLOUR_SYSTEM, SYSTEMS[found.colours])
    return found


def encoding() -> str:
    """Give the encoding in which the terminal is written: that of the stream which textual takes for it."""
    stream = sys.__stdout__ if WINDOWS else sys.__stderr__
    return "" if stream is None else encoding_of(stream)


def draws_no_screen() -> bool:
    """Tell whether the terminal can only be written line by line."""
    return is_dumb(os.environ, windows=WINDOWS)
