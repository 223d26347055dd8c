"""A screen begins as it was left: filter, place, panes, colours; unless its start says what to show."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import terminal
from support.watching import SMALL, WIDE, Watching, watching

from rex_tui.demo import DemoLog
from rex_tui.query.filter import DEALS, EVERYTHING, Filter
from rex_tui.store.notebook import SCREEN_FACT, Notebook, forget_marks
from rex_tui.ui.left_screen import AS_USUAL, LeftPlace, LeftScreen, read_left
from rex_tui.ui.opening import Opening
from rex_tui.ui.pane_sizes import PaneSize

AGAIN = Opening(restore=True, keeps=True)
FRESH = Opening(keeps=True)


class Sittings:
    """One sitting after the other at the same store of the same Rex."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log: DemoLog | None = None
        self.port = 0

    @asynccontextmanager
    async def sit(self, opening: Opening = AGAIN, **how: Any) -> AsyncIterator[Watching]:
        where: dict[str, Any] = {"log": self.log, "port": self.port, "utc": False} if self.log else {}
        async with watching(self.folder, opening=opening, **(where | how)) as watch:
            self.port = urlsplit(watch.server.url).port or 0
            yield watch
            self.log = DemoLog(watch.log.events)

    @property
    def kept(self) -> str:
        with Notebook(self.folder / "rex.db") as notebook:
            return notebook.fact(SCREEN_FACT)

    def keep(self, text: str) -> None:
        with Notebook(self.folder / "rex.db") as notebook:
            notebook.keep_fact(SCREEN_FACT, text)


@pytest.fixture
def sittings(tmp_path: Path) -> Sittings:
    return Sittings(tmp_path)


async def ask(watch: Watching, text: str) -> None:
    await watch.press("slash", *text)
    await watch.answered()
    await watch.press("enter")


async def test_it_begins_as_it_was_left_and_a_fresh_one_forgets_nothing(sittings: Sittings) -> None:
    async with sittings.sit(size=WIDE) as first:
        await first.press("d")
        await ask(first, "deal")
        await first.press("backslash", "T", "s", "c", *["up"] * 60, *["down"] * 5, "shift+left")
        await first.live(60)
        selected, line, unseen = first.table.cursor_seq, first.table.cursor_line, first.table.unseen
        assert (line, unseen > 0) == (5, True)
        width = first.panes.detail.outer_size.width
        said = first.panes.events.border_title, first.panes.events.border_subtitle
    async with sittings.sit(size=WIDE) as second:
        await second.answered()
        assert (second.screen.filter, second.screen.query_text) == (DEALS, "deal")
        assert second.screen._search.view is not second.screen._search.found, "everything, with what matches marked"
        assert (second.table.cursor_seq, second.table.cursor_line) == (selected, line)
        assert (second.panes.events.border_title, second.panes.events.border_subtitle) == said
        assert (second.table.follow, second.screen.utc, second.table.relative) == (False, True, True)
        assert not second.panes.types.region
        assert second.panes.detail.has_class("-changes")
        assert second.panes.detail.outer_size.width == width
        assert second.focus == "events"
        written = sittings.kept
    async with sittings.sit(FRESH, size=WIDE) as third:
        assert (third.screen.filter, third.screen.query_text, third.table.follow) == (EVERYTHING, "", True)
        assert third.panes.types.region
        assert not third.screen.utc
    assert sittings.kept == written, "nothing was changed, so nothing is forgotten"


async def test_what_is_hidden_and_zoomed_and_the_theme_are_as_they_were(sittings: Sittings) -> None:
    async with sittings.sit(size=SMALL) as first:
        await ask(first, "deal")
        await first.press("right", "z", "M")
        first.pilot.app.theme = "nord"
        selected = first.table.cursor_seq
    async with sittings.sit(size=SMALL) as second:
        await second.answered()
        assert second.pilot.app.theme == "nord"
        assert second.screen._log.masking is not None
        assert "MASKED" in second.text("#title")
        assert second.focus == "payload"
        assert second.panes.detail.region.height == second.panes.region.height
        assert second.table.cursor_seq == selected
        await second.press("escape", "escape")
        assert second.focus == "events"
    async with sittings.sit(Opening(restore=True, unmasked=True, where="type:contact.*")) as third:
        assert third.screen._log.masking is None
        assert (third.screen.filter, third.screen.query_text) == (Filter.only_group("contact"), "")
        assert third.table.follow
    left = sittings.kept
    async with sittings.sit(Opening(restore=True, about="deal_nobody")) as fourth:
        await fourth.press("escape")
        assert fourth.screen.filter_text == ""
        await fourth.press("d")
    assert sittings.kept == left, "without being asked to, as in the demo, nothing is kept"
    async with sittings.sit() as fifth:
        await fifth.press("d")
        fifth.screen._keep_when_at_rest()
        assert read_left(sittings.kept).filter != DEALS, "it may go on changing"
        fifth.screen._keep_when_at_rest()
        await fifth.until(lambda: read_left(sittings.kept).filter == DEALS)


async def test_a_place_whose_event_is_gone_is_the_nearest_in_time(sittings: Sittings) -> None:
    async with sittings.sit() as first:
        await first.press(*["up"] * 9)
        event = first.store.event(first.table.cursor_seq or 0)
    assert event is not None
    at_first = sittings.kept
    left = read_left(sittings.kept)
    assert left.place == LeftPlace(event.id, event.occurred_at, event.received_at, left.place.line, left.place.seen)  # type: ignore[union-attr]
    sittings.keep(sittings.kept.replace(event.id, "evt_forgotten"))
    async with sittings.sit() as second:
        assert second.table.cursor_seq in range(event.seq - 1, event.seq + 2)
        assert not second.table.follow
    sittings.keep(at_first)
    forget_marks(sittings.folder / "rex.db", ["evt_of_nobody"])
    assert sittings.kept == at_first
    forget_marks(sittings.folder / "rex.db", ["evt_of_nobody", event.id])
    assert read_left(sittings.kept) == AS_USUAL, "what is forgotten is not kept here, either"


async def test_what_can_not_be_asked_any_more_leaves_its_types(sittings: Sittings) -> None:
    sittings.keep(LeftScreen(filter=DEALS, text="filter:gone").written())
    told: set[str] = set()

    def caught_up(watch: Watching) -> bool:
        told.update(str(one.message) for one in watch.pilot.app._notifications)  # which are gone after a while
        return watch.store.last_seq() == 300

    async with sittings.sit(wait=caught_up) as watch:
        assert (watch.screen.filter, watch.screen.query_text) == (DEALS, "")
    assert [
        words for words in told if words.startswith("What was asked last can't be read any more, so only its types")
    ]


def test_what_was_written_is_read_and_what_nobody_understands_is_the_usual() -> None:
    place = LeftPlace("evt_1", "2026-03-16T12:00:00Z", 1.5, 7, "evt_9")
    sizes = (("body", PaneSize(31.0, 0.0)), ("main", PaneSize(0.25, 0.5)))
    left = LeftScreen(
        1, "nord", DEALS.toggled("deal.won"), "renewal", False, place, True, True, True, True, ("-types",), sizes
    )
    assert read_left(left.written()) == left
    fields = json.loads(left.written())
    assert read_left(json.dumps(fields | {"from a later version": 1})) == left
    for other in (
        "",
        "{",
        "[]",
        "null",
        '{"version": 1, "text": 3}',
        json.dumps(fields | {"version": 2}),
        json.dumps(fields | {"filter": {"types": [["deal.won"]]}}),
        json.dumps(fields | {"sizes": [["main", {"beside": "1e999"}]]}),
        "[" * 100_000,
    ):
        assert read_left(other) == AS_USUAL


def test_no_event_that_the_filter_hides_is_ever_painted_at_the_second_start(tmp_path: Path) -> None:
    events = [
        json.dumps(
            {
                "id": f"evt_{number:05}",
                "type": "deal.won" if number % 10 == 0 else "contact.created",
                "occurred_at": f"2026-03-16T12:00:{number % 60:02}Z",
                "data": {"name": f"person {number}"},
            }
        )
        for number in range(300)
    ]
    with serving(OtherRex(events)) as rex:
        environment = {"REX_API_KEY": KEY, "REX_URL": rex.url, "REX_TUI_STORE": str(tmp_path / "rex.db")}
        with terminal([], environment) as screen:
            screen.until("caught up")
            screen.press("d/person 2\r")
            screen.until("12 of 300")
            screen.press("\x1b[A")
            screen.until("person 280")
            screen.press("\x11")
            assert screen.wait() == 0
        assert b"contact.created" in screen.raw
        with terminal([], environment) as screen:
            screen.until("12 of 300")
            screen.until("caught up")
            screen.press("\x11")
            assert screen.wait() == 0
        assert b"contact.created" not in screen.raw
        assert b"person 280" in screen.raw
        with terminal(["--fresh"], environment) as screen:
            screen.until("300 of 300")
            screen.press("\x11")
            assert screen.wait() == 0
