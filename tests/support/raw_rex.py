"""A server that answers each request with the next of a list of raw bytes, and can hang, drip or cut them off."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Act = Callable[[asyncio.StreamWriter], Awaitable[None]]
PAGE = b'{"data": [], "has_more": false, "next_cursor": "c"}'


def answer(status: int = 200, body: bytes = PAGE, **headers: str) -> bytes:
    """Give a whole answer; an underscore in a header's name is a hyphen."""
    told = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def bomb(megabytes: int) -> bytes:
    """Give an answer that is small on the wire and huge when unpacked."""
    return answer(body=gzip.compress(bytes(megabytes * 2**20)), Content_Encoding="gzip")


async def hang(_writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drip(writer: asyncio.StreamWriter) -> None:
    """Send one byte after the other without an end, and let the client have its turn after each."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0)


def begin(status: int, then: Act) -> Act:
    """Answer with a body that stops after its first byte, and do something then."""

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status} Said\r\nContent-Length: 1000\r\n\r\n{{".encode())
        await writer.drain()
        await then(writer)

    return act


async def cut_off(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def slam(writer: asyncio.StreamWriter) -> None:
    """Cut the connection off with a TCP reset."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@dataclass
class RawRex:
    """What to answer, and what was asked."""

    answers: list[bytes | Act] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    close_after: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while self.answers:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                self.asked.set()
                act = self.answers.pop(0)
                if isinstance(act, bytes):
                    writer.write(act)
                    await writer.drain()
                else:
                    await act(writer)
                if self.close_after:
                    break
        writer.close()


@asynccontextmanager
async def raw_rex(*answers: bytes | Act) -> AsyncIterator[RawRex]:
    """Serve on a free port of this machine while the block runs."""
    rex = RawRex(list(answers))
    running: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        with suppress(asyncio.CancelledError):
            await rex.serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    rex.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield rex
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
