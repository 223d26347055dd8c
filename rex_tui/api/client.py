"""The client: what can be asked of a Rex, one bounded request each."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from msgspec.structs import replace

from rex_tui.api.answer import Got, Watch
from rex_tui.api.entities import Answered, decode_name, decode_stages, entity_path
from rex_tui.api.errors import (
    BadResponse,
    CursorRejected,
    NotFound,
    RexError,
    TooLarge,
    TooSlow,
    Unavailable,
    UnsendableError,
)
from rex_tui.api.reach import Way, way_to
from rex_tui.api.wire import decode_page
from rex_tui.api_key import ApiKey
from rex_tui.event import Asked, Page, RateBudget, short_cursor
from rex_tui.names import EntityKind, Stage, entity_kind

if TYPE_CHECKING:
    from rex_tui.api.get import BoundedGet
    from rex_tui.api.lean_httpx import httpx

T = TypeVar("T")

PAGE_MAX: Final = 200
DEADLINE_S: Final = 30.0
FEWER: Final = 14
"""A page that is too large or too slow is asked for again with so many times fewer events: 200, 14, 1."""
BODY_MAX: Final = 32 * 2**20
"""Enough for an event of 20 MB; of a page with more than this, fewer events are asked for."""
DECODE_AT_ONCE_MAX: Final = 2**20
"""A larger page, in bytes, is decoded in a thread: the screen must not wait for it."""
NAMES_DEADLINE_S: Final = 10.0
"""Names can wait, but nothing waits long for them."""
NAMES_BODY_MAX: Final = 2**20
NAMES_AT_ONCE_MAX: Final = 2**16
"""A larger answer, in bytes, is decoded in a thread, too."""
REJECTED_CURSOR: Final = frozenset({400, 404, 409, 410, 422})
NOT_THERE: Final = frozenset({404, 410})
WRONG_WAY: Final = (
    "Rex can't be reached: the proxy (ALL_PROXY, HTTPS_PROXY) or the certificates (SSL_CERT_FILE, SSL_CERT_DIR) that "
    "the environment names can't be used."
)
log = logging.getLogger(__name__)


class RexClient:
    """Rex's API, read-only. Connections for the program's life; use it as an async context manager.

    What is asked about names goes over connections of its own, so that nothing said there can hold up the events.
    """

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
        watch: Watch | None = None,
    ) -> None:
        """Talk to the Rex at `base_url` (checked by `check_base_url`) with `api_key`.

        `deadline_s` bounds a whole request in seconds, `body_max` an answer in bytes; `now` gives the wall clock in
        seconds since the epoch, UTC; `transport` stands in for the network. With `ca_file` only the certificates in it
        are trusted. `watch` looks at each request for events and its answer. Raises `CertificatesError` where
        `ca_file` has none that can be used.
        """
        self._base_url, self._api_key = base_url, api_key
        self._deadline_s, self._body_max = deadline_s, body_max
        self._now, self._transport, self._watch = now, transport, watch
        self._events_most = PAGE_MAX
        self._connections: tuple[BoundedGet, BoundedGet] | None = None
        self._connecting = asyncio.Lock()
        self._way: Way | None = None
        self.budget = RateBudget()
        """What Rex last said about the request budget, whatever was asked."""
        with suppress(ValueError):  # each request says so, where its errors are shown
            self._way = way_to(base_url, ca_file)

    @property
    def proxy(self) -> str | None:
        """Host and port of the proxy that stands between, without its user and password."""
        return None if self._way is None else self._way.shown_proxy

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        for connections in self._connections or ():
            await connections.aclose()

    async def _connected(self) -> tuple[BoundedGet, BoundedGet]:
        """Give the connections for events and those for names, made when first asked for.

        The HTTP library takes a tenth of a second to load: it is loaded beside whoever shows something meanwhile.
        """
        async with self._connecting:
            if self._connections is None:
                try:
                    self._connections = await asyncio.to_thread(self._connect)
                except (ImportError, OSError, ValueError):
                    # The variables may hold a password, so it is not repeated what they say.
                    raise Unavailable(WRONG_WAY) from None
            return self._connections

    def _connect(self) -> tuple[BoundedGet, BoundedGet]:
        from rex_tui.api.get import BoundedGet  # noqa: PLC0415 - see `_connected`

        if self._way is None:
            raise ValueError(WRONG_WAY)
        told = self._base_url, self._api_key, self._way

        def get(deadline_s: float, watch: Watch | None) -> BoundedGet:
            return BoundedGet(*told, deadline_s=deadline_s, now=self._now, transport=self._transport, watch=watch)

        return get(self._deadline_s, self._watch), get(min(self._deadline_s, NAMES_DEADLINE_S), None)

    # ---- events

    async def events(self, cursor: str | None = None, limit: int = PAGE_MAX, event_type: str | None = None) -> Page:
        """Give the page of at most `limit` (1 to 200) events after `cursor`, oldest first.

        After a page that was too large or too slow, fewer are asked for, and twice as many after each that was not.
        Source: Events API reference, "List events". Raises the errors of `rex_tui.api.errors`, and `ValueError`
        for another limit.
        """
        if not 1 <= limit <= PAGE_MAX:
            raise ValueError(f"a page has 1 to {PAGE_MAX} events, not {limit}")
        for_events, _ = await self._connected()
        limit = min(limit, self._events_most)

        def refusal(status: int, said: str) -> RexError | None:
            if cursor is not None and status in REJECTED_CURSOR:
                return CursorRejected(f"Rex no longer accepts our place in its log ({status}{said}).")
            return None

        parameters = {"cursor": cursor, "limit": str(limit), "type": event_type}
        try:
            got = await for_events.get("/events", parameters, what="events", body_max=self._body_max, refusal=refusal)
        except (TooLarge, TooSlow):
            self._events_most = max(1, limit // FEWER)
            raise
        except UnsendableError:
            if cursor is None:
                raise BadResponse("That event type can't be asked for.") from None
            raise CursorRejected("Our place in Rex's log is kept in a form that can't be sent.") from None
        page = await self._page(got)
        self._events_most = min(PAGE_MAX, max(self._events_most, 2 * limit))
        return replace(page, asked=Asked(cursor, limit))

    async def _page(self, got: Got) -> Page:
        self.budget = got.budget
        large = len(got.body) > DECODE_AT_ONCE_MAX
        arguments = (got.body, got.at, got.budget)
        page = await asyncio.to_thread(decode_page, *arguments) if large else decode_page(*arguments)
        _log_page(page, len(got.body))
        return page

    # ---- names

    async def pipelines(self) -> Answered[tuple[Stage, ...]]:
        """Give the stages of all pipelines, in pipeline order.

        Source: Rex's documentation of pipelines. Raises the errors of `rex_tui.api.errors`.
        """
        got = await self._get_names("/pipelines", "pipelines")
        return await _decoded(decode_stages, got)

    async def entity(self, kind: EntityKind, id_: str) -> Answered[str]:
        """Give the name of a deal, contact or company, "" where it has none.

        Source: Rex's documentation of its API: `GET /deals/:id`, `/contacts/:id`, `/companies/:id`. Raises the errors
        of `rex_tui.api.errors`, and `ValueError` for what is no id of this kind.
        """
        if entity_kind(id_) != kind:
            raise ValueError(f"what was asked for is no id of a {kind}")
        got = await self._get_names(*entity_path(kind, id_))
        return await _decoded(decode_name, got)

    async def _get_names(self, path: str, what: str) -> Got:
        _, for_names = await self._connected()

        def refusal(status: int, said: str) -> RexError | None:
            return NotFound(f"Rex has nothing there ({status}{said}).") if status in NOT_THERE else None

        got = await for_names.get(path, {}, what=what, body_max=NAMES_BODY_MAX, refusal=refusal)
        self.budget = got.budget
        log.info("asked about %s: %d bytes", what, len(got.body))
        return got


async def _decoded(decode: Callable[[bytes], T], got: Got) -> Answered[T]:
    large = len(got.body) > NAMES_AT_ONCE_MAX
    return Answered(await asyncio.to_thread(decode, got.body) if large else decode(got.body), got.budget)


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
