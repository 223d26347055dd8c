"""One small request, looked at closely: how long each step took, what the certificate and the headers say."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from rex_tui.api.client import RexClient
from rex_tui.api.errors import RexError
from rex_tui.api.limits import budget_of, date_of
from rex_tui.api_key import ApiKey
from rex_tui.event import RateBudget
from rex_tui.safe_text import clean

if TYPE_CHECKING:
    from rex_tui.api.lean_httpx import httpx

DEADLINE_S: Final = 15.0
NAME_MAX: Final = 100
NO_BUDGET: Final = RateBudget()


class Probe(Struct, frozen=True):
    """What came of one request for one event; times are in seconds, moments in seconds since the epoch, UTC.

    `error` is None where Rex gave a page, whose number of events is `events`. `status` is the answer's, None where none
    came. `connected_s` is until there was a connection, encrypted where it should be; `answered_s` until the answer was
    read. `server_at` is what the answer's `Date` says, and `at` our own clock when its head came. `tls` is the version,
    "" where nothing is encrypted, `certificate_until` when the certificate ends, and `issuer` who gave it.
    """

    error: RexError | None
    answered_s: float
    events: int = 0
    status: int | None = None
    connected_s: float | None = None
    at: float = 0.0
    server_at: float | None = None
    budget: RateBudget = NO_BUDGET
    proxy: str | None = None
    tls: str = ""
    certificate_until: float | None = None
    issuer: str = ""


class _Closely:
    """Takes notes of the one request."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._began = time.perf_counter()
        self.connected_s: float | None = None
        self.at = 0.0
        self.status: int | None = None
        self.server_at: float | None = None
        self.budget = NO_BUDGET
        self.tls = ""
        self.certificate_until: float | None = None
        self.issuer = ""

    async def asked(self, request: httpx.Request) -> None:
        self._began = time.perf_counter()
        request.extensions["trace"] = self._trace

    async def answered(self, response: httpx.Response) -> None:
        self.at = self._now()
        self.status = response.status_code
        self.server_at = date_of(response.headers.get("Date", ""))
        self.budget = budget_of(response.headers, self.at)
        stream = response.extensions.get("network_stream")
        encrypted = stream.get_extra_info("ssl_object") if stream is not None else None
        if isinstance(encrypted, ssl.SSLObject | ssl.SSLSocket):
            self.tls = clean(encrypted.version() or "", NAME_MAX)
            self._look_at(encrypted.getpeercert() or {})

    async def _trace(self, event: str, _info: object) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):  # of Rex or of the proxy before it
            self.connected_s = time.perf_counter() - self._began

    def _look_at(self, certificate: Any) -> None:
        until = certificate.get("notAfter")
        self.certificate_until = float(ssl.cert_time_to_seconds(until)) if until else None
        said = {name: value for part in certificate.get("issuer", ()) for name, value in part}
        self.issuer = clean(str(said.get("organizationName") or said.get("commonName") or ""), NAME_MAX)

    def took_s(self) -> float:
        return time.perf_counter() - self._began


async def probe(
    base_url: str,
    api_key: ApiKey,
    *,
    ca_file: Path | None = None,
    deadline_s: float = DEADLINE_S,
    now: Callable[[], float] = time.time,
) -> Probe:
    """Ask for one event, the way the client does it, and give what came of it; the event itself is not kept.

    It takes at most `deadline_s` seconds; `now` gives the wall clock in seconds since the epoch, UTC. Raises
    `CertificatesError` where `ca_file` is of no use.
    """
    seen = _Closely(now)
    error: RexError | None = None
    events = 0
    async with RexClient(base_url, api_key, deadline_s=deadline_s, now=now, ca_file=ca_file, watch=seen) as client:
        try:
            events = len((await client.events(limit=1)).events)
        except RexError as refused:
            error = refused
    return Probe(
        error,
        seen.took_s(),
        events,
        seen.status,
        seen.connected_s,
        seen.at,
        seen.server_at,
        seen.budget,
        client.proxy,
        seen.tls,
        seen.certificate_until,
        seen.issuer,
    )
