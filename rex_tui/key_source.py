"""Where the API key comes from: the environment, a command that prints it, or the system's keyring."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from subprocess import PIPE, Popen, TimeoutExpired
from threading import Thread
from typing import IO, Final
from urllib.parse import urlsplit

from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.webhook_secret import SECRET_VARIABLE

COMMAND_MAX_S: Final = 60.0
"""Seconds: long enough to type a password manager's passphrase or touch a token."""
OUTPUT_MAX: Final = 65_536
LEFT_BEHIND_S: Final = 1.0
"""How long to wait for output after the command itself has ended: it may have left a child behind, in seconds."""
KEYRING_SERVICE: Final = "rex-tui"


def key_from_command(arguments: Sequence[str], environment: Mapping[str, str], origin: str) -> ApiKey:
    """Run a command, as `printed_by` does, and give the key that it prints; raises `SettingsError`."""
    return ApiKey(printed_by(arguments, environment, origin), f"What {origin} printed")


def printed_by(arguments: Sequence[str], environment: Mapping[str, str], origin: str, what: str = "key") -> str:
    """Run a command, without a shell, and give the secret that it prints; raises `SettingsError`.

    It inherits neither the key nor a webhook's secret, and is ended after `COMMAND_MAX_S`. What it says on standard
    error goes to the terminal, since it may ask there for a passphrase; what it prints is shown to nobody, whatever it
    is. `what` says in a word what it should print.
    """
    if not arguments:
        raise SettingsError(f"{origin} names no program to run.")
    kept = {name: value for name, value in environment.items() if name not in (KEY_VARIABLE, SECRET_VARIABLE)}
    try:
        process = Popen(list(arguments), env=kept, stdout=PIPE)  # noqa: S603 - the user's own command, without a shell
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it can't be run"
        raise SettingsError(f"{origin} can't start {clean(arguments[0], 100)} ({why}).") from None
    printed = _Reading(process.stdout)
    try:
        code = process.wait(COMMAND_MAX_S)
    except TimeoutExpired:
        raise SettingsError(f"{origin} took longer than {COMMAND_MAX_S:g} seconds, so it was ended.") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        output = printed.end()
    if code:
        raise SettingsError(f"{origin} failed with exit code {code}, so there is no {what}.")
    if len(output) > OUTPUT_MAX:
        raise SettingsError(f"{origin} printed more than a {what}.")
    return output.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")


class _Reading:
    """Reads a pipe in a thread, so that a command which prints without an end fills no memory and waits for nobody."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self._thread = Thread(target=self._read, name="key-command", daemon=True)
        self._thread.start()

    def end(self) -> bytes:
        """Give what came until the pipe's end, or until it is clear that something left behind holds it open."""
        self._thread.join(LEFT_BEHIND_S)
        return bytes(self._kept)

    def _read(self) -> None:
        if self._pipe is None:
            return
        with self._pipe as pipe:
            while chunk := os.read(pipe.fileno(), OUTPUT_MAX):
                self._kept += chunk[: OUTPUT_MAX + 1 - len(self._kept)]


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


def keyring_works() -> bool:
    """Tell whether there is a keyring on this system that can keep a key, and the extra that reaches it."""
    try:
        import keyring  # noqa: PLC0415 - an optional extra, and slow to import

        return bool(keyring.get_keyring().priority > 0)
    except (ImportError, RuntimeError):  # RuntimeError is what a backend says that can't work here
        return False


def keep_in_keyring(base_url: str, key: ApiKey) -> None:
    """Keep a key for the tenant's host in the system's keyring, over one kept before; raises `SettingsError`."""
    import keyring  # noqa: PLC0415 - the same
    from keyring.errors import KeyringError  # noqa: PLC0415 - the same

    try:
        keyring.set_password(KEYRING_SERVICE, urlsplit(base_url).hostname or "", key.reveal().decode())
    except (KeyringError, RuntimeError):
        raise SettingsError("The system's keyring did not take the key. Unlock it and try again.") from None
