"""The web server in a test's own loop, with a small program behind its screens that repeats what it is sent."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

import httpx
from aiohttp import ClientSession, ClientWebSocketResponse, web

from rex_tui.web.gate import Gate
from rex_tui.web.screen import Program
from rex_tui.web.site import COOKIE, Site

ECHO = """
import json, os, signal, sys, time

def put(kind, data):
    os.write(1, kind + len(data).to_bytes(4, "big") + data)

told = sys.stdin.buffer.readline().decode().rstrip()
if told == "fails":
    sys.exit("rex-tui: The store \\x1b]0;evil\\x07 can't be used.")
if told == "crashes":
    raise RuntimeError("unheard of")
if told == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if told == "hands over":
    from textual._binary_encode import dump
    pieces = [b"<svg>", b"</svg>", b""]
    file = {"type": "deliver_file_start", "key": "k1", "path": '/x/a"\\r\\n é.svg', "open_method": "browser"}
    file |= {"mime_type": "text/html", "encoding": "utf-8", "name": None}
os.write(1, b"noise\\n__GANGLION__\\n")
put(b"D", f"{told} {os.getpid()} {os.environ['COLUMNS']}x{os.environ['ROWS']}".encode())
if told == "hands over":
    put(b"M", json.dumps(file).encode())
    put(b"M", json.dumps({"type": "open_url", "url": "http://evil.example", "new_tab": True}).encode())
while head := sys.stdin.buffer.read(5):
    sent = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if told == "hands over" and b"deliver_chunk" in sent:
        put(b"P", dump(("deliver_chunk", "k1", pieces.pop(0))))
        continue
    put(b"D", head[:1] + sent)
    if sent == b"q":
        break
while told == "deaf":
    time.sleep(60)
"""
"""Says in a first message what it was told, its process and its size; then repeats each packet, to the end."""
ANOTHER = "Ask for another."
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass
class Served:
    """A server that runs; `said` is what its terminal was told."""

    runner: web.AppRunner
    gate: Gate
    port: int
    client: httpx.AsyncClient
    sockets: ClientSession
    said: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def room(self) -> str:
        return f"/{self.gate.room}/"

    async def enter(self) -> str:
        """Come in by a link; give the session."""
        answer = await self.client.get("/", params={"token": self.gate.new_token()})
        assert answer.status_code == 200
        return answer.cookies[COOKIE]

    async def screen(
        self, session: str, size: str = "width=90&height=30", changed: Mapping[str, str] = NOTHING
    ) -> ClientWebSocketResponse:
        """Open a screen, as our own page does but for headers that are changed."""
        told = {"Origin": self.origin, "Cookie": f"{COOKIE}={session}", **changed}
        return await self.sockets.ws_connect(f"{self.origin}{self.room}ws?{size}", headers=told)


@asynccontextmanager
async def served(told: str = "hello", patience_s: float = 20.0, screens_max: int = 9) -> AsyncIterator[Served]:
    """Serve, as long as the block lasts, a program that is told this; it has so long to leave, and then again."""
    said: list[str] = []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    program = Program((sys.executable, "-c", ECHO), environment, f"{told}\n".encode(), patience_s, patience_s)
    gate = Gate()
    site = Site(gate, program, said.append, ANOTHER, screens_max)
    runner = web.AppRunner(site.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client, ClientSession() as sockets:
            yield Served(runner, gate, port, client, sockets, said)
    finally:
        await runner.cleanup()
