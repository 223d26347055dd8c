"""Setting up, without a word on any screen: an address and a key, tried, and written where the user says."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from rex_tui.api import CertificatesError, Forbidden, Probe, Unauthorized, probe
from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.base_url import check_base_url
from rex_tui.export.export import ExportError
from rex_tui.export.file import NewFile
from rex_tui.key_source import keep_in_keyring, key_from_command, keyring_works
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import PROFILE_NAME, PROFILE_NAME_WORDS, SettingsFile, checked
from rex_tui.settings_options import COMMAND_VARIABLE, KEYRING_VARIABLE, PROFILE_VARIABLE, URL_VARIABLE
from rex_tui.settings_sources import Sources
from rex_tui.settings_writing import NewValue, with_values

Keeping: TypeAlias = Literal["keyring", "command", "nowhere"]
FOLDER_MODE: Final = 0o700
SHOWN_MAX: Final = 300
ADDRESS_LIKE: Final = "https://acme.rexgtm.com"
COMMAND_LIKE: Final = "op read op://Work/Rex/credential"


class Before(Struct, frozen=True):
    """The settings file as it is before: its text, its top level and its profiles."""

    path: Path
    text: str
    top: dict[str, Any]
    profiles: dict[str, dict[str, Any]]

    def url_of(self, profile: str) -> str:
        """Give the address that stands in a profile, or at the top level where that is ""; "" where none does."""
        table = self.profiles.get(profile, {}) if profile else self.top
        return str(table.get("url", ""))

    def replaces(self, profile: str, url: str) -> str:
        """Give the other address that writing this one there would replace, clean; "" where none is."""
        before = self.url_of(profile)
        return "" if before in ("", url) else clean(before, 100)


class Chosen(Struct, frozen=True):
    """What is to be in force: a tenant's address, its key, where that is kept, and the profile, "" for none."""

    url: str
    key: ApiKey
    keeping: Keeping
    command: tuple[str, ...] = ()
    profile: str = ""
    ca_file: Path | None = None
    """The file of certificates that a flag named; it is written down, too."""


def read_before(path: Path) -> Before:
    """Give the settings file at `path` as it is; raises `SettingsError` where it can't be read, or is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise SettingsError(f"The settings file {path} can't be read ({why}). Nothing was written.") from None
    try:
        top, profiles = checked(path, text)
    except SettingsError as error:
        raise SettingsError(f"{error} Mend that first: `rex-tui settings edit`.") from None
    return Before(path, text, top, profiles)


def trusted_certificates(before: Before, environment: Mapping[str, str], flag: Path | None) -> Path | None:
    """Give the file of certificates to trust alone, None for the usual ones; raises `SettingsError`."""
    return Sources(environment, SettingsFile(before.path, before.top)).ca_file(flag).value


# ---- what is typed


def read_address(typed: str) -> str:
    """Give the tenant's address that was typed, https where nothing else is said; raises `SettingsError`."""
    typed = typed.strip()
    return check_base_url(typed if "://" in typed else f"https://{typed}", "That")


def read_key(typed: str) -> ApiKey:
    """Give the key that was typed or pasted; raises `SettingsError`, without showing it."""
    return ApiKey(typed.strip(), "That")


def read_command(typed: str, key: ApiKey, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Give the words of a command once it has printed this very key; it may ask on the terminal for a passphrase.

    Raises `SettingsError` where it printed something else, or has the key in it.
    """
    if key.hide_in(typed) != typed:
        raise SettingsError("That has the key itself in it, and would stand in the file.")
    try:
        words = shlex.split(typed)
    except ValueError:
        raise SettingsError("It has a quote that does not end.") from None
    if key_from_command(words, environment, "The command").reveal() != key.reveal():
        raise SettingsError("What it prints is not the key that you typed.")
    return tuple(words)


def read_profile(typed: str) -> str:
    """Give the name of a profile that was typed, "" for none; raises `SettingsError`."""
    typed = typed.strip()
    if typed and not PROFILE_NAME.fullmatch(typed):
        raise SettingsError(f"Use {PROFILE_NAME_WORDS}.")
    return typed


def usual_profile(before: Before, url: str, environment: Mapping[str, str]) -> str:
    """Give the name that is likely for a profile: the one in force, else the host's where the top level is taken."""
    named = environment.get(PROFILE_VARIABLE, "").strip()
    if named or not before.replaces("", url):
        return named
    return (urlsplit(url).hostname or "").partition(".")[0]


# ---- trying


async def try_key(url: str, key: ApiKey, ca_file: Path | None) -> Probe:
    """Ask Rex for one event; raises `SettingsError` where the certificates to trust can't be read."""
    try:
        return await probe(url, key, ca_file=ca_file)
    except CertificatesError as error:
        raise SettingsError(str(error)) from None


def is_refused(found: Probe) -> bool:
    """Tell whether Rex itself does not take the key, so that there is no use in keeping it."""
    return isinstance(found.error, Unauthorized | Forbidden)


def outcome(found: Probe) -> str:
    """Give what came of the request in a clean sentence, and what is known of the key's scope."""
    if found.error is not None:
        return clean(str(found.error), SHOWN_MAX)
    through = f" through the proxy {clean(found.proxy, 100)}" if found.proxy else ""
    return (
        f"Rex answered{through} in {found.answered_s * 1000:,.0f} ms: the key may read events. Whether it may do more, "
        "Rex does not say here; read is enough."
    )


# ---- keeping


def ways_to_keep() -> list[Keeping]:
    """Give where a key can be kept on this machine, the best first; asking the keyring may take a moment."""
    return ["keyring", "command", "nowhere"] if keyring_works() else ["command", "nowhere"]


def no_keyring_words() -> str:
    """Say that there is no keyring, and what would bring one."""
    extra = "" if find_spec("keyring") else ", at least without the extra rex-tui[keyring]"
    return f"There is no keyring here that rex-tui can use{extra}."


def keep(before: Before, chosen: Chosen) -> None:
    """Write the settings file, and the key into the keyring where it is to be there; raises `SettingsError`.

    Until the file is whole, the one before stays; it is for its owner alone and never has the key in it.
    """
    values: dict[str, NewValue] = {
        "url": chosen.url,
        "api_key_command": list(chosen.command) or None,
        "keyring": True if chosen.keeping == "keyring" else None,
    }
    if chosen.ca_file is not None:
        values["ca_file"] = str(chosen.ca_file.expanduser().absolute())
    written = with_values(before.text, chosen.profile, values)
    checked(before.path, written)
    if chosen.keeping == "keyring":
        keep_in_keyring(chosen.url, chosen.key)
    try:
        before.path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or error
        raise SettingsError(f"{before.path.parent} can't be made ({why}). Nothing was written.") from None
    try:
        with NewFile(before.path, replace=True) as file:
            file.write(written.encode())
    except ExportError as error:
        raise SettingsError(str(error)) from None


def going_over(chosen: Chosen, environment: Mapping[str, str]) -> list[str]:
    """Give the variables of the environment that go over what was written."""
    if chosen.profile:
        return []
    of_keys = [KEY_VARIABLE, COMMAND_VARIABLE, KEYRING_VARIABLE] if chosen.keeping != "nowhere" else []
    return [name for name in (URL_VARIABLE, *of_keys) if environment.get(name, "").strip()]
