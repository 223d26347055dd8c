"""What is wanted of the screen's look: from flags, else the environment, else the settings file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rex_tui.looks import Wish, Wishes
from rex_tui.settings_options import OPTIONS
from rex_tui.settings_sources import Sources

LOOKS: Final = {one.key: one for one in OPTIONS if one.choices}
"""The settings of the look, by their keys."""


def load_wishes(environment: Mapping[str, str], flags: Wishes) -> Wishes:
    """Give what is wanted, a flag first; raises `SettingsError`."""
    sources = Sources(environment)
    return Wishes(*(wish(sources, key, flags) for key in LOOKS))


def wish(sources: Sources, key: str, flags: Wishes) -> Wish:
    """Give one of the wishes, by its key; raises `SettingsError`."""
    flag: Wish = getattr(flags, key)
    return sources.choice(LOOKS[key], flag if flag.value else None)
