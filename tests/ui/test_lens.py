"""The lens: the story of an entity, opened from the table, the payload and from another lens, and live."""

from __future__ import annotations

import json
import shlex
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.watching import INTERVAL_S, SMALL, WIDE, Watching, watching
from textual.widgets import RadioButton

from rex_tui.demo import DemoEvent, DemoLog
from rex_tui.query.filter import Filter
from rex_tui.ui.copies import harmless
from rex_tui.ui.opening import Opening
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.shown_log import CHAPTERS_MAX
from rex_tui.ui.widgets.changes_list import ChangesList
from rex_tui.ui.widgets.event_detail import EventDetail
from rex_tui.ui.widgets.event_line import MARKED_SIGN
from rex_tui.ui.widgets.line_list import LineList
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.saying import Saying

DEAL = "deal_01JQ0000000000000000000ABC"
CONTACT = "cont_01JQ0000000000000000000ANN"
COMPANY = "comp_01JQ0000000000000000000ACM"
GADGET = "gadget_01JQ0000000000000000000GDG"
EVIL = "\x1b]52;c;aGFja2Vk\x07[red]\u202e\x9b"
AGAIN = ("rex-tui",)


class Rex:
    """A Rex whose log holds what a test says, at times that it says."""

    def __init__(self) -> None:
        self.log = DemoLog([])
        self.add("company.created", 0, company_id=COMPANY, name="Acme Ltd")
        self.add("contact.created", 1, contact_id=CONTACT, name="Ann", email="ann@example.com", company_id=COMPANY)
        both = {"company_id": COMPANY, "contact_id": CONTACT}
        self.add("deal.created", 2, deal_id=DEAL, name="Rollout", value=100_000, stage_name="Qualified", **both)
        self.add("activity.created", 3, activity_id="act_1234", kind="call", deal_id=DEAL, **both)
        self.add("deal.stage_changed", 5, deal_id=DEAL, from_stage_name="Qualified", to_stage_name="Proposal")
        self.add("deal.updated", 9, deal_id=DEAL, name="Rollout", value=120_000)
        self.add("note.made", 10, text="about nobody")
        self.add("deal.updated", 11, deal_id=DEAL, name="Rollout", value=150_000, by=GADGET)

    def add(self, type_: str, day: int, **data: object) -> None:
        text = json.dumps(data, separators=(",", ":"))
        number = len(self.log)
        self.log.append(DemoEvent(f"evt_{number:026}", type_, f"2026-03-{day + 1:02}T10:00:00Z", text))


@pytest.fixture
def rex() -> Rex:
    return Rex()


@pytest.fixture
async def watch(tmp_path: Path, rex: Rex) -> AsyncIterator[Watching]:
    async with watching(tmp_path, log=rex.log, size=WIDE, opening=Opening(again=AGAIN)) as running:
        yield running


def lens(watch: Watching) -> LensScreen:
    screen = watch.pilot.app.screen
    assert isinstance(screen, LensScreen)
    return screen


async def told(watch: Watching, id_: str) -> LensScreen:
    """Wait until the lens of an id has its story; give its screen."""

    def shows() -> bool:
        screen = watch.pilot.app.screen
        return isinstance(screen, LensScreen) and screen.story is not None and screen.story.id == id_

    await watch.until(shows)
    await watch.pilot.pause()
    return lens(watch)


def words(screen: LensScreen, selector: str) -> str:
    return str(screen.query_one(selector, Saying).render())


def lines(screen: LensScreen, selector: str = "#chapters") -> list[str]:
    listed = screen.query_one(selector, LineList)
    return [str(listed.line(number)) for number in range(len(listed))]


async def test_enter_tells_the_story_of_whom_the_event_is_about(watch: Watching) -> None:
    await watch.press("enter")
    screen = await told(watch, DEAL)
    assert words(screen, "#lens-head").splitlines() == [
        f"◆ deal · Rollout · {DEAL}",
        "5 events, 4 about it · first 2026-03-03 10:00 · last 2026-03-12 10:00",
    ]
    assert words(screen, "#lens-path") == "Qualified ─3 d→ ● Proposal"
    assert [line[15:] for line in lines(screen)] == [
        "                 ◆ deal.created        1,000.00 USD · Rollout",
        "a day later      ▲ activity.created    call",
        "2 days later     ◆ deal.stage_changed  Qualified → Proposal",
        "4 days later     ◆ deal.updated        name is new: Rollout, value is new: 1,200.00 · 1,200.00 USD · Rollout",
        "2 days later     ◆ deal.updated        value 1,200.00 → 1,500.00 · 1,500.00 USD · Rollout",
    ]
    assert [line.split() for line in lines(screen, "#met")] == [["2", "■", "Acme", "Ltd"], ["2", "●", "Ann"]]
    assert screen.chapters.highlighted == 4


async def test_a_lens_opens_from_an_id_in_the_payload_by_key_and_by_click(watch: Watching) -> None:
    await watch.press("home", "down", "right")
    tree = watch.panes.payload
    places = [n for n, node in enumerate(tree.root.children) if COMPANY in str(node.label)]
    tree.cursor_line = places[0]
    await watch.press("enter")
    await told(watch, COMPANY)
    await watch.press("escape")
    assert isinstance(watch.pilot.app.screen, WatchScreen)
    await watch.pilot.click(PayloadTree, offset=(14, places[0]))
    screen = await told(watch, COMPANY)
    assert "■ company · Acme Ltd" in words(screen, "#lens-head")
    assert len(lines(screen)) == 4


async def test_a_click_on_the_id_in_a_row_opens_its_lens_and_elsewhere_does_not(watch: Watching) -> None:
    await watch.pilot.click("#events", offset=(10, 0))
    await watch.settle()
    assert isinstance(watch.pilot.app.screen, WatchScreen)
    width = watch.table.scrollable_content_region.width
    await watch.pilot.click("#events", offset=(width - 4, 0))
    await told(watch, COMPANY)


async def test_an_event_about_nobody_shows_its_payload_instead(watch: Watching) -> None:
    await watch.press("up", "enter")
    assert isinstance(watch.pilot.app.screen, WatchScreen)
    assert watch.focus == "payload"


async def test_lenses_are_walked_through_back_and_forth_like_pages(watch: Watching) -> None:
    await watch.press("enter")
    screen = await told(watch, DEAL)
    screen.met.focus()
    screen.met.highlighted = 0
    await watch.press("enter")
    await told(watch, COMPANY)
    await watch.press("left_square_bracket")
    await told(watch, DEAL)
    await watch.press("left_square_bracket")
    assert lens(watch).story is not None, "there is none before the first"
    await watch.press("right_square_bracket")
    await told(watch, COMPANY)
    await watch.press("q")
    assert isinstance(watch.pilot.app.screen, WatchScreen)
    await watch.press("enter")
    await told(watch, DEAL)
    await watch.press("left_square_bracket")
    await told(watch, COMPANY)


async def test_the_payload_of_an_event_is_read_in_the_lens_and_left_for_its_events(watch: Watching) -> None:
    await watch.press("enter")
    screen = await told(watch, DEAL)
    await watch.press("up", "up", "enter")
    assert screen.detail.payload.has_focus
    labels = [str(node.label) for node in screen.detail.payload.root.children]
    assert "from_stage_name: Qualified" in labels
    await watch.press("escape")
    assert screen.chapters.has_focus
    await watch.press("escape")
    assert isinstance(watch.pilot.app.screen, WatchScreen)


async def test_events_that_come_are_told_while_the_lens_is_open(watch: Watching, rex: Rex) -> None:
    await watch.press("enter")
    screen = await told(watch, DEAL)
    rex.add("deal.won", 13, deal_id=DEAL, name="Rollout", stage_name="Proposal")
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: len(lines(screen)) == 6)
    assert words(screen, "#lens-path") == "Qualified ─3 d→ Won"
    assert screen.chapters.highlighted == 5, "who reads the newest goes on with the newest"
    await watch.press("home")
    rex.add("deal.deleted", 14, deal_id=DEAL)
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: len(lines(screen)) == 7)
    assert screen.chapters.highlighted == 0, "who reads another stays there"


async def test_a_screen_opens_with_a_filter_and_a_story_over_it(tmp_path: Path, rex: Rex) -> None:
    opening = Opening("type:deal.* value>1000.00", DEAL, AGAIN)
    async with watching(tmp_path, log=rex.log, size=WIDE, opening=opening) as watch:
        await told(watch, DEAL)
        await watch.press("escape")
        await watch.answered()
        assert watch.screen.filter == Filter.only_group("deal")
        assert watch.screen.query_text == "value>1000.00"
        assert [watch.screen._view.seq_at(row) for row in range(len(watch.screen._view))] == [6, 8]
        await watch.press("y", "r")
        assert shlex.split(watch.copied[0]) == ["rex-tui", "--where", opening.where]
        watch.screen.show_text('"', "What --where says")
        await watch.settle()
        assert watch.told.startswith("What --where says can't be read: ")


async def test_an_id_that_only_one_payload_mentions_has_a_lens(watch: Watching) -> None:
    watch.screen.open_lens(GADGET)
    screen = await told(watch, GADGET)
    assert words(screen, "#lens-head").startswith(f"○ gadget · {GADGET}\n1 event, 0 about it")


@pytest.mark.parametrize(("id_", "said"), [("deal_never_seen", "No event in this log"), ("x" * 300, "takes in no id")])
async def test_an_id_never_seen_is_said_to_be_so(watch: Watching, rex: Rex, id_: str, said: str) -> None:
    watch.screen.open_lens(id_)
    screen = await told(watch, id_)
    assert said in words(screen, "#lens-head")
    assert not screen.query_one("#lens-path").display
    await watch.press("c", "right", "up", "escape", "escape")
    assert isinstance(watch.pilot.app.screen, WatchScreen)


async def test_a_long_story_shows_its_newest_events_and_says_what_it_leaves_out(watch: Watching, rex: Rex) -> None:
    for number in range(CHAPTERS_MAX + 20):
        rex.add("deal.updated", 12, deal_id=DEAL, value=number)
    rex.add("list.made", 12, id="x" * 300)
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: watch.screen._log.index.total == len(rex.log))
    watch.screen.open_lens(DEAL)
    screen = await told(watch, DEAL)
    assert words(screen, "#chapters-left") == " … 25 earlier events not shown here"
    assert screen.query_one("#chapters-left").region.height == 1
    assert len(lines(screen)) == CHAPTERS_MAX
    assert str(screen.query_one("#met-pane").border_title) == f"Met in these {CHAPTERS_MAX}"
    assert f"{CHAPTERS_MAX + 25} events" in words(screen, "#lens-head")
    assert "first 2026-03-03" in words(screen, "#lens-head")
    assert "1 event has more or longer ids than the index takes in" in words(screen, "#lens-head")


async def test_a_lens_is_taken_along(
    watch: Watching, rex: Rex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(CHAPTERS_MAX):
        rex.add("deal.updated", 12, deal_id=DEAL, value=number)
    rex.add("note.made", 13, text=EVIL, deal_id=DEAL)
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: watch.screen._log.index.total == len(rex.log))
    await watch.press("d")
    watch.screen.open_lens(DEAL)
    screen = await told(watch, DEAL)
    newest = watch.store.event(len(rex.log))
    assert newest is not None

    await watch.press("y", "y", "y", "i", "y", "r", "y", "e", "y", "u")
    assert watch.copied[:2] == [newest.json_line(), newest.id]
    assert watch.copied[2] == f"rex-tui --about {DEAL}"
    assert watch.copied[3].endswith(f"""--where '"{DEAL}"'""")
    assert "cursor=" in watch.copied[4]
    await watch.press("right", "y", "v", "y", "p")
    assert watch.copied[5:] == [harmless(EVIL), "text"]

    await watch.press("escape", "m", "up", "m", "m")
    assert [MARKED_SIGN in line for line in lines(screen)[-2:]] == [False, True]
    assert watch.screen.taking.marked.places == {newest.seq}

    await watch.press("ctrl+e")
    choices = [str(one.label) for one in watch.pilot.app.screen.query("#what RadioButton").results(RadioButton)]
    assert choices == [
        f"the whole story: {CHAPTERS_MAX + 6}",
        "marked: 1",
        f"the view, as filtered: {CHAPTERS_MAX + 4}",
    ]
    await watch.press("enter")
    await watch.until(lambda: watch.pilot.app.screen is screen)
    (file,) = tmp_path.glob("rex-events-*.jsonl")
    told_ids = [json.loads(line)["id"] for line in file.read_text().splitlines()]
    assert told_ids == [event.id for event in rex.log.events if DEAL in event.data]

    await watch.press("apostrophe", "enter")
    assert isinstance(watch.pilot.app.screen, WatchScreen)
    assert watch.table.cursor_seq == newest.seq
    assert watch.screen.filter.is_all, "the filter hid it"
    assert any(MARKED_SIGN in line for line in watch.lines)


async def test_where_no_event_is_there_is_nothing_to_take(watch: Watching) -> None:
    watch.screen.open_lens("deal_never_seen")
    await told(watch, "deal_never_seen")
    for key, said in (("y", "nothing to copy"), ("m", "nothing to mark")):
        await watch.press(key)
        assert said in watch.told
    await watch.press("apostrophe", "escape", "ctrl+e", "escape")
    assert isinstance(watch.pilot.app.screen, LensScreen)


async def test_the_keys_of_the_lens_are_in_its_help(watch: Watching) -> None:
    await watch.press("enter")
    await told(watch, DEAL)
    await watch.press("question_mark")
    await watch.press("escape")
    screen = watch.pilot.app.screen
    assert isinstance(screen, LensScreen)
    offered = {command.title for command in watch.pilot.app.get_system_commands(screen)}
    assert {"List marks", "Export the story to a file", "Mark the event, or unmark it"} <= offered


async def test_a_small_lens_shows_the_payload_on_request(tmp_path: Path, rex: Rex) -> None:
    async with watching(tmp_path, log=rex.log, size=SMALL) as small:
        await small.press("enter")
        screen = await told(small, DEAL)
        assert not screen.detail.display
        assert screen.query_one("#met-pane").display
        await small.press("enter")
        assert screen.detail.display
        assert not screen.query_one("#met-pane").display


# ---- what changed


def changes(detail: EventDetail) -> str:
    return str(detail.query_one("#changes-words", Saying).render())


@pytest.mark.parametrize(
    ("up", "said"),
    [
        (0, ["~ value  1,200.00 → 1,500.00", "+ by  gadget_…000GDG"]),
        (2, ["+ value  1,200.00", "- from_stage_name  Qualified"]),
        (3, ["compared with deal.created evt_00000000000000000000000002 of 2026-03-03 10:00:00 UTC, 3 days later"]),
        (5, ["There is no earlier event in this log"]),
    ],
)
async def test_c_shows_what_an_event_changed_and_then_its_payload_again(
    watch: Watching, up: int, said: list[str]
) -> None:
    await watch.press(*["up"] * up, "c")
    await watch.until(lambda: all(one in changes(watch.panes.detail) for one in said))
    assert not watch.panes.payload.display
    await watch.press("right")
    assert isinstance(watch.screen.focused, ChangesList)
    await watch.press("j", "k", "c")
    assert watch.focus == "payload"
    assert not watch.panes.detail.query_one(ChangesList).display


async def test_where_nothing_differs_it_says_from_what(watch: Watching, rex: Rex) -> None:
    rex.add("deal.updated", 12, deal_id=DEAL, name="Rollout", value=150_000, by=GADGET)
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: watch.screen._log.index.total == len(rex.log))
    await watch.press("G", "c")
    said = "no field differs from evt_00000000000000000000000007 of 2026-03-12 10:00:00 UTC"
    await watch.until(lambda: changes(watch.panes.detail) == said)


async def test_an_update_without_a_list_of_changes_says_in_its_row_what_it_changed(watch: Watching) -> None:
    assert "value 1,200.00 → 1,500.00" in watch.line(7)
    assert "value 120000" not in watch.line(5)


async def test_a_new_shape_is_marked_in_the_row_and_named_in_the_head(watch: Watching, rex: Rex) -> None:
    for number in range(8):
        rex.add("gadget.made", 12, id=GADGET, n=number)
    rex.add("gadget.made", 12, id=GADGET, n="nine", colour="red")
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: watch.screen._log.index.total == len(rex.log))
    await watch.press("G")
    assert " ± " in watch.line(len(rex.log) - 1)
    assert " ± " not in watch.line(len(rex.log) - 2)
    head = watch.text("#detail-head")
    assert "± first of its type with field colour (text)" in head
    assert "± first of its type with field n as text, before number" in head
