"""Which keys hold where a screen starts: those of the settings file, the environment and the command line."""

from __future__ import annotations

import os

from rex_tui.ending import USAGE_EXIT, fail
from rex_tui.keymap.keymap import Keymap
from rex_tui.settings import load_keymap
from rex_tui.settings_error import SettingsError


def wanted_keymap() -> Keymap:
    """Give the keys that hold; exits where the settings can't be read."""
    try:
        return load_keymap(os.environ).value
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)
