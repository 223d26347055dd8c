"""The way to Rex: which certificates are trusted, and which proxy stands between."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from rex_tui.api.errors import CertificatesError
from rex_tui.safe_text import clean


def trusted_only(ca_file: Path) -> ssl.SSLContext:
    """Give a context that trusts the certificates in a file (PEM) and no others; raises `CertificatesError`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # names and certificates are checked; no keys are logged
    try:
        context.load_verify_locations(ca_file)
    except OSError as error:  # an SSLError, for a file without a certificate, is one too
        why = "no certificate is in it" if isinstance(error, ssl.SSLError) else error.strerror or "it can't be read"
        raise CertificatesError(f"The file of certificates {ca_file} can't be used: {clean(why, 100)}.") from None
    return context


def proxy_for(url: str) -> str | None:
    """Give host and port of the proxy that the environment names for an address, or None.

    The environment is read as urllib and httpx do: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`.
    """
    parts = urlsplit(url)
    named = getproxies()
    proxy = named.get(parts.scheme) or named.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    try:
        found = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        return clean(f"{found.hostname or '?'}{f':{found.port}' if found.port else ''}", 200)
    except ValueError:
        return "a proxy whose address is none"
