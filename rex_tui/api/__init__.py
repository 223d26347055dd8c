"""Rex over HTTP: one bounded request a page, decoded into the values of `rex_tui.event`."""

from rex_tui.api.client import RexClient
from rex_tui.api.errors import (
    BadResponse,
    CertificatesError,
    CursorRejected,
    Forbidden,
    RateLimited,
    RexError,
    Unauthorized,
    Unavailable,
)

__all__ = [
    "BadResponse",
    "CertificatesError",
    "CursorRejected",
    "Forbidden",
    "RateLimited",
    "RexClient",
    "RexError",
    "Unauthorized",
    "Unavailable",
]
