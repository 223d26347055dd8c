"""The secret that Rex signs webhook deliveries with: it shows itself to nobody."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final, NoReturn

from rex_tui.settings_error import SettingsError

SECRET_VARIABLE: Final = "REX_WEBHOOK_SECRET"  # noqa: S105 - the name of one
SECRET_MAX_LENGTH: Final = 512


class WebhookSecret:
    """A webhook's secret, which shows itself to nobody: not in repr, str, format, pickles or tracebacks' locals."""

    __slots__ = ("_secret",)

    def __init__(self, text: str, origin: str = SECRET_VARIABLE) -> None:
        """Take the secret that came from `origin`.

        Raises `SettingsError`, without showing it, unless it is printable ASCII with no spaces.
        """
        if not re.fullmatch(rf"[\x21-\x7e]{{1,{SECRET_MAX_LENGTH}}}", text):
            raise SettingsError(
                f"{origin} is no secret of a webhook: it is empty, too long, or has a space, a new line or a character "
                "that is not plain ASCII. Copy it again from Rex, without what stands around it."
            )
        self._secret = text.encode("ascii")

    def begin(self, timestamp: bytes) -> hmac.HMAC:
        """Begin the HMAC-SHA256 of a delivery, `{timestamp}.{body}`, which takes the body piece by piece.

        Source: Rex's documentation of webhooks, `X-Rex-Signature: t=…,v1=…`.
        """
        return hmac.new(self._secret, timestamp + b".", hashlib.sha256)

    def __repr__(self) -> str:
        return "WebhookSecret(hidden)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a webhook's secret is never pickled or copied")
