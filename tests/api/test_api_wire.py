"""Decoding a page: what the contract says, what the facts add, and whatever else can come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rex_tui.api import BadResponse, RexError, Unavailable
from rex_tui.api.split import SplitError, elements, members
from rex_tui.api.wire import decode_page
from rex_tui.event import Page
from rex_tui.payload import parse

GOOD = b'{"id":"evt_1","type":"deal.won","occurred_at":"2026-03-16T12:00:00Z","data":{"a":1}}'


def page_of(*events: bytes, tail: bytes = b'"has_more": false, "next_cursor": "n"') -> bytes:
    return b'{"data": [' + b", ".join(events) + b"], " + tail + b"}"


def decode(body: bytes) -> Page:
    return decode_page(body, 5.0)


def test_a_page_as_the_reference_has_it() -> None:
    page = decode(page_of(GOOD, tail=b'"has_more": true, "next_cursor": "eyJpZCI6"'))
    (event,) = page.events
    assert (event.id, event.type, event.occurred_at) == ("evt_1", "deal.won", "2026-03-16T12:00:00Z")
    assert (event.data, event.received_at, event.seq) == ('{"a":1}', 5.0, 0)
    assert (page.has_more, page.next_cursor, page.quarantined) == (True, "eyJpZCI6", ())


@pytest.mark.parametrize(
    ("tail", "has_more", "cursor"),
    [
        (b'"meta": {"cursor": "m", "has_more": true}', True, "m"),
        (b'"meta": {"cursor": "m"}, "has_more": false, "next_cursor": null', False, "m"),
        (b'"has_more": false', False, None),
        (b'"has_more": false, "next_cursor": null', False, None),
        (b'"has_more": false, "next_cursor": ""', False, None),
        (b'"has_more": true, "next_cursor": 17', True, "17"),
        (b'"has_more": true, "next_cursor": 1.50', True, "1.50"),
        (b'"has_more": true, "next_cursor": ' + b"9" * 5000, True, "9" * 5000),
        (b'"has_more": true, "next_cursor": "x", "more": [1, {"a": 2}], "meta": null', True, "x"),
        (b'"has_more": true, "next_cursor": "x", "meta": 7', True, "x"),
    ],
)
@pytest.mark.parametrize("poison", [b"", b", NaN"])
def test_both_envelopes(tail: bytes, has_more: bool, cursor: str | None, poison: bytes) -> None:
    page = decode(page_of(GOOD + poison, tail=tail))
    assert (page.has_more, page.next_cursor, len(page.events)) == (has_more, cursor, 1)
    assert len(page.quarantined) == bool(poison)


@pytest.mark.parametrize(
    "body",
    [
        page_of(GOOD, tail=b'"next_cursor": "x"'),
        page_of(GOOD, tail=b'"has_more": "yes"'),
        page_of(GOOD, tail=b'"has_more": 1'),
        page_of(GOOD, tail=b'"has_more": true, "next_cursor": {"a": 1}'),
        page_of(GOOD, tail=b'"has_more": true, "next_cursor": true'),
        page_of(GOOD, tail=b'"has_more": true, "next_cursor": "' + b"x" * 20_000 + b'"'),
        page_of(GOOD, tail=b'"has_more": true, "next_cursor": "\\ud800"'),
        page_of(GOOD, tail=b'"has_more": true, "next_cursor": "\xff"'),
        b'{"has_more": false}',
        b'{"data": null, "has_more": false}',
        b'{"data": {}, "has_more": false}',
        b"[]",
        b"null",
        b'"text"',
    ],
)
def test_json_that_is_not_the_contract(body: bytes) -> None:
    with pytest.raises(BadResponse):
        decode(body)


@pytest.mark.parametrize("body", [b"", b"<html>", page_of(GOOD)[:-1], page_of(GOOD)[:30], b"\xff\xfe", b'{"data": ["'])
def test_what_is_no_json_or_was_cut_off(body: bytes) -> None:
    with pytest.raises(Unavailable):
        decode(body)


def test_a_page_of_very_many_things_is_refused() -> None:
    with pytest.raises(BadResponse, match="10,001 events in one page"):
        decode(page_of(*[b"7"] * 10_001))


def test_a_byte_order_mark_is_forgiven() -> None:
    assert len(decode(b"\xef\xbb\xbf" + page_of(GOOD)).events) == 1


PAYLOADS = [
    b'{ "a" : [1,\n\t2 ] }',
    b"[]",
    b"null",
    b"true",
    b'"text"',
    b"1180591620717411303424",
    b"1e400",
    b"-0.0",
    b'{"a": 1, "a": 2}',
    b'"\\ud800"',
    b'"\\u001b]0;x\\u0007"',
    '"é 日本"'.encode(),
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("poison", [b"", b"NaN"])
def test_a_payload_is_kept_byte_by_byte(payload: bytes, poison: bytes) -> None:
    odd = GOOD.replace(b'{"a":1}', payload)
    page = decode(page_of(GOOD, odd.replace(b"evt_1", b"evt_2"), *filter(None, [poison])))
    assert [event.data for event in page.events] == ['{"a":1}', payload.decode()]


@pytest.mark.parametrize(
    ("changed", "attributes"),
    [
        (GOOD.replace(b"occurred_at", b"timestamp"), {"occurred_at": "2026-03-16T12:00:00Z"}),
        (GOOD.replace(b'"2026-03-16T12:00:00Z"', b"null"), {"occurred_at": ""}),
        (GOOD.replace(b'"2026-03-16T12:00:00Z"', b"1773662400"), {"occurred_at": "1773662400"}),
        (GOOD.replace(b'"occurred_at":"2026-03-16T12:00:00Z",', b""), {"occurred_at": ""}),
        (GOOD.replace(b',"data":{"a":1}', b""), {"data": "null"}),
        (GOOD.replace(b'{"a":1}}', b'{"a":1},"actor":{"id": 7},"v":2}'), {"extra": {"actor": '{"id": 7}', "v": "2"}}),
        (GOOD.replace(b'{"a":1}}', b'{"a":1},"timestamp":"t"}'), {"extra": {"timestamp": '"t"'}}),
        (GOOD.replace(b'{"a":1}}', b'{"a":1},"\\ud800":7}'), {"extra": {"\ud800": "7"}}),
        (GOOD.replace(b'{"a":1}}', b'{"a":1},"data":{"b":2}}'), {"data": '{"b":2}'}),
        (GOOD.replace(b"deal.won", b"no_dot_at_all"), {"type": "no_dot_at_all"}),
    ],
)
def test_what_can_be_kept_is_kept(changed: bytes, attributes: dict[str, Any]) -> None:
    page = decode(page_of(changed))
    assert page.quarantined == ()
    for name, value in attributes.items():
        kept = getattr(page.events[0], name)
        assert (dict(kept) if name == "extra" else kept) == value


@pytest.mark.parametrize(
    "poisoned",
    [
        b"7",
        b"null",
        b'"text"',
        b"[1, 2]",
        b"{}",
        GOOD.replace(b'"evt_1"', b'""'),
        GOOD.replace(b'"evt_1"', b"null"),
        GOOD.replace(b'"evt_1"', b"17"),
        GOOD.replace(b'"evt_1"', b'"' + b"x" * 600 + b'"'),
        GOOD.replace(b'"evt_1"', b'"\\ud800"'),
        GOOD.replace(b'"deal.won"', b"null"),
        GOOD.replace(b'"deal.won"', b'""'),
        GOOD.replace(b'"deal.won"', b'"' + b"x" * 300 + b'"'),
        GOOD.replace(b'{"a":1}', b'{"a":NaN}'),
        GOOD.replace(b'{"a":1}', b'{"a":-Infinity}'),
        GOOD.replace(b'{"a":1}', b'{"a":}'),
        GOOD.replace(b'{"a":1}', b'{"a":01}'),
        GOOD.replace(b'{"a":1}', b'"\xff"'),
        GOOD.replace(b'{"a":1}', b"\x0c7"),
        GOOD.replace(b'{"a":1}}', b'{"a":1},"\\ud800\\u001b":NaN}'),
        GOOD.replace(b'{"a":1}', b'"a\nb"'),
        GOOD.replace(b'{"a":1}', b"[" * 20_000 + b"]" * 20_000),
        b'{"id" "evt"}',
        b'{7: "evt"}',
        b'{"\\x": 1}',
    ],
)
def test_one_poisoned_event_costs_one_event(poisoned: bytes) -> None:
    before, after = GOOD.replace(b"evt_1", b"evt_0"), GOOD.replace(b"evt_1", b"evt_2")
    page = decode(page_of(before, poisoned, after))
    assert [event.id for event in page.events] == ["evt_0", "evt_2"]
    assert [item.raw for item in page.quarantined] == [poisoned]
    assert page.quarantined[0].reason.isprintable()
    assert page.quarantined[0].reason.encode()


@pytest.mark.parametrize("start", [b'{"data": ["', b'{"', b'{"data": [{"id": "'])
def test_a_page_cut_off_in_a_text_full_of_quotes_is_gone_over_once(start: bytes) -> None:
    with pytest.raises(Unavailable):  # at each quote anew, it would take an hour
        decode(start + b'\\"' * 1_000_000)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(json_values, st.sampled_from([None, 0, 2]), st.booleans(), st.sampled_from([(",", ":"), (" , ", " : ")]))
def test_whatever_is_embedded_comes_out_the_same_on_both_ways(
    value: object, indent: int | None, ascii_only: bool, separators: tuple[str, str]
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only, separators=separators)
    event = GOOD.replace(b'{"a":1}', text.encode())
    fast = decode(page_of(event))
    slow = decode(page_of(event, b"NaN"))
    assert [e.data for e in fast.events] == [e.data for e in slow.events] == [text]
    assert fast.events == slow.events


@given(
    json_values.map(lambda value: json.dumps(value, ensure_ascii=False).encode()),
    st.lists(
        st.tuples(st.integers(0, 99), st.sampled_from([bytes([code]) for code in b'{}[]",:\\u0eE.-+ \x0c\n\x00\xff']))
    ),
    st.booleans(),
)
def test_what_is_kept_is_json_on_both_ways(payload: bytes, changes: list[tuple[int, bytes]], poisoned: bool) -> None:
    for place, inserted in changes:
        payload = payload[:place] + inserted + payload[place:]
    try:
        page = decode(page_of(GOOD.replace(b'{"a":1}', payload), *([b"NaN"] if poisoned else [])))
    except RexError:
        return
    for event in page.events:
        for text in (event.data, *event.extra.values()):
            parse(text)
            assert text.encode() in payload


@given(st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
@example(b'{"data": [{"id": {}}], "has_more": true}')
@example(b'{"data": [,], "has_more": true}')
@example(b'{"a" "b"}')
def test_nothing_but_our_own_errors_comes_out(body: bytes) -> None:
    for text in (body, page_of(body), page_of(GOOD, tail=body)):
        try:
            page = decode(text)
        except RexError:
            continue
        assert isinstance(page, Page)


@given(st.dictionaries(st.text(), json_values), st.lists(json_values))
def test_splitting_agrees_with_a_parser(an_object: dict[str, Any], a_list: list[Any]) -> None:
    split = members(json.dumps(an_object).encode())
    assert {name: json.loads(text) for name, text in split.items()} == an_object
    assert [json.loads(text) for text in elements(json.dumps(a_list, indent=1).encode())] == a_list


@pytest.mark.parametrize("text", [b"", b"7", b"[", b"[1", b"[1,]", b"[,1]", b"[1]]", b"{", b'["'])
def test_what_cannot_be_split_is_refused(text: bytes) -> None:
    with pytest.raises(SplitError):
        elements(text)
