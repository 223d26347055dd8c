"""The whole settings file, checked as it stands: also what a start under another profile would stumble over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import read_settings_file
from rex_tui.settings_lines import in_line
from rex_tui.settings_look import LOOKS
from rex_tui.settings_options import FILE_VARIABLE, PROFILE_VARIABLE, PROFILES
from rex_tui.settings_sources import Sources


def settings_problem(path: Path) -> str:
    """Give what is wrong with the settings file at `path`, in a sentence, "" where nothing is."""
    named = {FILE_VARIABLE: str(path)}
    try:
        profiles = read_settings_file(named).profiles
        text = path.read_text(encoding="utf-8")
        for profile in ("", *profiles):
            sources = Sources({}, read_settings_file(named | {PROFILE_VARIABLE: profile}))
            above = (PROFILES, profile) if profile else ()
            _check(sources.base_url, in_line(text, *above, "url"))
            _check(lambda asked=sources: asked.interval(None), in_line(text, *above, "interval"))  # type: ignore[misc]
            for key, option in LOOKS.items():
                _check(partial(sources.choice, option), in_line(text, *above, key))
    except SettingsError as error:
        return str(error)
    except OSError as error:
        return f"The settings file {path} can't be read ({error.strerror or error})."
    return ""


def _check(ask: Callable[[], object], line: str) -> None:
    try:
        ask()
    except SettingsError as error:
        raise SettingsError(f"In {line}it: {error}" if line else str(error)) from None
