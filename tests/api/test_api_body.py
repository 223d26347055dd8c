"""Reading a body: packed, packed twice, packed badly, and never more of it than was allowed."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.api import Unavailable
from rex_tui.api.body import message_of, read_body
from rex_tui.api.lean_httpx import httpx

MIB = 2**20
TEXT = b'{"data": [], "has_more": false}'
GZIPPED = gzip.compress(TEXT, mtime=0)  # a test's name is made of it, so it is the same at all times


class Chunks(httpx.AsyncByteStream):
    def __init__(self, body: bytes, size: int) -> None:
        self.left = [body[start : start + size] for start in range(0, len(body), size)]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.left:
            yield self.left.pop(0)


def packed(body: bytes, encoding: str, size: int = 64 * 1024) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Chunks(body, size))


@pytest.mark.parametrize("size", [1, 64 * 1024])
@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (GZIPPED, "gzip"),
        (GZIPPED, " X-GZIP , identity"),
        (zlib.compress(TEXT), "deflate"),
    ],
)
async def test_a_body_is_unpacked(body: bytes, encoding: str, size: int) -> None:
    assert await read_body(packed(body, encoding, size), len(TEXT)) == TEXT
    assert await read_body(packed(body, encoding, size), len(TEXT) - 1) is None


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (b"not gzip", "gzip", "can't be unpacked"),
        (GZIPPED[:-9], "gzip", "has no end"),
        (b"", "gzip", "has no end"),
        (GZIPPED + b"more", "gzip", "goes on after"),
        (gzip.compress(GZIPPED, mtime=0), "gzip, gzip", "not asked for"),
        (TEXT, "br", "not asked for"),
    ],
)
@pytest.mark.parametrize("size", [1, 64 * 1024])
async def test_a_packing_that_is_broken_or_unknown(body: bytes, encoding: str, words: str, size: int) -> None:
    with pytest.raises(Unavailable, match=words):
        await read_body(packed(body, encoding, size), MIB)


async def test_a_bomb_is_not_unpacked_further_than_allowed() -> None:
    response = packed(gzip.compress(bytes(64 * MIB)), "gzip")
    tracemalloc.start()
    try:
        assert await read_body(response, MIB) is None
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


async def test_what_lies_behind_the_allowed_size_is_not_asked_for() -> None:
    chunks = Chunks(b" " * 100, 10)
    assert await read_body(httpx.Response(200, stream=chunks), 25) is None
    assert len(chunks.left) == 7


@given(st.none() | st.binary() | st.recursive(st.none() | st.text(), st.lists).map(lambda it: json.dumps(it).encode()))
def test_any_error_body_gives_a_tail(body: bytes | None) -> None:
    assert message_of(body) == ""


def test_a_code_and_a_message_are_short_and_clean() -> None:
    body = json.dumps({"error": {"code": "a\x1b", "message": "b" * 9000}}).encode()
    assert message_of(body).startswith(": a␛: bbb")
    assert len(message_of(body)) < 300
