"""The demo's log: cursors mean "after this event", with and without a type."""

from __future__ import annotations

import base64
import json

import pytest

from rex_tui.demo import CursorError, DemoEvent, DemoLog, make_cursor


def event(number: int, event_type: str = "deal.created", data: str = "{}") -> DemoEvent:
    return DemoEvent(f"evt_{number:04}", event_type, "2026-03-16T12:05:00Z", data)


@pytest.fixture
def log() -> DemoLog:
    return DemoLog(event(number, "deal.won" if number % 10 == 3 else "deal.created") for number in range(35))


def ids(events: tuple[bytes, ...]) -> list[str]:
    return [json.loads(text)["id"] for text in events]


def test_an_empty_log_has_no_cursor() -> None:
    page = DemoLog().page(None, 50)
    assert (page.events, page.has_more, page.next_cursor) == ((), False, None)


def test_a_cursor_is_opaque_and_means_after(log: DemoLog) -> None:
    page = log.page(None, 10)
    assert page.next_cursor == make_cursor("evt_0009")
    assert page.next_cursor.startswith("eyJpZCI6")
    assert "=" not in page.next_cursor
    assert ids(log.page(page.next_cursor, 2).events) == ["evt_0010", "evt_0011"]


def test_has_more_ends_exactly_at_the_last_event(log: DemoLog) -> None:
    assert log.page(make_cursor("evt_0024"), 9).has_more
    assert not log.page(make_cursor("evt_0024"), 10).has_more


def test_when_caught_up_the_last_cursor_stays(log: DemoLog) -> None:
    last = make_cursor("evt_0034")
    page = log.page(last, 50)
    assert (page.events, page.has_more, page.next_cursor) == ((), False, last)
    log.append(event(35))
    assert ids(log.page(last, 50).events) == ["evt_0035"]


def test_a_type_is_walked_like_the_whole(log: DemoLog) -> None:
    first = log.page(None, 2, "deal.won")
    assert (ids(first.events), first.has_more) == (["evt_0003", "evt_0013"], True)
    second = log.page(first.next_cursor, 2, "deal.won")
    assert (ids(second.events), second.has_more) == (["evt_0023", "evt_0033"], False)
    assert second.next_cursor == make_cursor("evt_0034")
    log.append(event(35))
    log.append(event(36, "deal.won"))
    assert ids(log.page(second.next_cursor, 2, "deal.won").events) == ["evt_0036"]


def test_a_type_that_never_occurred_gives_nothing(log: DemoLog) -> None:
    page = log.page(None, 50, "robot.created")
    assert (page.events, page.has_more, page.next_cursor) == ((), False, make_cursor("evt_0034"))


def test_payloads_are_verbatim() -> None:
    data = '{"big":1180591620717411303424,"e":1.10,"name":"Zoë 🎉"}'
    (text,) = DemoLog([event(1, data=data)]).page(None, 1).events
    assert text.decode() == (
        f'{{"id":"evt_0001","type":"deal.created","occurred_at":"2026-03-16T12:05:00Z","data":{data}}}'
    )


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "evt_0001",
        "é",
        "eyJpZCI6",
        make_cursor("evt_9999"),
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(b'{"id":7}').decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        "A" * 10_000,
        make_cursor("evt_0001")[:-2] + "**",
    ],
)
def test_a_cursor_of_somewhere_else_is_refused(log: DemoLog, cursor: str) -> None:
    with pytest.raises(CursorError):
        log.page(cursor, 10)


def test_all_events_can_be_had(log: DemoLog) -> None:
    assert len(log.events) == len(log) == 35
