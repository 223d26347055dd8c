"""Who is let in: whose names this server goes by, links that work once, and the sessions they were exchanged for.

Nothing here knows HTTP but by its words, and no link or session shows itself.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from rex_tui.base_url import is_loopback

TOKEN_BYTES: Final = 32
_HOST: Final = re.compile(r"[\w.:\[\]-]+", re.ASCII)


class Gate:
    """Knows the link that is good now, and the sessions that came in by earlier ones."""

    def __init__(self, names: Collection[str] = (), *, is_wide: bool = False) -> None:
        """Answer to the names of the loopback address; where `is_wide`, to `names` and to every address as well."""
        self._names = frozenset(name.lower() for name in names)
        self._is_wide = is_wide
        self._token = b""
        self._sessions: set[bytes] = set()
        self.room: Final = secrets.token_urlsafe(12)
        """A path of this server's own. Cookies know no ports: without it, other servers here would be sent ours."""

    def new_token(self) -> str:
        """Give the token of a new link, which works once; a link before that nobody used works no more."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._token = token.encode()
        return token

    def exchange(self, token: str) -> str | None:
        """Give a new session for a link's token, once; None for any other."""
        if not self._token or not secrets.compare_digest(self._token, token.encode(errors="replace")):
            return None
        self._token = b""
        session = secrets.token_urlsafe(TOKEN_BYTES)
        self._sessions.add(session.encode())
        return session

    def knows(self, session: str) -> bool:
        """Tell whether a session is one of ours."""
        said = session.encode(errors="replace")
        return any(secrets.compare_digest(one, said) for one in self._sessions)

    def answers_to(self, host: str) -> bool:
        """Tell whether a Host header names this server.

        Any other name is one that somebody else made lead here, to have their page's script take us for their own
        server (DNS rebinding). That needs a name, so an address can't be one of those. The port is not looked at: a
        tunnel may have another at its other end.
        """
        try:
            name = urlsplit(f"//{host}").hostname if _HOST.fullmatch(host) else None
        except ValueError:
            return False
        if name is None:
            return False
        if is_loopback(name):
            return True
        return self._is_wide and (name in self._names or _is_address(name))


def is_same_origin(origin: str, host: str) -> bool:
    """Tell whether an Origin header is that of a page of the server that the Host header names."""
    return bool(host) and origin.lower() == f"http://{host}".lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
