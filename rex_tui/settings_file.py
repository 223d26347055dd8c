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

from rex_tui.names import NAME_MAX, usable_name
from rex_tui.payload import REX_ID
from rex_tui.rule_settings import RuleSetting, read_rules
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_masking import masking_rules

FILE_VARIABLE: Final = "REX_TUI_CONFIG"
FileValue: TypeAlias = str | float | bool | list[str] | dict[str, Any] | tuple[RuleSetting, ...]
KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "url": (str,),
    "store": (str,),
    "interval": (int, float),
    "api_key_command": (str, list),
    "keyring": (bool, str),
    "ca_file": (str,),
    "log_file": (str,),
    "names": (dict,),
    "masked": (bool,),
    "masking": (dict,),
    "rules": (list,),
}
"""Every key there is, and what it may hold."""
NAMES: Final = "names"
RULES: Final = "rules"
MASKING: Final = "masking"
TABLES: Final[Mapping[str, str]] = {
    NAMES: "a table, [names], of ids and what they are called",
    MASKING: "a table, [masking], that says what is hidden",
}
"""What every key that is a table holds, in words."""
SHOWN_MAX: Final = 60


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
    for id_, called in found.get(NAMES, {}).items():
        _check_name(path, text, id_, called)
    masking_rules(path, found.get(MASKING, {}))
    if RULES in found:
        found[RULES] = read_rules(path, text, found[RULES])
    runs = "api_key_command" in found or any(rule.run for rule in found.get(RULES, ()))
    if runs and os.name == "posix" and mode & (stat.S_IWGRP | stat.S_IWOTH):
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
    if name == RULES:
        return  # `read_rules` looks at them
    if name not in KINDS:
        near = get_close_matches(name, KINDS, 1)
        hint = f" Did you mean {near[0]}?" if near else f" Known are {', '.join(KINDS)}."
        raise SettingsError(f"The settings file {path} has an unknown key, {clean(name, 60)}.{hint}")
    right = isinstance(value, KINDS[name]) and (not isinstance(value, bool) or bool in KINDS[name])
    if isinstance(value, list):
        right = right and bool(value) and all(isinstance(item, str) for item in value)
    if not right:
        kinds = {
            str: "a text",
            int: "a number",
            float: "a number",
            bool: "true or false",
            list: "a list of texts",
            dict: TABLES.get(name, "a table"),
        }
        wanted = " or ".join(dict.fromkeys(kinds[kind] for kind in KINDS[name]))
        raise SettingsError(f"In the settings file {path}, {name} should be {wanted}.")


def _check_name(path: Path, text: str, id_: str, called: object) -> None:
    """Refuse what can't be an id, or can't be a name for one, and say on which line it stands."""
    shown = clean(id_, SHOWN_MAX)
    line = re.search(rf"^[ \t]*[\"']?{re.escape(id_)}[\"']?[ \t]*=", text, re.MULTILINE)
    where = f"line {text.count(chr(10), 0, line.start()) + 1} of " if line else ""
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
