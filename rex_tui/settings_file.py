"""The settings file: TOML, every key checked, and never the place for the API key itself."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeAlias

import platformdirs

from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError

FILE_VARIABLE: Final = "REX_TUI_CONFIG"
FileValue: TypeAlias = str | float | bool | list[str]
KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "url": (str,),
    "store": (str,),
    "interval": (int, float),
    "api_key_command": (str, list),
    "keyring": (bool, str),
    "ca_file": (str,),
    "log_file": (str,),
}
"""Every key there is, and what it may hold."""


def settings_path(environment: Mapping[str, str]) -> Path:
    """Give where the settings file is, or would be."""
    named = environment.get(FILE_VARIABLE, "").strip()
    return (
        Path(named).expanduser() if named else platformdirs.user_config_path("rex-tui", appauthor=False) / "config.toml"
    )


def read_settings_file(environment: Mapping[str, str]) -> dict[str, FileValue]:
    """Give the settings in the file, {} where there is none; raises `SettingsError`, naming the file and the key."""
    path = settings_path(environment)
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError:
        if environment.get(FILE_VARIABLE, "").strip():
            raise SettingsError(f"{FILE_VARIABLE} names {path}, which is not there.") from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The settings file {path} can't be read ({getattr(error, 'strerror', 'no UTF-8')})."
        ) from None
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {path} is no TOML: {clean(str(error), 200)}.") from None
    for name, value in found.items():
        _check(path, name, value)
    if "api_key_command" in found and os.name == "posix" and mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError(
            f"The settings file {path} names a command, and others may write the file. Run: chmod go-w {path}"
        )
    return found


def _check(path: Path, name: str, value: object) -> None:
    if name in ("api_key", "key"):
        raise SettingsError(
            f"The settings file {path} holds the API key, where backups and others find it. Take it out, and name "
            "api_key_command or keyring instead."
        )
    if name not in KINDS:
        near = get_close_matches(name, KINDS, 1)
        hint = f" Did you mean {near[0]}?" if near else f" Known are {', '.join(KINDS)}."
        raise SettingsError(f"The settings file {path} has an unknown key, {clean(name, 60)}.{hint}")
    right = isinstance(value, KINDS[name]) and (not isinstance(value, bool) or bool in KINDS[name])
    if isinstance(value, list):
        right = right and bool(value) and all(isinstance(item, str) for item in value)
    if not right:
        kinds = {str: "a text", int: "a number", float: "a number", bool: "true or false", list: "a list of texts"}
        wanted = " or ".join(dict.fromkeys(kinds[kind] for kind in KINDS[name]))
        raise SettingsError(f"In the settings file {path}, {name} should be {wanted}.")
