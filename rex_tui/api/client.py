"""The client: one bounded request a page, and every way it can fail as an error of ours."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Generator, Mapping
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from rex_tui import __version__
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
from rex_tui.api.wire import decode_page
from rex_tui.event import Page
from rex_tui.safe_text import clean
from rex_tui.settings import ApiKey, is_loopback

PAGE_MAX: Final = 200
DEADLINE_S: Final = 30.0
BODY_MAX: Final = 16 * 2**20
ERROR_BODY_MAX: Final = 64 * 2**10
CONNECT_TIMEOUT_S: Final = 10.0
READ_TIMEOUT_S: Final = 20.0
CHUNK_SIZE: Final = 64 * 2**10
REJECTED_CURSOR: Final = frozenset({400, 404, 409, 410, 422})
MESSAGE_LIMIT: Final = 200


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
    ) -> None:
        """Talk to the Rex at `base_url` (checked by `check_base_url`) with `api_key`.

        `deadline_s` bounds a whole request in seconds, `body_max` an answer in bytes; `now` gives the wall clock.
        """
        self._url = f"{base_url}/events"
        self._host = urlsplit(base_url).hostname or ""
        self._deadline_s = deadline_s
        self._body_max = body_max
        self._now = now
        self._http = httpx.AsyncClient(
            auth=_KeyHeader(api_key),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"rex-tui/{__version__}",
            },
            timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1),
            follow_redirects=False,
            trust_env=not is_loopback(self._host),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def events(self, cursor: str | None = None, limit: int = PAGE_MAX, event_type: str | None = None) -> Page:
        """Give the page of at most `limit` (1 to 200) events after `cursor`, oldest first.

        Source: Events API reference, "List events". Raises the errors of `rex_tui.api.errors`.
        """
        wanted = {"cursor": cursor, "limit": str(limit), "type": event_type}
        parameters = {name: value for name, value in wanted.items() if value is not None}
        try:
            async with (
                asyncio.timeout(self._deadline_s),
                self._http.stream("GET", self._url, params=parameters) as response,
            ):
                return await self._page(response, with_cursor=cursor is not None)
        except TimeoutError:
            raise Unavailable(f"Rex did not answer in full within {self._deadline_s:g} seconds.") from None
        except httpx.TimeoutException:
            raise Unavailable(f"Rex at {self._shown_host} did not answer in time.") from None
        except httpx.DecodingError:
            raise Unavailable("Rex's answer came garbled.") from None
        except httpx.HTTPError as error:
            raise Unavailable(self._no_connection(error)) from None

    async def _page(self, response: httpx.Response, *, with_cursor: bool) -> Page:
        if response.status_code != httpx.codes.OK:
            await self._refuse(response, with_cursor=with_cursor)
        body = await self._read(response, self._body_max)
        if body is None:
            raise BadResponse(f"Rex's answer was larger than {self._body_max // 2**20} MiB, so it was not read on.")
        now = self._now()
        return decode_page(body, now, budget_of(response.headers, now))

    async def _refuse(self, response: httpx.Response, *, with_cursor: bool) -> None:
        """Raise the error that an answer other than 200 stands for."""
        status = response.status_code
        if response.is_redirect:
            raise BadResponse(
                f"Rex redirected to {clean(_host_of(response.headers.get('Location', '')), MESSAGE_LIMIT)}; "
                "the key was not sent there."
            )
        said = _message_of(await self._read(response, ERROR_BODY_MAX))
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

    @staticmethod
    async def _read(response: httpx.Response, size_max: int) -> bytes | None:
        """Give the body, or None as soon as it is larger than `size_max`, however small it came over the wire."""
        body = bytearray()
        async for chunk in response.aiter_bytes(CHUNK_SIZE):
            body += chunk
            if len(body) > size_max:
                return None
        return bytes(body)

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
        return f"The connection to {self._shown_host} broke ({type(error).__name__})."


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).hostname or "another address"
    except ValueError:
        return "another address"


def _message_of(body: bytes | None) -> str:
    """Give code and message of an error body as a clean tail for a sentence; "" where it has none.

    Source: Rex API documentation, errors: `{"error": {"code": "…", "message": "…"}}`.
    """
    try:
        told = json.loads(body or b"")
    except (ValueError, RecursionError):
        return ""
    error = told.get("error") if isinstance(told, Mapping) else None
    if not isinstance(error, Mapping):
        return ""
    parts = [
        clean(error[name], MESSAGE_LIMIT).rstrip(". ")
        for name in ("code", "message")
        if isinstance(error.get(name), str)
    ]
    return "".join(f": {part}" for part in parts)
