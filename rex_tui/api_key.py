"""The API key: it shows itself to nobody, and finds itself in what others say."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Final, NoReturn
from urllib.parse import quote

from rex_tui.settings_error import SettingsError

KEY_VARIABLE: Final = "REX_API_KEY"
KEY_MAX_LENGTH: Final = 512
HIDDEN: Final = "(the API key)"
TAG_BYTES: Final = 4
TAG_ROUNDS: Final = 20_000
"""About 20 ms on a laptop: nothing for one start, much for somebody who tries many keys."""


class ApiKey:
    """Rex's API key, which shows itself to nobody: not in repr, str, format, pickles or tracebacks' locals."""

    __slots__ = ("_forms", "_secret")

    def __init__(self, text: str, origin: str = KEY_VARIABLE) -> None:
        """Take the key that came from `origin`.

        Raises `SettingsError`, without showing it, unless it is printable ASCII with no spaces.
        """
        if not text:
            raise SettingsError(f"{origin} is empty. It has to give the API key of your organisation; read is enough.")
        if len(text) > KEY_MAX_LENGTH or not re.fullmatch(r"[\x21-\x7e]+", text):
            raise SettingsError(
                f"{origin} does not look like a key: it has a space, a new line or a character that is not plain "
                "ASCII, or is too long. Copy it again, without what stands around it."
            )
        self._secret = text.encode("ascii")
        self._forms: re.Pattern[str] | None = None

    def reveal(self) -> bytes:
        """Give the key's bytes, for the one header that carries it."""
        return self._secret

    def hide_in(self, text: str) -> str:
        """Give `text` with the key replaced by `(the API key)`, in upper and lower case alike.

        Covered: the key as it is, in JSON, percent-encoded, in hex, and in base64 (both alphabets, also where it stands
        inside something longer that was encoded). Not covered: a part of the key, the key cut up by other characters,
        its hash, or another encoding: this is for a server that echoes what it was sent, not for one that plots.
        """
        if self._forms is None:
            self._forms = _forms(self._secret)
        return self._forms.sub(HIDDEN, text)

    def tag(self, salt: bytes) -> str:
        """Give 8 hex digits: enough to tell whether the key is another than last time, too little to find it.

        It takes about 20 ms; `salt` should be random and kept beside the tag.
        """
        return hashlib.pbkdf2_hmac("sha256", self._secret, salt, TAG_ROUNDS, TAG_BYTES).hex()

    def __repr__(self) -> str:
        return "ApiKey(hidden)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is never pickled or copied")


def _forms(secret: bytes) -> re.Pattern[str]:
    """Give a pattern that finds every form of the key that `ApiKey.hide_in` names, the longest first."""
    text = secret.decode()
    everything = "".join(f"%{byte:02x}" for byte in secret)
    as_json = json.dumps(text)[1:-1]
    forms = {text, as_json, quote(text, safe=""), quote(text), everything, secret.hex(), *_base64_forms(secret)}
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)), re.IGNORECASE)


def _base64_forms(secret: bytes) -> set[str]:
    """Give what base64 makes of the key after 0, 1 and 2 other bytes, without what depends on its neighbours."""
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + secret).rstrip(b"=").decode()
        spoilt = 0 if (before + len(secret)) % 3 == 0 else 1
        inner = encoded[(0, 2, 3)[before] : len(encoded) - spoilt]
        if len(inner) >= len(secret):  # a shorter one would be found in texts that have nothing to do with the key
            forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms
