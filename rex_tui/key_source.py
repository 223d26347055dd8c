"""Where the API key comes from: the environment, a command that prints it, or the system's keyring."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError

COMMAND_MAX_S: Final = 60.0
"""Seconds: long enough to type a password manager's passphrase or touch a token."""
OUTPUT_MAX: Final = 65_536
KEYRING_SERVICE: Final = "rex-tui"


def key_from_command(arguments: Sequence[str], environment: Mapping[str, str], origin: str) -> ApiKey:
    """Run a command, without a shell, and give the key that it prints; raises `SettingsError`.

    What it writes to standard error goes to the terminal, since it may ask there for a passphrase; what it prints is
    shown to nobody, whatever it is.
    """
    kept = {name: value for name, value in environment.items() if name != KEY_VARIABLE}
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, as a list, without a shell
            list(arguments), env=kept, stdout=subprocess.PIPE, timeout=COMMAND_MAX_S, check=False
        )
    except subprocess.TimeoutExpired:
        # Not chained: the exception holds what was printed so far.
        raise SettingsError(f"{origin} took longer than {COMMAND_MAX_S:.0f} seconds, so it was ended.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it can't be run"
        raise SettingsError(f"{origin} can't start {clean(arguments[0], 100)} ({why}).") from None
    if done.returncode:
        raise SettingsError(f"{origin} failed with exit code {done.returncode}, so there is no key.")
    if len(done.stdout) > OUTPUT_MAX:
        raise SettingsError(f"{origin} printed more than a key.")
    return ApiKey(_text(done.stdout), f"What {origin} printed")


def key_from_keyring(user: str, base_url: str, origin: str) -> ApiKey:
    """Give the key that the system's keyring keeps for `user` ("" for the tenant's host); raises `SettingsError`."""
    user = user or urlsplit(base_url).hostname or ""
    try:
        import keyring  # noqa: PLC0415 - an optional extra, and slow to import
        from keyring.errors import KeyringError  # noqa: PLC0415 - the same
    except ImportError:
        raise SettingsError(
            f"{origin} asks for the system's keyring, which needs an extra: pip install 'rex-tui[keyring]'."
        ) from None
    try:
        found = keyring.get_password(KEYRING_SERVICE, user)
    except KeyringError:
        raise SettingsError(f"{origin}: the system's keyring can't be opened. Unlock it and start again.") from None
    if not found:
        raise SettingsError(
            f"{origin}: the system's keyring has no key for {clean(user, 100)}. "
            f"Put it there with: keyring set {KEYRING_SERVICE} {clean(user, 100)}"
        )
    return ApiKey(found, "The keyring's entry")


def _text(printed: bytes) -> str:
    """Give what was printed, without the line's end."""
    return printed.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
