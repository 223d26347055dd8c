"""Rex over HTTP: one bounded request at a time, decoded into the values of `rex_tui.event` and `rex_tui.names`."""

from rex_tui.api.client import RexClient
from rex_tui.api.entities import Answered
from rex_tui.api.errors import (
    BadResponse,
    CertificatesError,
    CursorRejected,
    Forbidden,
    NotFound,
    RateLimited,
    RexError,
    Unauthorized,
    Unavailable,
)
from rex_tui.api.probe import Probe, probe

__all__ = [
    "Answered",
    "BadResponse",
    "CertificatesError",
    "CursorRejected",
    "Forbidden",
    "NotFound",
    "Probe",
    "RateLimited",
    "RexClient",
    "RexError",
    "Unauthorized",
    "Unavailable",
    "probe",
]
