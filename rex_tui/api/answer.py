"""What an answer brings, and who may look at one; here, so that whoever names them needs no HTTP library yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from rex_tui.event import RateBudget

if TYPE_CHECKING:
    from rex_tui.api.lean_httpx import httpx


class Got(Struct, frozen=True):
    """An answer's body, unpacked, when it came (seconds since the epoch, UTC), and the budget that it told of."""

    body: bytes
    at: float
    budget: RateBudget


class Watch(Protocol):
    """Looks at a request and at its answer's head, for those who want to know more than the answer."""

    async def asked(self, request: httpx.Request) -> None:
        """Take the request before it is sent."""

    async def answered(self, response: httpx.Response) -> None:
        """Take the answer before its body is read."""
