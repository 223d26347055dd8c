"""The screen in trouble: what it says, what it keeps, what it asks for, and that it leaves at once."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from support.fakes import HeldClock, NoChance, ScriptedRex, make_event, make_page
from support.watching import watching
from textual.geometry import Region
from textual.pilot import Pilot

from rex_tui.api import CursorRejected, Unavailable
from rex_tui.event import Event, Page, Quarantined
from rex_tui.feed import CatchingUp, CaughtUp, Poller, Stopped
from rex_tui.store import EventStore, StoreUnwritable, type_index
from rex_tui.store.notebook import Notebook
from rex_tui.store.type_index import BLOCK_ROWS
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.opening import Opening
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.session import Session

URL = "http://127.0.0.1:1"


class Scene:
    pilot: Pilot[None]

    def __init__(self, folder: Path, rex: ScriptedRex, where: str) -> None:
        self.store = EventStore(folder / "rex.db", URL)
        self.clock = HeldClock()
        self.poller = Poller(rex, self.store, interval_s=15, clock=self.clock, random=NoChance())
        self.notebook = Notebook(folder / "rex.db")
        opening = Opening(where)
        session = Session(self.store, self.poller, self.clock, self.notebook, "acme", opening)
        self.screen = WatchScreen(session, utc=True)
        self.app = RexTuiApp(self.screen)

    def text(self, selector: str) -> str:
        return str(self.screen.query_one(selector).render())

    async def until(self, holds: Callable[[], Any]) -> None:
        give_up = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < give_up, f"never came true; the feed is {self.poller.status}"
            await self.pilot.pause()


@asynccontextmanager
async def scene(folder: Path, rex: ScriptedRex, where: str = "") -> AsyncIterator[Scene]:
    made = Scene(folder, rex, where)
    try:
        async with made.app.run_test(size=(160, 45)) as pilot:
            made.pilot = pilot
            yield made
    finally:
        made.store.close()
        made.notebook.close()


async def test_a_catch_up_says_where_it_is(tmp_path: Path) -> None:
    rex = ScriptedRex([make_page(range(3), more=True, cursor="a")])
    answer = rex.answers[0]
    assert isinstance(answer, Page)

    def then_hang() -> Page:
        rex.hang = True
        return answer

    rex.answers[0] = then_hang
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: isinstance(made.poller.status.state, CatchingUp))
        await made.until(lambda: "catching up · 2026-03-01 12:00" in made.text("#status"))
        assert made.store.last_seq() == 3


async def test_trouble_is_told_with_the_time_of_the_next_attempt(tmp_path: Path) -> None:
    rex = ScriptedRex([make_page([1], cursor="a"), Unavailable("Rex can't be reached."), make_page([2], cursor="b")])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: "caught up" in made.text("#status"))
        made.clock.move(16)
        await made.until(lambda: "retrying in 1 s (attempt 1): Rex can't be reached." in made.text("#status"))
        assert "caught up" not in made.text("#status")
        made.clock.move(2)
        await made.until(lambda: "caught up" in made.text("#status"))
        assert "last error 12:00:16: Rex can't be reached." in made.text("#status")


async def test_a_rejected_cursor_is_told_and_the_log_can_be_read_again(tmp_path: Path) -> None:
    gone = CursorRejected("Rex no longer accepts our place in its log (410).")
    rex = ScriptedRex([make_page([1], cursor="a"), gone, make_page([1, 2], cursor="b")])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        made.clock.move(16)
        await made.until(lambda: isinstance(made.poller.status.state, Stopped))
        await made.until(lambda: "events may be missing" in made.text("#notice"))
        assert "ctrl+r" in made.text("#notice")
        await made.screen.action_read_again()
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        assert rex.cursors == [None, "a", None]
        assert made.store.last_seq() == 2


async def test_a_gap_stands_in_the_table_with_both_ends(tmp_path: Path) -> None:
    gone = CursorRejected("Rex no longer accepts our place in its log (410).")
    rex = ScriptedRex([make_page([1, 2], cursor="a"), gone, make_page([2_000], cursor="b")])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        made.clock.move(16)
        await made.until(lambda: isinstance(made.poller.status.state, Stopped))
        await made.pilot.press("ctrl+r")
        await made.until(lambda: made.screen._view.total == 3)
        table = made.screen.panes.table
        table.render_lines(Region(0, 0, 100, 10))
        said = table.render_line(2).text
        assert "╌╌ gap 03-01 12:00:02–03-02 12:00:20: events may be missing ╌╌" in said  # noqa: RUF001 - as painted
        assert made.screen.panes.events.border_title == "Events · all events · 3 of 3"
        await made.pilot.press("d")
        assert made.screen.panes.events.border_title == "Events · deals · 3 of 3"
        await made.until(lambda: "3 events" in made.text("#status"))
        await made.pilot.press("up", "y")
        await made.until(lambda: "last_before" in str(made.screen.panes.payload.root.children[1].label))


async def test_going_on_says_that_it_passes_over_what_is_there(tmp_path: Path) -> None:
    rex = ScriptedRex([make_page([1], cursor="a"), CursorRejected("Gone."), make_page([7], cursor="b", more=True)])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        made.clock.move(16)
        await made.until(lambda: isinstance(made.poller.status.state, Stopped))
        rex.hang_when_done = True
        await made.pilot.press("ctrl+n")
        await made.until(lambda: "passing over what Rex has" in made.text("#status"))
        assert made.store.last_seq() == 1


async def test_what_was_set_aside_is_listed_with_its_reason(tmp_path: Path) -> None:
    aside = (Quarantined(b'{"id": \x1b[31m]', "it is no JSON"), Quarantined(b"\xff", "it is no UTF-8"))
    rex = ScriptedRex([make_page([1], cursor="a", aside=aside)])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: "2 set aside, e lists" in made.text("#status"))
        await made.pilot.press("e")
        listed = [str(static.render()) for static in made.app.screen.query(".item")]
        assert [line.partition("\n")[2] for line in listed] == ['{"id": ␛[31m]', "\N{REPLACEMENT CHARACTER}"]
        assert "it is no JSON" in listed[0]
        await made.pilot.press("escape")
        assert made.app.screen is made.screen


async def test_nothing_set_aside_is_said_too(tmp_path: Path) -> None:
    async with scene(tmp_path, ScriptedRex([make_page([1], cursor="a")])) as made:
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        await made.pilot.press("e")
        assert "Nothing was set aside" in str(made.app.screen.query("Static").last().render())


async def test_a_store_found_damaged_while_it_is_read_is_moved_aside_and_read_again(tmp_path: Path) -> None:
    rex = ScriptedRex([make_page(range(60), cursor="a"), make_page(range(61), cursor="b")])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: made.screen._view.total == 60)
        raw = sqlite3.connect(tmp_path / "rex.db")
        with raw:
            raw.execute("UPDATE events SET data = x'ff' WHERE seq < 20")
        raw.close()
        await made.pilot.press("home")
        await made.until(lambda: "being read again into a new one" in made.text("#notice"))
        await made.until(lambda: made.screen._view.total == 61)
        assert ".damaged-" in made.text("#notice").replace("\n", "")
        assert made.store.last_seq() == 61
        await made.pilot.press("escape")
        await made.until(lambda: not made.screen.query_one("#notice").display)


async def test_reading_again_tells_why_it_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreUnwritable("The disk is full.")

    rex = ScriptedRex([make_page([1], cursor="a"), CursorRejected("Gone.")])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: isinstance(made.poller.status.state, CaughtUp))
        await made.screen.action_read_again()
        await made.until(lambda: len(made.app._notifications) == 1)
        assert "which it has not" in next(iter(made.app._notifications)).message
        made.clock.move(16)
        await made.until(lambda: isinstance(made.poller.status.state, Stopped))
        monkeypatch.setattr(made.store, "forget_cursor", full)
        await made.screen.action_read_again()
        await made.until(lambda: len(made.app._notifications) == 2)
        assert isinstance(made.poller.status.state, Stopped)
        assert any("The disk is full. Polling stays stopped" in note.message for note in made.app._notifications)


async def test_what_was_set_aside_is_counted_on_screen(tmp_path: Path) -> None:
    rex = ScriptedRex([make_page([1], cursor="a", aside=(Quarantined(b"{", "broken"), Quarantined(b"[", "broken")))])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: "2 set aside" in made.text("#status"))


async def test_a_follower_says_so_and_shows_what_the_writer_stores(tmp_path: Path) -> None:
    with EventStore(tmp_path / "rex.db", URL) as writer:
        async with scene(tmp_path, ScriptedRex()) as made:
            await made.until(lambda: "following process" in made.text("#status"))
            assert "read-only" in made.text("#title")
            writer.append([make_page(range(5), cursor="a")])
            made.clock.move(1)
            await made.until(lambda: made.screen._view.total == 5)
            made.screen.action_poll_now()
            await made.until(lambda: len(made.app._notifications) == 1)


async def test_a_large_payload_and_a_broken_one_are_shown_when_selected(tmp_path: Path) -> None:
    large = json.dumps({"rows": [{"n": n, "text": "x" * 50} for n in range(20_000)]})
    deep = "[" * 20_000 + "]" * 20_000
    odd = Event("evt_x", "odd", "soon", deep, 0.0, extra={"actor": '{"id": "\x1b[7m"}'})
    events = [make_event(1, data=large), odd, make_event(3, data="[]")]
    rex = ScriptedRex([Page(tuple(events), (), has_more=False, next_cursor="a")])
    async with scene(tmp_path, rex) as made:
        await made.until(lambda: made.screen._view.total == 3)
        payload = made.screen.panes.payload
        made.screen.panes.table.action_oldest()
        await made.until(
            lambda: len(payload.root.children) == 1 and "rows: [20000]" in str(payload.root.children[0].label)
        )
        made.screen.panes.table.action_move(1)
        await made.until(lambda: len(payload.root.children) > 1)
        assert str(payload.root.children[0].label).startswith("[[[[")
        assert "time 'soon', which is none" in made.text("#detail-head")
        assert '+ actor: {"id": "␛[7m"}' in made.text("#detail-head")


async def test_leaving_in_a_hanging_request_takes_no_time(tmp_path: Path) -> None:
    rex = ScriptedRex()
    rex.hang = True
    async with scene(tmp_path, rex) as made:
        await rex.asked.wait()
        await made.pilot.press("q")
    assert rex.cursors == [None]


async def test_a_store_that_fails_under_the_screen_is_told(tmp_path: Path) -> None:
    async with watching(tmp_path, history=100) as watch:
        watch.store._reader.close()
        assert watch.screen._log.rows([1]) == []
        assert watch.screen._log.event(1) is None
        await watch.until(lambda: len(watch.pilot.app._notifications) > 0)
        assert "is closed" in next(iter(watch.pilot.app._notifications)).message
        watch.store._reader = EventStore(tmp_path / "other.db", URL)._reader


async def test_types_that_are_not_those_of_the_rows_are_made_anew_behind_the_screen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with EventStore(tmp_path / "rex.db", URL) as store:
        store.append([make_page(range(60), cursor="a")])
    with closing(sqlite3.connect(tmp_path / "rex.db")) as raw, raw:
        raw.execute("UPDATE types SET count = 40")
    async with scene(tmp_path, ScriptedRex([make_page([], cursor="a")])) as made:
        await made.until(
            lambda: made.screen._log.index.complete and made.screen._log.index.counts["deal.updated"] == 60
        )
        assert made.screen._log.index.sound
        assert len(made.screen._view) == 60
        assert made.store.problems() == []
    assert "anew from the events" in caplog.text


async def test_a_process_that_only_reads_shows_the_rows_that_there_are_whatever_the_store_says_of_their_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_index, "SLICE_ROWS", BLOCK_ROWS)  # so that a short log is not read in one go
    events = 2 * BLOCK_ROWS + 12
    with EventStore(tmp_path / "rex.db", URL) as store:
        store.append([make_page(range(events), cursor="a")])
        with closing(sqlite3.connect(tmp_path / "rex.db")) as raw, raw:
            raw.execute("UPDATE types SET count = 40")
        async with scene(tmp_path, ScriptedRex([make_page([], cursor="a")]), "type:deal.*") as made:
            assert not made.store.writable
            await made.until(lambda: made.screen._log.index.complete and len(made.screen._view) == events)
            assert not made.screen._log.index.sound
            assert made.screen._view.seq_at(0) == 1
