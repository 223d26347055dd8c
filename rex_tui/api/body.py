"""Reading an answer's body with a bound on what comes out, however small it came over the wire."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from rex_tui.api.errors import Unavailable
from rex_tui.api.lean_httpx import httpx
from rex_tui.safe_text import clean

MESSAGE_LIMIT: Final = 200
ZLIB_OR_GZIP: Final = zlib.MAX_WBITS | 32
PACKINGS: Final = frozenset({"gzip", "x-gzip", "deflate"})


class _Unpacker(Protocol):
    """What `zlib.decompressobj` gives."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


async def read_body(response: httpx.Response, size_max: int) -> bytes | None:
    """Give the unpacked body, or None as soon as it is larger than `size_max` bytes.

    httpx unpacks whatever came at once, and packings inside packings, before anybody can count: a few KB become GB.
    So one packing is undone here, with a bound, and more than one is refused. Raises `Unavailable` where the packing is
    broken or not one of `PACKINGS`, and what httpx raises while reading.
    """
    unpacker = _unpacker(response.headers.get("Content-Encoding", ""))
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk if unpacker is None else _unpacked(unpacker, chunk, size_max + 1 - len(body))
        if len(body) > size_max:
            return None
    if unpacker is not None and not unpacker.eof:
        raise Unavailable("Rex's answer came garbled: its packing has no end.")
    return bytes(body)


def message_of(body: bytes | None, hide: Callable[[str], str] = str) -> str:
    """Give code and message of an error body as a clean tail for a sentence; "" where it has none.

    `hide` takes out what must not be repeated, also what only cleaning puts together.
    Source: Rex API documentation, errors: `{"error": {"code": "…", "message": "…"}}`.
    """
    try:
        told = json.loads(body or b"")
    except (ValueError, RecursionError):
        return ""
    error = told.get("error") if isinstance(told, Mapping) else None
    if not isinstance(error, Mapping):
        return ""
    parts = [
        hide(clean(hide(error[name]), MESSAGE_LIMIT)).rstrip(". ")
        for name in ("code", "message")
        if isinstance(error.get(name), str)
    ]
    return "".join(f": {part}" for part in parts)


def _unpacker(header: str) -> _Unpacker | None:
    names = [name for part in header.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if not names:
        return None
    if len(names) > 1 or names[0] not in PACKINGS:
        raise Unavailable("Rex's answer came packed in a way that was not asked for.")
    return zlib.decompressobj(ZLIB_OR_GZIP)


def _unpacked(unpacker: _Unpacker, chunk: bytes, length_max: int) -> bytes:
    try:
        piece = unpacker.decompress(chunk, length_max)
    except zlib.error:
        raise Unavailable("Rex's answer came garbled: it can't be unpacked.") from None
    if unpacker.unused_data:
        raise Unavailable("Rex's answer came garbled: it goes on after its packing's end.")
    return piece
