"""A Rex in a process of its own, as fast as can be: a log of any length that can be made to grow, and to be far away.

Every answer is noted with the time at which it was given, so that what comes of it can be timed on another's screen:
all processes of a machine have the same `time.perf_counter`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import multiprocessing
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs

from rex_tui.demo import SEED, Organisation
from rex_tui.demo.ids import ulid

STORIES: Final = 20_000
LIMIT: Final = 200
START_MAX_S: Final = 120.0
STOP_MAX_S: Final = 2.0
RING_EVERY_S: Final = 0.1
SECRET: Final = "whsec_bench"
NAMED: Final = "Live {number:08}"
"""What the last event of a page is called, by its number in the log, so that a screen shows how far it is."""


@dataclass(frozen=True, slots=True)
class Log:
    """How a log begins: so many events, `step_s` apart, the last of them at `end_s`; seconds since the epoch.

    Each answer comes `latency_s` late.
    """

    events: int
    end_s: float
    step_s: float = 1.0
    latency_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to `/events`: when it was given (`time.perf_counter`), and up to which event the log was told then."""

    at: float
    last: int


class Rex:
    """A Rex on a free port of this machine, running while it is a context manager's."""

    def __init__(self, log: Log) -> None:
        """Prepare the process that serves a log."""
        spawning = multiprocessing.get_context("spawn")
        self._ours, self._theirs = spawning.Pipe()
        self._process: BaseProcess = spawning.Process(target=_serve, args=(log, self._theirs), daemon=True)
        self.url = ""

    def __enter__(self) -> Self:
        self._process.start()
        self._theirs.close()
        self.url = self._told()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._ours.send(("stop",))
        self._process.join(STOP_MAX_S)
        self._process.kill()

    def grow(self, events_a_second: float, doorbell: int = 0) -> None:
        """Let the log grow from now on, and ring a doorbell on this machine for it, if it has a port."""
        self._ours.send(("grow", events_a_second, doorbell))

    def answers(self) -> list[Answered]:
        """Give the answers since this was asked last."""
        self._ours.send(("answers",))
        return [Answered(*one) for one in self._told()]

    def _told(self) -> Any:
        if not self._ours.poll(START_MAX_S):
            raise TimeoutError("the Rex of the benchmarks says nothing")
        return self._ours.recv()


class _Served:
    """The log as it is served."""

    def __init__(self, log: Log) -> None:
        self.latency_s: Final = log.latency_s
        self.answers: list[tuple[float, int]] = []
        self._events = log.events
        self._log: Final = log
        self._stories: Final = Organisation(SEED).history(STORIES, datetime.fromtimestamp(log.end_s, UTC))
        self._deal: Final = next(json.loads(one.data) for one in self._stories if one.type == "deal.created")
        self._made: Final = [self._event(number) for number in range(1, log.events + 1)]
        self._grows_from = 0.0
        self._grows_by = 0.0

    def grow(self, events_a_second: float) -> None:
        self._events, self._grows_from, self._grows_by = self.length(), time.perf_counter(), events_a_second

    def add(self, events: int) -> None:
        self._events += events

    def length(self) -> int:
        return self._events + int((time.perf_counter() - self._grows_from) * self._grows_by)

    def page(self, query: str) -> bytes:
        asked = parse_qs(query)
        after = int(asked["cursor"][-1][1:]) if "cursor" in asked else 0
        length = self.length()
        last = min(after + int(asked.get("limit", ["50"])[-1]), length)
        events = self._made[after:last]
        events += [self._event(number, named=number == last) for number in range(after + len(events) + 1, last + 1)]
        more = b"true" if last < length else b"false"
        self.answers.append((time.perf_counter() + self.latency_s, last))
        return b'{"data":[%b],"has_more":%b,"next_cursor":"p%d"}' % (b",".join(events), more, last)

    def _event(self, number: int, *, named: bool = False) -> bytes:
        story = self._stories[(number - 1) % STORIES]
        at = self._log.end_s + (number - self._log.events) * self._log.step_s
        id_ = ulid(int(at * 1000), number)
        occurred_at = f"{datetime.fromtimestamp(at, UTC).isoformat()[:19]}Z"
        type_, data = story.type, story.data
        if named:
            deal = self._deal | {"deal_id": f"deal_{id_}", "name": NAMED.format(number=number)}
            type_, data = "deal.created", json.dumps(deal)
        return f'{{"id":"evt_{id_}","type":"{type_}","occurred_at":"{occurred_at}","data":{data}}}'.encode()


class _Talk(asyncio.Protocol):
    """One connection: requests without a body, one after another."""

    def __init__(self, served: _Served) -> None:
        self._served = served
        self._came = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head, self._came = self._came[:end], self._came[end + 4 :]
            answer = self._answer(head.split(b" ", 2)[1].decode("latin-1"))
            if self._served.latency_s:
                asyncio.get_running_loop().call_later(self._served.latency_s, self._write, answer)
            else:
                self._write(answer)

    def _answer(self, target: str) -> bytes:
        path, _, query = target.partition("?")
        status, body = "200 OK", b"{}"
        if path == "/events":
            body = self._served.page(query)
        elif path.startswith("/grow/"):  # no part of Rex: who simulates a day says how much of it has passed
            self._served.add(int(path.rpartition("/")[2]))
        else:
            status, body = "404 Not Found", b'{"error":{"code":"not_found","message":"There is nothing here."}}'
        limits = "X-RateLimit-Limit: 1000000\r\nX-RateLimit-Remaining: 999999\r\nX-RateLimit-Reset: 1\r\n"
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{limits}\r\n"
        return head.encode() + body

    def _write(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


def _serve(log: Log, pipe: Connection) -> None:
    asyncio.run(_serving(log, pipe))


async def _serving(log: Log, pipe: Connection) -> None:
    served = _Served(log)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    ringing: list[asyncio.Task[None]] = []

    def told() -> None:
        match pipe.recv():
            case ("grow", events_a_second, doorbell):
                served.grow(events_a_second)
                if doorbell:
                    ringing.append(loop.create_task(_ring(doorbell)))
            case ("answers",):
                pipe.send(served.answers)
                served.answers = []
            case _:
                stopped.set()

    server = await loop.create_server(lambda: _Talk(served), "127.0.0.1", 0)
    loop.add_reader(pipe.fileno(), told)
    pipe.send(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await stopped.wait()
    loop.remove_reader(pipe.fileno())
    for task in ringing:
        task.cancel()


async def _ring(port: int) -> None:
    """Deliver what Rex's webhooks would, again and again."""
    while True:
        at, body = str(int(time.time())), b"{}"
        mac = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        headers = f"Host: 127.0.0.1\r\nX-Rex-Signature: t={at},v1={mac}\r\nContent-Length: {len(body)}"
        head = f"POST / HTTP/1.1\r\n{headers}\r\n\r\n"
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode() + body)
            await reader.read()
            writer.close()
        await asyncio.sleep(RING_EVERY_S)
