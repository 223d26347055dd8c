"""The settings: a flag over the environment over the file over the default, each knowing where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.keep import Keep
from rex_tui.masking import Rules
from rex_tui.rule_settings import RuleSetting
from rex_tui.settings_error import SettingsError
from rex_tui.settings_options import STORE_VARIABLE, URL_VARIABLE
from rex_tui.settings_sources import NO_NAMES, KeySource, Setting, Sources, default_store_path

if TYPE_CHECKING:
    from rex_tui.keymap.keymap import Keymap

__all__ = [
    "KeySource",
    "KnownKey",
    "NotSetUp",
    "Setting",
    "Settings",
    "default_store_path",
    "load_interval",
    "load_keep",
    "load_keymap",
    "load_masking",
    "load_names",
    "load_rules",
    "load_settings",
    "load_store_path",
]

_NO_FILE: Final[Setting[Path | None]] = Setting(None, "default")
_UNNAMED: Final[Setting[Mapping[str, str]]] = Setting(NO_NAMES, "default")
_NO_RULES: Final[Setting[tuple[RuleSetting, ...]]] = Setting((), "default")
_OFF: Final = Setting(False, "default")
_ON: Final = Setting(True, "default")
_USUAL: Final = Setting(Rules(), "default")
_ALL: Final = Setting(Keep(), "default")


class Settings(Struct, frozen=True):
    """All that a start needs. `interval_s` is the wait between polls in seconds, when caught up.

    `ca_file` holds the only certificates to trust, where one is named; `log_file` is where the program says what it
    does, if anywhere. `names` are what the user calls ids, over all that Rex says; `rules` say what is done with events
    as they come. `masked` says whether masking is on from the start, and `masking` what it hides. `restore` says
    whether the screen begins as it was left, and `keep` how much of the log is kept. `profile` is the name of the
    chosen one, "" for none.
    """

    base_url: Setting[str]
    api_key: Setting[ApiKey]
    interval_s: Setting[float]
    store_path: Setting[Path]
    ca_file: Setting[Path | None] = _NO_FILE
    log_file: Setting[Path | None] = _NO_FILE
    names: Setting[Mapping[str, str]] = _UNNAMED
    rules: Setting[tuple[RuleSetting, ...]] = _NO_RULES
    masked: Setting[bool] = _OFF
    masking: Setting[Rules] = _USUAL
    restore: Setting[bool] = _ON
    keep: Setting[Keep] = _ALL
    profile: str = ""


class KnownKey(Struct, frozen=True):
    """A key that has been read before, by a process of ours or from the user, and the one address for it."""

    key: Setting[ApiKey]
    base_url: str


class NotSetUp(SettingsError):
    """The tenant's address, its key or both are set nowhere; `url` and `key` are what is, as far as it is.

    `is_first` tells that there is nobody to be taken for another: no profile that could have been meant instead.
    """

    def __init__(self, url: Setting[str] | None, key: KeySource | None, profiles: tuple[str, ...]) -> None:
        """Say which of the two is missing, and the `profiles` that may have been meant."""
        missing = [name for name, found in ((URL_VARIABLE, url), (KEY_VARIABLE, key)) if found is None]
        meant = f", choose a profile of the settings file with -p ({', '.join(profiles)})" if profiles else ""
        super().__init__(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set, so there is no Rex to watch. "
            f"Set {URL_VARIABLE} to your tenant's address (https://….rexgtm.com) and {KEY_VARIABLE} to a key that may "
            f"read{meant}, or let `rex-tui setup` ask you; or try `rex-tui demo`, which needs neither."
        )
        self.url = url
        self.key = key
        self.is_first = not profiles


def load_settings(  # noqa: PLR0913 - one for each flag
    environment: Mapping[str, str],
    *,
    store: Path | None = None,
    interval_s: float | None = None,
    ca_file: Path | None = None,
    log_file: Path | None = None,
    masked: bool | None = None,
    known_key: KnownKey | None = None,
    restore: bool | None = None,
    keep: str | None = None,
) -> Settings:
    """Put the settings together from flags, the environment and the settings file; raises `SettingsError`.

    Where address or key is missing, that is `NotSetUp`. The key is taken from the environment, else from the command
    that prints it, else from the keyring; what the user named last in that order is not asked. What a profile says of
    address and key goes over the environment. A `known_key` goes over all of these.
    """
    sources = Sources(environment)
    url = sources.base_url()
    key = sources.key_source() if known_key is None else KeySource("text", "", known_key.key.origin)
    if url is None or key is None:
        raise NotSetUp(url, key, sources.file.profiles if url is None and not sources.file.profile else ())
    if known_key is not None and known_key.base_url != url.value:
        raise SettingsError(
            f"{url.origin} names another Rex than when rex-tui began to be served, so the key is not sent there. Start "
            "`rex-tui serve` again."
        )
    return Settings(
        base_url=url,
        interval_s=sources.interval(interval_s),
        store_path=_store_path(sources, store, url.value),
        ca_file=sources.ca_file(ca_file),
        log_file=sources.log_file(log_file),
        api_key=sources.key(key, url.value) if known_key is None else known_key.key,
        names=sources.names(),
        rules=sources.rules(),
        masked=sources.masked(masked),
        masking=sources.masking(),
        restore=sources.restore(restore),
        keep=sources.keep(keep),
        profile=sources.file.profile,
    )


def load_store_path(environment: Mapping[str, str], *, store: Path | None = None) -> Setting[Path]:
    """Give the store's place for a command that needs neither Rex nor a key; raises `SettingsError`."""
    sources = Sources(environment)
    if store is None and sources.store(None) is None and sources.base_url() is None:
        raise SettingsError(
            f"Which store? Name its file with --store or {STORE_VARIABLE}, or set {URL_VARIABLE} for your tenant's."
        )
    url = sources.base_url()
    return _store_path(sources, store, "" if url is None else url.value)


def load_names(environment: Mapping[str, str]) -> Setting[Mapping[str, str]]:
    """Give the user's own names for ids, for a command that needs neither Rex nor a key; raises `SettingsError`."""
    return Sources(environment).names()


def load_rules(environment: Mapping[str, str]) -> Setting[tuple[RuleSetting, ...]]:
    """Give the watch rules, for a command that needs neither Rex nor a key; raises `SettingsError`."""
    return Sources(environment).rules()


def load_interval(environment: Mapping[str, str]) -> Setting[float]:
    """Give the wait between polls when caught up, in seconds, for such a command; raises `SettingsError`."""
    return Sources(environment).interval(None)


def load_keep(environment: Mapping[str, str]) -> Setting[Keep]:
    """Give how much of a log is kept, for a command that needs neither Rex nor a key; raises `SettingsError`."""
    return Sources(environment).keep(None)


def load_masking(environment: Mapping[str, str], *, masked: bool | None) -> tuple[Setting[bool], Setting[Rules]]:
    """Give whether values are masked, `masked` being the flag, and what is hidden then; raises `SettingsError`."""
    sources = Sources(environment)
    return sources.masked(masked), sources.masking()


def load_keymap(environment: Mapping[str, str]) -> Setting[Keymap]:
    """Give which keys hold on the screen; raises `SettingsError`."""
    return Sources(environment).keymap()


def _store_path(sources: Sources, flag: Path | None, base_url: str) -> Setting[Path]:
    named = sources.store(flag)
    return Setting(default_store_path(base_url), "default") if named is None else named
