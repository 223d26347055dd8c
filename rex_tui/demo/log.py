"""The demo's event log: ordered, append-only, paged by opaque cursors."""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_left
from collections.abc import Iterable
from threading import Lock
from typing import Final

from msgspec import Struct

from rex_tui.demo.organisation import DemoEvent

_CURSOR_MAX_LENGTH: Final = 256


class CursorError(ValueError):
    """The cursor is none that this log gave out."""


class LogPage(Struct, frozen=True):
    """Some events of the log, each as its JSON in UTF-8, and how to go on after them.

    `next_cursor` is None only where the log is empty. Where `has_more` is False it stands after all that was looked at.
    """

    events: tuple[bytes, ...]
    has_more: bool
    next_cursor: str | None


class DemoLog:
    """An ordered log of events for many threads; a cursor means "after this event"."""

    def __init__(self, events: Iterable[DemoEvent] = ()) -> None:
        """Begin with `events`, in their order."""
        self._lock = Lock()
        self._events: list[DemoEvent] = []
        self._encoded: list[bytes] = []
        self._index: dict[str, int] = {}
        self._by_type: dict[str, list[int]] = {}
        for event in events:
            self.append(event)

    def __len__(self) -> int:
        return len(self._events)

    @property
    def events(self) -> tuple[DemoEvent, ...]:
        """Give all events up to now, in order."""
        with self._lock:
            return tuple(self._events)

    def append(self, event: DemoEvent) -> None:
        """Add `event` at the end; its payload is kept verbatim."""
        head = json.dumps({"id": event.id, "type": event.type, "occurred_at": event.occurred_at}, separators=(",", ":"))
        encoded = f'{head[:-1]},"data":{event.data}}}'.encode()
        with self._lock:
            position = len(self._events)
            self._events.append(event)
            self._encoded.append(encoded)
            self._index[event.id] = position
            self._by_type.setdefault(event.type, []).append(position)

    def page(self, cursor: str | None, limit: int, event_type: str | None = None) -> LogPage:
        """Give up to `limit` events after `cursor` (None: from the first), of one type where it is given.

        Raises `CursorError` where the cursor is garbage or of another log.
        """
        after = None if cursor is None else _read_cursor(cursor)
        with self._lock:
            if after is None:
                start = 0
            elif after in self._index:
                start = self._index[after] + 1
            else:
                raise CursorError("no such event")
            count = len(self._events)
            if event_type is None:
                events = tuple(self._encoded[start : start + limit])
                end = start + len(events)
                has_more = end < count
            else:
                positions = self._by_type.get(event_type, [])
                first = bisect_left(positions, start)
                chosen = positions[first : first + limit]
                events = tuple(self._encoded[position] for position in chosen)
                has_more = first + limit < len(positions)
                end = chosen[-1] + 1 if has_more else count
            last = self._events[end - 1].id if end else None
        return LogPage(events, has_more, None if last is None else make_cursor(last))


def make_cursor(event_id: str) -> str:
    """Give the opaque cursor that stands after the event `event_id`: `eyJpZCI6…`."""
    return base64.urlsafe_b64encode(f'{{"id":"{event_id}"}}'.encode()).rstrip(b"=").decode()


def _read_cursor(cursor: str) -> str:
    if len(cursor) > _CURSOR_MAX_LENGTH or not cursor.isascii():
        raise CursorError("not a cursor")
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        value = json.loads(text)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise CursorError("not a cursor") from error
    event_id = value.get("id") if isinstance(value, dict) else None
    if not isinstance(event_id, str):
        raise CursorError("not a cursor")
    return event_id
