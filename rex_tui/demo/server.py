"""A Rex in small, over real HTTP on this machine only."""

from __future__ import annotations

import socket
import socketserver
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Final, Self

from rex_tui.demo.bucket import TokenBucket
from rex_tui.demo.endpoint import EVENTS, Answer, Endpoints, RefusedError
from rex_tui.demo.log import DemoLog
from rex_tui.demo.register import Register

DEMO_KEY: Final = "rex_test_demo000000000000000000000000"
"""The demo's key, which opens nothing but the demo."""

REQUESTS_PER_MINUTE: Final = 1000

_HOST: Final = "127.0.0.1"
_QUERIES_KEPT: Final = 1000
_BACKLOG: Final = 64
_STOP_POLL_S: Final = 0.05
_STOP_TIMEOUT_S: Final = 2.0
_BODY_READ_MAX: Final = 65536


class DemoServer:
    """A server for `log` on 127.0.0.1, running while it is a context manager's.

    `requests` counts what was asked, `queries` holds the last 1,000 query strings of `/events`, and `names_asked` the
    last 1,000 other paths, for tests.
    """

    def __init__(
        self,
        log: DemoLog,
        *,
        api_key: str = DEMO_KEY,
        port: int = 0,
        requests_per_minute: int = REQUESTS_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        register: Register | None = None,
    ) -> None:
        """Prepare; nothing listens yet. Port 0 is a free one. `clock` (monotonic) and `wall` (epoch) give seconds.

        With `register`, usually the organisation, pipelines and entities can be asked for, too.
        """
        self.endpoint: Final = Endpoints(log, api_key, TokenBucket(requests_per_minute, clock), wall, register)
        self.requests = 0
        self.queries: Final[deque[str]] = deque(maxlen=_QUERIES_KEPT)
        self.names_asked: Final[deque[str]] = deque(maxlen=_QUERIES_KEPT)
        self._port: Final = port
        self._lock = Lock()
        self._http: _HttpServer | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """Give the address, like `http://127.0.0.1:4711`; only while it runs."""
        if self._http is None:
            raise RuntimeError("the demo server is not running")
        return f"http://{_HOST}:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        """Listen and answer; raises `OSError` where the port is taken."""
        self._http = _HttpServer(self, self._port)
        self._thread = Thread(target=self._http.serve_forever, args=(_STOP_POLL_S,), name="demo-server", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop at once: no thread and no socket is left, not even a kept-alive one."""
        if self._http is not None and self._thread is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http.hang_up()
            self._thread.join(_STOP_TIMEOUT_S)
        self._http = self._thread = None

    def note(self, target: str) -> None:
        """Count a request and keep its query string, or its path where it is not about events."""
        path, _, query = target.partition("?")
        with self._lock:
            self.requests += 1
            if path == EVENTS:
                self.queries.append(query)
            else:
                self.names_asked.append(path)


class _HttpServer(ThreadingHTTPServer):
    request_queue_size = _BACKLOG

    def __init__(self, demo: DemoServer, port: int) -> None:
        self.demo: Final = demo
        self._lock = Lock()
        self._connections: dict[Thread, socket.socket] = {}
        super().__init__((_HOST, port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look its own name up, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = _HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = Thread(
            target=self.process_request_thread, args=(request, client_address), name="demo-connection", daemon=True
        )
        with self._lock:
            self._connections = {known: its for known, its in self._connections.items() if known.is_alive()}
            # Started under the lock: a thread that has not started yet would count as gone.
            self._connections[thread] = request
            thread.start()

    def hang_up(self) -> None:
        """Close what clients keep open, and wait until each connection's thread is gone."""
        for thread, connection in self._connections.items():
            with suppress(OSError):  # the client has gone already
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(_STOP_TIMEOUT_S)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up in the middle is no error of ours.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HttpServer

    def do_GET(self) -> None:
        self._answer()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        # http.server comes here for methods without a do_…, and for what is no HTTP at all.
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._answer()
            return
        refused = RefusedError(HTTPStatus(code), "invalid_request", message or HTTPStatus(code).phrase)
        self.close_connection = True
        self._send(self.server.demo.endpoint.refuse(refused))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name for it
        """Stay quiet: the screen belongs to the client."""

    def _answer(self) -> None:
        self._drop_body()
        self.server.demo.note(self.path)
        self._send(self.server.demo.endpoint.answer(self.command, self.path, self.headers.get("X-Api-Key")))

    def _drop_body(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if length == "0" and "Transfer-Encoding" not in self.headers:
            return
        # A body has no meaning here. Unread, it would be taken for the next request, so the connection ends as well.
        self.close_connection = True
        if length.isascii() and length.isdecimal():
            self.rfile.read(min(int(length), _BODY_READ_MAX))

    def _send(self, answer: Answer) -> None:
        headers = [
            ("Date", self.date_time_string()),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(answer.body))),
            *answer.headers,
        ]
        if self.close_connection:
            headers.append(("Connection", "close"))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        head = f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\n{lines}\r\n".encode("latin-1")
        # In one piece: two small writes would wait for each other.
        self.wfile.write(head if self.command == "HEAD" else head + answer.body)
