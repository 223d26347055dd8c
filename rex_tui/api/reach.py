"""The way to Rex: which certificates are trusted, and which proxy stands between."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
from msgspec import Struct

from rex_tui.api.errors import CertificatesError
from rex_tui.api.lean_httpx import httpx
from rex_tui.base_url import is_loopback
from rex_tui.safe_text import clean


class Way(Struct, frozen=True):
    """How Rex is reached: what is used is what is shown, since both are decided here once."""

    trusted: ssl.SSLContext | bool
    """The certificates to trust; False where none is looked at, because nothing is encrypted."""
    proxy: httpx.Proxy | None
    shown_proxy: str | None
    """Host and port of the proxy, without its user and password."""


def way_to(url: str, ca_file: Path | None) -> Way:
    """Decide how an address is reached: straight on this machine, otherwise as the environment says.

    The proxy is what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name, read as urllib reads them.
    Raises `CertificatesError` where `ca_file` is of no use; `ImportError`, `OSError`, `ValueError` or
    `httpx.InvalidURL` where what the environment names is.
    """
    address = _proxy_address(url)
    encrypted = url.startswith("https:") or (address or "").startswith("https:")
    trusted = _trusted(ca_file) if encrypted or ca_file is not None else False
    if address is None:
        return Way(trusted, None, None)
    context = trusted if isinstance(trusted, ssl.SSLContext) and address.startswith("https:") else None
    return Way(trusted, httpx.Proxy(address, ssl_context=context), _shown(address))


def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Give a context that trusts the certificates in a file (PEM) and no others, or those of the environment.

    Names and certificates are checked and no session's keys are logged, whatever the environment says.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is None:
        _load_usual(context, os.environ)
        return context
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
    named = getproxies()
    proxy = named.get(parts.scheme) or named.get("all")
    if not proxy or is_loopback(host) or proxy_bypass(f"{host}:{parts.port}" if parts.port else host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _shown(address: str) -> str:
    found = httpx.URL(address)
    return clean(f"{found.host or '?'}{f':{found.port}' if found.port else ''}", 200)
