"""The settings: a flag over the environment over the default, each knowing where it came from."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, NoReturn, TypeVar
from urllib.parse import urlsplit

import platformdirs

from rex_tui.safe_text import clean

URL_VARIABLE: Final = "REX_URL"
KEY_VARIABLE: Final = "REX_API_KEY"
STORE_VARIABLE: Final = "REX_TUI_STORE"
INTERVAL_VARIABLE: Final = "REX_TUI_INTERVAL"

INTERVAL_DEFAULT_S: Final = 15.0
INTERVAL_MIN_S: Final = 5.0
INTERVAL_MAX_S: Final = 300.0
KEY_MAX_LENGTH: Final = 512

T = TypeVar("T")


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which, and what to do, in a sentence without the key."""


class ApiKey:
    """Rex's API key, which shows itself to nobody: not in repr, str, format, pickles or tracebacks' locals."""

    __slots__ = ("_secret",)

    def __init__(self, text: str) -> None:
        """Take the key; raises `SettingsError`, without showing it, unless it is printable ASCII with no spaces."""
        if not text:
            raise SettingsError(f"{KEY_VARIABLE} is empty. Set it to the API key of your organisation; read is enough.")
        if len(text) > KEY_MAX_LENGTH or not re.fullmatch(r"[\x21-\x7e]+", text):
            raise SettingsError(
                f"{KEY_VARIABLE} does not look like a key: it has a space, a new line or a character that is not plain "
                "ASCII, or is too long. Copy it again, without what stands around it."
            )
        self._secret = text.encode("ascii")

    def reveal(self) -> bytes:
        """Give the key's bytes, for the one header that carries it."""
        return self._secret

    def __repr__(self) -> str:
        return "ApiKey(hidden)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is never pickled or copied")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value and where it came from: `--interval`, `REX_URL` or `default`."""

    value: T
    origin: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a start needs. `interval_s` is the wait between polls in seconds, when caught up."""

    base_url: Setting[str]
    api_key: Setting[ApiKey]
    interval_s: Setting[float]
    store_path: Setting[Path]


def load_settings(
    environment: Mapping[str, str],
    *,
    store: Path | None = None,
    interval_s: float | None = None,
) -> Settings:
    """Put the settings together from flags (`store`, `interval_s`) and the environment; raises `SettingsError`."""
    missing = [name for name in (URL_VARIABLE, KEY_VARIABLE) if not environment.get(name, "").strip()]
    if missing:
        raise SettingsError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set, so there is no Rex to watch. "
            f"Set {URL_VARIABLE} to your tenant's address (https://….rexgtm.com) and {KEY_VARIABLE} to a key that may "
            "read, or try `rex-tui demo`, which needs neither."
        )
    base_url = Setting(check_base_url(environment[URL_VARIABLE].strip()), URL_VARIABLE)
    api_key = Setting(ApiKey(environment[KEY_VARIABLE]), KEY_VARIABLE)
    return Settings(
        base_url=base_url,
        api_key=api_key,
        interval_s=_interval(environment, interval_s),
        store_path=_store_path(environment, store, base_url.value),
    )


def load_store_path(environment: Mapping[str, str], *, store: Path | None = None) -> Setting[Path]:
    """Give the store's place for a command that needs neither Rex nor a key; raises `SettingsError`."""
    url = environment.get(URL_VARIABLE, "").strip()
    if store is None and not environment.get(STORE_VARIABLE, "").strip() and not url:
        raise SettingsError(
            f"Which store? Name its file with --store or {STORE_VARIABLE}, or set {URL_VARIABLE} for your tenant's."
        )
    return _store_path(environment, store, check_base_url(url) if url else "")


def check_base_url(text: str) -> str:
    """Give the tenant's address without a trailing slash; raises `SettingsError` where a key should not go to it.

    https only, except to this machine itself; a path prefix is kept; no user, query or fragment.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or not text.isprintable() or " " in text:
        raise SettingsError(f"{URL_VARIABLE} is not a web address. It should look like https://acme.rexgtm.com.")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            f"{URL_VARIABLE} has a user or password in it. Take it out; the key alone goes into {KEY_VARIABLE}."
        )
    if parts.query or parts.fragment:
        raise SettingsError(f"{URL_VARIABLE} has a ? or # in it. Give the address alone, like https://acme.rexgtm.com.")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"{URL_VARIABLE} is http, which would send your key to {clean(host, 200)} unencrypted. Use https "
            "(http is only for this machine)."
        )
    shown_host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown_host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def default_store_path(base_url: str) -> Path:
    """Give the store's place in the user's data directory: one file a tenant address."""
    parts = urlsplit(base_url)
    name = re.sub(r"[^a-z0-9.-]", "-", (parts.hostname or "rex").lower())[:80]
    tag = hashlib.sha256(base_url.encode()).hexdigest()[:8]
    return platformdirs.user_data_path("rex-tui", appauthor=False) / f"{name}-{tag}.db"


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _interval(environment: Mapping[str, str], flag: float | None) -> Setting[float]:
    if flag is not None:
        setting = Setting(flag, "--interval")
    elif text := environment.get(INTERVAL_VARIABLE, "").strip():
        try:
            setting = Setting(float(text), INTERVAL_VARIABLE)
        except ValueError:
            setting = Setting(math.nan, INTERVAL_VARIABLE)
    else:
        setting = Setting(INTERVAL_DEFAULT_S, "default")
    if not INTERVAL_MIN_S <= setting.value <= INTERVAL_MAX_S:
        raise SettingsError(
            f"{setting.origin} must be a number of seconds from {INTERVAL_MIN_S:.0f} to {INTERVAL_MAX_S:.0f}, "
            f"or left out for {INTERVAL_DEFAULT_S:.0f}."
        )
    return setting


def _store_path(environment: Mapping[str, str], flag: Path | None, base_url: str) -> Setting[Path]:
    if flag is not None:
        return Setting(flag.expanduser(), "--store")
    if text := environment.get(STORE_VARIABLE, "").strip():
        return Setting(Path(text).expanduser(), STORE_VARIABLE)
    return Setting(default_store_path(base_url), "default")
