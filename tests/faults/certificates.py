"""Certificates as Rex should show them, and as it should not."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import Final

import trustme
from faults.case import Trouble

HOST: Final = "127.0.0.1"


class Certificates:
    """An authority that the client trusts, and server contexts that are right or wrong."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        self.trusting = ssl.create_default_context()
        self._authority.configure_trust(self.trusting)

    def right(self) -> ssl.SSLContext:
        """Give a context whose certificate is as it should be."""
        return _context(self._authority.issue_cert(HOST))

    def wrong(self, how: Trouble) -> ssl.SSLContext:
        """Give a context whose certificate nobody should trust."""
        match how:
            case "unknown authority":
                return _context(trustme.CA().issue_cert(HOST))
            case "other name":
                return _context(self._authority.issue_cert("rex.example"))
            case _:
                return _context(self._authority.issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=UTC)))


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context
