"""The tenant's address: whether a key may go to it, and how it is written."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from rex_tui.api_key import KEY_VARIABLE
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_options import URL_VARIABLE


def check_base_url(text: str, origin: str = URL_VARIABLE) -> str:
    """Give the tenant's address without a trailing slash; raises `SettingsError` where a key should not go to it.

    https only, except to this machine itself; a path prefix is kept; no user, query or fragment.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or not text.isprintable() or " " in text:
        raise SettingsError(f"{origin} is not a web address. It should look like https://acme.rexgtm.com.")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            f"{origin} has a user or password in it. Take it out; the key alone goes into {KEY_VARIABLE}."
        )
    if parts.query or parts.fragment:
        raise SettingsError(f"{origin} has a ? or # in it. Give the address alone, like https://acme.rexgtm.com.")
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"{origin} is http, which would send your key to {clean(host, 200)} unencrypted. Use https "
            "(http is only for this machine)."
        )
    shown_host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown_host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
