"""The watch screen under a pilot: keys and clicks do what they say, and nothing that arrives disturbs the reader."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.watching import SMALL, Watching, watching
from textual.events import MouseScrollUp
from textual.widgets import OptionList

from rex_tui.feed import CaughtUp, Paused, Stopped
from rex_tui.query.filter import DEALS, EVERYTHING
from rex_tui.ui.keys import bindings_of, words_of
from rex_tui.ui.screens.help import HelpScreen
from rex_tui.ui.widgets.event_line import CURSOR_MARK


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path) as running:
        yield running


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path, size=SMALL) as running:
        yield running


async def test_it_shows_the_newest_event_follows_and_says_so(watch: Watching) -> None:
    assert watch.table.follow
    assert watch.table.cursor_seq == 300
    assert CURSOR_MARK in watch.lines[-1]
    assert watch.text("#status").startswith("● caught up · next poll in 15 s")
    assert "300 events" in watch.text("#status")
    assert "newest 13 seconds ago" in watch.text("#status")
    assert str(watch.panes.events.border_title) == "Events · all events · 300 of 300"
    assert watch.server.requests == 2


async def test_live_events_appear_at_the_end_marked_for_a_moment(watch: Watching) -> None:
    await watch.live(3)
    assert watch.table.cursor_seq == 303
    assert [line[:2] for line in watch.lines[-4:]] == ["  ", "▌ ", "▌ ", "▌" + CURSOR_MARK]
    watch.table.settle()
    assert [line[:2] for line in watch.lines[-3:]] == ["  ", "  ", " " + CURSOR_MARK]


async def test_history_that_is_caught_up_on_is_not_marked_as_new(watch: Watching) -> None:
    assert not [line for line in watch.lines if line[0] == "▌"]


async def test_moving_up_detaches_and_what_is_read_stays_put(watch: Watching) -> None:
    await watch.press("up", "up", "up")
    before, selected = watch.lines, watch.table.cursor_seq
    assert not watch.table.follow
    await watch.live(50)
    assert watch.lines == before
    assert watch.table.cursor_seq == selected == 297
    assert "50 new ↓" in str(watch.panes.events.border_subtitle)
    await watch.live(5)
    assert "55 new ↓" in str(watch.panes.events.border_subtitle)
    await watch.press("G")
    assert watch.table.follow
    assert not watch.panes.events.border_subtitle
    assert watch.table.cursor_seq == 355
    await watch.live(1)
    assert watch.table.cursor_seq == 356


async def test_a_click_on_the_badge_follows_again(watch: Watching) -> None:
    await watch.press("k")
    await watch.live(2)
    await watch.pilot.click("#events-pane", offset=(40, watch.panes.events.outer_size.height - 1))
    assert watch.table.follow
    assert watch.table.cursor_seq == 302


async def test_the_wheel_detaches_and_the_selection_stays(watch: Watching) -> None:
    await watch.press("up")
    await watch.press("end")
    watch.table._on_mouse_scroll_up(_wheel(watch))
    await watch.settle()
    assert not watch.table.follow
    top = watch.table.scroll_offset.y
    await watch.live(4)
    assert watch.table.scroll_offset.y == top
    assert watch.table.cursor_seq == 300


def _wheel(watch: Watching) -> MouseScrollUp:
    return MouseScrollUp(watch.table, 1, 1, 0, -1, 0, shift=False, meta=False, ctrl=False)


async def test_home_goes_to_the_oldest_and_end_to_the_newest(watch: Watching) -> None:
    for keys in (["home"], ["g"], ["up", "home"]):
        await watch.press(*keys)
        assert watch.table.cursor_seq == 1, keys
        assert watch.table.scroll_offset.y == 0
        assert CURSOR_MARK in watch.lines[0]
        await watch.press("end")
        assert watch.table.cursor_seq == 300


async def test_pages_and_steps_move_the_selection(watch: Watching) -> None:
    page = watch.table._page_size - 1
    await watch.press("pageup")
    assert watch.table.cursor_seq == 300 - page
    await watch.press("pageup", "pagedown", "j", "down", "k")
    assert watch.table.cursor_seq == 300 - page + 1
    await watch.press("home", "up", "pageup")
    assert watch.table.cursor_seq == 1
    await watch.press("end", "up", "down")
    assert not watch.table.follow
    await watch.press("down")
    assert watch.table.follow


async def test_a_click_selects_and_a_double_click_looks_into_it(watch: Watching) -> None:
    first = watch.table._view.seq_at(watch.table.scroll_offset.y)
    await watch.pilot.click("#events", offset=(20, 3))
    await watch.settle()
    assert watch.table.cursor_seq == first + 3
    await watch.pilot.click("#events", offset=(20, 5), times=2)
    await watch.settle()
    assert watch.focus == "payload"


async def test_the_detail_shows_the_selected_event_and_its_whole_payload(watch: Watching) -> None:
    await watch.press("o")
    event = watch.store.event(watch.table.cursor_seq or 0)
    assert event is not None
    head = watch.text("#detail-head")
    assert event.id in head
    assert "2026-03-16 11:59:47 UTC · 13 seconds ago" in head
    labels = [str(node.label) for node in watch.panes.payload.root.children]
    assert [label.partition(":")[0] for label in labels] == list(json.loads(event.data))


async def test_the_arrow_looks_into_the_event_and_escape_comes_back(watch: Watching) -> None:
    for key in ("right", "i"):
        await watch.press("end")
        assert watch.table.follow
        await watch.press(key)
        assert watch.focus == "payload", key
        assert not watch.table.follow
        await watch.press("escape")
        assert watch.focus == "events"


async def test_reading_in_the_detail_holds_the_event(watch: Watching) -> None:
    await watch.press("tab")
    head = watch.text("#detail-head").splitlines()[0]
    await watch.live(3)
    assert watch.text("#detail-head").splitlines()[0] == head


async def test_tab_goes_round_the_panes(watch: Watching) -> None:
    seen = [watch.focus]
    for _ in range(4):
        await watch.press("tab")
        seen.append(watch.focus)
    assert seen == ["events", "payload", "histogram", "types", "events"]


async def test_the_deals_preset_and_all(watch: Watching) -> None:
    await watch.press("d")
    assert watch.screen.filter == DEALS
    shown = len(watch.screen._view)
    assert 0 < shown < 300
    assert str(watch.panes.events.border_title) == f"Events · deals · {shown} of 300"
    assert all("◆" in line or "!" in line for line in watch.lines)
    await watch.press("a")
    assert watch.screen.filter == EVERYTHING
    assert len(watch.screen._view) == 300


async def test_the_filter_goes_on_while_the_log_fills_behind_it(watch: Watching) -> None:
    await watch.press("d")
    shown = len(watch.screen._view)
    await watch.live(40)
    assert watch.screen._view.total == 340
    more = sum(1 for event in watch.store.events(300, 100) if DEALS.shows(event.type))
    assert len(watch.screen._view) == shown + more


async def test_a_filter_keeps_the_selected_event_where_it_has_it(watch: Watching) -> None:
    await watch.press("d", "up", "up")
    selected = watch.table.cursor_seq
    await watch.press("a")
    assert watch.table.cursor_seq == selected
    await watch.press("d")
    assert watch.table.cursor_seq == selected


async def test_only_and_all_but_take_the_selected_events_type(watch: Watching) -> None:
    event = watch.store.event(300)
    assert event is not None
    await watch.press("o")
    assert watch.screen.filter.describe() == f"only {event.type}"
    await watch.press("a", "x")
    assert watch.screen.filter.describe() == f"all but {event.type}"


async def test_the_sidebar_names_every_type_with_its_count(watch: Watching) -> None:
    options = [str(option.prompt) for option in watch.panes.types.options]
    counts = watch.screen._log.index.counts
    assert sum(counts.values()) == 300
    for name, count in counts.items():
        assert any(name.partition(".")[2] in option and str(count) in option for option in options)


async def test_the_sidebars_switches(watch: Watching) -> None:
    await watch.press("shift+tab")
    types = watch.panes.types
    assert types.has_focus
    await watch.press("down", "down", "down")
    assert types.chosen_line is not None
    assert types.chosen_line.name == "contact.created"
    await watch.press("space")
    assert watch.screen.filter.describe() == "all but contact.created"
    await watch.press("space")
    assert watch.screen.filter == EVERYTHING
    await watch.press("o")
    assert watch.screen.filter.describe() == "only contact.created"
    await watch.press("x")
    assert watch.screen.filter.describe() == "all but contact.created"
    await watch.press("k", "space")
    assert watch.screen.filter == EVERYTHING
    await watch.press("space")
    assert watch.screen.filter.describe() == "all but contact.*"
    await watch.press("o")
    assert watch.screen.filter.describe() == "only contact.*"
    await watch.press("x")
    assert watch.screen.filter.describe() == "all but contact.*"
    await watch.press("up", "enter")
    assert watch.screen.filter == DEALS
    await watch.press("enter")
    assert watch.screen.filter == EVERYTHING
    await watch.press("d", "up", "enter")
    assert watch.screen.filter == EVERYTHING


async def test_a_click_in_the_sidebar_turns_a_type_off(watch: Watching) -> None:
    await watch.pilot.click("#types", offset=(6, 3))
    await watch.settle()
    assert watch.screen.filter.describe() == "all but contact.created"


async def test_nothing_shown_says_how_to_see_all_again(watch: Watching) -> None:
    await watch.press("x")
    event_type = watch.screen.filter
    for name in list(watch.screen._log.index.counts):
        if event_type.shows(name):
            event_type = event_type.toggled(name)
    watch.screen.filter = event_type
    await watch.settle()
    assert watch.table.cursor_seq is None
    assert "Press a to see all" in watch.text("#empty")
    await watch.press("up", "pageup", "home", "right", "enter", "c", "y")
    assert watch.copied == []
    await watch.press("a")
    assert len(watch.lines) == watch.table._page_size


async def test_space_pauses_and_goes_on(watch: Watching) -> None:
    await watch.press("space")
    await watch.until(lambda: isinstance(watch.poller.status.state, Paused))
    await watch.settle()
    assert watch.text("#status").startswith("‖ paused")
    requests = watch.server.requests
    watch.clock.move(1000)
    await watch.settle()
    assert watch.server.requests == requests
    await watch.press("space")
    await watch.until(lambda: isinstance(watch.poller.status.state, CaughtUp))
    assert watch.server.requests == requests + 1


async def test_r_polls_now(watch: Watching) -> None:
    requests = watch.server.requests
    await watch.press("r")
    await watch.until(lambda: watch.server.requests == requests + 1)


async def test_r_says_so_when_it_is_not_ours_to_choose(tmp_path: Path) -> None:
    async with watching(tmp_path, requests_per_minute=1, wait=lambda w: "slowed down" in w.text("#status")) as watch:
        await watch.press("r")
        assert next(iter(watch.pilot.app._notifications)).message.startswith("Not now")


async def test_u_switches_between_utc_and_local_time(watch: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert "11:59:47" in watch.lines[-1]
        await watch.press("u")
        assert "20:59:47" in watch.lines[-1]
        assert "local time" in watch.text("#title")
        assert "20:59:47 JST" in watch.text("#detail-head")
        await watch.press("u")
        assert "11:59:47" in watch.lines[-1]
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_y_copies_the_event_and_shift_y_the_cursor(watch: Watching) -> None:
    await watch.press("up", "y", "y", "Y")
    event = watch.store.event(299)
    assert event is not None
    copied = json.loads(watch.copied[0])
    assert copied == {
        "id": event.id,
        "type": event.type,
        "occurred_at": event.occurred_at,
        "data": json.loads(event.data),
    }
    assert watch.copied[1] == watch.store.cursor


async def test_z_zooms_the_focused_pane_and_back(watch: Watching) -> None:
    everything = ["#types-pane", "#events-pane", "#detail"]
    for focus, pane in (("events", "#events-pane"), ("payload", "#detail"), ("types", "#types-pane")):
        watch.screen.query_one(f"#{focus}").focus()
        await watch.press("z")
        assert [one for one in everything if _visible(watch, one)] == [pane]
        await watch.press("z")
        assert [one for one in everything if _visible(watch, one)] == everything
    await watch.press("z", "escape")
    assert [one for one in everything if _visible(watch, one)] == everything


def _visible(watch: Watching, selector: str) -> bool:
    return all(
        node.display for node in watch.screen.query_one(selector).ancestors_with_self if hasattr(node, "display")
    )


async def test_s_closes_and_opens_the_sidebar(watch: Watching) -> None:
    await watch.press("s")
    assert not _visible(watch, "#types-pane")
    assert watch.focus == "events"
    await watch.press("s")
    assert watch.focus == "types"


async def test_help_lists_the_real_bindings_and_closes(watch: Watching) -> None:
    await watch.press("question_mark")
    help_screen = watch.pilot.app.screen
    assert isinstance(help_screen, HelpScreen)
    sections = [str(section.render()).splitlines() for section in help_screen.query(".section")]
    assert all(line.startswith(" ") for _, *lines in sections for line in lines), "what is long goes on below itself"
    words = "\n".join(line for lines in sections for line in lines)
    for expected in ("Pause, or go on", "deals", "follow", "Fold/unfold", "Show or hide", "ctrl+p", "PgUp"):
        assert expected in words
    await watch.press("escape")
    assert watch.pilot.app.screen is watch.screen
    await watch.press("f1")
    assert isinstance(watch.pilot.app.screen, HelpScreen)


async def test_every_bound_command_is_in_the_palette_and_works_from_there(watch: Watching) -> None:
    commands = {command.title: command for command in watch.pilot.app.get_system_commands(watch.screen)}
    for node in (watch.screen, watch.table, watch.panes.types, watch.panes.payload):
        for binding in bindings_of(node):
            elsewhere = binding.action.startswith("screen.") or binding.id == "app.commands"
            assert words_of(binding) in commands or elsewhere
    await watch.press("ctrl+p")
    await watch.pilot.press(*"showdeals")

    def first_found() -> str:
        found = watch.pilot.app.screen.query(OptionList).first()
        return "".join(str(getattr(option, "prompt", "")) for option in found.options[:1])

    await watch.until(lambda: "deals only" in first_found())  # and not what the first letters found
    await watch.pilot.press("enter")
    await watch.until(lambda: watch.screen.filter == DEALS)


async def test_a_command_from_the_palette_goes_to_its_pane(watch: Watching) -> None:
    await watch.press("up", "up", "tab")
    command = next(c for c in watch.pilot.app.get_system_commands(watch.screen) if c.title == "Newest, and follow")
    await command.callback()
    await watch.settle()
    assert watch.table.follow
    assert watch.focus == "events"


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting(watch: Watching, key: str) -> None:
    await watch.pilot.press(key)
    assert not watch.pilot.app._running or watch.pilot.app._exit


async def test_a_small_terminal_has_the_table_and_opens_the_rest_on_request(small: Watching) -> None:
    assert _visible(small, "#events-pane")
    assert not _visible(small, "#types-pane")
    assert not _visible(small, "#detail")
    await small.press("right")
    assert _visible(small, "#detail")
    assert small.focus == "payload"
    await small.press("escape")
    assert not _visible(small, "#detail")
    await small.press("s")
    assert _visible(small, "#types-pane")
    assert small.focus == "types"
    await small.press("escape")
    assert not _visible(small, "#types-pane")
    assert small.focus == "events"


async def test_nothing_overlaps_at_any_size(watch: Watching) -> None:
    for width, height in [(60, 20), (80, 24), (100, 30), (140, 40), (160, 45), (300, 80)]:
        await watch.pilot.resize_terminal(width, height)
        await watch.settle()
        regions = [
            watch.screen.query_one(selector).region
            for selector in ("#title", "#histogram", "#types-pane", "#events-pane", "#detail", "#status", "KeyFooter")
            if _visible(watch, selector)
        ]
        assert sum(region.area for region in regions) == width * height
        assert watch.table.cursor_seq == 300
        assert CURSOR_MARK in watch.lines[-1]


async def test_a_rejected_key_is_told_clearly_on_screen_and_not_asked_with_again(tmp_path: Path) -> None:
    async with watching(
        tmp_path, api_key="rex_live_CANARY", wait=lambda w: isinstance(w.poller.status.state, Stopped)
    ) as watch:
        assert "does not accept the API key" in watch.text("#notice")
        assert "Check the key where rex-tui takes it from" in watch.text("#notice")
        assert watch.screen.query_one("#notice").display
        assert "caught up" not in watch.text("#status")
        await watch.press("space", "ctrl+r")
        assert "CANARY" not in watch.pilot.app.export_screenshot()
        requests = watch.server.requests
        watch.clock.move(10_000)
        await watch.settle()
        assert watch.server.requests == requests
