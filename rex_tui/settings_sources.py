"""One setting at a time: from a flag, else the environment, else the settings file, else the default."""

from __future__ import annotations

import hashlib
import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeVar
from urllib.parse import urlsplit

import platformdirs
from msgspec import Struct

from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.base_url import check_base_url
from rex_tui.keep import Keep, read_keep
from rex_tui.key_source import key_from_command, key_from_keyring
from rex_tui.looks import Wish
from rex_tui.masking import Rules
from rex_tui.rule_settings import RuleSetting
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import SHOWN_MAX, SettingsFile, read_settings_file
from rex_tui.settings_masking import masking_rules
from rex_tui.settings_options import (
    CA_VARIABLE,
    COMMAND_VARIABLE,
    INTERVAL_DEFAULT_S,
    INTERVAL_MAX_S,
    INTERVAL_MIN_S,
    INTERVAL_VARIABLE,
    KEEP_VARIABLE,
    KEYRING_VARIABLE,
    KEYS,
    KEYS_VARIABLE,
    LOG_VARIABLE,
    MASKED_VARIABLE,
    MASKING,
    NAMES,
    PRESETS,
    RESTORE_VARIABLE,
    RULES,
    STORE_VARIABLE,
    URL_VARIABLE,
    Option,
)

if TYPE_CHECKING:
    from rex_tui.keymap.keymap import Keymap

SAID: Final[Mapping[str, bool]] = MappingProxyType(
    dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)
)
"""What yes and no are called in the environment."""
NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})

T = TypeVar("T")


class Setting(Struct, Generic[T], frozen=True):
    """A value and where it came from: `--interval`, `REX_URL` or `default`."""

    value: T
    origin: str


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the key is to come from: the key's own text, a command line, or a user of the keyring ("" for the host)."""

    kind: Literal["text", "command", "keyring"]
    text: str = field(repr=False)
    origin: str


class Sources:
    """The environment and the settings file; each method gives one setting, or raises `SettingsError` about it."""

    def __init__(self, environment: Mapping[str, str], file: SettingsFile | None = None) -> None:
        """Read the settings file, unless `file` is what it says; raises `SettingsError` where that can't be used."""
        self._environment = environment
        self.file = read_settings_file(environment) if file is None else file

    def base_url(self) -> Setting[str] | None:
        """Give the tenant's address, None where nobody named one.

        The environment goes first, but not over a profile that names the address, or a key, which belongs to one.
        """
        bound = self.file.own & {"url", "api_key_command", "keyring"}
        found = (self._file_text("url") if bound else None) or self._text(URL_VARIABLE, "url")
        return None if found is None else Setting(check_base_url(found.value, found.origin), found.origin)

    def key_source(self) -> KeySource | None:
        """Give where the key is to come from, None where nothing is said of it.

        The environment goes first, but not over what a profile says: its key belongs to its address.
        """
        environment = self._environment
        if not self.file.own & {"api_key_command", "keyring"}:
            if environment.get(KEY_VARIABLE, "").strip():
                return KeySource("text", environment[KEY_VARIABLE], KEY_VARIABLE)
            if text := environment.get(COMMAND_VARIABLE, "").strip():
                return KeySource("command", text, COMMAND_VARIABLE)
            if text := environment.get(KEYRING_VARIABLE, "").strip():
                return KeySource("keyring", "" if SAID.get(text.lower()) else text, KEYRING_VARIABLE)
        ways = ("api_key_command", "keyring")
        for way in sorted(ways, key=lambda name: name not in self.file.own):
            found = self.file.get(way)
            if found and way == "api_key_command":
                text = shlex.join(found) if isinstance(found, list) else str(found)
                return KeySource("command", text, self.file.origin(way))
            if found:
                user = "" if found is True or SAID.get(str(found).lower()) else str(found)
                return KeySource("keyring", user, self.file.origin(way))
        return None

    def key(self, source: KeySource, base_url: str) -> Setting[ApiKey]:
        """Give the key from there: runs the command, or asks the keyring; raises `SettingsError`."""
        match source.kind:
            case "text":
                key = ApiKey(source.text, source.origin)
            case "command":
                try:
                    arguments = shlex.split(source.text)
                except ValueError:
                    raise SettingsError(f"{source.origin} has a quote that does not end.") from None
                key = key_from_command(arguments, self._environment, source.origin)
            case "keyring":
                key = key_from_keyring(source.text, base_url, source.origin)
        return Setting(key, source.origin)

    def interval(self, flag: float | None) -> Setting[float]:
        """Give the wait between polls when caught up, in seconds."""
        text = self._text(INTERVAL_VARIABLE, "interval")
        if flag is not None:
            setting = Setting(flag, "--interval")
        elif text is not None:
            try:
                setting = Setting(float(text.value), text.origin)
            except ValueError:
                setting = Setting(math.nan, text.origin)
        else:
            setting = Setting(INTERVAL_DEFAULT_S, "default")
        if not INTERVAL_MIN_S <= setting.value <= INTERVAL_MAX_S:
            raise SettingsError(
                f"{setting.origin} must be a number of seconds from {INTERVAL_MIN_S:.0f} to {INTERVAL_MAX_S:.0f}, "
                f"or left out for {INTERVAL_DEFAULT_S:.0f}."
            )
        return setting

    def keep(self, flag: str | None) -> Setting[Keep]:
        """Give how much of the log is kept."""
        text = self._text(KEEP_VARIABLE, "keep") if flag is None else Setting(flag, "--keep")
        if text is None:
            return Setting(Keep(), "default")
        try:
            return Setting(read_keep(text.value), text.origin)
        except ValueError as error:
            raise SettingsError(f"{text.origin} {error}") from None

    def store(self, flag: Path | None) -> Setting[Path] | None:
        """Give the store's place where somebody named one, else None: then it is the tenant's own."""
        found = self._path(flag, "--store", STORE_VARIABLE, "store")
        return None if found.value is None else Setting(found.value, found.origin)

    def ca_file(self, flag: Path | None) -> Setting[Path | None]:
        """Give the file of certificates to trust alone, or None."""
        return self._path(flag, "--ca-file", CA_VARIABLE, "ca_file")

    def log_file(self, flag: Path | None) -> Setting[Path | None]:
        """Give the file that says what is done, or None."""
        return self._path(flag, "--log-file", LOG_VARIABLE, "log_file")

    def names(self) -> Setting[Mapping[str, str]]:
        """Give what the user calls ids."""
        found = self.file.get(NAMES)
        if not isinstance(found, dict):
            return Setting(NO_NAMES, "default")
        return Setting(MappingProxyType(found), self.file.origin(NAMES, "[names]"))

    def rules(self) -> Setting[tuple[RuleSetting, ...]]:
        """Give the watch rules."""
        found = self.file.get(RULES)
        if not isinstance(found, tuple):
            return Setting((), "default")
        return Setting(found, self.file.origin(RULES, "[[rules]]"))

    def masked(self, flag: bool | None) -> Setting[bool]:  # noqa: FBT001 - the flag's value
        """Give whether masking is on from the start."""
        if flag is not None:
            return Setting(flag, "--masked" if flag else "--unmasked")
        return self._switch(MASKED_VARIABLE, "masked", usual=False)

    def restore(self, flag: bool | None) -> Setting[bool]:  # noqa: FBT001 - the flag's value
        """Give whether the screen begins as it was left."""
        if flag is not None:
            return Setting(flag, "--restore" if flag else "--fresh")
        return self._switch(RESTORE_VARIABLE, "restore", usual=True)

    def masking(self) -> Setting[Rules]:
        """Give what masking hides."""
        found = self.file.get(MASKING)
        if not isinstance(found, dict):
            return Setting(Rules(), "default")
        return Setting(masking_rules(self.file.path, found), self.file.origin(MASKING, "[masking]"))

    def keymap(self) -> Setting[Keymap]:
        """Give which keys hold: a preset that the environment names over the file's, and one's own over both."""
        from rex_tui.keymap.keymap import USUAL  # noqa: PLC0415 - only a screen needs it

        found = self.file.get(KEYS)
        if not isinstance(found, dict) and not self._environment.get(KEYS_VARIABLE, "").strip():
            return Setting(USUAL, "default")
        from rex_tui.keymap.presets import keymap_with  # noqa: PLC0415 - hardly anybody needs it
        from rex_tui.settings_keys import KeysWished, keys_wished, preset_named  # noqa: PLC0415 - the same

        wished = keys_wished(self.file.path, found) if isinstance(found, dict) else KeysWished("", {})
        named = preset_named(self._environment)
        origins = [KEYS_VARIABLE] * bool(named) + [self.file.origin(KEYS, "[keys]")] * isinstance(found, dict)
        return Setting(keymap_with(named or wished.preset or PRESETS[0], wished.own), " and ".join(origins))

    def _switch(self, variable: str, name: str, *, usual: bool) -> Setting[bool]:
        if text := self._environment.get(variable, "").strip().lower():
            if text not in SAID:
                raise SettingsError(f"{variable} should be one of {', '.join(SAID)}, or left out.")
            return Setting(SAID[text], variable)
        found = self.file.get(name)
        return Setting(usual, "default") if found is None else Setting(found is True, self.file.origin(name))

    def choice(self, option: Option, flag: Wish | None = None) -> Wish:
        """Give a setting that is one of a few words, "" where nobody chose; raises `SettingsError`."""
        found = self._text(option.variable, option.key)
        wish = flag or (Wish() if found is None else Wish(found.value.strip().lower(), found.origin))
        if wish.value and wish.value not in option.choices:
            near = get_close_matches(wish.value, option.choices, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Possible are {', '.join(option.choices)}."
            raise SettingsError(f"{wish.origin}: there is no {clean(wish.value, SHOWN_MAX)} for {option.words}. {hint}")
        return wish

    def _text(self, variable: str, name: str) -> Setting[str] | None:
        """Give a setting that is a text, or None where nobody gave it."""
        if text := self._environment.get(variable, "").strip():
            return Setting(text, variable)
        return self._file_text(name)

    def _file_text(self, name: str) -> Setting[str] | None:
        found = self.file.get(name)
        return Setting(str(found), self.file.origin(name)) if found not in (None, "") else None

    def _path(self, flag: Path | None, flag_name: str, variable: str, name: str) -> Setting[Path | None]:
        if flag is not None:
            return Setting(flag.expanduser(), flag_name)
        text = self._text(variable, name)
        return Setting(None, "default") if text is None else Setting(Path(text.value).expanduser(), text.origin)


def default_store_path(base_url: str) -> Path:
    """Give the store's place in the user's data directory: one file a tenant address."""
    parts = urlsplit(base_url)
    name = re.sub(r"[^a-z0-9.-]", "-", (parts.hostname or "rex").lower())[:80]
    tag = hashlib.sha256(base_url.encode()).hexdigest()[:8]
    return platformdirs.user_data_path("rex-tui", appauthor=False) / f"{name}-{tag}.db"
