"""Going to a time under a pilot: what is typed is told as it is understood, with the row that it leads to."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.watching import Watching, watching
from textual.widgets import Input

from rex_tui.ui.screens.go_to_time import GoToTimeScreen


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path) as running:
        yield running


def happened(watch: Watching, seq: int) -> int:
    event = watch.store.event(seq)
    assert event is not None
    assert event.occurred is not None
    return int(event.occurred.timestamp())


async def test_t_goes_to_the_first_event_at_or_after_a_time(watch: Watching) -> None:
    await watch.press("t")
    dialog = watch.pilot.app.screen
    assert isinstance(dialog, GoToTimeScreen)
    await watch.pilot.press(*"soonish")
    await watch.pilot.pause()
    assert '"soonish" is no time' in str(dialog.query_one("#time-answer").render())
    await watch.pilot.press("enter")
    assert watch.pilot.app.screen is dialog
    target = happened(watch, 151)
    first = next(seq for seq in range(1, 301) if happened(watch, seq) >= target)
    dialog.query_one(Input).value = f"{datetime.fromtimestamp(target, UTC):%Y-%m-%d %H:%M:%S}"
    await watch.pilot.pause()
    said = str(dialog.query_one("#time-answer").render())
    assert f"{datetime.fromtimestamp(target, UTC):%Y-%m-%d %H:%M:%S} UTC" in said
    assert f"row {first} of 300" in said
    await watch.pilot.press("enter")
    await watch.settle()
    assert watch.focus == "events"
    assert watch.table.cursor_seq == first
    assert not watch.table.follow
    assert watch.focus == "events"


@pytest.mark.parametrize(
    ("typed", "words", "seq"),
    [
        ("2001-01-01", "before the log begins: goes to row 1 of 300", 1),
        ("0001-01-01", "before the log begins: goes to row 1 of 300", 1),
        ("now", "after all events shown: goes to the last row, 300", 300),
        ("9999-12-31", "after all events shown: goes to the last row, 300", 300),
    ],
)
async def test_a_time_outside_of_the_log_leads_to_its_end(watch: Watching, typed: str, words: str, seq: int) -> None:
    destination = watch.screen._destination(typed)
    assert destination.words[1] == words
    assert destination.row == seq - 1


async def test_where_nothing_is_shown_there_is_nowhere_to_go(watch: Watching) -> None:
    watch.screen.filter = watch.screen.filter.only([])
    await watch.settle()
    assert watch.screen._destination("now").row is None
    await watch.press("h", "home", "escape")
    assert watch.table.cursor_seq is None


async def test_typed_times_are_in_the_zone_that_is_shown(watch: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert watch.screen._destination("2026-03-16 10:00").words[0] == "Mon 2026-03-16 10:00:00 UTC"
        await watch.press("u")
        assert watch.screen._destination("2026-03-16 10:00").words[0] == "Mon 2026-03-16 10:00:00 JST"
        assert "03-16 20:59" in watch.screen.histogram.render_line(0).text
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_escape_leaves_the_dialog_and_changes_nothing(watch: Watching) -> None:
    await watch.press("t", "escape")
    assert watch.pilot.app.screen is watch.screen
    assert watch.table.follow
