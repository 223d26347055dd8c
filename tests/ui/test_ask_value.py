"""Asking by pointing: a value in the payload becomes a part of the filter, from the table's screen and from a lens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.watching import WIDE, Watching, watching
from textual.widgets import Static

from rex_tui.event import Page, Quarantined
from rex_tui.payload import parse as parse_json
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.set_aside import SetAsideScreen
from rex_tui.ui.widgets.payload_tree import PayloadTree


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path, size=WIDE) as running:
        yield running


async def select(watch: Watching, event_type: str) -> dict[str, str]:
    """Select the newest event of a type; give its payload."""
    await watch.press("G")
    while watch.screen_event_type != event_type:
        await watch.press("up")
    event = watch.store.event(watch.table.cursor_seq or 0)
    payload = None if event is None else parse_json(event.data)
    assert isinstance(payload, dict)
    return {name: str(value) for name, value in payload.items()}


async def go_to(watch: Watching, field: str) -> None:
    """Put the payload's cursor on a field."""
    await watch.press("right", "g")
    while (place := watch.panes.payload.place()) is None or place[0] != field:
        await watch.press("j")


def shown(watch: Watching) -> list[int]:
    view = watch.screen._view
    return list(view.seqs(0, len(view)))


def having(watch: Watching, field: str, value: str) -> list[int]:
    payloads = ((event.seq, parse_json(event.data)) for event in watch.store.events(0, 10_000))
    return [seq for seq, payload in payloads if isinstance(payload, dict) and payload.get(field) == value]


async def test_a_value_is_a_key_away_from_being_the_filter(watch: Watching) -> None:
    deal = await select(watch, "deal.stage_changed")
    chosen = watch.table.cursor_seq
    await go_to(watch, "to_stage_id")
    await watch.press("o")
    await watch.answered()
    stage = deal["to_stage_id"]
    assert watch.screen.query_text == f"to_stage_id:{stage}"
    assert shown(watch) == having(watch, "to_stage_id", stage)
    assert watch.table.cursor_seq == chosen
    await go_to(watch, "value")
    await watch.press("greater_than_sign")
    await watch.answered()
    assert watch.screen.query_text == f"to_stage_id:{stage} value>={deal['value']}"
    assert chosen in shown(watch)
    await go_to(watch, "currency")
    await watch.press("x")
    await watch.answered()
    assert watch.screen.query_text.endswith(f"-currency:{deal['currency']}")
    assert chosen not in shown(watch)
    await watch.press("escape", "escape")
    await watch.answered()
    assert watch.screen.query_text == f"to_stage_id:{stage} value>={deal['value']}"


async def test_what_has_no_order_says_so_and_changes_nothing(watch: Watching) -> None:
    await select(watch, "deal.created")
    await go_to(watch, "name")
    await watch.press("less_than_sign")
    assert watch.screen.query_text == ""
    assert any("Only numbers and dates" in str(note.message) for note in watch.pilot.app._notifications)


async def test_a_value_in_a_lens_leads_back_to_the_table(watch: Watching) -> None:
    deal = await select(watch, "deal.created")
    await watch.pilot.press("enter")
    await watch.until(lambda: isinstance(s := watch.pilot.app.screen, LensScreen) and s.story is not None)
    await watch.press("home", "right", "g")
    tree = watch.pilot.app.screen.query_one(PayloadTree)
    while (place := tree.place()) is None or place[0] != "company_id":
        await watch.press("j")
    await watch.press("o")
    await watch.answered()
    assert watch.pilot.app.screen is watch.screen
    assert watch.focus == "events"
    assert watch.screen.query_text == f"company_id:{deal['company_id']}"
    assert shown(watch) == having(watch, "company_id", deal["company_id"])


async def test_asking_for_what_was_set_aside_lists_what_matches_of_it(watch: Watching) -> None:
    aside = tuple(Quarantined(f'{{"id": {n}, "name": "{name}"}}'.encode(), "no id") for n, name in enumerate("ab"))
    watch.screen._feed_grew(watch.store.append([Page((), aside, has_more=False, next_cursor=None)]))
    watch.screen._status = replace(watch.poller.status, quarantined=2)
    await watch.press("slash", *"is:quarantined b")
    await watch.answered()
    assert shown(watch) == []
    assert "What was set aside is no event" in watch.text("#empty")
    await watch.press("enter")
    listed = watch.pilot.app.screen
    assert isinstance(listed, SetAsideScreen)
    said = "\n".join(str(item.render()) for item in listed.query(Static))
    assert '"name": "b"' in said
    assert '"name": "a"' not in said
    assert "1 of 2" in str(listed.query_one("#set-aside").border_title)
    await watch.press("escape")
    assert watch.pilot.app.screen is watch.screen
