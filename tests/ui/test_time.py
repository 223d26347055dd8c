"""The histogram, days and ages under a pilot: what they show is what the log has, and keys lead there."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import NOW
from support.watching import SMALL, Watching, watching

from rex_tui.query.histogram import Histogram
from rex_tui.store import StoreUnwritable
from rex_tui.store.times import make_times
from rex_tui.ui.widgets.histogram import BLOCKS, EDGE, LABEL_WIDTH

BARS_FROM = EDGE + LABEL_WIDTH + 1


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path) as running:
        yield running


def line(watch: Watching) -> str:
    return watch.screen.histogram.render_line(0).text


def shown(watch: Watching) -> Histogram:
    histogram = watch.screen.time_line.histogram
    assert histogram is not None
    return histogram


def marks(watch: Watching, mark: str) -> list[int]:
    return [bar for bar, (_, _, marked) in enumerate(watch.screen.histogram._picture.bars) if marked == mark]


def happened(watch: Watching, seq: int | None) -> int:
    event = watch.store.event(seq or 0)
    assert event is not None
    assert event.occurred is not None
    return int(event.occurred.timestamp())


async def test_the_line_has_the_whole_log_between_its_first_and_last_time(watch: Watching) -> None:
    histogram = shown(watch)
    assert sum(histogram.counts) == 300
    assert (histogram.first, histogram.last) == (happened(watch, 1), happened(watch, 300))
    assert line(watch).startswith(f" {datetime.fromtimestamp(histogram.first, UTC):%m-%d %H:%M} ")
    assert "03-16 11:59 · a bar is " in line(watch)
    bars = line(watch)[BARS_FROM : BARS_FROM + histogram.axis.bars]
    assert [bar == " " for bar in bars] == [count == 0 for count in histogram.counts]
    assert set(bars) <= {" ", *BLOCKS}


async def test_what_the_table_shows_is_marked_and_moves_with_it(watch: Watching) -> None:
    last = shown(watch).axis.bars - 1
    assert marks(watch, "view")[-1] == last
    await watch.press("home")
    assert marks(watch, "view")[0] == 0
    assert last not in marks(watch, "view")
    await watch.press("end")
    assert marks(watch, "view")[-1] == last


async def test_it_follows_the_filter_and_keeps_its_ends(watch: Watching) -> None:
    ends = shown(watch).first, shown(watch).last
    await watch.press("d")
    assert sum(shown(watch).counts) == len(watch.screen._view)
    assert (shown(watch).first, shown(watch).last) == ends
    await watch.press("x")
    assert sum(shown(watch).counts) == len(watch.screen._view)
    await watch.press("a")
    assert sum(shown(watch).counts) == 300


async def test_it_grows_with_the_log(watch: Watching) -> None:
    await watch.live(5)
    assert sum(shown(watch).counts) == 305
    watch.clock.elapsed += 100 * 86_400
    await watch.live(1)
    assert sum(shown(watch).counts) == 306
    assert shown(watch).counts[-1] == 1


async def test_it_paints_only_what_changed(watch: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[object] = []
    monkeypatch.setattr(watch.screen.histogram, "refresh", lambda *_a, **_k: painted.append(1))
    for _ in range(3):
        watch.screen._show_times()
        watch.screen._tick()
    assert painted == []
    await watch.press("home")
    assert painted


async def test_keys_lead_along_the_bars_and_the_table_goes_along(watch: Watching) -> None:
    await watch.press("h")
    assert watch.focus == "histogram"
    last = shown(watch).axis.bars - 1
    assert marks(watch, "cursor") == [last]
    assert f"{shown(watch).counts[last]:,} event" in line(watch)
    await watch.press("home")
    assert marks(watch, "cursor") == [0]
    assert watch.table.cursor_seq == 1
    assert not watch.table.follow
    await watch.press("right")
    start = shown(watch).axis.start_of(1)
    selected = watch.table.cursor_seq or 0
    assert happened(watch, selected) >= start
    assert happened(watch, selected - 1) < start
    assert f"{datetime.fromtimestamp(start, UTC):%m-%d %H:%M}" in line(watch)
    await watch.press("left", "left")
    assert marks(watch, "cursor") == [0]
    await watch.press("end", "right")
    assert marks(watch, "cursor") == [last]
    await watch.press("escape")
    assert watch.focus == "events"
    assert marks(watch, "cursor") == []
    await watch.press("h", "home", "enter")
    assert watch.focus == "events"
    assert watch.table.cursor_seq == 1


async def test_a_click_on_a_bar_goes_there(watch: Watching) -> None:
    bar = next(bar for bar, count in enumerate(shown(watch).counts) if count and bar > 3)
    await watch.pilot.click("#histogram", offset=(BARS_FROM + bar, 0))
    await watch.settle()
    assert shown(watch).axis.bar_of(happened(watch, watch.table.cursor_seq)) == bar
    before = watch.table.cursor_seq
    await watch.pilot.click("#histogram", offset=(2, 0))
    await watch.settle()
    assert watch.table.cursor_seq == before


async def test_a_bar_without_events_leads_to_what_comes_next_or_to_the_end(watch: Watching) -> None:
    await watch.press("d", "h", "end")
    assert watch.table.cursor_seq is not None
    assert watch.table.cursor_seq <= 300


async def test_a_small_terminal_has_the_line_and_a_tiny_one_does_not(tmp_path: Path) -> None:
    async with watching(tmp_path, size=SMALL) as watch:
        assert sum(shown(watch).counts) == 300
        assert len(line(watch)) == 80
        await watch.pilot.resize_terminal(80, 18)
        await watch.settle()
        assert not watch.screen.histogram.display
        await watch.press("h")
        assert watch.focus == "events"
        assert next(iter(watch.pilot.app._notifications)).message.startswith("This terminal is too low")
        await watch.pilot.resize_terminal(200, 50)
        await watch.settle()
        assert watch.screen.histogram.display
        assert sum(shown(watch).counts) == 300
        assert len(line(watch)) == 200


async def test_events_without_a_time_are_left_out_and_said(tmp_path: Path) -> None:
    async with watching(tmp_path, history=20) as watch:
        with closing(sqlite3.connect(watch.store.path)) as other, other:
            other.execute("UPDATE events SET happened = 'never' WHERE seq > 5")
            make_times(other)
        watch.screen._begin_anew()
        await watch.settle()
        assert sum(shown(watch).counts) == 5
        with closing(sqlite3.connect(watch.store.path)) as other, other:
            other.execute("UPDATE events SET happened = 'never'")
            make_times(other)
        watch.screen._begin_anew()
        await watch.settle()
        assert line(watch).strip() == "No event has a time yet."
        await watch.press("h", "left", "home", "enter")
        assert watch.focus == "events"


async def test_while_times_are_read_it_says_so(watch: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch.screen._log, "time_reader", _unreadable)
    watch.screen._begin_anew()
    assert line(watch).strip() == "reading times… 0 %"
    assert watch.screen._destination("now").row is None
    await watch.settle()
    assert line(watch).strip() == "The times of the events can't be read: The disk is on fire."
    await watch.press("h", "home", "right")


def _unreadable() -> None:
    raise StoreUnwritable("The disk is on fire.")


async def test_another_log_is_another_histogram(watch: Watching) -> None:
    await watch.press("d")
    watch.screen._begin_anew()
    assert watch.screen.time_line.histogram is None
    await watch.settle()
    assert sum(shown(watch).counts) == len(watch.screen._view)


async def test_ages_change_with_the_time_and_only_where_they_read_differently(
    watch: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "03-16 11:59:47" in watch.lines[-1]
    await watch.press("T")
    assert "13 s" in watch.lines[-1]
    assert "11:59:47" not in watch.lines[-1]
    painted: list[int] = []
    monkeypatch.setattr(watch.table, "refresh_line", painted.append)
    watch.clock.elapsed += 1
    watch.table.tick(watch.clock.now())
    young = [row for row in range(300) if NOW - happened(watch, row + 1) < 60]
    assert painted
    assert set(young) >= {row for row in painted if NOW - happened(watch, row + 1) < 59}
    assert len(painted) < watch.table._page_size
    painted.clear()
    watch.table.tick(watch.clock.now())
    assert painted == []
    assert "14 s" in watch.lines[-1]
    await watch.press("T")
    assert "03-16 11:59:47" in watch.lines[-1]
    painted.clear()
    watch.clock.elapsed += 1
    watch.table.tick(watch.clock.now())
    assert painted == []


async def test_days_and_late_events_are_marked_in_the_table(watch: Watching) -> None:
    await watch.press("home")
    assert "⇣" in watch.lines[0]
    assert not [row for row in watch.lines[1:] if "⇣" in row]
    assert "received " in watch.text("#detail-head")
    days = [datetime.fromtimestamp(happened(watch, seq), UTC).date() for seq in range(1, 301)]
    begins = [0, *(row for row in range(1, 300) if days[row] != days[row - 1])]
    assert len(begins) > 1
    ground = watch.table._style("day").bgcolor
    for row in begins:
        watch.table.go_to(row + 1)
        await watch.settle()
        top = watch.table.scroll_offset.y
        marked = [
            top + y
            for y in range(watch.table._page_size)
            if any(part.style and part.style.bgcolor == ground for part in watch.table.render_line(y).crop(4, 8))
        ]
        assert row in marked
        assert set(marked) <= set(begins)


async def test_live_events_came_at_once(watch: Watching) -> None:
    await watch.live(3)
    assert not [row for row in watch.lines[-3:] if "⇣" in row]
    assert "received" not in watch.text("#detail-head")
