"""The envelope around the events: the decoder's own way and the rough way agree, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rex_tui.api import BadResponse, RexError, Unavailable
from rex_tui.api.wire import decode_page
from rex_tui.event import Event

EVENT = b'{"id":"evt_1","type":"deal.won","occurred_at":"x","data":%s}'
POISON = b"NaN"


def page_of(*events: bytes, tail: bytes = b'"has_more":false') -> bytes:
    return b'{"data":[' + b",".join(events) + b"]," + tail + b"}"


@pytest.mark.parametrize("poison", [[], [POISON]])
@pytest.mark.parametrize(
    ("tail", "has_more", "cursor"),
    [
        (b'"has_more":true,"next_cursor":"","meta":{"cursor":"m"}', True, "m"),
        (b'"has_more":true,"next_cursor":null,"meta":{"cursor":""}', True, None),
        (b'"has_more":true,"next_cursor":"n","meta":{"cursor":"m","has_more":false}', True, "n"),
        (b'"has_more":null,"meta":{"has_more":true}', True, None),
        (b'"has_more":true,"has_more":false', False, None),
        (b'"meta":{"has_more":true,"cursor":"m"},"meta":{"has_more":false}', False, None),
        (b'"has_more" : true ,\n"next_cursor" : "a b" ', True, "a b"),
        (b'"has_more":true,"next_cursor":"\\u0065\\/"', True, "e/"),
        (b'"has_more":false,"other":' + b"[" * 20_000 + b"]" * 20_000, False, None),
    ],
)
def test_what_the_envelope_says_is_read_on_both_ways(
    tail: bytes, has_more: bool, cursor: str | None, poison: list[bytes]
) -> None:
    page = decode_page(page_of(EVENT % b"1", *poison, tail=tail), 0.0)
    assert (page.has_more, page.next_cursor, len(page.events)) == (has_more, cursor, 1)
    assert len(page.quarantined) == len(poison)


@pytest.mark.parametrize("first", [b"[1, 2]", b"null", b"7"])
def test_the_last_list_of_events_wins(first: bytes) -> None:
    body = b'{"data":' + first + b',"data":[' + EVENT % b"1" + b'],"has_more":false}'
    assert [event.id for event in decode_page(body, 0.0).events] == ["evt_1"]


@pytest.mark.parametrize(
    "body", [b'{"data":[] "has_more":false}', b'{"data":nope,"has_more":false}', b'{"data":[1 ,,2],"has_more":false}']
)
def test_an_envelope_that_is_no_json_may_be_whole_the_next_time(body: bytes) -> None:
    with pytest.raises(Unavailable, match="not JSON"):
        decode_page(body, 0.0)


def test_an_envelope_that_is_json_of_another_shape_will_not() -> None:
    with pytest.raises(BadResponse, match="format must have changed"):
        decode_page(b'{"data":{"events":[]},"has_more":false}', 0.0)


TOKENS = [
    *(bytes([code]) for code in b'{}[],:"\\a1-. \t\n\x00\x0b\x1f/\xff'),
    *(b"\\u12", b"\\u00e9", b"\\ud800", b"01", b"-0", b"e5", b"1E+", b"true", b"fals", b"null", b"NaN", b"Infinity"),
    *(b"\xc2\xa0", b"\xed\xa0\x80", b"\xc3\xa9", b'"a"', b'"k":', b',"id":', b',"v":', b'{"a":1}', b"[1,2]", b'"\\/"'),
]


def events_of(*events: bytes) -> tuple[tuple[Event, ...], list[bytes]] | type[RexError]:
    try:
        page = decode_page(page_of(*events), 0.0)
    except RexError as error:
        return type(error)
    return page.events, [item.raw for item in page.quarantined if item.raw != POISON]


@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=6).map(b"".join).filter(lambda it: POISON not in it))
@example(b'{"a":1},"v":2,"v":3')
@example(b'"a","id":"evt_2"')
@example(b'1},{"id":"evt_2"')
def test_both_ways_keep_the_same_of_anything(payload: bytes) -> None:
    assert events_of(EVENT % payload) == events_of(EVENT % payload, POISON)
