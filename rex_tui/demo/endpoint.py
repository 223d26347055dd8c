"""What the demo's Rex answers, before it is HTTP: the key, the limits, the endpoints and their errors."""

from __future__ import annotations

import hmac
import json
import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, unquote

from msgspec import Struct

from rex_tui.demo.bucket import TokenBucket
from rex_tui.demo.log import CursorError, DemoLog
from rex_tui.demo.register import KINDS, Register

EVENTS: Final = "/events"
PIPELINES: Final = "/pipelines"
LIMIT_DEFAULT: Final = 50
LIMIT_MAX: Final = 200


class Answer(Struct, frozen=True):
    """A status, the headers that are not about the connection, and a JSON body."""

    status: HTTPStatus
    headers: tuple[tuple[str, str], ...]
    body: bytes


class RefusedError(Exception):
    """A request that is answered by an error."""

    def __init__(self, status: HTTPStatus, code: str, message: str, *headers: tuple[str, str]) -> None:
        """Take what the answer says; `headers` come beside those of the rate limit."""
        super().__init__(message)
        self.status: Final = status
        self.code: Final = code
        self.headers: Final = headers


class Endpoints:
    """`GET /events` as the reference documents it, over a log; and pipelines and entities, where there is a register.

    `names_answer` is the status with which everything but events is refused, None where it is not.
    """

    def __init__(
        self,
        log: DemoLog,
        api_key: str,
        bucket: TokenBucket,
        wall: Callable[[], float],
        register: Register | None = None,
    ) -> None:
        """Take the key that opens the log, and `wall`, which gives seconds since the epoch."""
        self.names_answer: HTTPStatus | None = None
        self._register: Final = register
        self._log: Final = log
        self._api_key: Final = api_key.encode()
        self._bucket: Final = bucket
        self._wall: Final = wall

    def answer(self, method: str, target: str, api_key: str | None) -> Answer:
        """Answer a request: its method, its target (path and query) and its `X-Api-Key`, None where it had none.

        A wrong key spends nothing of the budget.
        """
        try:
            body = self._body(method, target, api_key)
        except RefusedError as refused:
            return self.refuse(refused)
        return Answer(HTTPStatus.OK, self._rate_headers(), body)

    def refuse(self, refused: RefusedError) -> Answer:
        """Give the answer that tells of an error."""
        body = json.dumps({"error": {"code": refused.code, "message": str(refused)}}, separators=(",", ":"))
        return Answer(refused.status, (*self._rate_headers(), *refused.headers), body.encode())

    def _body(self, method: str, target: str, api_key: str | None) -> bytes:
        if api_key is None or not hmac.compare_digest(api_key.encode(), self._api_key):
            raise RefusedError(HTTPStatus.UNAUTHORIZED, "unauthorized", "The API key is missing or not valid.")
        if not self._bucket.take():
            wait = str(self._bucket.budget().retry_in_s)
            message = f"Too many requests. Try again in {wait} s."
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, "rate_limit_exceeded", message, ("Retry-After", wait))
        path, _, query = target.partition("?")
        answer = self._page if path == EVENTS else self._names
        if method != "GET" and path in (EVENTS, PIPELINES):
            message = f"{path} can only be read."
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", message, ("Allow", "GET"))
        return answer(path, query)

    def _names(self, path: str, _query: str) -> bytes:
        """Answer for pipelines and entities."""
        if (status := self.names_answer) is not None:
            raise RefusedError(status, status.name.lower(), "This was asked for by a test.")
        kind, _, id_ = path[1:].partition("/")
        found: object = None
        if self._register is not None:
            found = self._register.pipelines() if path == PIPELINES else self._register.entity(kind, unquote(id_))
        if found is None:
            message = f"None of the {kind} has this id." if kind in KINDS else "There is nothing here."
            raise RefusedError(HTTPStatus.NOT_FOUND, "not_found", message)
        return json.dumps({"data": found}, ensure_ascii=False, separators=(",", ":")).encode()

    def _page(self, _path: str, query: str) -> bytes:
        parameters = parse_qs(query, keep_blank_values=True)
        limit = _limit(parameters.get("limit", [str(LIMIT_DEFAULT)])[-1])
        try:
            page = self._log.page(parameters.get("cursor", [None])[-1], limit, parameters.get("type", [None])[-1])
        except CursorError as error:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "invalid_cursor", "The cursor is not valid.") from error
        has_more = b"true" if page.has_more else b"false"
        cursor = json.dumps(page.next_cursor).encode()
        return b'{"data":[%b],"has_more":%b,"next_cursor":%b}' % (b",".join(page.events), has_more, cursor)

    def _rate_headers(self) -> tuple[tuple[str, str], ...]:
        budget = self._bucket.budget()
        return (
            ("X-RateLimit-Limit", str(budget.limit)),
            ("X-RateLimit-Remaining", str(budget.remaining)),
            ("X-RateLimit-Reset", str(math.ceil(self._wall() + budget.full_in_s))),
        )


def _limit(text: str) -> int:
    # isdecimal alone would let digits of other scripts pass; a long number is not even read.
    if text.isascii() and text.isdecimal() and len(text) <= len(str(LIMIT_MAX)) and 1 <= int(text) <= LIMIT_MAX:
        return int(text)
    message = f"limit must be a whole number from 1 to {LIMIT_MAX}."
    raise RefusedError(HTTPStatus.BAD_REQUEST, "invalid_request", message)
