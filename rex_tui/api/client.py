"""The client: one bounded request a page, and every way it can fail as an error of ours."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self
from urllib.parse import urlsplit

from rex_tui import __version__
from rex_tui.api.body import MESSAGE_LIMIT, message_of, read_body
from rex_tui.api.errors import (
    BadResponse,
    CursorRejected,
    Forbidden,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from rex_tui.api.lean_httpx import httpx
from rex_tui.api.limits import budget_of, retry_in_s
from rex_tui.api.reach import Way, way_to
from rex_tui.api.wire import decode_page
from rex_tui.api_key import ApiKey
from rex_tui.event import Asked, Page, short_cursor
from rex_tui.safe_text import clean

PAGE_MAX: Final = 200
DEADLINE_S: Final = 30.0
FEWER: Final = 14
"""A page that is too large or too slow is asked for again with so many times fewer events: 200, 14, 1."""
BODY_MAX: Final = 32 * 2**20
"""Enough for an event of 20 MB; of a page with more than this, fewer events are asked for."""
ERROR_BODY_MAX: Final = 64 * 2**10
DECODE_AT_ONCE_MAX: Final = 2**20
"""A larger page, in bytes, is decoded in a thread: the screen must not wait for it."""
CONNECT_TIMEOUT_S: Final = 10.0
READ_TIMEOUT_S: Final = 20.0
KEEP_ALIVE_S: Final = 120.0
"""Longer than most waits between two polls, so that they need no new connection (httpx alone keeps it for 5 s)."""
ERROR_BODY_DEADLINE_S: Final = 5.0
"""An error's status says what counts: its body is not waited for as long as a page."""
log = logging.getLogger(__name__)
REJECTED_CURSOR: Final = frozenset({400, 404, 409, 410, 422})


class _KeyHeader(httpx.Auth):
    """Puts the key into a request's header and shows it nowhere else."""

    def __init__(self, api_key: ApiKey) -> None:
        self._api_key = api_key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Api-Key"] = self._api_key.reveal().decode()
        yield request


class RexClient:
    """Rex's Events API. One connection pool for the program's life; use it as an async context manager."""

    def __init__(
        self,
        base_url: str,
        api_key: ApiKey,
        *,
        deadline_s: float = DEADLINE_S,
        body_max: int = BODY_MAX,
        now: Callable[[], float] = time.time,
        transport: httpx.AsyncBaseTransport | None = None,
        ca_file: Path | None = None,
    ) -> None:
        """Talk to the Rex at `base_url` (checked by `check_base_url`) with `api_key`.

        `deadline_s` bounds a whole request in seconds, `body_max` an answer in bytes; `now` gives the wall clock in
        seconds since the epoch, UTC; `transport` stands in for the network. With `ca_file` only the certificates in it
        are trusted. Raises `CertificatesError` where it has none that can be used.
        """
        self._hide = api_key.hide_in
        self._url = f"{base_url}/events"
        self._host = urlsplit(base_url).hostname or ""
        self._deadline_s = deadline_s
        self._body_max = body_max
        self._now = now
        self._events_most = PAGE_MAX
        self._wrong_here = ""
        self._http: httpx.AsyncClient | None = None
        self.proxy: str | None = None
        """Host and port of the proxy that stands between, without its user and password."""
        try:
            way = way_to(base_url, ca_file)
            self._http = self._connections(api_key, way, transport)
            self.proxy = way.shown_proxy
        except (ImportError, OSError, ValueError, httpx.InvalidURL):
            # Each request says so, where its errors are shown; the variables may hold a password, so not what they say.
            self._wrong_here = (
                "Rex can't be reached: the proxy (ALL_PROXY, HTTPS_PROXY) or the certificates (SSL_CERT_FILE, "
                "SSL_CERT_DIR) that the environment names can't be used."
            )

    def _connections(self, api_key: ApiKey, way: Way, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            auth=_KeyHeader(api_key),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"rex-tui/{__version__}",
            },
            timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=KEEP_ALIVE_S),
            follow_redirects=False,
            event_hooks={"response": [self._never_redirected]},
            trust_env=False,
            verify=way.trusted,
            proxy=way.proxy if transport is None else None,
            transport=transport,
        )

    async def _never_redirected(self, response: httpx.Response) -> None:
        """Raise `BadResponse` for a redirect, before httpx reads where it leads: that may be anything."""
        location = response.headers.get("Location")
        if location is None or not response.is_redirect:
            return
        host = _host_of(self._hide(location))
        raise BadResponse(f"Rex redirected to {self._hide(clean(host, MESSAGE_LIMIT))}; the key was not sent there.")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    async def events(self, cursor: str | None = None, limit: int = PAGE_MAX, event_type: str | None = None) -> Page:
        """Give the page of at most `limit` (1 to 200) events after `cursor`, oldest first.

        After a page that was too large or too slow, fewer are asked for, and twice as many after each that was not.
        Source: Events API reference, "List events". Raises the errors of `rex_tui.api.errors`, and `ValueError`
        for another limit.
        """
        if not 1 <= limit <= PAGE_MAX:
            raise ValueError(f"a page has 1 to {PAGE_MAX} events, not {limit}")
        if self._http is None:
            raise Unavailable(self._wrong_here)
        limit = min(limit, self._events_most)
        address = self._address({"cursor": cursor, "limit": str(limit), "type": event_type})
        try:
            async with asyncio.timeout(self._deadline_s), self._http.stream("GET", address) as response:
                page = await self._page(response, limit, with_cursor=cursor is not None)
        except TimeoutError:
            self._events_most = max(1, limit // FEWER)
            raise Unavailable(f"Rex did not answer in full within {self._deadline_s:g} seconds.") from None
        except httpx.TimeoutException:
            raise Unavailable(f"Rex at {self._shown_host} did not answer in time.") from None
        except httpx.HTTPError as error:
            raise Unavailable(self._no_connection(error)) from None
        self._events_most = min(PAGE_MAX, max(self._events_most, 2 * limit))
        return replace(page, asked=Asked(cursor, limit))

    def _address(self, wanted: Mapping[str, str | None]) -> httpx.URL:
        """Give the address to ask; it is made of our base and parameters alone."""
        try:
            base = httpx.URL(self._url)
            has_name = bool(base.host)  # only here are the labels of an international name looked at
        except (httpx.InvalidURL, UnicodeError):
            has_name = False
        if not has_name:
            raise Unavailable(f"Rex can't be reached: {self._shown_host} is no name that a host can have.")
        try:
            return base.copy_merge_params({name: value for name, value in wanted.items() if value is not None})
        except (httpx.InvalidURL, UnicodeError):
            if wanted["cursor"] is None:
                raise BadResponse("That event type can't be asked for.") from None
            raise CursorRejected("Our place in Rex's log is kept in a form that can't be sent.") from None

    async def _page(self, response: httpx.Response, limit: int, *, with_cursor: bool) -> Page:
        if response.status_code != httpx.codes.OK:
            await self._refuse(response, with_cursor=with_cursor)
        body = await read_body(response, self._body_max)
        if body is None:
            self._events_most = max(1, limit // FEWER)
            raise BadResponse(f"Rex's answer was larger than {self._body_max // 2**20} MiB, so it was not read on.")
        now = self._now()
        budget = budget_of(response.headers, now)
        large = len(body) > DECODE_AT_ONCE_MAX
        page = await asyncio.to_thread(decode_page, body, now, budget) if large else decode_page(body, now, budget)
        _log_page(page, len(body))
        return page

    async def _refuse(self, response: httpx.Response, *, with_cursor: bool) -> NoReturn:
        """Raise the error that an answer other than 200 stands for."""
        status = response.status_code
        said = message_of(await self._error_body(response), self._hide)
        if status == httpx.codes.UNAUTHORIZED:
            raise Unauthorized(f"Rex does not accept the API key (401{said}).")
        if status == httpx.codes.FORBIDDEN:
            raise Forbidden(f"The API key may not read events (403{said}).")
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited(f"Rex asked to slow down (429{said}).", retry_in_s(response.headers, self._now()))
        if with_cursor and status in REJECTED_CURSOR:
            raise CursorRejected(f"Rex no longer accepts our place in its log ({status}{said}).")
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Unavailable(f"Rex has trouble of its own ({status}{said}).")
        raise BadResponse(f"Rex at {self._shown_host} answered what an Events API would not ({status}{said}).")

    async def _error_body(self, response: httpx.Response) -> bytes | None:
        """Give an error's body, or None where it is broken, late or too large: the status stands without it."""
        try:
            async with asyncio.timeout(min(ERROR_BODY_DEADLINE_S, self._deadline_s / 2)):
                return await read_body(response, ERROR_BODY_MAX)
        except (TimeoutError, Unavailable, httpx.HTTPError):
            return None

    @property
    def _shown_host(self) -> str:
        return clean(self._host, MESSAGE_LIMIT)

    def _no_connection(self, error: httpx.HTTPError) -> str:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return (
                    f"The certificate of {self._shown_host} is not to be trusted ({clean(cause.verify_message, 100)})."
                )
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, httpx.ConnectError):
            return f"Rex at {self._shown_host} can't be reached."
        if isinstance(error, httpx.ProxyError):
            return f"The proxy on the way to {self._shown_host} did not let us through."
        if isinstance(error, httpx.ProtocolError):
            return f"What came from {self._shown_host} was cut off, or is no web server's answer."
        return f"The connection to {self._shown_host} broke."


def _log_page(page: Page, size: int) -> None:
    """Say what came; payloads and whole cursors only where the log is to hold them (its level is DEBUG then)."""
    whole = log.isEnabledFor(logging.DEBUG)
    cursor = page.next_cursor if whole else short_cursor(page.next_cursor)
    log.info("page: %d events, has_more %s, %d bytes, cursor %s", len(page.events), page.has_more, size, cursor)
    for item in page.quarantined:
        log.warning("set aside: %s, %d bytes", item.reason, len(item.raw))
    if whole:
        for event in page.events:
            log.debug("event: %s", event.json_line())


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).hostname or "another address"
    except ValueError:
        return "another address"
