"""Dialogs by mouse alone: lists, the keys that a border names, and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.watching import MEDIUM, Watching, watching
from textual.geometry import Offset, Region
from textual.widgets import Input

from rex_tui.query.filter import DEALS
from rex_tui.ui.screens.columns import ColumnsScreen
from rex_tui.ui.screens.marks import MarksScreen
from rex_tui.ui.screens.pointed import Pointed, key_at
from rex_tui.ui.screens.watch import WatchScreen


def top(watch: Watching) -> Pointed[object]:
    screen = watch.pilot.app.screen
    assert isinstance(screen, Pointed), screen
    return screen


def border(watch: Watching, selector: str) -> str:
    """Give the lower border of a box as it is painted."""
    box = top(watch).query_one(selector)
    return box.render_lines(Region(0, box.region.height - 1, box.region.width, 1))[0].text


async def click_border(watch: Watching, selector: str, words: str) -> None:
    """Click on words in the lower border of a dialog's box."""
    box = top(watch).query_one(selector)
    await watch.pilot.click(selector, offset=(border(watch, selector).index(words) + 1, box.region.height - 1))
    await watch.settle()


def is_closed(watch: Watching) -> bool:
    return isinstance(watch.pilot.app.screen, WatchScreen)


async def click_beside(watch: Watching) -> None:
    await watch.pilot.click(offset=(0, 0))
    await watch.settle()


async def test_a_click_beside_a_dialog_closes_it_but_where_the_table_is_looked_at(tmp_path: Path) -> None:
    async with watching(tmp_path, size=MEDIUM) as watch:
        for key in ("question_mark", "y", "e", "K", "t", "ctrl+e", "apostrophe"):
            await watch.press(key)
            assert isinstance(watch.pilot.app.screen, Pointed), key
            await click_beside(watch)
            await watch.until(lambda: is_closed(watch))
        await watch.press("C")
        await click_beside(watch)
        assert isinstance(watch.pilot.app.screen, ColumnsScreen)
        await click_border(watch, "#columns-box", "Esc undoes")
        await watch.until(lambda: is_closed(watch))


async def test_what_a_dialog_does_with_keys_it_does_with_clicks_on_their_names(tmp_path: Path) -> None:
    async with watching(tmp_path, size=MEDIUM) as watch:
        await watch.press("m", "up", "m", "apostrophe")
        await click_border(watch, "#marks-box", "n notes")
        note = top(watch).query_one("#note", Input)
        await watch.until(lambda: note.has_focus)
        note.value = "ask them"
        await click_border(watch, "#marks-box", "Enter goes there")
        marks = watch.screen.taking.marked.marks
        await watch.until(lambda: [mark.note for mark in marks.values()].count("ask them") == 1)
        await click_border(watch, "#marks-box", "Del unmarks")
        await watch.until(lambda: len(marks) == 1)
        await watch.pilot.click("#marks", offset=(5, 0))
        await watch.settle()
        await watch.until(lambda: is_closed(watch))

        await watch.press("d", "ctrl+s", *"mine")
        await click_border(watch, "#question", "Enter saves")
        await watch.until(lambda: "mine" in watch.screen.offered_filters)
        assert watch.screen.filter == DEALS
        await watch.press("y")
        await watch.pilot.click("#copies", offset=(4, 0))
        await watch.settle()
        await watch.until(lambda: len(watch.copied) == 1)
        await watch.press("y")
        await click_border(watch, "#copy-menu", "Esc closes")
        await watch.until(lambda: is_closed(watch))


@pytest.mark.parametrize("size", [(60, 20), MEDIUM])
async def test_only_the_words_of_a_border_are_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    async with watching(tmp_path, size=size, history=20) as watch:
        await watch.press("apostrophe")
        assert isinstance(watch.pilot.app.screen, MarksScreen)
        box = top(watch).query_one("#marks-box")
        line, y = border(watch, "#marks-box"), box.region.bottom - 1
        named = [key_at(box, Offset(box.region.x + x, y)) for x in range(len(line))]
        assert not any(named[: line.index("Enter") - 1])
        assert {"enter", "n", "delete", "escape"} == {name for name in named if name}
        assert named[line.index("n notes") + 4] == "n"
        assert key_at(box, Offset(box.region.x + 5, y - 1)) == ""
