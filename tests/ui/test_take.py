"""Taking things along from the screen: the copy menu, marks, and the export dialog."""

from __future__ import annotations

import json
import shlex
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from support.watching import Watching, watching
from textual.widgets import Input, OptionList

from rex_tui.demo import DEMO_KEY
from rex_tui.event import Asked, Event
from rex_tui.export.export import EVENTS_AT_ONCE
from rex_tui.query.language import Facts, parse
from rex_tui.store.notebook import Notebook
from rex_tui.ui.copies import Copy, Place, Seen, copies_of, harmless
from rex_tui.ui.screens.copy_menu import CopyMenu
from rex_tui.ui.screens.export import ExportScreen
from rex_tui.ui.screens.marks import MarksScreen
from rex_tui.ui.widgets.event_line import MARKED_SIGN

SEEN = Seen(
    "https://acme.rexgtm.com",
    "cur sor",
    "/tmp/my store.db",
    'type:deal.* "it\'s"',
    again=("rex-tui", "--store", "/tmp/my store.db"),
)
EVIL = "x'; rm -rf ~ #\x1b[201~\n\u202e`id` $(id)"


@pytest.fixture
async def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watching]:
    monkeypatch.chdir(tmp_path)
    async with watching(tmp_path) as running:
        yield running


def by_key(event: Event, place: Place | None = None, seen: Seen = SEEN) -> dict[str, Copy]:
    return {copy.key: copy for copy in copies_of(event, place, seen)}


# ---- copying


def test_each_copy_is_the_exact_text() -> None:
    data = '{"value": 1.50,  "n": 1180591620717411303424}'
    found = by_key(Event("evt_1", "deal.won", "2026-03-01", data, 1.0), Place("contact.email", "a@b"))
    assert found["d"].text == data
    assert data in (found["y"].text or "")
    assert (found["v"].text, found["p"].text, found["i"].text, found["c"].text) == (
        "a@b",
        "contact.email",
        "evt_1",
        "cur sor",
    )
    assert found["u"].text == (
        "curl -sS -H \"X-Api-Key: $REX_API_KEY\" 'https://acme.rexgtm.com/events?limit=200&type=deal.won'"
    )
    assert "from which page it came is not known" in found["u"].about
    store = ("--store", "/tmp/my store.db", "--where", SEEN.where)
    assert shlex.split(found["r"].text or "") == ["rex-tui", *store]
    assert shlex.split(found["e"].text or "") == ["rex-tui", "export", *store]


def test_in_a_lens_the_commands_are_about_its_id() -> None:
    found = by_key(Event("evt_1", "t", "", "{}", 1.0), None, replace(SEEN, about='deal_"*\\$(id)'))
    assert shlex.split(found["r"].text or "") == [*SEEN.again, "--about", 'deal_"*\\$(id)']
    demo = by_key(Event("evt_1", "t", "", "{}", 1.0), None, replace(SEEN, about="deal_1", made_anew=True))["r"]
    assert (demo.text, demo.about) == (None, "a demo is made anew at each start, with other ids")
    where = shlex.split(found["e"].text or "")[-1]
    query = parse(where, datetime.now(UTC))
    assert query.matches(Event('deal_"*\\$(id)', "t", "", "{}", 1.0), Facts())
    assert not query.matches(Event('deal_"x\\$(id)', "t", "", "{}", 1.0), Facts())


@pytest.mark.parametrize(
    "cursor", [None, "eyJ=&+/", EVIL, "'\"` \t\r\n\0;|&<>$(id)[1-9]{a,b}", "\x9b\u2028ü漢\x7f", "%27"]
)
def test_the_page_is_asked_for_with_its_cursor_whatever_is_in_it(cursor: str | None) -> None:
    found = by_key(Event("evt_1", "t", "", "{}", 1.0), None, replace(SEEN, page=Asked(cursor, 14)))["u"]
    assert found.about == "fetches the page of 14 it came from"
    command = found.text or ""
    assert command.isascii()
    assert command.isprintable()
    *words, address = shlex.split(command)
    assert words == ["curl", "-sS", "-H", "X-Api-Key: $REX_API_KEY"]
    assert not set("[]{}") & set(address), "curl takes these for patterns"
    wanted = httpx.URL(address).params
    assert dict(wanted) == {"limit": "14"} | ({} if cursor is None else {"cursor": cursor})


def test_hostile_text_stays_an_argument_and_controls_stay_out_of_commands() -> None:
    found = by_key(Event(EVIL, EVIL, EVIL, "{}", 1.0), Place(EVIL, EVIL))
    words = shlex.split(found["u"].text or "")
    assert len(words) == 5
    assert words[-1].startswith("https://acme.rexgtm.com/events?limit=200&type=x%27%3B%20rm")
    assert "\n" not in (found["u"].text or "")
    for key in "vpi":
        assert not {"\x1b", "\u202e"} & set(found[key].text or "")
    refused = by_key(Event("evt_1", "t", "", "{}", 1.0), None, Seen("https://a", None, "/x", "a\nb", again=("x",)))
    for key in "re":
        assert refused[key].text is None
        assert "control characters" in refused[key].about
    assert by_key(Event("evt_1", "t", "", "{}", 1.0), None, Seen("", None, "", "", again=("\udcff",)))["r"].text is None
    assert refused["v"].text is refused["c"].text is None


def test_what_pasting_could_obey_is_taken_out() -> None:
    assert harmless("a\tb\nc\x1b[201~\x9b\r\x00") == "a\tb\nc[201~"


def test_events_of_a_pipe_have_no_commands_and_those_of_a_file_one() -> None:
    found = by_key(Event("evt_1", "t", "", "{}", 1.0), None, Seen("", None, "", ""))
    assert found["u"].text is found["r"].text is found["e"].text is None
    again = ("rex-tui", "open", "/my/-file.jsonl")
    found = by_key(Event("evt_1", "t", "", "{}", 1.0), None, Seen("", None, "", "type:t", again=again))
    assert found["r"].text == "rex-tui open /my/-file.jsonl --where type:t"
    assert found["u"].text is found["e"].text is None


async def test_y_twice_copies_the_event_and_a_letter_something_else(watch: Watching) -> None:
    await watch.press("up", "y")
    assert isinstance(watch.pilot.app.screen, CopyMenu)
    await watch.press("y")
    event = watch.store.event(299)
    assert event is not None
    assert watch.copied == [event.json_line()]
    await watch.press("y", "i")
    assert watch.copied[1] == event.id
    await watch.press("y", "escape", "y", "down", "enter")
    assert watch.copied[2:] == [event.data]
    await watch.press("d", "y", "e")
    command = shlex.split(watch.copied[3])
    assert command[:4] == ["rex-tui", "export", "--store", str(watch.store.path)]
    assert command[4] == "--where"


async def test_the_copied_address_gives_the_page_that_the_event_came_from(watch: Watching) -> None:
    await watch.live(2)

    async def answered() -> list[str]:
        await watch.press("y", "u")
        *_, address = shlex.split(watch.copied[-1])
        async with httpx.AsyncClient(headers={"X-Api-Key": DEMO_KEY}) as client:
            answer = (await client.get(address)).json()
        return [event["id"] for event in answer["data"]]

    for keys, seq, place in ((["home"], 1, 0), (["down"] * 4, 5, 4), (["end", "up", "up"], 300, 99), (["end"], 302, 1)):
        await watch.press(*keys)
        event = watch.store.event(seq)
        assert event is not None
        assert watch.table.cursor_seq == seq
        assert (await answered())[place] == event.id


async def test_what_is_told_of_a_copy_is_where_it_is(watch: Watching) -> None:
    await watch.press("up", "y", "i")
    event = watch.store.event(299)
    assert event is not None
    await watch.until(lambda: "Copied" in watch.told)
    assert watch.told == f"Copied the event's id to the terminal's clipboard: {event.id}"
    watch.machine.takes = True
    await watch.press("y", "d")
    await watch.until(lambda: "its data" in watch.told)
    assert watch.told.startswith("Copied its data to the clipboard: {")
    assert watch.machine.held == [event.data]
    await watch.press("Y")
    await watch.until(lambda: "the cursor" in watch.told)
    assert watch.copied[-1] == watch.machine.held[-1] == watch.store.cursor


async def test_the_value_under_the_cursor_is_copied_with_its_path(watch: Watching) -> None:
    await watch.press("up", "y", "v")
    assert watch.copied == []
    await watch.press("escape", "right", "down")
    await watch.press("y", "v")
    await watch.press("y", "p")
    event = watch.store.event(299)
    assert event is not None
    value = json.loads(event.data)
    for step in watch.copied[1].replace("[", ".").replace("]", "").split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    assert watch.copied[0] == (value if isinstance(value, str) else json.dumps(value))


# ---- marking


async def test_a_mark_is_in_the_row_kept_and_found_again(watch: Watching, tmp_path: Path) -> None:
    await watch.press("up", "up", "m")
    assert MARKED_SIGN in next(line for line in watch.lines if "›" in line)  # noqa: RUF001 - the cursor's sign
    event = watch.store.event(298)
    assert event is not None
    with Notebook(tmp_path / "rex.db") as other:
        await watch.until(lambda: list(other.marks()) == [event.id])
    await watch.press("m")
    assert not [line for line in watch.lines if MARKED_SIGN in line]


async def test_the_list_of_marks_goes_there_notes_and_unmarks(watch: Watching) -> None:
    await watch.press("up", "m", "up", "up", "m", "G", "apostrophe")
    assert isinstance(watch.pilot.app.screen, MarksScreen)
    listed = watch.pilot.app.screen.query_one("#marks", OptionList)
    assert listed.option_count == 2
    await watch.press("n", *"call back", "enter")
    assert "call back" in str(listed.get_option_at_index(0).prompt)
    await watch.press("enter")
    assert watch.table.cursor_seq in (297, 299)
    await watch.press("apostrophe", "delete", "delete")
    assert "Nothing is marked" in str(watch.pilot.app.screen.query_one("#no-marks").render())
    await watch.press("escape")
    assert not [line for line in watch.lines if MARKED_SIGN in line]


async def test_a_marked_event_that_the_filter_hides_is_gone_to_all_the_same(watch: Watching) -> None:
    await watch.press("up", "m", "x")
    assert not watch.screen._view.shows(299)
    await watch.press("apostrophe", "enter")
    assert watch.table.cursor_seq == 299
    assert watch.screen.filter.is_all


# ---- exporting


async def finished(watch: Watching) -> None:
    await watch.until(lambda: watch.pilot.app.screen is watch.screen)


async def test_enter_exports_what_is_shown(watch: Watching, tmp_path: Path) -> None:
    await watch.press("d", "ctrl+e")
    assert isinstance(watch.pilot.app.screen, ExportScreen)
    shown = len(watch.screen._view)
    await watch.press("enter")
    await finished(watch)
    (file,) = tmp_path.glob("rex-events-2026-03-16.jsonl")
    lines = file.read_text().splitlines()
    assert len(lines) == shown
    assert all("deal" in json.loads(line)["type"] for line in lines)


async def test_it_asks_before_it_writes_over_a_file(watch: Watching, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    await watch.press("ctrl+e")
    name = watch.pilot.app.screen.query_one("#file", Input)
    name.value = "mine.csv"
    await watch.press("enter")
    assert "is there already" in str(watch.pilot.app.screen.query_one("#said").render())
    assert (tmp_path / "mine.csv").read_text() == "mine"
    await watch.press("enter")
    await finished(watch)
    assert (tmp_path / "mine.csv").read_text() != "mine"


async def test_the_format_changes_the_name_and_marked_events_alone_can_be_chosen(
    watch: Watching, tmp_path: Path
) -> None:
    await watch.press("up", "m", "ctrl+e", "shift+tab", "down", "space", "shift+tab", "down", "space", "enter")
    await finished(watch)
    lines = (tmp_path / "rex-events-2026-03-16.csv").read_text().splitlines()
    assert len(lines) == 2


async def test_columns_are_chosen_for_the_formats_that_have_some(watch: Watching, tmp_path: Path) -> None:
    watch.screen.taking.columns = lambda: "value"
    await watch.press("d", "ctrl+e")
    dialog = watch.pilot.app.screen
    columns = dialog.query_one("#columns", Input)
    assert (columns.value, columns.disabled) == ("value", True)
    assert "byte for byte" in columns.placeholder
    await watch.press("shift+tab", "down", "space")
    assert not columns.disabled
    columns.value = " stage_name, data.value ,, nothing[0],"
    await watch.press("enter")
    await finished(watch)
    head, *rows = (tmp_path / "rex-events-2026-03-16.csv").read_text().splitlines()
    assert head == "id,type,occurred_at,received_at,data.stage_name,data.value,data.nothing[0]"
    assert len(rows) == len(watch.screen._view)
    await watch.press("ctrl+e")
    dialog = watch.pilot.app.screen
    dialog.query_one("#columns", Input).value = "value"
    await watch.press("enter")
    await finished(watch)
    line = (tmp_path / "rex-events-2026-03-16.jsonl").read_text().splitlines()[0]
    assert "data" in json.loads(line), "JSON Lines have the whole event, whatever stands there"


async def test_a_failure_is_said_and_nothing_is_lost(watch: Watching) -> None:
    await watch.press("ctrl+e")
    watch.pilot.app.screen.query_one("#file", Input).value = "no/such/folder.jsonl"
    await watch.press("enter")
    said = watch.pilot.app.screen.query_one("#said")
    await watch.until(lambda: "can't be written" in str(said.render()))
    watch.pilot.app.screen.query_one("#file", Input).value = str(watch.store.path)
    await watch.press("enter", "enter")
    await watch.until(lambda: "belongs to the store itself" in str(said.render()))
    assert watch.store.problems() == []
    await watch.press("escape")
    await finished(watch)


async def test_a_cancelled_export_leaves_no_file(
    watch: Watching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, go_on = threading.Event(), threading.Event()
    reader = watch.store.reader

    class Slow:
        def __init__(self) -> None:
            self.real = reader()
            self.names = self.real.names

        def whole(self, seqs: list[int]) -> list[Event]:
            going.set()
            go_on.wait(20)
            return self.real.whole(seqs)

        def close(self) -> None:
            self.real.close()

    assert EVENTS_AT_ONCE < 300, "there is a second chunk to be cancelled before"
    monkeypatch.setattr(watch.store, "reader", Slow)
    await watch.press("ctrl+e", "enter")
    await watch.until(going.is_set)
    await watch.press("escape")
    go_on.set()
    said = watch.pilot.app.screen.query_one("#said")
    await watch.until(lambda: "Cancelled. No file was left." in str(said.render()))
    assert not list(tmp_path.glob("*rex-events*"))
