"""Setting a few keys in a settings file's text and leaving all else in it as it stands, comments included."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Final, TypeAlias, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Table

from rex_tui.settings_error import SettingsError
from rex_tui.settings_options import PROFILES

NewValue: TypeAlias = str | bool | list[str] | None
_NOT_BY_US: Final = (
    "The settings file is written in a way that can't be added to. Write it yourself: `rex-tui settings edit`."
)


def with_values(text: str, profile: str, values: Mapping[str, NewValue]) -> str:
    """Give the text of a settings file with these values at its top level, or in a profile's table where one is named.

    None takes a key away. Raises `SettingsError` where the text is no TOML, or could not be changed in these places
    alone.
    """
    try:
        wanted = tomllib.loads(text)
        document = tomlkit.parse(text)
        _set(_table(document, profile), values)
        written = tomlkit.dumps(document)
        _set(wanted.setdefault(PROFILES, {}).setdefault(profile, {}) if profile else wanted, values)
        if tomllib.loads(written) == wanted:
            return written
    except (TOMLKitError, ValueError, TypeError, AttributeError):
        pass
    raise SettingsError(_NOT_BY_US)


def _table(document: tomlkit.TOMLDocument, profile: str) -> dict[str, Any]:
    if not profile:
        return document
    if PROFILES not in document:
        document.append(PROFILES, tomlkit.table(is_super_table=True))
    profiles = cast("Table", document[PROFILES])
    if profile not in profiles:
        in_line = isinstance(profiles, InlineTable)
        profiles.append(profile, tomlkit.inline_table() if in_line else tomlkit.table())
    return cast("dict[str, Any]", profiles[profile])


def _set(table: dict[str, Any], values: Mapping[str, NewValue]) -> None:
    for name, value in values.items():
        if value is not None:
            table[name] = value
        elif name in table:
            del table[name]
