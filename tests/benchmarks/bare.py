"""The floor under a catch-up: httpx reads each page, and msgspec its events, or nothing does.

    python tests/benchmarks/bare.py URL read|pass

Prints the number of events and the seconds from the first request to the last answer.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Final

import httpx
import msgspec

LIMIT: Final = 200


class Event(msgspec.Struct):
    """An event, its payload as it came."""

    id: str
    type: str
    occurred_at: str
    data: msgspec.Raw


class Page(msgspec.Struct):
    """A page of events."""

    data: list[Event]
    has_more: bool
    next_cursor: str


async def read_all(url: str, *, decode: bool) -> int:
    """Ask for one page after another; without `decode`, do nothing with them but look whether there are more."""
    decoder = msgspec.json.Decoder(Page)
    events, cursor, more = 0, "", True
    async with httpx.AsyncClient() as client:
        while more:
            asked = {"limit": str(LIMIT)} | ({"cursor": cursor} if cursor else {})
            content = (await client.get(f"{url}/events", params=asked)).content
            if decode:
                page = decoder.decode(content)
                events, cursor, more = events + len(page.data), page.next_cursor, page.has_more
            else:
                more = b'"has_more":true' in content[-100:]
                cursor = content.rpartition(b'"next_cursor":"')[2][:-2].decode()
                events = int(cursor[1:])
    return events


def main() -> None:
    """Read the command line, ask, print."""
    url, how = sys.argv[1:]
    started = time.perf_counter()
    events = asyncio.run(read_all(url, decode=how == "read"))
    print(events, time.perf_counter() - started)


if __name__ == "__main__":
    main()
