"""A Rex for a long run: its log grows, and at any request it may do what bad networks and broken servers do."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Final
from urllib.parse import parse_qs, urlsplit

KEY: Final = "rex_live_SOAK0123456789"
PAGE: Final = 200
POISON: Final = '{"id":"evt_poison","type":"deal.won","occurred_at":"","data":NaN}'
HOSTILE: Final = ("Ada", "\x1b]52;c;aGk=\x07", "\u202eevil", "名前\n🙂", "[@click=app.quit]x", "a" * 3_000)
HTML: Final = b"<html><body>Bad gateway</body></html>"


class SoakRex:
    """An ordered log and a source of faults; `healed` ends the faults."""

    def __init__(self, seed: int, fault_share: float = 0.25) -> None:
        self.random = Random(seed)
        self.fault_share = fault_share
        self.events: list[str] = []
        self.requests = 0
        self.faults: Counter[str] = Counter()
        self.healed = False
        self.key_revoked = 0
        self.last_fault_at = 0.0
        self.url = ""
        self.lock = threading.Lock()

    def happen(self, count: int) -> None:
        """Let `count` events happen."""
        with self.lock:
            for _ in range(count):
                number = len(self.events)
                at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                data = {"deal_id": f"deal_{number:026}", "name": self.random.choice(HOSTILE), "value": number}
                kind = self.random.choice(
                    ("deal.won", "deal.updated", "contact.created", "trigger.deal.stale", "new.kind")
                )
                event = {"id": f"evt_{number:08}", "type": kind, "occurred_at": at, "data": data}
                self.events.append(json.dumps(event))

    def fault(self) -> Callable[[Handler, int], None] | None:
        """Choose what goes wrong with this request, if anything does."""
        with self.lock:
            self.requests += 1
            if self.key_revoked:
                self.key_revoked -= 1
                return refuse(401)
            if self.healed or self.random.random() >= self.fault_share:
                return None
            name = self.random.choice(list(FAULTS))
            self.faults[name] += 1
            self.last_fault_at = time.monotonic()
            return FAULTS[name]


class Handler(BaseHTTPRequestHandler):
    """One connection; the server's `rex` says what happens on it."""

    protocol_version = "HTTP/1.1"
    rex: SoakRex

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        start = int(query.get("cursor", ["c0"])[0][1:])
        fault = self.rex.fault() if self.headers.get("X-Api-Key") == KEY else refuse(401)
        with suppress(OSError):
            if fault is None:
                self.page(start)
            else:
                fault(self, start)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def body(self, start: int, *, extra: str = "", more: bool | None = None, cursor: str | None = "") -> bytes:
        with self.rex.lock:
            chosen = self.rex.events[start : start + PAGE]
            end, total = start + len(chosen), len(self.rex.events)
        if extra:
            chosen.insert(len(chosen) // 2, extra)
        told = json.dumps(f"c{end}" if cursor == "" else cursor)
        has_more = json.dumps(end < total if more is None else more)
        return f'{{"data":[{",".join(chosen)}],"has_more":{has_more},"next_cursor":{told}}}'.encode()

    def page(self, start: int) -> None:
        self.answer(200, self.body(start))

    def log_message(self, *_: object) -> None:
        pass


Fault = Callable[[Handler, int], None]


def refuse(status: int, body: bytes = b'{"error":{"code":"no","message":"\x1b[31mno"}}', **headers: str) -> Fault:
    return lambda handler, _start: handler.answer(status, body, **headers)


def reset(handler: Handler, start: int) -> None:
    """Cut the connection with a TCP reset in the middle of the body."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(handler.body(start)[:50])
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def truncate(handler: Handler, start: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(handler.body(start)[:-10])
    handler.close_connection = True


def drip(handler: Handler, start: int) -> None:
    """Send a few bytes a second, and then the rest."""
    body = handler.body(start)
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for at in range(4):
        handler.wfile.write(body[at : at + 1])
        handler.wfile.flush()
        time.sleep(1)
    handler.wfile.write(body[4:])


def hang(handler: Handler, _start: int) -> None:
    """Give no answer for longer than anybody waits."""
    time.sleep(25)
    handler.close_connection = True


def close_idle(handler: Handler, start: int) -> None:
    """Answer, and close the connection without saying so."""
    handler.page(start)
    handler.close_connection = True


def revoke_for_a_while(handler: Handler, start: int) -> None:
    handler.rex.key_revoked = 1
    refuse(401)(handler, start)


FAULTS: Final[dict[str, Fault]] = {
    "500 with HTML": refuse(500, HTML),
    "503 with HTML": refuse(503, HTML),
    "HTML at 200": refuse(200, HTML),
    "429 for 3 seconds": refuse(429, Retry_After="3"),
    "429 with nonsense, reset in 2": refuse(429, Retry_After="soon", X_RateLimit_Reset="2"),
    "redirect": refuse(302, b"", Location="https://evil.example/events"),
    "gzip bomb": refuse(200, gzip.compress(bytes(40 * 2**20)), Content_Encoding="gzip"),
    "key revoked for a while": revoke_for_a_while,
    "duplicates of the page before": lambda handler, start: handler.answer(200, handler.body(max(0, start - 70))),
    "null cursor": lambda handler, start: handler.answer(200, handler.body(start, cursor=None)),
    "same cursor, more promised": lambda handler, start: handler.answer(
        200, handler.body(start, more=True, cursor=f"c{start}")
    ),
    "a poisoned event": lambda handler, start: handler.answer(200, handler.body(start, extra=POISON)),
    "no list of events": refuse(200, b'{"data":{},"has_more":false}'),
    "reset in the middle": reset,
    "truncated body": truncate,
    "dripping body": drip,
    "no answer": hang,
    "connection closed": close_idle,
}


@contextmanager
def soak_rex(rex: SoakRex) -> Iterator[SoakRex]:
    """Serve on a free port of this machine while the block runs."""
    handler = type("Bound", (Handler,), {"rex": rex})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    rex.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
    thread.start()
    try:
        yield rex
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
