"""One bounded GET: an address of our own making, a body with a limit, and every way to fail as an error of ours."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Generator, Mapping
from typing import Final, NoReturn, TypeAlias
from urllib.parse import urlsplit

from rex_tui import __version__
from rex_tui.api.answer import Got, Watch
from rex_tui.api.body import MESSAGE_LIMIT, message_of, read_body
from rex_tui.api.errors import (
    BadResponse,
    Forbidden,
    RateLimited,
    RexError,
    TooLarge,
    TooSlow,
    Unauthorized,
    Unavailable,
    UnsendableError,
)
from rex_tui.api.lean_httpx import httpx
from rex_tui.api.limits import budget_of, retry_in_s
from rex_tui.api.reach import Way, proxy_of, trusted_by
from rex_tui.api_key import ApiKey
from rex_tui.safe_text import clean

ERROR_BODY_MAX: Final = 64 * 2**10
CONNECT_TIMEOUT_S: Final = 10.0
READ_TIMEOUT_S: Final = 20.0
KEEP_ALIVE_S: Final = 120.0
"""Longer than most waits between two polls, so that they need no new connection (httpx alone keeps it for 5 s)."""
ERROR_BODY_DEADLINE_S: Final = 5.0
"""An error's status says what counts: its body is not waited for as long as a page."""

Refusal: TypeAlias = Callable[[int, str], RexError | None]
"""Gives what a status, with what the answer said in words, means for one request; None for what it always means."""


class _KeyHeader(httpx.Auth):
    """Puts the key into a request's header and shows it nowhere else."""

    def __init__(self, api_key: ApiKey) -> None:
        self._api_key = api_key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Api-Key"] = self._api_key.reveal().decode()
        yield request


class BoundedGet:
    """Asks one Rex, over connections of its own."""

    def __init__(
        self,
        base_url: str,
        api_key: ApiKey,
        way: Way,
        *,
        deadline_s: float,
        now: Callable[[], float],
        transport: httpx.AsyncBaseTransport | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Take what `RexClient` takes, and the way to go. Raises what `trusted_by` and `proxy_of` do."""
        trusted = trusted_by(way)
        self._base_url = base_url
        self._host = urlsplit(base_url).hostname or ""
        self._hide = api_key.hide_in
        self._deadline_s = deadline_s
        self._now = now
        self._http = httpx.AsyncClient(
            auth=_KeyHeader(api_key),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"rex-tui/{__version__}",
            },
            timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=KEEP_ALIVE_S),
            follow_redirects=False,
            event_hooks={
                "request": [] if watch is None else [watch.asked],
                "response": [*([] if watch is None else [watch.answered]), self._never_redirected],
            },
            trust_env=False,
            verify=trusted or False,
            proxy=proxy_of(way, trusted) if transport is None else None,
            transport=transport,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def get(
        self,
        path: str,
        parameters: Mapping[str, str | None],
        *,
        what: str,
        body_max: int,
        refusal: Refusal = lambda _status, _said: None,
    ) -> Got:
        """Give what Rex answers to a path, encoded already, with those parameters that are not None.

        `what` names the things that are asked for, as in "events"; `body_max` is in bytes. Raises the errors of
        `rex_tui.api.errors`, and `UnsendableError`.
        """
        address = self._address(path, parameters)
        try:
            async with asyncio.timeout(self._deadline_s), self._http.stream("GET", address) as response:
                return await self._got(response, what, body_max, refusal)
        except TimeoutError:
            raise TooSlow(f"Rex did not answer in full within {self._deadline_s:g} seconds.") from None
        except httpx.TimeoutException:
            raise Unavailable(f"Rex at {self._shown_host} did not answer in time.") from None
        except httpx.HTTPError as error:
            raise Unavailable(self._no_connection(error)) from None

    def _address(self, path: str, parameters: Mapping[str, str | None]) -> httpx.URL:
        """Give the address to ask; it is made of our base, path and parameters alone."""
        try:
            base = httpx.URL(f"{self._base_url}{path}")
            has_name = bool(base.host)  # only here are the labels of an international name looked at
        except (httpx.InvalidURL, UnicodeError):
            has_name = False
        if not has_name:
            raise Unavailable(f"Rex can't be reached: {self._shown_host} is no name that a host can have.")
        try:
            return base.copy_merge_params({name: value for name, value in parameters.items() if value is not None})
        except (httpx.InvalidURL, UnicodeError):
            raise UnsendableError(path) from None

    async def _never_redirected(self, response: httpx.Response) -> None:
        """Raise `BadResponse` for a redirect, before httpx reads where it leads: that may be anything."""
        location = response.headers.get("Location")
        if location is None or not response.is_redirect:
            return
        host = _host_of(self._hide(location))
        raise BadResponse(f"Rex redirected to {self._hide(clean(host, MESSAGE_LIMIT))}; the key was not sent there.")

    async def _got(self, response: httpx.Response, what: str, body_max: int, refusal: Refusal) -> Got:
        if response.status_code != httpx.codes.OK:
            await self._refuse(response, what, refusal)
        body = await read_body(response, body_max)
        if body is None:
            raise TooLarge(f"Rex's answer was larger than {body_max // 2**20} MiB, so it was not read on.")
        now = self._now()
        return Got(body, now, budget_of(response.headers, now))

    async def _refuse(self, response: httpx.Response, what: str, refusal: Refusal) -> NoReturn:
        """Raise the error that an answer other than 200 stands for."""
        status = response.status_code
        said = message_of(await self._error_body(response), self._hide)
        if status == httpx.codes.UNAUTHORIZED:
            raise Unauthorized(f"Rex does not accept the API key (401{said}).")
        if status == httpx.codes.FORBIDDEN:
            raise Forbidden(f"The API key may not read {what} (403{said}).")
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited(f"Rex asked to slow down (429{said}).", retry_in_s(response.headers, self._now()))
        if (error := refusal(status, said)) is not None:
            raise error
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Unavailable(f"Rex has trouble of its own ({status}{said}).")
        api = f"{'an' if what[0] in 'aeiou' else 'a'} {what.capitalize()} API"
        raise BadResponse(f"Rex at {self._shown_host} answered what {api} would not ({status}{said}).")

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


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).hostname or "another address"
    except ValueError:
        return "another address"
