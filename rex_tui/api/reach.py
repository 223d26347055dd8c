"""The way to Rex: which certificates are trusted, and which proxy stands between."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import certifi
from msgspec import Struct

from rex_tui.api.errors import CertificatesError
from rex_tui.base_url import is_loopback
from rex_tui.safe_text import clean

if TYPE_CHECKING:
    from rex_tui.api.lean_httpx import httpx


class Way(Struct, frozen=True):
    """How Rex is reached: what is used is what is shown, since both are decided here once.

    `named` are the certificates of a file that the user named, read at once, so that what is wrong with it is told at
    once. `proxy` may hold a user and a password; `shown_proxy` is its host and port.
    """

    encrypted: bool
    named: ssl.SSLContext | None
    proxy: str | None
    shown_proxy: str | None


def way_to(url: str, ca_file: Path | None) -> Way:
    """Decide how an address is reached: straight on this machine, otherwise as the environment says.

    The proxy is what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name, read as urllib reads them.
    Raises `CertificatesError` where `ca_file` is of no use; `ValueError` where what the environment names is.
    """
    named = None if ca_file is None else _named(ca_file)
    address = _proxy_address(url)
    encrypted = url.startswith("https:") or (address or "").startswith("https:")
    return Way(encrypted, named, address, None if address is None else _shown(address))


def trusted_by(way: Way) -> ssl.SSLContext | None:
    """Give the certificates to trust, None where nothing is encrypted; names and certificates are checked.

    Raises `OSError` where the environment names some that can't be read.
    """
    if way.named is not None or not way.encrypted:
        return way.named
    context = _context()
    _load_usual(context, os.environ)
    return context


def proxy_of(way: Way, trusted: ssl.SSLContext | None) -> httpx.Proxy | None:
    """Give the proxy on the way, None where there is none.

    Raises `ImportError`, `OSError` or `ValueError` where it is one that can't be used.
    """
    if way.proxy is None:
        return None
    from rex_tui.api.lean_httpx import httpx  # noqa: PLC0415 - takes long, and a start can do without

    context = trusted if way.proxy.startswith("https:") else None
    try:
        return httpx.Proxy(way.proxy, ssl_context=context)
    except httpx.InvalidURL as error:
        raise ValueError(*error.args) from None


def _context() -> ssl.SSLContext:
    """Give a context that logs no session's keys, whatever the environment says."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _named(ca_file: Path) -> ssl.SSLContext:
    """Give a context that trusts the certificates in a file (PEM) and no others."""
    context = _context()
    try:
        context.load_verify_locations(ca_file)
    except OSError as error:  # an SSLError, for a file without a certificate, is one too
        why = "no certificate is in it" if isinstance(error, ssl.SSLError) else error.strerror or "it can't be read"
        raise CertificatesError(f"The file of certificates {ca_file} can't be used: {clean(why, 100)}.") from None
    return context


def _load_usual(context: ssl.SSLContext, environment: Mapping[str, str]) -> None:
    if file := environment.get("SSL_CERT_FILE"):
        context.load_verify_locations(cafile=file)
    elif folder := environment.get("SSL_CERT_DIR"):
        context.load_verify_locations(capath=folder)
    else:
        context.load_verify_locations(cafile=certifi.where())


def _proxy_address(url: str) -> str | None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or not _may_name_a_proxy(os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - takes long, and most starts do without

    named = getproxies()
    proxy = named.get(parts.scheme) or named.get("all")
    if not proxy or proxy_bypass(f"{host}:{parts.port}" if parts.port else host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _may_name_a_proxy(environment: Mapping[str, str]) -> bool:
    """Tell whether urllib could find a proxy: elsewhere than in the environment it looks on two systems only."""
    return sys.platform in ("darwin", "win32") or any(name.lower().endswith("_proxy") for name in environment)


def _shown(address: str) -> str:
    from rex_tui.api.lean_httpx import httpx  # noqa: PLC0415 - takes long, and most starts do without

    try:
        found = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(*error.args) from None
    return clean(f"{found.host or '?'}{f':{found.port}' if found.port else ''}", 200)
