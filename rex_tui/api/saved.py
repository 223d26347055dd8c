"""Reading what was saved from Rex: exported JSON Lines, or answers of its API, decoded as if they came by wire."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, Protocol

from rex_tui.api.errors import RexError
from rex_tui.api.split import SplitError, elements, members
from rex_tui.api.wire import BYTE_ORDER_MARK, decode_page
from rex_tui.event import Page, Quarantined

DOCUMENT_MAX: Final = 64 * 2**20
"""Bytes of one JSON document, on one line or many; Rex's own answers are much smaller."""
LINES_AT_ONCE: Final = 500
BYTES_AT_ONCE: Final = 2 * 2**20
RAW_MAX: Final = 2**20
"""Bytes that are kept of what is set aside."""
NO_EVENT: Final = "it is no event and no page of events"
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]')
_SPACE: Final = b" \t\r\n"


class Lines(Protocol):
    """Where lines come from: an open file."""

    def readline(self, size: int, /) -> bytes:
        """Give the next line, or `size` bytes of a longer one; nothing at the end."""


def read_saved(file: Lines, received_at: float) -> Iterator[Page]:
    """Yield what a file holds, in parts; `received_at` is in seconds since the epoch, UTC.

    An event on each line, one or many events or pages of events as JSON documents, or lists of these. What is none of
    this is set aside, and the rest stays. Memory does not grow with the file. Raises what reading it raises.
    """
    lines: list[bytes] = []
    document: list[bytes] = []
    size = depth = 0
    mark = BYTE_ORDER_MARK
    while line := file.readline(DOCUMENT_MAX):
        if len(line) >= DOCUMENT_MAX and line[-1:] != b"\n":
            yield from _pages_of_lines(lines, received_at)
            yield _aside(line, f"a line is longer than {DOCUMENT_MAX >> 20} MiB")
            while line and line[-1:] != b"\n":
                line = file.readline(DOCUMENT_MAX)
            lines = []
            continue
        text = line.removeprefix(mark).strip(_SPACE)
        mark = b""
        if not text:
            continue
        if not document and text[:1] == b"{" and text[-1:] == b"}":
            lines.append(text)
            size += len(text)
            if len(lines) >= LINES_AT_ONCE or size >= BYTES_AT_ONCE:
                yield from _pages_of_lines(lines, received_at)
                lines, size = [], 0
            continue
        if lines:
            yield from _pages_of_lines(lines, received_at)
            lines, size = [], 0
        document.append(text)
        size += len(text)
        change = _brackets(text)
        depth = 0 if change is None else depth + change
        if depth <= 0 or size >= DOCUMENT_MAX:
            yield from _pages_of_document(document, received_at)
            document, size, depth = [], 0, 0
    yield from _pages_of_lines(lines, received_at)
    yield from _pages_of_document(document, received_at)


def _brackets(line: bytes) -> int | None:
    """Give how many more brackets a line opens than it closes; None where it ends inside a text, as no JSON does."""
    depth = 0
    for token in _TOKEN.finditer(line):
        kind = token[0]
        if kind == b'"':
            return None
        if len(kind) == 1:
            depth += 1 if kind in b"[{" else -1
    return depth


def _pages_of_lines(lines: list[bytes], received_at: float) -> Iterator[Page]:
    """Yield what stands on lines, most likely an event on each."""
    if not lines:
        return
    page = _decoded(lines, received_at)
    if page is not None and not page.quarantined and len(page.events) == len(lines):
        yield page
    else:
        for line in lines:
            yield from _pages_of(line, received_at)


def _pages_of_document(lines: list[bytes], received_at: float) -> Iterator[Page]:
    """Yield what stands in a document of several lines; where it is none, what stands on each line."""
    if not lines:
        return
    whole = b"\n".join(lines)
    if len(lines) == 1 or _documents(whole) is not None:
        yield from _pages_of(whole, received_at)
        return
    broken: list[bytes] = []
    for line in lines:
        if line[:1] == b"{" and _documents(line) is not None:
            if broken:
                yield _aside(b"\n".join(broken), NO_EVENT)
                broken = []
            yield from _pages_of(line, received_at)
        else:
            broken.append(line)
    if broken:
        yield _aside(b"\n".join(broken), NO_EVENT)


def _pages_of(text: bytes, received_at: float) -> Iterator[Page]:
    """Yield what one JSON document holds, or several that follow each other on one line."""
    documents = _documents(text)
    if documents is None:
        yield _aside(text, "it is no JSON, or was cut off")
        return
    for document in documents:
        try:
            yield from _pages_of_list(_events_in(document), received_at)
        except SplitError:
            yield _aside(document, NO_EVENT)


def _events_in(document: bytes) -> list[bytes]:
    """Give the texts of the events in a document: one event, a page, or a list of either; raises `SplitError`."""
    if document[:1] == b"[":
        found = elements(document)
        return [event for one in found for event in (_events_in(one) if one[:1] == b"{" else [one])]
    parts = members(document)
    if "type" not in parts and parts.get("data", b"")[:1] == b"[":
        return elements(parts["data"])
    return [document]


def _pages_of_list(events: list[bytes], received_at: float) -> Iterator[Page]:
    for first in range(0, len(events), LINES_AT_ONCE):
        some = events[first : first + LINES_AT_ONCE]
        page = _decoded(some, received_at)
        if page is not None and len(page.events) + len(page.quarantined) == len(some):
            yield page
        else:
            for event in some:
                yield _decoded([event], received_at) or _aside(event, NO_EVENT)


def _decoded(events: list[bytes], received_at: float) -> Page | None:
    try:
        return decode_page(b'{"data":[' + b",".join(events) + b'],"has_more":false}', received_at)
    except RexError:
        return None


def _documents(text: bytes) -> list[bytes] | None:
    """Give the JSON documents that follow each other in a text; None where it is anything else."""
    try:
        rest = text.decode()
        found: list[bytes] = []
        decoder = json.JSONDecoder()
        while rest := rest.lstrip(" \t\r\n"):
            _, end = decoder.raw_decode(rest)
            found.append(rest[:end].encode())
            rest = rest[end:]
    except (ValueError, RecursionError):
        return None
    return found


def _aside(raw: bytes, reason: str) -> Page:
    cut = f" (of {len(raw):,} bytes the first {RAW_MAX:,} are kept)" if len(raw) > RAW_MAX else ""
    return Page((), (Quarantined(raw[:RAW_MAX], reason + cut),), has_more=False, next_cursor=None)
