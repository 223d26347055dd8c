"""The table's columns: chosen, moved, widened, any field of the payload among them, and kept for each filter."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from support.hostile import NAMES, hostile
from support.watching import SMALL, WIDE, Watching, watching
from textual.widgets import Input

from rex_tui.demo import DemoEvent, DemoLog
from rex_tui.query.column import BUILT_IN, USUAL, WIDTH_MIN, Column, Columns, columns_of
from rex_tui.query.filter import DEALS, EVERYTHING
from rex_tui.store.notebook import Notebook, notebook_path
from rex_tui.ui.screens.columns import ColumnsScreen
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.widgets.columns import MARK_WIDTH, edge_at, layout_of, own_width, with_edge_moved

DEAL = "deal_01JQ0000000000000000000ABC"
CONTACT = "cont_01JQ0000000000000000000ANN"


class Rex:
    """A Rex whose log holds what a test says."""

    def __init__(self) -> None:
        self.log = DemoLog([])
        self.add("contact.created", contact_id=CONTACT, name="Ann", email="ann@example.com")
        for number in range(6):
            owner = {"id": CONTACT, "name": f"owner {number}"}
            value = 10 ** (number + 3)
            self.add("deal.created", deal_id=DEAL, name="Rollout", value=value, currency="EUR", owner=owner, type="new")

    def add(self, type_: str, **data: object) -> None:
        number = len(self.log)
        text = json.dumps(data, separators=(",", ":"))
        self.log.append(DemoEvent(f"evt_01JQ{number:022}", type_, f"2026-03-{number % 9 + 1:02}T10:00:00Z", text))


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path, log=Rex().log, size=WIDE) as running:
        yield running


def dialog(watch: Watching) -> ColumnsScreen:
    screen = watch.pilot.app.screen
    assert isinstance(screen, ColumnsScreen)
    return screen


async def choose(watch: Watching) -> ColumnsScreen:
    """Open the choice of columns, and wait for the fields that are offered."""
    await watch.press("C")
    opened = dialog(watch)
    await watch.until(lambda: len(opened._choices) > len(BUILT_IN) + 2)
    return opened


def names(columns: Columns) -> list[str]:
    return [column.name for column in columns]


def head(watch: Watching) -> str:
    return watch.text("#events-head")


def said(screen: ColumnsScreen) -> str:
    return str(screen.query_one("#columns-said").render())


def noted(watch: Watching) -> dict[str, list[str]]:
    with Notebook(watch.store.path) as other:
        return other.all_columns()


def told(watch: Watching) -> str:
    return "\n".join(note.message for note in watch.pilot.app._notifications)


async def type_path(watch: Watching, path: str) -> None:
    await watch.press("plus")
    dialog(watch).query_one("#column-path", Input).value = path
    await watch.press("enter")


# ---- where they stand


@pytest.mark.parametrize("width", range(30, 200))
def test_the_usual_columns_stand_where_they_always_stood(width: int) -> None:
    time, about = (14 if width >= 60 else 8), (12 if width >= 84 else 0)
    summary = max(width - 3 - time - 1 - 20 - 1 - (about + 1 if about else 0) - 1, 8)
    layout = layout_of(USUAL, width)
    assert [place.width for place in layout.places] == [time, 20, summary, *([about] if about else [])]
    assert layout.left_out == 0


some_columns = st.lists(
    st.sampled_from([*BUILT_IN, "value", "owner.id", "name", "due_at", "a_field_with_a_long_name", "漢字"]),
    min_size=1,
    max_size=8,
    unique=True,
).flatmap(
    lambda names: st.tuples(
        *[st.builds(Column, st.just(name), st.one_of(st.none(), st.integers(3, 40))) for name in names]
    )
)


@given(some_columns, st.integers(-1, 220))
def test_columns_fill_the_width_and_what_has_no_room_is_counted(columns: Columns, width: int) -> None:
    layout = layout_of(columns, width)
    shown = [place.column for place in layout.places]
    if columns == USUAL:
        return
    assert shown == list(columns[: len(shown)])
    assert layout.left_out == len(columns) - len(shown)
    start = MARK_WIDTH
    for place in layout.places:
        assert place.start == start
        assert 1 <= place.own <= place.width
        start += place.width + 1
    assert start == max(width, 5)


@given(some_columns, st.integers(40, 220), st.integers(0, 7), st.integers(-60, 60))
def test_an_edge_that_is_dragged_is_under_the_mouse_as_far_as_there_is_room(
    columns: Columns, width: int, edge: int, by: int
) -> None:
    layout = layout_of(columns, width)
    if edge >= len(layout.places) - 1 or columns == USUAL:
        return
    before = layout.places[edge]
    at = before.start + before.width
    assert edge_at(layout, at) == edge
    moved = layout_of(with_edge_moved(columns, width, edge, by), width)
    after = moved.places[edge]
    assert moved.left_out <= layout.left_out
    assert {place.width for place in moved.places if place.width < WIDTH_MIN} <= {
        place.width for place in layout.places
    }
    giving = layout.places[layout.yielding]
    room = giving.width - own_width(giving.column, width)
    if moved.left_out == layout.left_out and abs(by) <= room:
        behind = layout.places[edge + 1]
        if before.width + by >= WIDTH_MIN and behind.width - by >= WIDTH_MIN:
            assert after.start + after.width == at + by


# ---- choosing


async def test_columns_are_chosen_ordered_and_resized_while_the_table_shows_them(watch: Watching) -> None:
    before, usual_head = watch.lines, head(watch)
    opened = await choose(watch)
    listed = [choice.column.name for choice in opened._choices]
    assert listed[:6] == list(BUILT_IN)
    assert {"owner.name", "value", "data.type", "email"} <= set(listed)
    assert "type" not in listed[6:]
    examples = {choice.column.name: choice.example for choice in opened._choices}
    assert examples["value"] == "1,000,000.00 EUR"
    assert examples["data.type"] == "new"
    assert examples["about"] == "deal_…000ABC"
    # a listed field by its place in the list; the dialog goes where it stands then
    opened._list.highlighted = listed.index("value")
    await watch.press("space")
    assert names(opened.columns) == ["time", "type", "summary", "value", "about"]
    assert opened._list.highlighted == 3
    assert "1,000,000.00 EUR deal_…000ABC" in watch.lines[-1]
    assert " value about" in head(watch), "a head stands over its numbers"
    # moved to the front, and on from there
    await watch.press("shift+up", "K", "K", "K")
    assert names(opened.columns) == ["value", "time", "type", "summary", "about"]
    assert watch.lines[-1][MARK_WIDTH:].startswith("1,000,000.00 EUR 03-07")
    await watch.press("right", "right")
    assert opened.columns[0] == Column("value", 18)
    assert watch.lines[-1][MARK_WIDTH:].startswith("  1,000,000.00 EUR 03-07 10:00:00")
    await watch.press(*["left"] * 4)
    assert watch.lines[-1][MARK_WIDTH:].startswith("1,000,000.00 … 03-07 10:00:00")
    assert watch.lines[0][MARK_WIDTH:].startswith(" " * 15 + "03-01"), "a missing field is an empty cell"
    await watch.press("J", "shift+down", "left")
    assert names(opened.columns) == ["time", "type", "value", "summary", "about"]
    # what can't be done is said
    opened._list.highlighted = 3
    await watch.press("left")
    assert "takes the room" in said(opened)
    await watch.press("G", "right")
    assert "not shown" in said(opened)
    await watch.press("J")
    assert "not shown" in said(opened)
    assert names(opened.columns) == ["time", "type", "value", "summary", "about"]
    # one at least stays
    await watch.press("g", *["space"] * 4)
    assert names(opened.columns) == ["about"]
    await watch.press("space")
    assert "at least stays" in said(opened)
    await watch.press("r")
    assert (opened.columns, watch.lines, head(watch)) == (USUAL, before, usual_head)
    await watch.press("space", "escape")
    assert (watch.screen.columns, watch.lines, head(watch)) == (USUAL, before, usual_head)
    assert noted(watch) == {}


async def test_a_path_that_is_not_listed_can_be_typed_and_the_mouse_chooses_too(watch: Watching) -> None:
    opened = await choose(watch)
    await type_path(watch, "  ")
    assert "names of fields" in said(opened)
    await watch.press("escape")
    assert opened.focused is opened._list
    await type_path(watch, "items[0].id=20")
    assert Column("items[0].id", 20) in opened.columns
    assert "its cell is empty" in said(opened)
    await type_path(watch, "summary")
    assert names(opened.columns).count("summary") == 1
    await watch.press("slash", *"value", "enter")
    # a click hides what is shown: here the second line
    await watch.pilot.click("#columns-list", offset=(10, 1))
    assert "type" not in names(opened.columns)
    await watch.press("enter")
    assert watch.pilot.app.screen is watch.screen
    assert names(watch.screen.columns) == ["time", "summary", "items[0].id", "value", "about"]
    await watch.until(lambda: noted(watch) == {"": ["time", "summary", "items[0].id=20", "value", "about"]})
    # a click on a head opens the choice again, and q keeps
    await watch.pilot.click("#events-head", offset=(8, 0))
    await watch.press("r", "q")
    assert watch.screen.columns == USUAL
    await watch.until(lambda: noted(watch) == {})


async def test_the_edge_between_two_heads_is_dragged(watch: Watching) -> None:
    place = layout_of(USUAL, watch.table.scrollable_content_region.width).places[1]
    edge = place.start + place.width
    await watch.pilot.hover("#events-head", offset=(edge, 0))
    assert head(watch)[edge] == "│"
    await watch.pilot.mouse_down("#events-head", offset=(edge, 0))
    await watch.pilot.hover("#events-head", offset=(edge - 4, 0))
    assert watch.screen.columns == USUAL, "it is not kept before it is let go"
    assert head(watch).index("summary") == edge - 3
    await watch.pilot.hover("#events-head", offset=(edge - 6, 0))
    await watch.pilot.mouse_up("#events-head", offset=(edge - 6, 0))
    await watch.settle()
    assert watch.pilot.app.screen is watch.screen, "the end of a drag is no click"
    assert watch.screen.columns[1] == Column("type", 14)
    assert watch.lines[-1].index("1,000,000.00 EUR · ") == head(watch).index("summary")
    await watch.until(lambda: noted(watch) == {"": ["time", "type=14", "summary", "about"]})
    # on the other side of the summary, the column behind the edge gives way
    last = layout_of(watch.screen.columns, watch.table.scrollable_content_region.width).places[-1]
    await watch.pilot.mouse_down("#events-head", offset=(last.start - 1, 0))
    await watch.pilot.hover("#events-head", offset=(last.start - 21, 0))
    await watch.pilot.mouse_up("#events-head", offset=(last.start - 21, 0))
    await watch.settle()
    assert watch.screen.columns[-1] == Column("about", 32)


# ---- from the payload


async def test_plus_in_the_payload_makes_a_column_or_takes_it_away(watch: Watching) -> None:
    await watch.press("up", "right", *["down"] * 5)
    assert watch.panes.payload.place() == ("owner.id", CONTACT)
    await watch.press("plus", *["down"] * 2, "plus")
    assert names(watch.screen.columns) == ["time", "type", "summary", "owner.id", "data.type", "about"]
    assert "owner.id is a column now" in told(watch)
    assert watch.lines[-1].rstrip().endswith("deal_…000ABC")
    assert " cont_…000ANN new " in watch.lines[-1]
    assert " ".join(watch.lines[0].split()[-1:]).replace("cont_…000ANN", "") == "", "an event without it has about only"
    await watch.press("plus")
    assert "data.type is no column any more" in told(watch)
    # an id in a column leads to its story
    await watch.press("escape")
    layout = layout_of(watch.screen.columns, watch.table.scrollable_content_region.width)
    at = next(place for place in layout.places if place.column.name == "owner.id")
    await watch.pilot.click("#events", offset=(at.start + 2, 6))
    await watch.until(lambda: isinstance(watch.pilot.app.screen, LensScreen))
    lens = watch.pilot.app.screen
    assert isinstance(lens, LensScreen)
    assert lens._entity == CONTACT
    # and in a story + does the same for the table below it
    await watch.until(lambda: lens.story is not None)
    await watch.press("right")
    await watch.until(lambda: lens.detail.payload.place() is not None)
    await watch.press("down", "plus")
    assert lens.detail.payload.place() is not None
    assert "name" in names(watch.screen.columns)


async def test_what_no_path_says_is_no_column_and_the_only_column_stays(tmp_path: Path) -> None:
    log = Rex()
    log.add("deal.won", **{"": 1, "deep": {"a.b": 2}, "none": None})
    async with watching(tmp_path, log=log.log, size=WIDE) as watch:
        await watch.press("right", "plus", "down", "down", "plus")
        assert watch.panes.payload.place() == ("deep.a.b", "2")
        assert watch.screen.columns == USUAL
        assert told(watch).count("No path leads") == 2
        await watch.press("down", "plus")
        assert "none" in names(watch.screen.columns)
        watch.screen._keep_columns(columns_of(["none"]), "")
        await watch.press("plus")
        assert "none is the only column" in told(watch)
        assert names(watch.screen.columns) == ["none"]


# ---- kept for each filter


async def test_columns_are_kept_for_each_filter_and_over_a_restart(tmp_path: Path) -> None:
    log = Rex().log
    async with watching(tmp_path, log=log, size=WIDE) as watch:
        written = watch.store.path
        screen = watch.screen

        def keep(*chosen: str) -> None:
            screen._keep_columns(columns_of(chosen), screen.filter_text)

        keep("time", "email")
        await watch.press("d")
        assert names(screen.columns) == ["time", "email"], "deals have none of their own yet"
        await choose(watch)
        await type_path(watch, "value")
        await watch.press("enter")
        assert names(screen.columns) == ["time", "email", "value"]
        # what is asked of deals has the columns of deals, until it has its own
        await watch.press("slash", *"rollout")
        await watch.answered()
        assert names(screen.columns) == ["time", "email", "value"]
        await watch.press("enter", "C", "r", "enter")
        assert screen.columns == USUAL
        screen.show_filter(DEALS, "")
        assert names(screen.columns) == ["time", "email", "value"]
        screen.show_filter(EVERYTHING, "")
        assert names(screen.columns) == ["time", "email"]
        # what it would have anyway needs no choice of its own
        await watch.press("o")
        keep("type")
        keep("time", "email")
        assert len(screen._choices) == 3
        await watch.until(lambda: len(noted(watch)) == 3)
    # the next Rex listens elsewhere, so its store is another one; the notebook is the same
    (tmp_path / "next").mkdir()
    shutil.copy(notebook_path(written), notebook_path(tmp_path / "next" / "rex.db"))
    async with watching(tmp_path / "next", log=log, size=WIDE) as watch:
        assert names(watch.screen.columns) == ["time", "email"]
        assert "ann@example.com" in watch.lines[0]
        watch.screen.show_filter(DEALS, "")
        assert names(watch.screen.columns) == ["time", "email", "value"]
        watch.screen.show_filter(DEALS, "rollout")
        assert watch.screen.columns == USUAL


async def test_while_something_is_tried_news_do_not_take_it_away(watch: Watching) -> None:
    await choose(watch)
    await type_path(watch, "value")
    await watch.live(2)
    watch.screen._show_types()
    assert "value" in head(watch)
    await watch.press("escape")
    assert "value" not in head(watch)


# ---- how they look


async def test_a_narrow_screen_counts_what_has_no_room_and_every_mark_goes_on(tmp_path: Path) -> None:
    log = Rex()
    for number in range(8):
        log.add("deal.moved", deal_id=DEAL, name="Rollout", value=number)
    log.add("deal.moved", deal_id=DEAL, name="Rollout", value=5, colour="new")
    log.add("deal.won", deal_id=DEAL, name="x" * 40_000)
    async with watching(tmp_path, log=log.log, size=SMALL) as watch:
        usual = watch.lines
        assert any("⇣" in line for line in usual)
        assert any("±" in line for line in usual)
        screen = watch.screen
        screen._keep_columns(
            columns_of(["received", "value", "time", "type", "summary", "name", "owner.id", "about"]), ""
        )
        await watch.settle()
        assert head(watch).endswith(" +4")
        width = watch.table.scrollable_content_region.width
        assert all(cell_len(line) == width for line in watch.lines)
        assert cell_len(head(watch)) == width
        assert any("⇣" in line for line in watch.lines)
        late = next(line for line in watch.lines if "⇣" in line)
        assert late.index("⇣") == MARK_WIDTH + 15 + 17 + 14
        assert watch.lines[-1][MARK_WIDTH:].startswith("03-16 12:00:00 …                03-08"), (
            "a large payload is not read"
        )
        await watch.press("slash", *"value:5")
        await watch.answered()
        await watch.press("enter", "backslash", "up", "m")
        assert any("•" in line for line in watch.lines)
        assert any("★" in line for line in watch.lines)
        # how long ago, also since it was received
        await watch.press("T")
        before = watch.lines
        watch.clock.elapsed += 60
        screen._tick()
        assert " 1 min " in watch.lines[-1][:20]
        assert watch.lines != before
        # without summary and type, the mark of a new shape stands in the first column that is left
        screen._keep_columns(columns_of(["time", "value", "name"]), screen.filter_text)
        assert any(" ± " in line for line in watch.lines)
        screen._keep_columns(columns_of(["value"]), screen.filter_text)
        assert any("± " in line for line in watch.lines)
        assert not any("⇣" in line for line in watch.lines)
        # + tells when what it adds can't be seen
        screen.action_show("all events")
        await watch.press("right", "plus")
        assert "has no room" in told(watch)
        opened = await choose(watch)
        opened._list.highlighted = len(opened.columns) - 1
        assert "no room" in str(opened._list.line(len(opened.columns) - 1))
        await watch.press("escape")


FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


async def test_hostile_names_are_harmless_in_heads_rows_the_dialog_and_notices(tmp_path: Path) -> None:
    log = Rex()
    fields = [hostile(name, "k")[:200] for name in NAMES] + ["k" * 10_000]
    log.add(
        "deal.won", **{field: hostile(name, "v")[:200] for field, name in zip(fields, [*NAMES, NAMES[0]], strict=True)}
    )
    async with watching(tmp_path, log=log.log, size=WIDE) as watch:
        screen, width = watch.screen, watch.table.scrollable_content_region.width
        for start in range(0, len(fields), 8):
            columns = columns_of([f"{field}=9" for field in fields[start : start + 8]])
            screen._keep_columns(columns, "")
            await watch.pilot.pause()
            assert names(screen.columns) == fields[start : start + 8]
            for shown in (head(watch), *watch.lines):
                assert not {character for character in shown if unicodedata.category(character) in FORBIDDEN}
                assert cell_len(shown) <= width
            marks = [field[:4] for field in fields[start : start + 8] if field[:1] == "h"]
            assert [mark for mark in marks if mark in head(watch)] == marks
            values = [f"{mark[:3]}v" for mark in marks]
            assert [value for value in values if value in watch.lines[-1]] == values
        screen._keep_columns(columns_of(fields), "")
        opened = await choose(watch)
        assert names(opened.columns) == fields
        for number in range(len(opened._choices)):
            line = str(opened._list.line(number))
            assert not {character for character in line if unicodedata.category(character) in FORBIDDEN}
        await watch.press("right", "left", "enter")
        await watch.until(lambda: noted(watch) == {"": [column.text for column in screen.columns]})
        await watch.press("right", *["down"] * 3, "plus", "plus", "G", "plus")
        shown = told(watch)
        assert "is a column now" in shown
        assert not {character for character in shown.replace("\n", "") if unicodedata.category(character) in FORBIDDEN}
        assert max(map(len, shown.split("\n"))) < 200


async def test_what_the_notebook_of_another_program_holds_is_passed_over(tmp_path: Path) -> None:
    with Notebook(tmp_path / "rex.db") as notebook:
        notebook.choose_columns("", ["", "data.", "value=7", "value"])
        notebook.choose_columns("type:deal.won", ["=", "x" * 10_000])
        notebook._connection.execute("INSERT INTO columns VALUES ('a', '[1, null]'), ('b', '{'), ('c', '[[[')")
        notebook._connection.execute("INSERT INTO columns VALUES ('d', ?)", ("[" * 100_000,))
    async with watching(tmp_path, log=Rex().log, size=SMALL) as watch:
        assert watch.screen.columns == (Column("value", 7),)
        await watch.press("o")
        assert watch.lines
