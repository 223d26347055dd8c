"""The client over real sockets: what it sends, and what it makes of everything that can come back."""

from __future__ import annotations

import asyncio
import traceback
from urllib.parse import parse_qs, urlsplit

import pytest
from support.raw_rex import Act, answer, begin, bomb, cut_off, drip, hang, raw_rex, slam

from rex_tui import __version__
from rex_tui.api import (
    BadResponse,
    CursorRejected,
    Forbidden,
    RateLimited,
    RexClient,
    RexError,
    Unauthorized,
    Unavailable,
)
from rex_tui.api_key import ApiKey

KEY = "rex_live_CANARY"
NOW = 1_773_662_400.0


def client(url: str, *, deadline_s: float = 10.0, body_max: int = 2**20) -> RexClient:
    return RexClient(url, ApiKey(KEY), deadline_s=deadline_s, body_max=body_max, now=lambda: NOW)


def error_body(code: str, message: str) -> bytes:
    return f'{{"error": {{"code": "{code}", "message": "{message}"}}}}'.encode()


async def failure(
    *answers: bytes | Act, cursor: str | None = None, deadline_s: float = 10.0, body_max: int = 2**20
) -> RexError:
    """Give the error that the first answer leads to, after looking for the key in all it could be shown with."""
    async with raw_rex(*answers) as rex, client(rex.url, deadline_s=deadline_s, body_max=body_max) as asking:
        with pytest.raises(RexError) as raised:
            await asking.events(cursor)
        assert len(rex.requests) == 1
        shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(vars(asking))
        assert "CANARY" not in shown
        assert str(raised.value).isprintable()
        return raised.value


async def test_it_sends_what_the_reference_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing for this machine goes through a proxy
    async with raw_rex(answer(), answer(), answer()) as rex, client(f"{rex.url}/rex/acme") as asking:
        await asking.events()
        await asking.events("eyJ+/= &?ü", limit=10, event_type="deal.won")
        await asking.events("c")
    lines = rex.requests[0].decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if line)
    assert lines[0] == "GET /rex/acme/events?limit=200 HTTP/1.1"
    assert headers["X-Api-Key"] == KEY
    assert headers["User-Agent"] == f"rex-tui/{__version__}"
    assert headers["Accept-Encoding"] == "identity"
    second = parse_qs(urlsplit(rex.requests[1].split()[1].decode()).query)
    assert second == {"cursor": ["eyJ+/= &?ü"], "limit": ["10"], "type": ["deal.won"]}


async def test_a_page_comes_with_its_budget_and_the_time_it_came() -> None:
    body = b'{"data": [{"id":"e","type":"t","occurred_at":"x","data":{"a" : 1}}], "has_more": true, "next_cursor": "n"}'
    headers = {"X_RateLimit_Limit": "1000", "X_RateLimit_Remaining": "999", "X_RateLimit_Reset": str(int(NOW) + 30)}
    async with raw_rex(answer(200, body, **headers)) as rex, client(rex.url) as asking:
        page = await asking.events()
    assert (page.events[0].data, page.events[0].received_at) == ('{"a" : 1}', NOW)
    assert (page.has_more, page.next_cursor) == (True, "n")
    assert (page.budget.limit, page.budget.remaining, page.budget.reset_in_s) == (1000, 999, 30)


@pytest.mark.parametrize(
    ("status", "cursor", "kind"),
    [
        (401, None, Unauthorized),
        (403, "c", Forbidden),
        (429, None, RateLimited),
        *((status, "c", CursorRejected) for status in (400, 404, 409, 410, 422)),
        *((status, None, BadResponse) for status in (400, 404, 409, 410, 422)),
        (418, "c", BadResponse),
        (201, None, BadResponse),
        *((status, "c", Unavailable) for status in (500, 502, 503, 504)),
    ],
)
async def test_each_status_has_its_error(status: int, cursor: str | None, kind: type[RexError]) -> None:
    error = await failure(answer(status, error_body("some_code", "Said so.")), cursor=cursor)
    assert type(error) is kind
    assert str(status) in str(error)
    assert "some_code: Said so)." in str(error)


@pytest.mark.parametrize(
    "body", [b"", b"<html>502 \x1b[2J</html>", b'{"error": "text"}', b'{"error": {"code": 7}}', b"[" * 9000, b"\xff"]
)
async def test_any_error_body_is_survived(body: bytes) -> None:
    assert "(502)" in str(await failure(answer(502, body)))


async def test_what_an_error_body_says_is_cleaned() -> None:
    error = await failure(answer(500, error_body("\\u001b]0;x\\u0007", "\\u202eevil" + "x" * 9000)))
    assert "␛]0;x␇" in str(error)
    assert len(str(error)) < 600


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "0"}, 1),
        ({"Retry_After": "99999999"}, 3600),
        ({"Retry_After": "Mon, 16 Mar 2026 12:00:20 GMT"}, 20),
        ({"Retry_After": "soon"}, 60),
        ({"X_RateLimit_Reset": "12"}, 12),
    ],
)
async def test_a_429_says_how_long_to_stay_away(headers: dict[str, str], wait_s: float) -> None:
    error = await failure(answer(429, b"", **headers))
    assert isinstance(error, RateLimited)
    assert error.retry_in_s == wait_s


@pytest.mark.parametrize("location", ["https://evil.example/events", "//evil.example", "http://[", ""])
async def test_a_redirect_is_not_followed(location: str) -> None:
    async with raw_rex(answer()) as elsewhere:
        there = location or f"{elsewhere.url}/events"
        error = await failure(answer(302, b"", Location=there))
        assert isinstance(error, BadResponse)
        assert "redirected to" in str(error)
        assert ("evil.example" in str(error)) == ("evil.example" in there)
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (answer(body=b"<html>please log in</html>"), Unavailable, "not JSON"),
        (answer(body=b""), Unavailable, "not JSON"),
        (answer(body=b'{"items": []}'), BadResponse, "format must have changed"),
        (answer(body=b"[]"), BadResponse, "not a page of events"),
        (answer(body=b'{"data": [', Content_Length="500"), Unavailable, ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", Unavailable, "cut off"),
        (b"what is this\r\n\r\n", Unavailable, "no web server's answer"),
        (begin(200, cut_off), Unavailable, "cut off"),
        (begin(200, slam), Unavailable, "broke"),
    ],
)
async def test_a_broken_answer_is_an_error_of_ours(said: bytes | Act, kind: type[RexError], words: str) -> None:
    async with raw_rex(said) as rex, client(rex.url) as asking:
        rex.close_after = True
        with pytest.raises(RexError) as raised:
            await asking.events()
    assert type(raised.value) is kind
    assert words in str(raised.value)


@pytest.mark.parametrize("never_ends", [hang, drip])
async def test_a_request_has_a_deadline_as_a_whole(never_ends: Act) -> None:
    error = await failure(never_ends, deadline_s=0.2, body_max=2**40)
    assert isinstance(error, Unavailable)
    assert "within 0.2 seconds" in str(error)


@pytest.mark.parametrize("huge", [answer(body=b" " * (3 * 2**20)), bomb(50)])
async def test_a_huge_answer_is_not_read_to_its_end(huge: bytes | Act) -> None:
    error = await failure(huge)
    assert isinstance(error, BadResponse)
    assert "larger than 1 MiB" in str(error)


async def test_a_huge_error_body_is_not_read_either() -> None:
    assert "(500)" in str(await failure(answer(500, b"x" * 200_000)))


@pytest.mark.parametrize(
    "said", [begin(401, hang), begin(401, cut_off), answer(401, b"no gzip", Content_Encoding="gzip")]
)
async def test_a_status_stands_whatever_becomes_of_its_body(said: bytes | Act) -> None:
    error = await failure(said, deadline_s=1.0)
    assert type(error) is Unauthorized
    assert "(401)" in str(error)


@pytest.mark.parametrize("cursor", ["x" * 70_000, "\ud800"])
async def test_a_cursor_that_cannot_be_sent_is_a_rejected_one(cursor: str) -> None:
    async with raw_rex() as rex, client(rex.url) as asking:
        with pytest.raises(CursorRejected, match="can't be sent"):
            await asking.events(cursor)
        with pytest.raises(BadResponse, match="event type"):
            await asking.events(event_type=cursor)
    assert rex.requests == []


async def test_cancelling_ends_a_hanging_request_at_once() -> None:
    async with raw_rex(hang, answer()) as rex, client(rex.url) as asking:
        request = asyncio.create_task(asking.events())
        await rex.asked.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert (await asking.events()).next_cursor == "c"


@pytest.mark.parametrize("limit", [0, 201, -1])
async def test_a_limit_that_rex_does_not_know_is_refused_here(limit: int) -> None:
    async with raw_rex() as rex, client(rex.url) as asking:
        with pytest.raises(ValueError, match="1 to 200"):
            await asking.events(limit=limit)
    assert rex.requests == []


async def test_a_large_page_is_decoded_beside_the_screen() -> None:
    large = b'{"id":"e","type":"t","occurred_at":"","data":"%b"}' % (b"x" * 3 * 2**20)
    body = b'{"data": [%b], "has_more": false, "next_cursor": "n"}' % large
    async with raw_rex(answer(body=body)) as rex, client(rex.url, body_max=4 * 2**20) as asking:
        page = await asking.events()
    assert len(page.events[0].data) == 3 * 2**20 + 2
