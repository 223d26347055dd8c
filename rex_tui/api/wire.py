"""Decoding a page: strict where the contract is at stake, tolerant with everything else, one event at a time."""

from __future__ import annotations

import json
from typing import Final

import msgspec

from rex_tui.api.errors import BadResponse, Unavailable
from rex_tui.api.split import SplitError, elements, members
from rex_tui.event import Event, Page, Quarantined, RateBudget
from rex_tui.payload import PayloadError, parse
from rex_tui.safe_text import clean

ID_MAX: Final = 512
TYPE_MAX: Final = 256
EVENTS_MAX: Final = 10_000
CURSOR_MAX: Final = 16 * 2**10
NAME_MAX: Final = 40
NULL: Final = b"null"
NO_CURSOR: Final = frozenset({b"", NULL, b'""'})
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
EVENT_MEMBERS: Final = frozenset({"id", "type", "occurred_at", "data"})


class _Meta(msgspec.Struct):
    cursor: msgspec.Raw = msgspec.Raw(NULL)
    has_more: msgspec.Raw = msgspec.Raw()


class _Envelope(msgspec.Struct):
    data: list[msgspec.Raw]
    has_more: msgspec.Raw = msgspec.Raw()
    next_cursor: msgspec.Raw = msgspec.Raw(NULL)
    meta: _Meta | None = None


class _Event(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    type: str
    occurred_at: str
    data: msgspec.Raw


class _SetAside(Exception):
    """An event can't be kept; the message says why."""


_decode_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_decode_event: Final = msgspec.json.Decoder(_Event).decode
_decode_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def decode_page(body: bytes, received_at: float, budget: RateBudget = RateBudget()) -> Page:  # noqa: B008 - frozen
    """Decode an answer to `GET /events`; `received_at` is in seconds since the epoch, UTC.

    Reads `next_cursor` or `meta.cursor`, `has_more` or `meta.has_more`, `occurred_at` or `timestamp` (sources: Events
    API reference, and Rex's page on webhooks and events). Raises `Unavailable` where the body is no JSON, and
    `BadResponse` where it is JSON of another shape. An event that can't be kept is set aside, and the rest stays.
    """
    raws, has_more, cursor = _open(body.removeprefix(BYTE_ORDER_MARK))
    if len(raws) > EVENTS_MAX:
        raise BadResponse(f"Rex sent {len(raws):,} events in one page, where at most 200 were asked for.")
    events: list[Event] = []
    quarantined: list[Quarantined] = []
    for raw in raws:
        try:
            event = _decode_event(raw)
            if not 0 < len(event.id) <= ID_MAX or len(event.type) > TYPE_MAX or not event.type:
                raise _SetAside("its id or type is empty or too long")  # noqa: TRY301 - one way out for all of it
            data = bytes(event.data).decode()
            events.append(Event(event.id, event.type, event.occurred_at, data, received_at))
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, _SetAside):
            try:
                events.append(_odd_event(bytes(raw), received_at))
            except _SetAside as reason:
                quarantined.append(Quarantined(bytes(raw), str(reason)))
    return Page(tuple(events), tuple(quarantined), has_more, cursor, budget)


def _open(body: bytes) -> tuple[list[msgspec.Raw] | list[bytes], bool, str | None]:
    """Take the envelope off: the events' texts, whether there is more, and the cursor."""
    raws: list[msgspec.Raw] | list[bytes]
    try:
        page = _decode_envelope(body)
        raws, has_more, cursor = page.data, bytes(page.has_more), bytes(page.next_cursor)
        meta_more, meta_cursor = (bytes(page.meta.has_more), bytes(page.meta.cursor)) if page.meta else (b"", NULL)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raws, has_more, cursor, meta_more, meta_cursor = _open_roughly(body)
    more = has_more if has_more not in (b"", NULL) else meta_more
    if more not in (b"true", b"false"):
        raise BadResponse("Rex's answer does not say whether there is more, so its format must have changed.")
    return raws, more == b"true", _cursor(meta_cursor if cursor in NO_CURSOR else cursor)


def _open_roughly(body: bytes) -> tuple[list[bytes], bytes, bytes, bytes, bytes]:
    try:
        outer = members(body)
    except SplitError:
        raise _no_page(body, "Rex's answer is JSON, but not a page of events.") from None
    try:
        raws = elements(outer.get("data", b""))
    except SplitError:
        raise _no_page(body, "Rex's answer has no list of events in it, so its format must have changed.") from None
    try:
        meta = members(outer.get("meta", b"{}"))
    except SplitError:
        meta = {}
    return (
        raws,
        outer.get("has_more", b""),
        outer.get("next_cursor", NULL),
        meta.get("has_more", b""),
        meta.get("cursor", NULL),
    )


def _no_page(body: bytes, why: str) -> BadResponse | Unavailable:
    """Give the error for a body without events: `why` where it is JSON of another shape, or that it is no JSON."""
    if _is_json(body):
        return BadResponse(why)
    return Unavailable("What came instead of an answer from Rex is not JSON, or was cut off.")


def _cursor(text: bytes) -> str | None:
    if text in NO_CURSOR:
        return None
    try:
        value = parse(text.decode())
    except (PayloadError, UnicodeDecodeError):
        value = None
    if not isinstance(value, str):
        raise BadResponse("Rex's cursor is not a text, so its format must have changed.")
    if len(value) > CURSOR_MAX or not _is_text(value):
        raise BadResponse("Rex's cursor is too long, or has characters that no text has.")
    return str(value)


def _odd_event(raw: bytes, received_at: float) -> Event:
    """Read an event that is not quite as the reference has it; raises `_SetAside`."""
    try:
        parts = {name: bytes(value) for name, value in _decode_members(raw).items()}
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        try:
            parts = members(raw)
        except SplitError as error:
            raise _SetAside(f"it is no object: {error}") from None
    texts = {name: _json_text(name, value) for name, value in parts.items()}
    known = EVENT_MEMBERS
    time = texts.get("occurred_at", "null")
    if time == "null":
        time = texts.get("timestamp", "null")
        known |= {"timestamp"}
    return Event(
        id=_string(texts, "id", ID_MAX),
        type=_string(texts, "type", TYPE_MAX),
        occurred_at=_time(time),
        data=texts.get("data", "null"),
        received_at=received_at,
        extra={name: text for name, text in texts.items() if name not in known},
    )


def _json_text(name: str, value: bytes) -> str:
    """Give a member's text, once it is known to be JSON; raises `_SetAside`."""
    try:
        text = value.decode()
        parse(text)
    except UnicodeDecodeError:
        raise _SetAside(f"its {clean(name, NAME_MAX)} is not UTF-8") from None
    except PayloadError as error:
        raise _SetAside(f"its {clean(name, NAME_MAX)} is no JSON, or nested too deeply ({error})") from None
    return text


def _string(texts: dict[str, str], name: str, longest: int) -> str:
    value = parse(texts.get(name, "null"))
    if type(value) is not str or not 0 < len(value) <= longest or not _is_text(value):
        raise _SetAside(f"its {name} is missing, no text, empty or longer than {longest}")
    return value


def _time(text: str) -> str:
    """Give a time as a text: a string as it is, anything else as its JSON text, a missing one as ""."""
    value = parse(text)
    if value is None:
        return ""
    return value if type(value) is str and _is_text(value) else text


def _is_text(text: str) -> bool:
    """Tell whether a text can be stored: lone surrogates can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
