"""Saved events are read in every shape in which they are saved, and what is none costs only itself."""

from __future__ import annotations

import io
import json

import pytest
from support.fakes import NOW

from rex_tui.api import saved
from rex_tui.api.saved import read_saved


def event(number: int) -> str:
    return f'{{"id": "evt_{number}", "type": "deal.won", "occurred_at": "2026-03-01T12:00:00Z", "data": {{"n": 1.50}}}}'


def page(*numbers: int) -> str:
    return f'{{"data": [{", ".join(map(event, numbers))}], "has_more": true, "next_cursor": "c"}}'


def other_page(*numbers: int) -> str:
    return f'{{"data": [{",".join(map(event, numbers))}], "meta": {{"cursor": "c", "has_more": false}}}}'


def read(text: str | bytes) -> tuple[list[str], list[str]]:
    pages = list(read_saved(io.BytesIO(text.encode() if isinstance(text, str) else text), NOW))
    ids = [one.id for page_ in pages for one in page_.events]
    assert all(one.data == '{"n": 1.50}' for page_ in pages for one in page_.events)
    return ids, [item.reason for page_ in pages for item in page_.quarantined]


def pretty(text: str) -> str:
    return (
        json.dumps(json.loads(text), indent=2)
        .replace("1.5", "1.50")
        .replace('{\n        "n": 1.50\n      }', '{"n": 1.50}')
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{event(1)}\n{event(2)}\n{event(3)}\n",
        f"\ufeff{event(1)}\r\n\r\n{event(2)}\r\n{event(3)}",
        page(1, 2, 3),
        other_page(1, 2, 3),
        f"{page(1, 2)}\n{other_page(3)}\n",
        f"{page(1, 2)}{other_page(3)}",
        f"{pretty(page(1, 2))}\n{pretty(page(3))}",
        f"{pretty(page(1, 2))}{pretty(page(3))}",
        f"[{page(1, 2)}, {event(3)}]",
        f"[\n{event(1)},\n{event(2)},\n{event(3)}\n]",
        f'{{"data": [{event(1)}, {event(2)}, {event(3)}]}}',
        f"{event(1)} {event(2)}{event(3)}",
    ],
    ids=[
        *("lines", "lines with marks of other systems", "a page", "a page of the other kind", "pages"),
        *("pages without a line between", "pretty pages", "pretty pages without a line between", "a list", "long list"),
        *("a page without its end", "events on one line"),
    ],
)
def test_events_are_read_in_every_shape(text: str) -> None:
    assert read(text) == (["evt_1", "evt_2", "evt_3"], [])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"id": "evt_x", "type": "deal.won", "data"', "no event"),
        ('{"id": "evt_x", "type": "deal', "no JSON"),
        ("not json at all", "no JSON"),
        ("17", "no event"),
        ('{"error": {"code": "forbidden"}}', "id is missing"),
        ('{"id": "evt_x", "type": 7, "data": {}}', "type is missing"),
        ("\x00\x1b[2J", "no event"),
        (b"\xff\xfe\xfa", "no JSON"),
        ('{"data": [1, 2', "no event"),
        ("]]}}", "no JSON"),
    ],
)
def test_what_is_no_event_is_set_aside_and_all_around_it_is_read(broken: str | bytes, reason: str) -> None:
    middle = broken if isinstance(broken, bytes) else broken.encode()
    ids, reasons = read(f"{event(1)}\n{event(2)}\n".encode() + middle + f"\n{event(3)}\n{event(4)}\n".encode())
    assert ids == ["evt_1", "evt_2", "evt_3", "evt_4"]
    assert len(reasons) == 1
    assert reason in reasons[0]


def test_an_odd_event_of_a_page_is_kept_or_costs_only_itself() -> None:
    odd = '{"id": "evt_2", "type": "t", "data": {"n": 1.50}, "x": 1}'
    ids, reasons = read(f'{{"data": [{event(1)}, {odd}, {{}}, 5], "has_more": false}}')
    assert ids == ["evt_1", "evt_2"]
    assert len(reasons) == 2


def test_a_line_without_an_end_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "DOCUMENT_MAX", 2**20)
    ids, reasons = read(event(1) + "\n" + "x" * (3 * 2**20 + 5) + "\n" + event(2) + "\n")
    assert ids == ["evt_1", "evt_2"]
    assert len(reasons) == 1
    assert "longer than 1 MiB" in reasons[0]


def test_a_document_without_an_end_is_read_by_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "DOCUMENT_MAX", 2_000)
    lines = "\n".join(map(event, range(40)))
    ids, reasons = read(f"{{\n{lines}")
    assert ids == [f"evt_{n}" for n in range(40)]
    assert len(reasons) == 1


def test_an_empty_file_holds_nothing() -> None:
    assert read("") == ([], [])
    assert read("\n \n") == ([], [])
