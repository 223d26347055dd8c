"""The table `[keys]` of the settings file: a preset, and keys for commands, checked word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from msgspec import Struct

from rex_tui.keymap.commands import FIXED, KEYS, RESERVED, TYPED_AT
from rex_tui.keymap.keymap import Keys
from rex_tui.keymap.names import KeyNameError, key_of, shown_key, types_something
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_lines import in_line
from rex_tui.settings_options import KEYS as TABLE
from rex_tui.settings_options import KEYS_VARIABLE, PRESETS

PRESET: Final = "preset"
SHOWN_MAX: Final = 60
CHANGEABLE: Final = tuple(name for name in KEYS if name not in FIXED)
"""The commands whose keys can be changed."""


class KeysWished(Struct, frozen=True):
    """What a table says: a preset, "" for none, and keys for some commands, by Textual's names."""

    preset: str
    own: Mapping[str, Keys]


def keys_wished(
    path: Path, table: Mapping[str, object], text: str = "", above: tuple[str, ...] = (TABLE,)
) -> KeysWished:
    """Give what a table of the settings file at `path` says; raises `SettingsError`, naming file, line and word.

    `text` is the file's, and `above` are the steps to the table in it.
    """
    preset, own = "", {}
    for steps, found in _flat(table):
        name = ".".join(steps)
        line = in_line(text, *above, *steps)
        place = f"In {line}the settings file {path}"
        if name == PRESET:
            preset = checked_preset(found, f"{place}, preset under [keys]")
        elif name not in KEYS:
            head = f"{line.capitalize()}{'t' if line else 'T'}he settings file {path} has"
            hint = _near(name, (*CHANGEABLE, PRESET)) or " `rex-tui keys` lists them all."
            raise SettingsError(f"{head} an unknown command under [keys], {clean(name, SHOWN_MAX)}.{hint}")
        elif name in FIXED:
            raise SettingsError(f"{place}, {name} under [keys] can't be changed, so that nobody is ever locked in.")
        else:
            own[name] = _keys(found, name, f"{place}, {name} under [keys]")
    return KeysWished(preset, own)


def checked_preset(found: object, place: str) -> str:
    """Give the name of a preset; raises `SettingsError`, saying in which place there is another one."""
    if found in PRESETS:
        return str(found)
    hint = _near(str(found).lower(), PRESETS)
    raise SettingsError(f"{place} should be one of {', '.join(PRESETS)}.{hint}")


def preset_named(environment: Mapping[str, str]) -> str:
    """Give the preset that the environment, or a flag, names, "" for none; raises `SettingsError`."""
    named = environment.get(KEYS_VARIABLE, "").strip()
    return checked_preset(named.lower(), KEYS_VARIABLE) if named else ""


def _flat(table: Mapping[str, object], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield each entry with its steps: `"filter.ask" = "f"` has one, `filter.ask = "f"` has two."""
    for name, found in table.items():
        if isinstance(found, dict):
            yield from _flat(found, (*above, name))
        else:
            yield (*above, name), found


def _keys(found: object, name: str, place: str) -> Keys:
    """Give the keys of a command; none for `""` and `[]`, which take its keys away."""
    wished = [found] if isinstance(found, str) else found
    if not isinstance(wished, list) or not all(isinstance(one, str) for one in wished):
        raise SettingsError(
            f'{place} should be a key or a list of keys, like "f" or ["f", "/"]; [] takes its keys away.'
        )
    keys = []
    for one in filter(None, wished):
        shown = clean(one, SHOWN_MAX)
        try:
            key = key_of(one)
        except KeyNameError as error:
            raise SettingsError(f"{place} has {shown}. {error}") from None
        if key in RESERVED and not (key == "escape" and key in KEYS[name]):
            raise SettingsError(
                f"{place} has {shown}, but {shown_key(key)} always {RESERVED[key]}. Choose another key."
            )
        if name in TYPED_AT and types_something(key):
            raise SettingsError(
                f"{place} has {shown}, which types something where the command is to work. Choose a key like ctrl+g "
                "or F5."
            )
        keys.append(key)
    return tuple(dict.fromkeys(keys))


def _near(text: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(text, known, 1)
    return f" Did you mean {near[0]}?" if near else ""
