"""What was set aside, without a screen: as JSON Lines, and tried again."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from rex_tui.api import RexError
from rex_tui.api.wire import decode_page
from rex_tui.event import Event, SetAside
from rex_tui.store import EventStore

ITEMS_AT_ONCE: Final = 200


def items(store: EventStore) -> Iterator[list[SetAside]]:
    """Yield all that was set aside, oldest first, some at a time."""
    after = 0
    while found := store.set_aside(ITEMS_AT_ONCE, after):
        after = found[-1].number
        yield found


def json_line(item: SetAside, *, masked: bool = False) -> str:
    """Give one thing as a line of JSON: when it came, why it was set aside, and its bytes, verbatim.

    A `masked` one says how many bytes it has: what can't be read can't be masked.
    """
    told = {
        "received_at": datetime.fromtimestamp(item.received_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "reason": item.reason,
    }
    if masked:
        return json.dumps(told | {"withheld_bytes": len(item.raw)}, ensure_ascii=False)
    try:
        told["raw"] = item.raw.decode()
    except UnicodeDecodeError:
        told["raw_base64"] = base64.b64encode(item.raw).decode()
    return json.dumps(told, ensure_ascii=False)


def retry(store: EventStore) -> tuple[int, int]:
    """Read again what was set aside; give how many are events of the log now, and how many stay set aside.

    Raises `StoreError`.
    """
    before = store.quarantined()
    for found in items(store):
        readable = [(item.digest, event) for item in found if (event := read_again(item)) is not None]
        if readable:
            store.adopt(readable)
    left = store.quarantined()
    return before - left, left


def read_again(item: SetAside) -> Event | None:
    """Give the event that a set-aside thing is, or None where it still is none."""
    try:
        page = decode_page(b'{"data":[' + item.raw + b'],"has_more":false}', item.received_at)
    except RexError:
        return None
    return page.events[0] if len(page.events) == 1 and not page.quarantined else None
