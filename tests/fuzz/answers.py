"""Answers that no Rex should give: random bytes, damaged pages, JSON of the wrong shapes, odd statuses and headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st


@dataclass(frozen=True)
class Answer:
    """A whole answer: its status, its headers as bytes, its body."""

    status: int
    headers: Mapping[str, bytes]
    body: bytes


TYPES = ("contact.created", "deal.stage_changed", "deal.updated", "trigger.deal.stale", "import.completed", "z", ".")
NAMES = (
    *("id", "type", "occurred_at", "timestamp", "data", "has_more", "next_cursor", "meta", "cursor", "error", "code"),
    *("message", "name", "value", "changes", "from", "to", "deal_id", "email", "currency", "from_stage_id", "kind"),
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["deal_01JQ0000000000000000000ABC", "2026-03-16T12:00:00Z", "\x1b]0;x\x07", "[/b]", 2**70, ""])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=10,
)
events = st.fixed_dictionaries(
    {"id": st.text(min_size=1, max_size=12), "type": st.sampled_from(TYPES), "occurred_at": scalars, "data": values},
    optional={"extra": values},
)
pages = st.fixed_dictionaries({"data": st.lists(events | values, max_size=4), "has_more": st.booleans()}).flatmap(
    lambda page: st.sampled_from([None, "c1", "", 1, []]).map(lambda cursor: {**page, "next_cursor": cursor})
)


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def damaged(body: bytes, random: Random) -> bytes:
    """Give a body in which bits were flipped, parts cut out or doubled, or others put in."""
    text = bytearray(body)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(text) + 1)
        match random.choice(["flip", "cut", "splice", "double"]):
            case "flip" if at < len(text):
                text[at] ^= 1 << random.randrange(8)
            case "cut":
                del text[at : at + random.randint(1, 20)]
            case "splice":
                text[at:at] = random.choice([b'"', b"{", b"]", b"\\", b"\\ud800", b"1e999", random.randbytes(4)])
            case _:
                text[at:at] = text[at : at + 30]
    return bytes(text)


header_values = st.sampled_from(
    [b"", b"0", b"-1", b"1e400", b"nan", b"99999999999999999999", b"Wed, 21 Oct 2015 07:28:00 GMT", b"\xff\xfe", b"1,2"]
) | st.binary(max_size=12)
headers = st.dictionaries(
    st.sampled_from(
        ["Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Date", "Location"]
    ),
    header_values,
    max_size=4,
) | st.dictionaries(st.sampled_from(["Content-Encoding", "Location", "Content-Type"]), header_values, max_size=2)
statuses = st.sampled_from([200] * 8 + [201, 204, 301, 302, 304, 400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 599])
bodies = {
    "random bytes": st.binary(max_size=300),
    "wrong types": (values | pages).map(as_json),
    "pages": pages.map(as_json),
    "errors": st.dictionaries(st.sampled_from(["code", "message"]), scalars).map(lambda said: as_json({"error": said})),
}
