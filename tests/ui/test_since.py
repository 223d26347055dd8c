"""Since last time: the line and the sentence after a visit, checkpoints, and what a visit writes down."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace
from rich.segment import Segment
from support.fakes import NOW
from support.other_rex import KEY, OtherRex, serving
from support.terminal import terminal
from support.watching import MEDIUM, SMALL, WIDE, Watching, watching
from textual.widgets import Input, OptionList

from rex_tui.checkpoint import LAST_VISIT, Checkpoint
from rex_tui.demo import DemoEvent, DemoLog
from rex_tui.event import Event, Page
from rex_tui.feed import Stopped
from rex_tui.query.filter import Filter
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook
from rex_tui.ui.screens.checkpoints import CheckpointsScreen
from rex_tui.ui.screens.watch import WatchScreen

DAYS_S = 4 * 86_400.0
EVIL = "\x1b]52;c;aGFja2Vk\x07[red]"


class Rex:
    """A Rex whose log a test goes on with between two visits, the second of which is on Friday the 20th."""

    def __init__(self) -> None:
        self.log = DemoLog([])
        for _ in range(5):
            self.add("contact.created", "16T11")

    def add(self, type_: str, at: str, **data: object) -> None:
        made = DemoEvent(f"evt_{len(self.log):026}", type_, f"2026-03-{at}:00:00Z", json.dumps(data))
        self.log.append(made)

    def go_on(self) -> None:
        self.add("task.created", "17T09")
        self.add("deal.updated", "18T09", deal_id="deal_01JQ0000000000000000000002")
        self.add("deal.won", "18T10", deal_id="deal_01JQ0000000000000000000001", name=f"Acme {EVIL}", value=1_200_000)
        self.add("trigger.deal.stale", "19T10", deal_id="deal_01JQ0000000000000000000002")


def port(store: Path) -> int:
    """Give where the Rex of a store was, which is where it must be again."""
    with EventStore(store, None) as found:
        return urlsplit(found.base_url or "").port or 0


def shown(watch: Watching) -> str:
    return watch.text("#digest") if watch.screen.query_one("#digest").display else ""


def divided(watch: Watching) -> list[tuple[str, bool]]:
    """Give the rows that say something of a line, and whether they are underlined from edge to edge."""
    table = watch.table
    table.render_lines(table.region.reset_offset)
    strips = [table.render_line(row) for row in range(min(table._page_size, len(table._view)))]

    def line(segment: Segment) -> bool:
        return bool(segment.style and segment.style.underline)

    return [(strip.text, all(map(line, strip))) for strip in strips if "▾" in strip.text or any(map(line, strip))]


async def test_what_came_since_the_last_visit_is_told_and_marked_and_gone_to(tmp_path: Path) -> None:
    rex = Rex()
    async with watching(tmp_path, log=rex.log) as first:
        assert (shown(first), divided(first), first.table.divider) == ("", [], None), "there was no visit before"
        await first.press("slash", *"since:last-visit")
        await first.answered()
        assert "There is no visit before this one yet" in first.text("#bar-said")
    rex.go_on()
    async with watching(tmp_path, log=rex.log, elapsed=DAYS_S, port=port(tmp_path / "rex.db")) as watch:
        await watch.until(lambda: shown(watch))
        assert shown(watch) == (
            "4 events since your last visit, Mon 12:00: 1 won (Acme ␛]52;c;aGFja2Vk␇[red], 12,000.00 USD), "
            "1 stale (deal_…000002), 1 deal update, 1 about tasks. ⏎ to the first · Esc"
        )
        [(line, underlined)] = divided(watch)
        assert line.endswith(" ▾ new since your last visit, Mon 12:00 ")
        assert underlined
        assert "contact.created" in line, "it is the row above the first one"
        watch.screen.filter = Filter.only(["deal.won", "deal.updated"])
        await watch.settle()
        [(line, underlined)] = divided(watch)
        assert "deal.updated" in line
        assert not underlined, "nothing is above it"
        watch.screen.filter = Filter.only(["deal.won", "contact.created"])
        await watch.press("u", "enter")
        assert watch.screen_event_type == "deal.won", "it is the first that is shown"
        assert shown(watch) == ""
        assert isinstance(watch.pilot.app.screen, WatchScreen), "Enter opened no story"
        watch.screen.show_filter(Filter(), "since:last-visit")
        await watch.answered()
        assert len(watch.screen._view) == 4
        assert "since last-visit (" in str(watch.panes.events.border_title)
        await watch.live()
        assert len(watch.screen._view) == 5
        assert shown(watch) == ""
        watch.screen.show_filter(Filter(), "")
        await watch.press("escape")
        await watch.press("K")
        listed = watch.pilot.app.screen.query_one(OptionList)
        assert "5 since" in str(listed.get_option_at_index(0).prompt)
    async with watching(tmp_path, log=rex.log, elapsed=DAYS_S + 900, port=port(tmp_path / "rex.db")) as third:
        assert (shown(third), divided(third)) == ("", []), "nothing came since"
        visit = third.screen.kept.last_visit
        assert visit is not None
        assert visit.seq == 10
        await third.live()
        assert [line.rstrip()[-5:] for line, _ in divided(third)] == ["12:00"], (
            "what comes while one watches is new, too"
        )


def test_a_visit_in_a_real_terminal_is_known_the_next_time_and_one_of_a_file_is_none(tmp_path: Path) -> None:
    def made(number: int) -> str:
        at = f"2026-03-16T12:00:{number:02}Z"
        return json.dumps({"id": f"evt_{number:05}", "type": "deal.updated", "occurred_at": at, "data": {}})

    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
    with serving(OtherRex([made(number) for number in range(30)])) as rex:
        for came in (0, 3):
            rex.events.extend(made(30 + number) for number in range(came))
            with terminal([], environment | {"REX_URL": rex.url}) as screen:
                screen.until("caught up")
                if came:
                    screen.until("3 events since your last visit")
                    screen.press("\r")
                    screen.until("▾ new since your last visit")
                    screen.until_gone("3 events since your last visit")
                else:
                    assert "since your last" not in screen.text
                screen.press("\x11")
                assert screen.wait() == 0
    (tmp_path / "saved.jsonl").write_text(made(1))
    with terminal(["open", str(tmp_path / "saved.jsonl")], {}) as screen:
        screen.until("1 of 1")
        screen.press("K")
        screen.until("thrown away at the end")
        screen.press("\x11")
        assert screen.wait() == 0


async def test_where_rex_does_not_answer_it_is_so_far_and_escape_closes_it_for_good(tmp_path: Path) -> None:
    rex = Rex()
    async with watching(tmp_path, log=rex.log):
        pass
    with EventStore(tmp_path / "rex.db", None) as store:
        came = Event("evt_new", "deal.lost", "2026-03-17T09:00:00Z", "{}", NOW)
        store.append([Page((came,), (), has_more=True, next_cursor=store.cursor)])
    stopped = lambda watch: isinstance(watch.poller.status.state, Stopped)  # noqa: E731
    async with watching(
        tmp_path, log=rex.log, api_key="wrong", wait=stopped, elapsed=DAYS_S, port=port(tmp_path / "rex.db")
    ) as watch:
        await watch.until(lambda: shown(watch))
        assert shown(watch).startswith("1 event so far since your last visit, Mon 12:00: 1 lost.")
        await watch.press("escape")
        await watch.press("escape")
        assert shown(watch) == ""
    with Notebook(tmp_path / "rex.db") as notebook:
        assert notebook.checkpoints()[LAST_VISIT].made_at == NOW, "the end of the log was never on screen"


async def test_a_visit_is_written_down_while_it_lasts_and_never_moved_back(tmp_path: Path) -> None:
    rex = Rex()
    async with watching(tmp_path, log=rex.log) as watch:
        watch.screen._note_visit()
        with Notebook(tmp_path / "rex.db") as beside:
            await watch.until(beside.checkpoints)
            written = beside.checkpoints()[LAST_VISIT]
            assert written == Checkpoint(LAST_VISIT, f"evt_{4:026}", "2026-03-16T11:00:00Z", NOW)
            watch.clock.elapsed += 60
            watch.screen._note_visit()
            await watch.until(lambda: beside.checkpoints()[LAST_VISIT].made_at == NOW + 60)
            further = Checkpoint(LAST_VISIT, f"evt_{5:026}", "", NOW - 5)
            rex.add("deal.won", "16T12")
            page = Page((Event(further.event_id, "deal.won", "", "{}", NOW),), (), has_more=False, next_cursor="c")
            watch.store.append([page])  # as another rex-tui would: this screen does not show it
            beside.keep_checkpoint(further)
            assert watch.screen._visit() is None
    with Notebook(tmp_path / "rex.db") as notebook:
        assert notebook.checkpoints()[LAST_VISIT] == further


async def test_a_place_is_kept_asked_for_gone_to_moved_and_forgotten(tmp_path: Path) -> None:
    async with watching(tmp_path, history=300, size=WIDE) as watch:

        async def typed(name: str) -> str:
            await watch.pilot.press("K")
            dialog = watch.pilot.app.screen
            assert isinstance(dialog, CheckpointsScreen)
            dialog.query_one(Input).value = name
            await watch.pilot.pause()
            return str(dialog.query_one("#checkpoint-said").render())

        assert "is a time" in await typed("Monday")
        await watch.press("enter", "escape")
        assert await typed("Weekly Review") == "Enter keeps this place as weekly-review."
        assert "(300 events, newest 03-16 11:59:" in str(watch.pilot.app.screen.query_one("#checkpoint-place").render())
        await watch.live()
        await watch.press("enter")
        assert watch.told == "Kept weekly-review here. since:weekly-review asks for what comes after it."
        await watch.live(2)
        await watch.press("slash", *"since:week")
        await watch.answered()
        assert "the nearest name is weekly-review" in watch.text("#bar-said")
        assert "weekly-review" in [offer.text for offer in watch.screen.complete("since:week", 10)]
        await watch.press(*"ly-review", "enter")
        await watch.answered()
        assert [len(watch.screen._view), watch.screen._view.seq_at(0)] == [3, 301]

        assert await typed("weekly-review") == "weekly-review is kept already (12:00); Enter moves it here."
        await watch.press("enter")
        await watch.answered()
        assert len(watch.screen._view) == 0, "it was asked again with the place moved"
        await watch.live(2)
        assert len(watch.screen._view) == 2

        watch.screen.show_filter(Filter(), "")
        await watch.settle()
        offers = {offer.title: offer for offer in watch.screen.finder.kept()}
        offers["Go to checkpoint weekly-review"].do()
        await watch.settle()
        assert watch.table.cursor_seq == 304
        watch.screen.show_filter(Filter(), "since:weekly-review acme")
        await watch.answered()
        await watch.pilot.press("K", "down", "delete")
        dialog = watch.pilot.app.screen
        assert "Del again forgets weekly-review" in str(dialog.query_one("#checkpoint-said").render())
        await watch.press("delete")
        await watch.pilot.press("escape")
        assert "still begins where it was" in watch.told
        assert not watch.screen.kept.checkpoints
        await watch.until(lambda: not watch.screen._notebook.checkpoints())
        assert "since weekly-review" in str(watch.panes.events.border_title)
        await watch.press("escape")
        assert watch.screen.query_text == "", "what can't be read any more is left with the part that was taken back"


async def test_what_the_log_does_not_have_is_found_by_time_until_it_comes(tmp_path: Path) -> None:
    rex = Rex()
    with Notebook(tmp_path / "rex.db") as notebook:
        notebook.keep_checkpoint(Checkpoint("soon", f"evt_{5:026}", "2026-03-17T09:00:00Z", NOW - 60))
        notebook.keep_checkpoint(Checkpoint("gone", "evt_gone", "2026-03-16T10:00:00Z", NOW - 86_400))
    async with watching(tmp_path, log=rex.log, size=MEDIUM) as watch:
        watch.screen.show_filter(Filter(), "since:soon")
        await watch.answered()
        assert "since soon (by its time, 11:59)" in str(watch.panes.events.border_title)
        rex.go_on()
        watch.clock.move(20)
        await watch.until(lambda: watch.screen._log.index.total == 9 and watch.screen.kept.places["soon"].exact)
        await watch.answered()
        assert list(watch.screen._view.seqs(0, 9)) == [7, 8, 9]
        await watch.pilot.press("K", "down", "down")
        dialog = watch.pilot.app.screen
        lines = [str(option.prompt) for option in dialog.query_one(OptionList)._options]
        assert ["≈" in line for line in lines] == [False, True]
        assert "its time stands in for it" in str(dialog.query_one("#checkpoint-said").render())
        await watch.pilot.press("g")
        await watch.settle()
        assert watch.table.cursor_seq == 7, "the first that is shown"


async def test_a_log_that_is_thrown_away_says_so_of_its_checkpoints(tmp_path: Path) -> None:
    async with watching(tmp_path, history=5) as watch:
        opening = replace(watch.screen._session.opening, made_anew=True)
        watch.screen._session = replace(watch.screen._session, opening=opening)
        await watch.pilot.press("K")
        dialog = watch.pilot.app.screen
        assert "thrown away at the end" in str(dialog.query_one("#checkpoint-place").render())
        assert "None is kept yet" in str(dialog.query_one("#checkpoint-said").render())


async def test_what_is_not_written_down_yet_is_known_already_and_many_fit_a_small_screen(tmp_path: Path) -> None:
    async with watching(tmp_path, history=5, size=SMALL) as watch:
        kept, writes = watch.screen.kept, list[Callable[[], None]]()
        kept._note = writes.append
        for number in range(20):
            watch.screen.keep_place(f"place-{number}", watch.screen.newest_row())
        await watch.pilot.press("K", "down", *["down"] * 19)
        dialog = watch.pilot.app.screen
        listed = dialog.query_one(OptionList)
        assert [listed.option_count, listed.highlighted] == [20, 19]
        assert listed.region.bottom < dialog.query_one("#checkpoints-box").region.bottom <= SMALL[1]
        watch.screen._drop_place("place-7")
        kept.read()
        assert [len(kept.places), "place-7" in kept.places] == [19, False]
        for write in reversed(writes):
            write()
        kept.read()
        assert [len(kept.places), "place-7" in watch.screen._notebook.checkpoints()] == [19, False]
