"""The settings: a flag over the environment over the file over the default, each knowing where it came from."""

from __future__ import annotations

import hashlib
import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, Generic, Literal, TypeVar
from urllib.parse import urlsplit

import platformdirs

from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.base_url import URL_VARIABLE, check_base_url
from rex_tui.key_source import key_from_command, key_from_keyring
from rex_tui.masking import Rules
from rex_tui.rule_settings import RuleSetting
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import MASKING, FileValue, read_settings_file, settings_path
from rex_tui.settings_masking import masking_rules

STORE_VARIABLE: Final = "REX_TUI_STORE"
INTERVAL_VARIABLE: Final = "REX_TUI_INTERVAL"
COMMAND_VARIABLE: Final = "REX_API_KEY_COMMAND"
KEYRING_VARIABLE: Final = "REX_TUI_KEYRING"
CA_VARIABLE: Final = "REX_TUI_CA_FILE"
LOG_VARIABLE: Final = "REX_TUI_LOG_FILE"
MASKED_VARIABLE: Final = "REX_TUI_MASKED"
SAID: Final[Mapping[str, bool]] = MappingProxyType(
    dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)
)
"""What yes and no are called in the environment."""

INTERVAL_DEFAULT_S: Final = 15.0
INTERVAL_MIN_S: Final = 5.0
INTERVAL_MAX_S: Final = 300.0

T = TypeVar("T")
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value and where it came from: `--interval`, `REX_URL` or `default`."""

    value: T
    origin: str


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the key is to come from: the key's own text, a command line, or a user of the keyring."""

    kind: Literal["text", "command", "keyring"]
    text: str = field(repr=False)
    origin: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a start needs. `interval_s` is the wait between polls in seconds, when caught up.

    `ca_file` holds the only certificates to trust, where one is named; `log_file` is where the program says what it
    does, if anywhere. `names` are what the user calls ids, over all that Rex says; `rules` say what is done with events
    as they come. `masked` says whether masking is on from the start, and `masking` what it hides.
    """

    base_url: Setting[str]
    api_key: Setting[ApiKey]
    interval_s: Setting[float]
    store_path: Setting[Path]
    ca_file: Setting[Path | None] = Setting(None, "default")
    log_file: Setting[Path | None] = Setting(None, "default")
    names: Setting[Mapping[str, str]] = Setting(_NO_NAMES, "default")
    rules: Setting[tuple[RuleSetting, ...]] = Setting((), "default")
    masked: Setting[bool] = Setting(False, "default")
    masking: Setting[Rules] = Setting(Rules(), "default")


def load_settings(
    environment: Mapping[str, str],
    *,
    store: Path | None = None,
    interval_s: float | None = None,
    ca_file: Path | None = None,
    log_file: Path | None = None,
    masked: bool | None = None,
) -> Settings:
    """Put the settings together from flags, the environment and the settings file; raises `SettingsError`.

    The key is taken from the environment, else from the command that prints it, else from the keyring; what the user
    named last in that order is not asked.
    """
    told = read_settings_file(environment)
    url = _text(environment, URL_VARIABLE, told, "url")
    key = _key_source(environment, told)
    missing = [name for name, found in ((URL_VARIABLE, url), (KEY_VARIABLE, key)) if found is None]
    if url is None or key is None:
        raise SettingsError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set, so there is no Rex to watch. "
            f"Set {URL_VARIABLE} to your tenant's address (https://….rexgtm.com) and {KEY_VARIABLE} to a key that may "
            "read, or try `rex-tui demo`, which needs neither."
        )
    base_url = Setting(check_base_url(url.value, url.origin), url.origin)
    return Settings(
        base_url=base_url,
        interval_s=_interval(environment, told, interval_s),
        store_path=_store_path(environment, told, store, base_url.value),
        ca_file=_path(ca_file, "--ca-file", environment, CA_VARIABLE, told, "ca_file"),
        log_file=_path(log_file, "--log-file", environment, LOG_VARIABLE, told, "log_file"),
        api_key=_key(key, environment, base_url.value),
        names=_names(told),
        rules=_rules(told),
        masked=_masked(masked, environment, told),
        masking=_masking(environment, told),
    )


def load_store_path(environment: Mapping[str, str], *, store: Path | None = None) -> Setting[Path]:
    """Give the store's place for a command that needs neither Rex nor a key; raises `SettingsError`."""
    told = read_settings_file(environment)
    url = _text(environment, URL_VARIABLE, told, "url")
    if store is None and _text(environment, STORE_VARIABLE, told, "store") is None and url is None:
        raise SettingsError(
            f"Which store? Name its file with --store or {STORE_VARIABLE}, or set {URL_VARIABLE} for your tenant's."
        )
    return _store_path(environment, told, store, check_base_url(url.value, url.origin) if url else "")


def load_names(environment: Mapping[str, str]) -> Setting[Mapping[str, str]]:
    """Give the user's own names for ids, for a command that needs neither Rex nor a key; raises `SettingsError`."""
    return _names(read_settings_file(environment))


def load_rules(environment: Mapping[str, str]) -> Setting[tuple[RuleSetting, ...]]:
    """Give the watch rules, for a command that needs neither Rex nor a key; raises `SettingsError`."""
    return _rules(read_settings_file(environment))


def load_interval(environment: Mapping[str, str]) -> Setting[float]:
    """Give the wait between polls when caught up, in seconds, for such a command; raises `SettingsError`."""
    return _interval(environment, read_settings_file(environment), None)


def load_masking(environment: Mapping[str, str], *, masked: bool | None) -> tuple[Setting[bool], Setting[Rules]]:
    """Give whether values are masked, `masked` being the flag, and what is hidden then; raises `SettingsError`."""
    told = read_settings_file(environment)
    return _masked(masked, environment, told), _masking(environment, told)


def default_store_path(base_url: str) -> Path:
    """Give the store's place in the user's data directory: one file a tenant address."""
    parts = urlsplit(base_url)
    name = re.sub(r"[^a-z0-9.-]", "-", (parts.hostname or "rex").lower())[:80]
    tag = hashlib.sha256(base_url.encode()).hexdigest()[:8]
    return platformdirs.user_data_path("rex-tui", appauthor=False) / f"{name}-{tag}.db"


def _text(
    environment: Mapping[str, str], variable: str, told: Mapping[str, FileValue], name: str
) -> Setting[str] | None:
    """Give a setting that is a text, or None where nobody gave it."""
    if text := environment.get(variable, "").strip():
        return Setting(text, variable)
    found = told.get(name)
    return Setting(str(found), f"{name} in the settings file") if found not in (None, "") else None


def _path(
    flag: Path | None,
    flag_name: str,
    environment: Mapping[str, str],
    variable: str,
    told: Mapping[str, FileValue],
    name: str,
) -> Setting[Path | None]:
    if flag is not None:
        return Setting(flag.expanduser(), flag_name)
    text = _text(environment, variable, told, name)
    return Setting(None, "default") if text is None else Setting(Path(text.value).expanduser(), text.origin)


def _names(told: Mapping[str, FileValue]) -> Setting[Mapping[str, str]]:
    found = told.get("names")
    if not isinstance(found, dict):
        return Setting(_NO_NAMES, "default")
    return Setting(MappingProxyType(found), "[names] in the settings file")


def _rules(told: Mapping[str, FileValue]) -> Setting[tuple[RuleSetting, ...]]:
    found = told.get("rules")
    return Setting(found, "[[rules]] in the settings file") if isinstance(found, tuple) else Setting((), "default")


def _masked(flag: bool | None, environment: Mapping[str, str], told: Mapping[str, FileValue]) -> Setting[bool]:  # noqa: FBT001
    if flag is not None:
        return Setting(flag, "--masked" if flag else "--unmasked")
    if text := environment.get(MASKED_VARIABLE, "").strip().lower():
        if text not in SAID:
            raise SettingsError(f"{MASKED_VARIABLE} should be one of {', '.join(SAID)}, or left out.")
        return Setting(SAID[text], MASKED_VARIABLE)
    found = told.get("masked")
    return Setting(False, "default") if found is None else Setting(found is True, "masked in the settings file")


def _masking(environment: Mapping[str, str], told: Mapping[str, FileValue]) -> Setting[Rules]:
    found = told.get(MASKING)
    if not isinstance(found, dict):
        return Setting(Rules(), "default")
    return Setting(masking_rules(settings_path(environment), found), "[masking] in the settings file")


def _interval(environment: Mapping[str, str], told: Mapping[str, FileValue], flag: float | None) -> Setting[float]:
    text = _text(environment, INTERVAL_VARIABLE, told, "interval")
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


def _store_path(
    environment: Mapping[str, str], told: Mapping[str, FileValue], flag: Path | None, base_url: str
) -> Setting[Path]:
    named = _path(flag, "--store", environment, STORE_VARIABLE, told, "store")
    return Setting(default_store_path(base_url) if named.value is None else named.value, named.origin)


def _key_source(environment: Mapping[str, str], told: Mapping[str, FileValue]) -> KeySource | None:
    """Give where the key is to come from, the environment first; None where nothing is said of it."""
    if environment.get(KEY_VARIABLE, "").strip():
        return KeySource("text", environment[KEY_VARIABLE], KEY_VARIABLE)
    if text := environment.get(COMMAND_VARIABLE, "").strip():
        return KeySource("command", text, COMMAND_VARIABLE)
    if text := environment.get(KEYRING_VARIABLE, "").strip():
        return KeySource("keyring", text, KEYRING_VARIABLE)
    if command := told.get("api_key_command"):
        text = shlex.join(command) if isinstance(command, list) else str(command)
        return KeySource("command", text, "api_key_command in the settings file")
    if user := told.get("keyring"):
        return KeySource("keyring", "" if user is True else str(user), "keyring in the settings file")
    return None


def _key(source: KeySource, environment: Mapping[str, str], base_url: str) -> Setting[ApiKey]:
    match source.kind:
        case "text":
            key = ApiKey(source.text, source.origin)
        case "command":
            try:
                arguments = shlex.split(source.text)
            except ValueError:
                raise SettingsError(f"{source.origin} has a quote that does not end.") from None
            key = key_from_command(arguments, environment, source.origin)
        case "keyring":
            user = "" if source.text.lower() in ("1", "true", "yes", "on") else source.text
            key = key_from_keyring(user, base_url, source.origin)
    return Setting(key, source.origin)
