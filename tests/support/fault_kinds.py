"""The faults by name: what can be wrong with a page, an answer, and a connection."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from support.fault import Answer, AnswerEdit, Fault, Form, PageEdit, Served

if TYPE_CHECKING:
    from support.fault_rex import FaultRex

HTML: Final = b"<!doctype html><html><body><h1>Bad gateway</h1>\x1b[2J</body></html>"


# ---- pages


def cursor(text: str | None, *, at_end: bool | None = None) -> Fault:
    """Give this JSON text as the cursor, None for leaving it out; only at the log's end, or only before it."""
    raw = None if text is None else text.encode()
    return _page(f"cursor {text}", _at(at_end, lambda page: replace(page, cursor=raw)))


def repeated_cursor(*, at_end: bool) -> Fault:
    """Give the cursor back that was sent."""
    return _page("cursor repeated", _at(at_end, lambda page: replace(page, cursor=json.dumps(page.asked).encode())))


def cycling_cursor() -> Fault:
    """Lead back to the start of the log from its end, and promise more for ever."""
    return _page(
        "cursor cycling", lambda page: replace(page, more=b"true", cursor=b'"c0"' if page.last else page.cursor)
    )


def cursor_tail(tail: str) -> Fault:
    """Put this text behind each cursor."""
    return _page("odd cursor", lambda page: replace(page, cursor=json.dumps(f"c{page.end}{tail}").encode()))


def new_cursor_each_time() -> Fault:
    """Give another cursor for the same place with each answer."""
    return _page("new cursor", lambda page: replace(page, cursor=b'"c%d~%d"' % (page.end, page.number)))


def number_cursor() -> Fault:
    """Give the place as a JSON number."""
    return _page("number cursor", lambda page: replace(page, cursor=b"%d" % page.end))


def same_page() -> Fault:
    """Give the first page again and again, a new cursor, and the promise of more."""
    return _page(
        "same page",
        lambda page: replace(
            page, events=tuple(page.log[: page.end - page.start]), more=b"true", cursor=b'"c0~%d"' % page.number
        ),
    )


def empty_with_more() -> Fault:
    """Give no events, a new cursor for the same place, and the promise of more."""
    return _page(
        "empty page",
        lambda page: replace(page, events=(), more=b"true", cursor=b'"c%d~%d"' % (page.start, page.number)),
    )


def more(text: str | None) -> Fault:
    """Give this JSON text as `has_more`, None for leaving it out."""
    raw = None if text is None else text.encode()
    return _page(f"has_more {text}", lambda page: replace(page, more=raw))


def form(name: Form) -> Fault:
    """Give the page in another envelope."""
    return _page(f"envelope {name}", lambda page: replace(page, form=name))


def doubled_within() -> Fault:
    """Give each event of a page twice."""
    return _page("doubled in page", lambda page: replace(page, events=tuple(e for e in page.events for _ in range(2))))


def doubled_across(back: int = 3) -> Fault:
    """Begin each page with the last events of the one before."""
    return _page(
        "doubled across pages",
        lambda page: replace(page, events=(*page.log[max(0, page.start - back) : page.start], *page.events)),
    )


def with_event(raw: bytes) -> Fault:
    """Put this text among a page's events, in the middle."""

    def edit(page: Served) -> Served:
        middle = len(page.events) // 2
        return replace(page, events=(*page.events[:middle], raw, *page.events[middle:]))

    return _page("poisoned event", edit)


def many(count: int) -> Fault:
    """Fill the page with this many numbers where events should be."""
    return _page("many things", lambda page: replace(page, events=(b"1",) * count))


# ---- answers


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """Answer with this status and body; an underscore in a header's name is a hyphen."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    said = body or json.dumps({"error": {"code": f"code_{code}", "message": "Not \x1b[31mnow."}}).encode()
    return _answer(f"status {code}", lambda _answer, _rex: Answer(code, said, told))


def body(raw: bytes, **headers: str) -> Fault:
    """Answer 200 with this body."""
    return replace(status(200, raw, **headers), name="other body")


def retry_at_date(seconds: float) -> Fault:
    """Answer 429 and name the moment to come back, as an HTTP date."""

    def edit(_answer: Answer, rex: FaultRex) -> Answer:
        return Answer(429, b"", {"Retry-After": formatdate(rex.now() + seconds, usegmt=True)})

    return _answer("429 with a date", edit)


def redirect() -> Fault:
    """Send the client to another host, which counts who comes."""
    return _answer("redirect", lambda _answer, rex: Answer(302, b"", {"Location": f"{rex.elsewhere}/events"}))


def bomb(megabytes: int) -> Fault:
    """Answer with little on the wire that unpacks to much."""
    packed = gzip.compress(b'{"data": [' + b" " * (megabytes * 2**20))
    return _answer("gzip bomb", lambda _answer, _rex: Answer(200, packed, {"Content-Encoding": "gzip"}))


def cut_short(share: float = 0.5) -> Fault:
    """Give a whole answer whose JSON ends in the middle."""
    return _answer("JSON cut", lambda answer, _rex: replace(answer, body=answer.body[: int(len(answer.body) * share)]))


def budget(limit: str, remaining: str, reset: str) -> Fault:
    """Tell of a request budget."""
    headers = {"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset}
    return _answer("budget", lambda answer, _rex: replace(answer, headers={**answer.headers, **headers}))


# ---- deliveries


async def _never(_writer: asyncio.StreamWriter, _text: bytes) -> None:
    await asyncio.Event().wait()


async def _truncated(writer: asyncio.StreamWriter, text: bytes) -> None:
    writer.write(text[:-10])
    await writer.drain()


async def _reset(writer: asyncio.StreamWriter, text: bytes) -> None:
    writer.write(text[:-10])
    await writer.drain()
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _silent(_writer: asyncio.StreamWriter, _text: bytes) -> None:
    """Close without a word."""


async def _garbage(writer: asyncio.StreamWriter, _text: bytes) -> None:
    writer.write(b"\x16\x03\x01 this is no web server\r\n\r\n")
    await writer.drain()


async def _closed_after(writer: asyncio.StreamWriter, text: bytes) -> None:
    writer.write(text)


async def _endless_headers(writer: asyncio.StreamWriter, _text: bytes) -> None:
    writer.write(b"HTTP/1.1 200 Said\r\n")
    await _endlessly(writer, b"X-Header: " + b"x" * 100 + b"\r\n")


async def _endless_interim(writer: asyncio.StreamWriter, _text: bytes) -> None:
    await _endlessly(writer, b"HTTP/1.1 100 Continue\r\n\r\n")


async def _endlessly(writer: asyncio.StreamWriter, piece: bytes) -> None:
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)


NEVER: Final = Fault("no answer", deliver=_never)
TRUNCATED: Final = Fault("truncated", deliver=_truncated)
RESET: Final = Fault("reset", deliver=_reset)
SILENT: Final = Fault("closed without an answer", deliver=_silent)
GARBAGE: Final = Fault("no web server", deliver=_garbage)
ENDLESS_HEADERS: Final = Fault("headers without an end", deliver=_endless_headers)
ENDLESS_INTERIM: Final = Fault("interim answers without an end", deliver=_endless_interim)
CLOSED_AFTER: Final = Fault("connection closed when idle", deliver=_closed_after)


def drip(every_s: float = 1.0) -> Fault:
    """Send one byte after the other."""

    async def deliver(writer: asyncio.StreamWriter, text: bytes) -> None:
        for at in range(len(text)):
            writer.write(text[at : at + 1])
            await writer.drain()
            await asyncio.sleep(every_s)

    return Fault("drip", deliver=deliver)


def stall_after(size: int) -> Fault:
    """Send so many bytes and then nothing more, as a line does that is too slow for the rest in time."""

    async def deliver(writer: asyncio.StreamWriter, text: bytes) -> None:
        writer.write(text[:size])
        await writer.drain()
        if len(text) > size:
            await asyncio.Event().wait()

    return Fault("slow line", deliver=deliver)


def only(fault: Fault, *, times: int | None = None, after: int = 0) -> Fault:
    """Give the fault for some requests only."""
    return replace(fault, times=times, after=after)


def _at(at_end: bool | None, edit: PageEdit) -> PageEdit:
    return lambda page: edit(page) if at_end is None or at_end == page.last else page


def _page(name: str, edit: PageEdit) -> Fault:
    return Fault(name, page=edit)


def _answer(name: str, edit: AnswerEdit) -> Fault:
    return Fault(name, answer=edit)
