"""Rex's API key, in an object that shows it to nobody."""

from __future__ import annotations

import hashlib
import re
from typing import Final, NoReturn
from urllib.parse import quote

from rex_tui.settings_error import SettingsError

KEY_VARIABLE: Final = "REX_API_KEY"
KEY_MAX_LENGTH: Final = 512
HIDDEN: Final = "(the API key)"
TAG_BYTES: Final = 4
TAG_ROUNDS: Final = 20_000


class ApiKey:
    """Rex's API key, which shows itself to nobody: not in repr, str, format, pickles or tracebacks' locals."""

    __slots__ = ("_secret",)

    def __init__(self, text: str, origin: str = KEY_VARIABLE) -> None:
        """Take the key; raises `SettingsError`, without showing it, unless it is printable ASCII with no spaces.

        `origin` is where it came from, as people call it.
        """
        if not text:
            raise SettingsError(f"{origin} is empty. It should give the API key of your organisation; read is enough.")
        if len(text) > KEY_MAX_LENGTH or not re.fullmatch(r"[\x21-\x7e]+", text):
            raise SettingsError(
                f"{origin} does not look like a key: it has a space, a new line or a character that is not plain "
                "ASCII, or is too long. Copy it again, without what stands around it."
            )
        self._secret = text.encode("ascii")

    def reveal(self) -> bytes:
        """Give the key's bytes, for the one header that carries it."""
        return self._secret

    def hide_in(self, text: str) -> str:
        """Give a text without the key, for what a server said: some repeat the key that they refuse.

        Covers the key as it is and percent-encoded; whoever sends it back in another coding is not met.
        """
        secret = self._secret.decode()
        return text.replace(secret, HIDDEN).replace(quote(secret, safe=""), HIDDEN)

    def tag(self, salt: bytes) -> str:
        """Give 8 hexadecimal digits that tell whether it is the same key as last time, and nothing more of it."""
        return hashlib.pbkdf2_hmac("sha256", self._secret, salt, TAG_ROUNDS, TAG_BYTES).hex()

    def __repr__(self) -> str:
        return "ApiKey(hidden)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is never pickled or copied")
