"""A Rex that is not ours: the standard library's server, written from the reference alone, null cursor at the end."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "rex_live_CANARY0123456789"


class OtherRex:
    """Serves `events` (each the JSON text of one); `status`, `headers` and `body` instead of a page if set."""

    def __init__(self, events: list[str], *, meta_envelope: bool = False) -> None:
        self.events = events
        self.meta_envelope = meta_envelope
        self.key = KEY
        self.status = 200
        self.body: bytes | None = None
        self.rejected: set[str] = set()
        """Cursors that are answered with 410."""
        self.headers: dict[str, str] = {}
        self.requests: list[dict[str, list[str]]] = []
        self.hang = threading.Event()
        self.hang.set()
        self.url = ""

    def page(self, query: dict[str, list[str]]) -> bytes:
        start = int(query.get("cursor", ["c0"])[0][1:])
        limit = int(query.get("limit", ["50"])[0])
        end = min(start + limit, len(self.events))
        more = json.dumps(end < len(self.events))
        cursor = f'"c{end}"' if end < len(self.events) else "null"
        data = ",\n  ".join(self.events[start:end])
        if self.meta_envelope:
            return f'{{"data": [{data}], "meta": {{"cursor": {cursor}, "has_more": {more}}}}}'.encode()
        return f'{{"data": [{data}], "has_more": {more}, "next_cursor": {cursor}}}'.encode()


@contextmanager
def serving(rex: OtherRex) -> Iterator[OtherRex]:
    """Serve on a free port of this machine while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # a client may go when it has heard enough
                super().handle()

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if not parts.path.endswith("/events"):  # it has nothing else
                self.send_error(404)
                return
            rex.requests.append(query)
            rex.hang.wait(30)
            body = rex.body if rex.body is not None else rex.page(query)
            status = rex.status
            if rex.rejected & set(query.get("cursor", [])):
                status, body = 410, b'{"error":{"code":"cursor_expired","message":"too old"}}'
            if self.headers.get("X-Api-Key") != rex.key:
                status, body = 401, b'{"error":{"code":"unauthorized","message":"no such key"}}'
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in rex.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    rex.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield rex
    finally:
        rex.hang.set()
        server.shutdown()
        thread.join()
        server.server_close()
