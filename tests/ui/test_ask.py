"""The bar under a pilot: what is typed is searched for as it is typed, and every way back leads back."""

from __future__ import annotations

import json
from array import array
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import NOW
from support.hostile import NAMES, hostile
from support.watching import Watching, watching
from textual.widgets import Input

from rex_tui.event import Event, Page
from rex_tui.query.filter import DEALS, EVERYTHING, Filter
from rex_tui.query.found import FoundView
from rex_tui.query.language import Facts, parse
from rex_tui.query.view import View
from rex_tui.safe_text import clean
from rex_tui.store.notebook import Notebook, notebook_path
from rex_tui.ui.screens.saved_filters import ForgetFilterScreen, SaveFilterScreen
from rex_tui.ui.search import LIVE_MAX
from rex_tui.ui.search_words import query_words
from rex_tui.ui.widgets.event_line import MATCH_MARK
from rex_tui.ui.widgets.query_bar import QueryBar

AT_ONCE = 35


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path) as running:
        yield running


async def type_(watch: Watching, text: str) -> None:
    await watch.type(text)
    await watch.answered()


async def ask(watch: Watching, text: str) -> None:
    await watch.press("slash")
    watch.screen.bar.input.value = ""
    await type_(watch, text)


def bar(watch: Watching) -> QueryBar:
    return watch.screen.bar


def title(watch: Watching) -> str:
    return str(watch.panes.events.border_title)


def asked(text: str) -> str:
    return query_words(parse(text, datetime.fromtimestamp(NOW, UTC)))


def fitting(watch: Watching, text: str, types: Filter = EVERYTHING) -> list[int]:
    query = parse(text, watch.screen._now())
    events = watch.store.events(0, 10_000)
    return [event.seq for event in events if types.shows(event.type) and query.matches(event, Facts())]


def rows(watch: Watching) -> list[int]:
    view = watch.screen._view
    return list(view.seqs(0, len(view)))


def offered(watch: Watching) -> list[str]:
    return [str(option.prompt) for option in bar(watch).offered.options] if bar(watch).has_class("-offering") else []


async def append(watch: Watching, names: Sequence[str]) -> None:
    """Let Rex tell of deals with these names."""
    last = watch.store.last_seq()
    when = "2026-03-16T12:00:00Z"
    made = tuple(
        Event(f"evt_live{last + n}", "deal.created", when, json.dumps({"name": name}), 0.0)
        for n, name in enumerate(names, 1)
    )
    watch.screen._feed_grew(watch.store.append([Page(made, (), has_more=False, next_cursor=None)]))
    await watch.until(lambda: watch.screen._log.index.total == last + len(names))
    await watch.answered()


async def test_what_is_typed_is_shown_as_it_is_typed(watch: Watching) -> None:
    await watch.press("slash")
    assert watch.focus == "bar-input"
    typed = ""
    for key in "won":
        typed += key
        await type_(watch, key)
        assert rows(watch) == fitting(watch, typed)
    await watch.press("enter")
    assert watch.focus == "events"
    assert not bar(watch).display
    found = len(fitting(watch, "won"))
    assert title(watch) == f"Events · all events {asked('won')} · {found} of 300"
    assert watch.screen._notebook.history() == ["won"]


async def test_sidebar_and_bar_are_one_filter_in_one_sentence(watch: Watching) -> None:
    await ask(watch, "stage")
    await watch.press("enter", "d")
    await watch.answered()
    found = fitting(watch, "stage", DEALS)
    assert rows(watch) == found
    assert title(watch) == f"Events · deals {asked('stage')} · {len(found)} of 300"
    await watch.press("a")
    assert title(watch) == "Events · all events · 300 of 300"
    assert watch.screen.query_text == ""


async def test_a_text_that_is_no_query_is_told_under_its_sign_and_the_last_filter_holds(watch: Watching) -> None:
    await ask(watch, "won")
    before = rows(watch)
    await type_(watch, ' "x')
    said = watch.text("#bar-said")
    assert said.index("^") == len('/ won "') - 1 - 0
    assert "not closed" in said
    assert "The filter before it still holds" in said
    assert rows(watch) == before
    await watch.press("enter")
    assert watch.focus == "bar-input"
    await type_(watch, '"')
    assert "^" not in watch.text("#bar-said")
    assert rows(watch) == fitting(watch, "won x")


async def test_where_nothing_is_found_by_a_field_that_no_payload_has_the_nearest_one_is_named(watch: Watching) -> None:
    await watch.press("slash")
    await watch.until(lambda: watch.screen._known.fields)
    for text, said in (("valu>5", "did you mean value?"), ("zzqqxx:5", "a field zzqqxx."), ("value<0", "")):
        watch.screen.bar.input.value = ""
        await type_(watch, text)
        shown = watch.text("#empty")
        assert "None of the" in shown
        assert said in shown
        assert ("No payload of late" in shown) == bool(said)


async def test_escape_closes_the_completions_then_the_bar_and_takes_back_what_was_typed(watch: Watching) -> None:
    await ask(watch, "won")
    await watch.press("enter")
    before = rows(watch)
    await watch.press("slash")
    await type_(watch, " type:de")
    assert offered(watch)
    await watch.press("escape")
    assert not offered(watch)
    assert bar(watch).input.value == "won type:de"
    await watch.press("escape")
    await watch.answered()
    assert watch.focus == "events"
    assert rows(watch) == before
    assert watch.screen.query_text == "won"


async def test_in_the_table_escape_takes_back_part_after_part(watch: Watching) -> None:
    await ask(watch, "won deal")
    await watch.press("enter", "d", "z")
    said = []
    for _ in range(5):
        await watch.press("escape")
        await watch.answered()
        said.append(title(watch).split(" · ")[1])
    assert said == [f"deals {asked('won deal')}", f"deals {asked('won')}", "deals", "all events", "all events"]
    await watch.press("d", "tab", "escape")
    assert watch.screen.filter == DEALS
    await watch.press("escape")
    assert watch.screen.filter == EVERYTHING


async def test_completions_come_from_what_the_log_holds(watch: Watching) -> None:
    await watch.press("slash")
    await watch.until(lambda: watch.screen._known.fields)
    await type_(watch, "type:deal.w")
    assert [one.split() for one in offered(watch)] == [["deal.won", "type"]]
    await watch.press("tab")
    await watch.answered()
    assert bar(watch).input.value == "type:deal.won"
    assert rows(watch) == fitting(watch, "type:deal.won")
    await type_(watch, " type:deal.")
    several = [one.split()[0] for one in offered(watch)]
    await watch.press("down", "enter")
    assert bar(watch).input.value == f"type:deal.won type:{several[1]}"
    await type_(watch, " stage")
    assert any(one.split() == ["stage_id:", "field"] for one in offered(watch))
    await watch.press("right")
    await watch.answered()
    assert bar(watch).input.value.endswith(" stage_id:")


async def test_what_was_asked_before_comes_back_with_the_arrows(watch: Watching) -> None:
    for text in ("won", "lost"):
        await ask(watch, text)
        await watch.press("enter")
    await watch.press("a", "slash")
    await type_(watch, "z")
    seen = []
    for key in ("up", "up", "up", "down", "down", "down"):
        await watch.press(key)
        await watch.answered()
        seen.append(bar(watch).input.value)
    assert seen == ["lost", "won", "won", "lost", "z", "z"]


async def test_backslash_shows_everything_with_the_matches_marked_and_the_row_stays(watch: Watching) -> None:
    await ask(watch, "won")
    await watch.press("enter", "up", "up")
    seq, line = watch.table.cursor_seq, watch.table._cursor_row - watch.table.scroll_offset.y
    assert seq is not None
    await watch.press("backslash")
    assert isinstance(watch.screen._view, View)
    assert watch.table.cursor_seq == seq
    assert watch.table._cursor_row - watch.table.scroll_offset.y == line
    found = fitting(watch, "won")
    assert title(watch) == f"Events · all events · 300 of 300 · {len(found)} {asked('won')}"
    top = watch.table.scroll_offset.y
    marked = [top + place + 1 for place, text in enumerate(watch.lines) if text[2] == MATCH_MARK]
    assert marked == [one for one in found if top < one <= top + watch.table._page_size]
    await watch.press("backslash")
    assert isinstance(watch.screen._view, FoundView)
    assert watch.table.cursor_seq == seq
    await watch.press("backslash", "escape")
    assert isinstance(watch.screen._view, View)
    assert not [text for text in watch.lines if text[2] == MATCH_MARK]
    await ask(watch, "won")
    assert isinstance(watch.screen._view, FoundView)


async def test_n_goes_from_match_to_match(watch: Watching) -> None:
    found = fitting(watch, "stage")
    await ask(watch, "stage")
    for switch in ([], ["backslash"]):
        await watch.press(*(switch or ["enter"]), "G")
        await watch.press("N")
        seqs = [watch.table.cursor_seq]
        await watch.press("N")
        seqs.append(watch.table.cursor_seq)
        await watch.press("n")
        seqs.append(watch.table.cursor_seq)
        older = found if switch and found[-1] != 300 else found[:-1]
        assert seqs == [older[-1], older[-2], older[-1]]
    await watch.press("n", "n", "n", "n")
    assert any("None matches after" in note.message for note in watch.pilot.app._notifications)


async def test_without_a_query_the_keys_for_matches_say_what_to_do(watch: Watching) -> None:
    await watch.press("n", "backslash", "ctrl+s")
    said = [note.message for note in watch.pilot.app._notifications]
    assert [one for one in said if "Press / to ask" in one]
    assert any("no filter to save" in one for one in said)


@pytest.mark.parametrize("many", [1, LIVE_MAX + 20])
async def test_live_events_that_match_come_in_and_others_do_not(watch: Watching, many: int) -> None:
    await ask(watch, "zebra")
    await watch.press("enter")
    assert len(watch.screen._view) == 0
    assert "None of the 300 events" in watch.text("#empty")
    await append(watch, ["Zebra Ltd", *["Lion"] * many, "the zebras"])
    assert rows(watch) == [301, 302 + many]
    assert watch.table.follow
    assert watch.table.cursor_seq == 302 + many
    await watch.press("up")
    await append(watch, ["Lion"])
    assert not watch.panes.events.border_subtitle
    await append(watch, ["ZEBRA"])
    assert "1 new" in str(watch.panes.events.border_subtitle)
    assert watch.table.cursor_seq == 301


async def test_the_selected_event_is_found_again_when_the_search_comes_to_it(watch: Watching) -> None:
    found = fitting(watch, "stage")
    await watch.press("home")
    watch.table.select_seq(found[1])
    await watch.settle()
    await ask(watch, "stage")
    assert watch.table.cursor_seq == found[1]
    assert not watch.table.follow


async def test_what_comes_before_moves_nothing_that_is_read(watch: Watching) -> None:
    await ask(watch, "e")
    await watch.press("enter", "up")
    view = watch.screen._view
    assert isinstance(view, FoundView)
    before = watch.lines
    top, seq = watch.table.scroll_offset.y, watch.table.cursor_seq
    oldest = fitting(watch, "e")[:40]
    assert view.forget(oldest[-1]) == 40
    watch.table._fit_size()
    watch.table._scroll_to_row(top - 40)
    view.first = oldest[-1] + 1
    watch.table.grew_front(view.found_before(1, [array("I", oldest)]))
    await watch.settle()
    assert watch.lines == before
    assert (watch.table.scroll_offset.y, watch.table.cursor_seq) == (top, seq)


async def test_while_it_searches_the_title_says_how_far_it_is(watch: Watching) -> None:
    await ask(watch, "won")
    found = watch.screen._search.found
    assert found is not None
    found.first = 151
    watch.screen._show_title()
    assert title(watch).endswith(" of 300 · searching 50 %")
    await watch.press("enter", "home", "N")
    assert any("so far; still searching" in note.message for note in watch.pilot.app._notifications)
    watch.screen._search.failed = True
    watch.screen._show_title()
    assert title(watch).endswith(" · search broken off at 50 %")


async def test_a_search_that_can_not_go_on_says_so(watch: Watching) -> None:
    path = watch.store.path
    away = path.with_name("away.db")
    path.rename(away)
    try:
        await watch.press("slash")
        await watch.pilot.press(*"won")
        await watch.until(lambda: watch.screen._search.failed)
        await watch.pilot.pause()
        assert any("can't be" in note.message for note in watch.pilot.app._notifications)
        assert title(watch).endswith("search broken off at 0 %")
    finally:
        away.rename(path)


async def test_a_saved_filter_is_there_after_a_restart_and_goes_when_it_is_dropped(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        await watch.press("d")
        await ask(watch, "stage")
        await watch.pilot.press("ctrl+s")
        await watch.pilot.pause()
        assert isinstance(watch.pilot.app.screen, SaveFilterScreen)
        await watch.pilot.press(*"mine", "enter")
        await watch.until(watch.screen._notebook.filters)
        assert watch.screen._notebook.filters() == {"mine": "(type:deal.* or type:trigger.deal.*) stage"}
        await watch.press("escape", "escape")
        log = watch.log
    again = tmp_path / "again"  # the demo's Rex has another address then, which is another tenant to a store
    again.mkdir()
    notebook_path(tmp_path / "rex.db").rename(notebook_path(again / "rex.db"))
    async with watching(again, log=log) as watch:
        await watch.press("shift+tab", "down", "down", "enter")
        await watch.answered()
        assert watch.screen.filter == DEALS
        assert watch.screen.query_text == "stage"
        assert rows(watch) == fitting(watch, "stage", DEALS)
        offers = {offer.title: offer for offer in watch.screen.finder.kept()}
        await watch.press("a")
        offers["Filter: mine"].do()
        await watch.answered()
        assert watch.screen.query_text == "stage"
        await watch.press("delete")
        assert isinstance(watch.pilot.app.screen, ForgetFilterScreen)
        await watch.press("escape")
        assert watch.screen._notebook.filters()
        await watch.press("delete", "enter")
        await watch.until(lambda: not watch.screen._notebook.filters())
        assert not [option for option in watch.panes.types.options if "mine" in str(option.prompt)]


async def test_where_nothing_can_be_kept_that_is_said_once(tmp_path: Path) -> None:
    notebook_path(tmp_path / "rex.db").write_bytes(b"no notebook at all" * 100)
    async with watching(tmp_path) as watch:
        for name in ("one", "two"):
            await watch.press("d")
            await watch.pilot.press("ctrl+s")
            await watch.pilot.pause()
            await watch.pilot.press(*name, "enter")
            await watch.pilot.pause()
        said = [note.message for note in watch.pilot.app._notifications if "can't be written down" in note.message]
        assert len(said) == 1
        assert [option for option in watch.panes.types.options if "two" in str(option.prompt)]


async def test_a_saved_text_that_can_not_be_read_changes_nothing(watch: Watching) -> None:
    watch.screen._saved = {"bad": '"open'}
    await watch.press("d")
    watch.screen.show_saved("bad")
    await watch.settle()
    assert watch.screen.filter == DEALS
    assert any("can't be read" in note.message for note in watch.pilot.app._notifications)


@pytest.mark.no_cover
async def test_hostile_strings_in_bar_names_and_title_are_clean(tmp_path: Path) -> None:
    with Notebook(tmp_path / "rex.db") as notebook:
        for name in NAMES:
            text = hostile(name, "f").encode(errors="replace").decode()
            notebook.save_filter(text, text.replace('"', ""))
    async with watching(tmp_path) as watch:
        await watch.press("shift+tab")
        for option in watch.panes.types.options:
            assert clean(str(option.prompt)) == str(option.prompt)
        for first in range(0, len(NAMES), AT_ONCE):
            text = " ".join(hostile(name, "b")[:80] for name in NAMES[first : first + AT_ONCE]).replace('"', "")
            await watch.press("slash")
            for typed in (text, text + ' "'):
                bar(watch).input.value = typed.encode(errors="replace").decode()
                await watch.answered()
                for said in (title(watch), watch.text("#bar-said"), watch.text("#empty")):
                    assert all(clean(line, 9_999) == line for line in said.splitlines())
                painted = "".join(segment.text for line in watch.screen._compositor.render_strips() for segment in line)
                assert not [one for one in painted if one < "\xa0" and clean(one) != one]
            await watch.press("escape", "escape")


async def test_a_name_is_asked_for_until_there_is_one(watch: Watching) -> None:
    watch.screen._saved = {"mine": "x"}
    await watch.press("d")
    await watch.pilot.press("ctrl+s")
    await watch.pilot.pause()
    await watch.pilot.press("enter")
    await watch.pilot.pause()
    screen = watch.pilot.app.screen
    assert isinstance(screen, SaveFilterScreen)
    await watch.pilot.press(*"mine")
    await watch.pilot.pause()
    assert "will be replaced" in str(screen.query_one("#taken").render())
    assert screen.query_one(Input).value == "mine"
    await watch.press("escape")
    assert watch.screen._saved == {"mine": "x"}
