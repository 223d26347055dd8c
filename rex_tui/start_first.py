"""The settings that a screen starts with; where there are none yet, a terminal can ask for them first."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rex_tui.api_key import ApiKey
from rex_tui.ending import INTERRUPTED_EXIT, USAGE_EXIT, fail, leave_on_signals
from rex_tui.looks import Look, Wishes
from rex_tui.settings import KnownKey, NotSetUp, Setting, Settings
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import settings_path
from rex_tui.settings_options import PROFILE_VARIABLE
from rex_tui.start_feed import Flags, loaded
from rex_tui.start_look import draws_no_screen, wanted_look

if TYPE_CHECKING:
    from rex_tui.ui.setup_app import Asked, Left


def read_or_set_up(flags: Flags, wishes: Wishes) -> Settings | None:
    """Give the settings, after a first start's questions where that is one; None where the demo is wanted instead.

    Exits where they can't be had, and where the user leaves the questions.
    """
    try:
        return loaded(flags)
    except NotSetUp as missing:
        if flags.known_key is not None or not (is_for_a_form(missing) and _can_show()):
            fail(str(missing), USAGE_EXIT)
        known = missing
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)
    try:
        return _set_up(flags, known, wanted_look(wishes))
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)


def is_for_a_form(missing: NotSetUp) -> bool:
    """Tell whether a screen can ask for what is missing: not for a key that a command or a keyring would give."""
    return missing.is_first and (missing.key is None or missing.key.kind == "text")


def _can_show() -> bool:
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and not draws_no_screen()


def _set_up(flags: Flags, known: NotSetUp, look: Look) -> Settings | None:
    """Have the user set up what is missing; raises `SettingsError` where that can't begin."""
    from rex_tui.setting_up import read_before  # noqa: PLC0415 - only a first start needs it
    from rex_tui.ui.setup_app import Asked  # noqa: PLC0415 - the same

    url = "" if known.url is None else known.url.value
    key = None if known.key is None else ApiKey(known.key.text, known.key.origin)
    left = asyncio.run(_ask(Asked(read_before(settings_path(os.environ)), os.environ, url, key, flags.ca_file), look))
    if left is None:
        fail("Nothing was written.", INTERRUPTED_EXIT)
    if left == "demo":
        return None
    if left.profile:
        os.environ[PROFILE_VARIABLE] = left.profile
    return loaded(replace(flags, known_key=KnownKey(Setting(left.key, "setup"), left.url)))


async def _ask(asked: Asked, look: Look) -> Left:
    from rex_tui.ui.setup_app import SetupApp  # noqa: PLC0415 - the same

    app = SetupApp(asked, look)
    leave_on_signals(app.exit)
    left = await app.run_async()
    if app.return_code:
        sys.exit(app.return_code)
    return left
