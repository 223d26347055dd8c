"""The settings file: TOML, every key checked, and never the place for the API key itself."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeAlias

import platformdirs
from msgspec import Struct

from rex_tui.names import NAME_MAX, usable_name
from rex_tui.payload import REX_ID
from rex_tui.rule_settings import RuleSetting, read_rules
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_lines import in_line
from rex_tui.settings_masking import masking_rules
from rex_tui.settings_options import (
    COMMANDS,
    FILE_VARIABLE,
    KEYS,
    KINDS,
    MASKING,
    NAMES,
    PROFILE_VARIABLE,
    PROFILES,
    RULES,
    TENANTS,
)

FileValue: TypeAlias = str | float | bool | list[str] | dict[str, Any] | tuple[RuleSetting, ...]
TABLES: Final[Mapping[str, str]] = {
    NAMES: "a table, [names], of ids and what they are called",
    MASKING: "a table, [masking], that says what is hidden",
    KEYS: "a table, [keys], of a preset and of commands with their keys",
}
"""What every key that is a table holds, in words."""
KIND_WORDS: Final[Mapping[type, str]] = {
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list of texts",
}
PROFILE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
PROFILE_NAME_WORDS: Final = "1 to 40 letters, digits, - and _"
SHOWN_MAX: Final = 60


class SettingsFile(Struct, frozen=True):
    """What the file at `path` says: its top level, and over it the table of `profile`, which says the keys `own`.

    `profiles` are the names of all that it has; `is_there` tells whether there is such a file at all.
    """

    path: Path
    values: Mapping[str, FileValue]
    profile: str = ""
    own: frozenset[str] = frozenset()
    profiles: tuple[str, ...] = ()
    is_there: bool = False

    def get(self, name: str) -> FileValue | None:
        """Give what it says of a setting, None where it says nothing."""
        return self.values.get(name)

    def origin(self, name: str, shown: str = "") -> str:
        """Give where it says that: `interval in the settings file`, or in the profile's table there."""
        return f"{shown or name} in {f'[profiles.{self.profile}] of ' if name in self.own else ''}the settings file"


def settings_path(environment: Mapping[str, str]) -> Path:
    """Give where the settings file is, or would be."""
    named = environment.get(FILE_VARIABLE, "").strip()
    return (
        Path(named).expanduser() if named else platformdirs.user_config_path("rex-tui", appauthor=False) / "config.toml"
    )


def read_settings_file(environment: Mapping[str, str]) -> SettingsFile:
    """Give what the file says, under the profile that the environment names; nothing where there is no file.

    Raises `SettingsError`, naming the file, the line and the key.
    """
    path = settings_path(environment)
    profile = environment.get(PROFILE_VARIABLE, "").strip()
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError:
        if environment.get(FILE_VARIABLE, "").strip():
            raise SettingsError(f"{FILE_VARIABLE} names {path}, which is not there.") from None
        if profile:
            raise _no_profile(path, profile, ()) from None
        return SettingsFile(path, {})
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The settings file {path} can't be read ({getattr(error, 'strerror', 'no UTF-8')})."
        ) from None
    top, profiles = checked(path, text)
    tables = (top, *profiles.values())
    runs = any(not COMMANDS.isdisjoint(table) or any(rule.run for rule in table.get(RULES, ())) for table in tables)
    if runs and os.name == "posix" and mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError(
            f"The settings file {path} names a command, and others may write the file. Run: chmod go-w {path}"
        )
    if not profile:
        return SettingsFile(path, top, profiles=tuple(profiles), is_there=True)
    if profile not in profiles:
        raise _no_profile(path, profile, tuple(profiles))
    own = profiles[profile]
    # Another tenant's key must not go to this one's address, nor its events into the other's store.
    above = {
        name: value
        for name, value in top.items()
        if "url" not in own or name not in TENANTS or (name == "keyring" and value is True)
    }
    return SettingsFile(path, above | own, profile, frozenset(own), tuple(profiles), is_there=True)


def checked(path: Path, text: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Give what a settings file's text says: its top level, and each profile's table; raises `SettingsError`."""
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"The settings file {path} is no TOML: {clean(str(error), 200)}.") from None
    profiles = found.pop(PROFILES, {})
    if not isinstance(profiles, dict) or not all(isinstance(table, dict) for table in profiles.values()):
        raise SettingsError(
            f"In {in_line(text, PROFILES)}the settings file {path}, profiles should be tables, each under a name of "
            "its own, like [profiles.acme]."
        )
    for name in profiles:
        if not PROFILE_NAME.fullmatch(name):
            raise SettingsError(
                f"In {in_line(text, PROFILES, name)}the settings file {path}, {clean(name, SHOWN_MAX)} can't be a "
                f"profile's name. Use {PROFILE_NAME_WORDS}."
            )
    _check_table(path, text, found, ())
    for name, table in profiles.items():
        _check_table(path, text, table, (PROFILES, name))
    return found, profiles


def _check_table(path: Path, text: str, table: dict[str, Any], above: tuple[str, ...]) -> None:
    """Look at every key of the top level or a profile, and put the rules in the place of what says them."""
    for name, value in table.items():
        _check(path, text, name, value, above)
    for id_, called in table.get(NAMES, {}).items():
        _check_name(path, text, id_, called, (*above, NAMES))
    masking_rules(path, table.get(MASKING, {}), text, (*above, MASKING))
    if KEYS in table:
        from rex_tui.settings_keys import keys_wished  # noqa: PLC0415 - hardly a file says any, and hardly a command asks

        keys_wished(path, table[KEYS], text, (*above, KEYS))
    if RULES in table:
        table[RULES] = read_rules(path, text, table[RULES], (*above, RULES))


def _check(path: Path, text: str, name: str, value: object, above: tuple[str, ...]) -> None:
    line = in_line(text, *above, name)
    if name in ("api_key", "key"):
        raise SettingsError(
            f"{line.capitalize()}{'t' if line else 'T'}he settings file {path} holds the API key, where backups and "
            "others find it. Take it out, and name api_key_command or keyring instead."
        )
    if name == "webhook_secret":
        raise SettingsError(
            f"{line.capitalize()}{'t' if line else 'T'}he settings file {path} holds a webhook's secret, where backups "
            "and others find it. Take it out, and name webhook_secret_command instead."
        )
    if name == RULES:
        return  # `read_rules` looks at them
    if name not in KINDS:
        known = KINDS if above else (*KINDS, PROFILES)
        near = get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]}?" if near else f" Known are {', '.join(known)}."
        raise SettingsError(
            f"{line.capitalize()}{'t' if line else 'T'}he settings file {path} has an unknown key, "
            f"{clean(name, SHOWN_MAX)}.{hint}"
        )
    right = isinstance(value, KINDS[name]) and (not isinstance(value, bool) or bool in KINDS[name])
    if isinstance(value, list):
        right = right and bool(value) and all(isinstance(item, str) for item in value)
    if not right:
        kinds = {dict: TABLES.get(name, "a table"), **KIND_WORDS}
        wanted = " or ".join(dict.fromkeys(kinds[kind] for kind in KINDS[name]))
        raise SettingsError(f"In {line}the settings file {path}, {name} should be {wanted}.")


def _check_name(path: Path, text: str, id_: str, called: object, above: tuple[str, ...]) -> None:
    """Refuse what can't be an id, or can't be a name for one, and say on which line it stands."""
    shown = clean(id_, SHOWN_MAX)
    where = in_line(text, *above, id_)
    if not REX_ID.fullmatch(id_):
        raise SettingsError(
            f"In {where}the settings file {path}, {shown} under [names] is no id of Rex. Ids look like "
            "stg_01HQ3ZK8N2; copy one from a payload."
        )
    if not isinstance(called, str) or not called or usable_name(called) != called:
        raise SettingsError(
            f"In {where}the settings file {path}, {shown} should be a text of 1 to {NAME_MAX} characters that does "
            "not begin or end with a space, in quotation marks."
        )


def _no_profile(path: Path, name: str, known: tuple[str, ...]) -> SettingsError:
    near = get_close_matches(name.lower(), known, 1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}." if len(known) > 1 else ""
    hint = hint or (f"The only one is {known[0]}." if known else "It has none; `rex-tui setup` makes one.")
    return SettingsError(
        f"There is no profile {clean(name, SHOWN_MAX)} (--profile or {PROFILE_VARIABLE}) in the settings file "
        f"{path}. {hint}"
    )
