"""What is masked where a command starts: by a flag, the environment or the settings file."""

from __future__ import annotations

import os
from pathlib import Path

from rex_tui.ending import USAGE_EXIT, fail, say
from rex_tui.masking import Masking, Rules
from rex_tui.settings import Setting, load_masking
from rex_tui.settings_error import SettingsError
from rex_tui.store.notebook import Notebook
from rex_tui.store.salt import masking_salt


def wanted_masking(flag: bool | None) -> tuple[Setting[bool], Rules]:  # noqa: FBT001 - a setting's value
    """Give whether values are to be masked, and what is; exits where the settings can't be read."""
    try:
        masked, rules = load_masking(os.environ, masked=flag)
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)
    return masked, rules.value


def masking_of(store: Path, masked: Setting[bool], rules: Rules) -> Masking | None:
    """Give what masks what a store holds, under the salt that is kept beside it; None where nothing is to be masked.

    Says it where that was not asked for on the command line, and where the salt can't be kept.
    """
    if not masked.value:
        return None
    if not masked.origin.startswith("-"):
        say(f"Values are masked, as {masked.origin} says; --unmasked shows them.")
    with Notebook(store) as notebook:
        if not notebook.kept:
            say(f"The pseudonyms will be others the next time, since their salt can't be kept: {notebook.why}")
        return Masking(rules, masking_salt(notebook))


def chosen_masking(store: Path, flag: bool | None) -> Masking | None:  # noqa: FBT001 - the same
    """Give the same as far as flag, environment and settings file say it."""
    return masking_of(store, *wanted_masking(flag))
