"""What can go wrong between us and Rex, as callers see it; nothing of httpx leaves this room.

    RexError
    ├── Unauthorized       401: the key is unknown or revoked
    ├── Forbidden          403: the key may not read events, or what else was asked for
    ├── CursorRejected     400, 404, 409, 410, 422 to a request that carried a cursor
    ├── NotFound           404 or 410 to a request about a name: there is no such entity, or no such endpoint
    ├── RateLimited        429, with the time to come back
    ├── Unavailable        no answer, a broken one, none in time, 5xx, no JSON: worth trying again
    └── BadResponse        an answer that is not the contract: JSON of another shape, a redirect, another 4xx

Each message is one sentence for people, made of cleaned text, and never holds the key.
"""

from __future__ import annotations


class RexError(Exception):
    """Rex did not give what it was asked for; `str()` is one sentence for people."""


class Unauthorized(RexError):
    """Rex does not accept the key (401)."""


class Forbidden(RexError):
    """The key is real but may not read what was asked for (403)."""


class CursorRejected(RexError):
    """Rex does not know the cursor any more (400, 404, 409, 410 or 422 to a request with one)."""


class NotFound(RexError):
    """Rex has nothing there (404, 410)."""


class RateLimited(RexError):
    """Rex asked to slow down (429); `retry_in_s` is how many seconds to stay away."""

    def __init__(self, message: str, retry_in_s: float) -> None:
        """Take the sentence and the seconds to stay away."""
        super().__init__(message)
        self.retry_in_s = retry_in_s


class Unavailable(RexError):
    """Rex can't be reached, or did not answer properly; trying again later makes sense."""


class BadResponse(RexError):
    """Rex answered, but not as its reference says; trying again soon makes little sense."""


class CertificatesError(Exception):
    """The file of certificates to trust can't be used; `str()` is one sentence for people."""


class TooLarge(BadResponse):
    """An answer had more bytes than were asked for."""


class TooSlow(Unavailable):
    """An answer did not come in full in time."""


class UnsendableError(Exception):
    """A parameter can't be part of an address."""
