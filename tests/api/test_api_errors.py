"""Answers made to break the client: each ends in an error of ours, and none of them shows the key."""

from __future__ import annotations

import traceback

import pytest
from support.raw_rex import answer, raw_rex

from rex_tui.api import BadResponse, RexClient, RexError, Unauthorized, Unavailable
from rex_tui.api_key import ApiKey

KEY = "rex_live_CANARY"
OK = b"HTTP/1.1 200 OK\r\n"


def shown_with_locals(error: BaseException) -> str:
    """Give what a crash screen could show of an error: all frames but the tests' own, with their local variables."""
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), capture_locals=True)
    locals_ = [str(frame.locals) for frame in frames if "tests" not in frame.filename.split("/")]
    assert locals_
    return "".join([*locals_, *traceback.format_exception(error)])


async def failure(said: bytes) -> RexError:
    """Give the error that an answer leads to, after looking for the key in it."""
    async with raw_rex(said) as rex, RexClient(rex.url, ApiKey(KEY), deadline_s=5.0) as asking:
        rex.close_after = True
        with pytest.raises(RexError) as raised:
            await asking.events("c")
        assert KEY.encode() in rex.requests[0]
        assert "CANARY" not in shown_with_locals(raised.value) + repr(raised.value) + repr(asking)
        assert str(raised.value).isprintable()
        return raised.value


@pytest.mark.parametrize(
    "location",
    [
        "https://xn--a.example/",
        "//xn--a/x",
        "https://xn--/",
        "https://xn--zzzzzz--a-9/",
        "mailto:rex@example.com",
    ],
)
async def test_a_redirect_to_what_is_no_address_is_told_as_such(location: str) -> None:
    error = await failure(answer(302, b"", Location=location))
    assert type(error) is BadResponse
    assert "redirected" in str(error)


@pytest.mark.parametrize("location", ["https://[::1/", "https://[zz]/", "\x7f", "x" * 70_000])
async def test_a_location_that_cannot_be_read_is_survived(location: str) -> None:
    assert isinstance(await failure(answer(307, b"", Location=location)), BadResponse | Unavailable)


async def test_a_location_counts_only_with_a_redirect() -> None:
    assert type(await failure(answer(401, b"", Location="https://xn--a.example/"))) is Unauthorized


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", Unavailable),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 50, Unavailable),
        (b"HTTP/1.1 103 Early\r\n\r\n", Unavailable),
        (b"HTTP/1.1 204 Nothing\r\n\r\n", BadResponse),
        (b"HTTP/1.1 304 Same\r\n\r\n", BadResponse),
        (answer(600), Unavailable),
        (answer(407, Proxy_Authenticate="Basic"), BadResponse),
        (answer(401, WWW_Authenticate="Digest realm=x"), Unauthorized),
        (OK + b"Content-Length: x\r\n\r\n", Unavailable),
        (OK + b"Content-Length: -1\r\n\r\n", Unavailable),
        (OK + b"Content-Length: 5, 6\r\n\r\n12345", Unavailable),
        (OK + b"Transfer-Encoding: gzip\r\n\r\nx", Unavailable),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", Unavailable),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 22 + b"\r\nx", Unavailable),
        (OK + b"X-Long: " + b"a" * 200_000 + b"\r\n\r\n", Unavailable),
        (OK + b"Content-Encoding: \xff\r\n\r\n", Unavailable),
        (b"HTTP/2 200\r\n\r\n", Unavailable),
        (b"\x16\x03\x01\x02\x00", Unavailable),
        (b"", Unavailable),
    ],
)
async def test_an_answer_made_to_break_http_is_an_error_of_ours(said: bytes, kind: type[RexError]) -> None:
    assert type(await failure(said)) is kind


@pytest.mark.parametrize(
    "cookie",
    ["=;;;;", "a=b; expires=Mon, 99 Foo 99999 99:99:99 GMT; version=zz", 'a=b; port="x"; version=1; domain=..'],
)
async def test_an_odd_cookie_does_no_harm(cookie: str) -> None:
    async with raw_rex(answer(Set_Cookie=cookie), answer()) as rex, RexClient(rex.url, ApiKey(KEY)) as asking:
        await asking.events()
        assert (await asking.events()).next_cursor == "c"
