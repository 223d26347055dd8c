"""A Rex over a real socket that serves an ordered log, which may grow, and commits faults on demand and combined.

Its pages are made as the reference says. A `Fault` (see `support/fault.py`) changes the page, the answer or how the
answer is sent, for a number of requests or until `heal`. Cursors hold a place in the log: `c42` follows its 42nd event,
and what comes after the number is ignored, so that a fault can make up as many of them as it likes.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

from support.fault import Answer, Fault, Served, answer_text

KEY: Final = "rex_live_CANARY0123456789"
PLACE: Final = re.compile(r"c?(\d{1,9})", re.DOTALL)
NO_SUCH_KEY: Final = Answer(401, b'{"error":{"code":"unauthorized","message":"no such key"}}')


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came: what it asked for, and the faults that were committed in answering it."""

    path: str
    cursor: str | None
    limit: int
    headers: Mapping[str, str]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class _Committed:
    fault: Fault
    met: int = 0


@dataclass
class FaultRex:
    """The log, the faults, and what was asked; serve it with `fault_rex` or `fault_rex_in_thread`."""

    log: list[bytes] = field(default_factory=list)
    page_max: int = 200
    now: Callable[[], float] = time.time
    """The wall clock in seconds since the epoch, UTC, which dates in headers go by."""
    whim: Callable[[Asked], Sequence[Fault]] | None = None
    """Asked at each request, this may give more faults, for this request alone."""
    beside: Callable[[Asked], Answer] | None = None
    """Answers what is asked for other than events; without it, that is not there."""
    asked: list[Asked] = field(default_factory=list)
    asked_max: int | None = None
    """How many requests are remembered at most; None for all."""
    requests: int = 0
    connections: int = 0
    given: set[str] = field(default_factory=set)
    """The cursors that were given out."""
    strays: int = 0
    """Connections to the other host, where a redirect leads."""
    url: str = ""
    elsewhere: str = ""
    port: int = 0

    def __post_init__(self) -> None:
        self._committed: list[_Committed] = []
        self._server: asyncio.Server | None = None
        self._other: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    def commit(self, *faults: Fault) -> None:
        """Commit these faults from the next request on, together with those that are committed already."""
        self._committed += map(_Committed, faults)

    def heal(self) -> None:
        """Commit no fault any more, but for what `whim` gives."""
        self._committed = []

    # ---- being there, or not

    async def listen(self, tls: ssl.SSLContext | None = None) -> None:
        """Take connections, on the same port as before if there was one."""
        self._server = await asyncio.start_server(self._handle, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"
        if self._other is None:
            self._other = await asyncio.start_server(self._stray, "127.0.0.1", 0)
            self.elsewhere = f"http://127.0.0.1:{self._other.sockets[0].getsockname()[1]}"

    async def vanish(self) -> None:
        """Refuse connections and break those that there are, until `listen`."""
        if self._server is not None:
            self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """End it for good."""
        await self.vanish()
        if self._other is not None:
            self._other.close()

    # ---- answering

    async def _stray(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.strays += 1
        writer.transport.abort()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            while await self._converse(reader, writer):
                pass
        self._running.discard(task)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; give whether the connection lives on."""
        asked = _asked(await reader.readuntil(b"\r\n\r\n"))
        faults = self._faults_for(asked)
        self.requests += 1
        self.asked.append(_with_faults(asked, faults))
        if self.asked_max is not None:
            del self.asked[: -self.asked_max]
        text = answer_text(self._answer(asked, faults))
        deliver = next((fault.deliver for fault in reversed(faults) if fault.deliver is not None), None)
        if deliver is None:
            writer.write(text)
            await writer.drain()
            return True
        await deliver(writer, text)
        return False

    def _faults_for(self, asked: Asked) -> list[Fault]:
        faults: list[Fault] = []
        for committed in self._committed:
            committed.met += 1
            if committed.fault.concerns(committed.met):
                faults.append(committed.fault)
        return faults if self.whim is None else [*faults, *self.whim(asked)]

    def _answer(self, asked: Asked, faults: list[Fault]) -> Answer:
        if asked.headers.get("x-api-key") != KEY:
            return NO_SUCH_KEY
        if asked.path != "/events" and self.beside is not None:
            return self.beside(asked)
        if asked.path != "/events":
            return Answer(404, b'{"error":{"code":"not_found","message":"no such thing"}}')
        place = PLACE.match(asked.cursor or "c0")
        if place is None:
            return Answer(400, b'{"error":{"code":"invalid_cursor","message":"no such cursor"}}')
        page = self._page(int(place[1]), min(asked.limit, self.page_max), asked)
        for fault in faults:
            if fault.page is not None:
                page = fault.page(page)
        self._note(page.cursor)
        answer = Answer(200, page.body())
        for fault in faults:
            if fault.answer is not None:
                answer = fault.answer(answer, self)
        return answer

    def _note(self, cursor: bytes | None) -> None:
        told = json.loads(cursor or b"null")
        if told and self.asked_max is None:
            self.given.add(str(told))

    def _page(self, start: int, limit: int, asked: Asked) -> Served:
        events = tuple(self.log[start : start + limit])
        end = start + len(events)
        more = b"true" if end < len(self.log) else b"false"
        return Served(start, end, events, more, b'"c%d"' % end, asked.cursor, self.requests, self.log)


@asynccontextmanager
async def fault_rex(rex: FaultRex, tls: ssl.SSLContext | None = None) -> AsyncIterator[FaultRex]:
    """Serve in this event loop, on a free port of this machine, while the block runs."""
    await rex.listen(tls)
    try:
        yield rex
    finally:
        await rex.close()


@contextmanager
def fault_rex_in_thread(rex: FaultRex) -> Iterator[asyncio.AbstractEventLoop]:
    """Serve in a thread of its own while the block runs; gives the loop, for `listen` and `vanish`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fault rex", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(rex.listen(), loop).result(30)
        yield loop
        asyncio.run_coroutine_threadsafe(rex.close(), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


def _asked(request: bytes) -> Asked:
    lines = request.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    parts = urlsplit(lines[0].split(" ")[1])
    query = parse_qs(parts.query, keep_blank_values=True)
    return Asked(
        path=parts.path,
        cursor=query.get("cursor", [None])[0],
        limit=int(query.get("limit", ["50"])[0]),
        headers={name.lower(): value for name, value in headers.items()},
    )


def _with_faults(asked: Asked, faults: list[Fault]) -> Asked:
    return Asked(asked.path, asked.cursor, asked.limit, asked.headers, tuple(fault.name for fault in faults))
