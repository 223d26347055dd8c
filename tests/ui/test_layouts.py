"""In every size nothing leaves the screen, lies over something else, or has no room; one app goes through them all."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from support.layout import faults
from support.watching import WIDE, Watching, watching
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.widgets.notice import Notice

LONG = bool(os.environ.get("REX_TUI_LONG"))
ALL = ((60, 20), (70, 22), (80, 24), (100, 30), (120, 40), (160, 45), (200, 60), (240, 70), (300, 80))
SIZES = ALL if LONG else ((60, 20), (80, 24), (100, 30), (120, 40), (200, 60), (300, 80))
SOME = ((60, 20), (80, 24), (110, 30), (160, 45), (300, 80)) if LONG else ((60, 20), (80, 24), (110, 30), (300, 80))
SMALLEST = SIZES[0]
RULES = RuleBook((RuleSetting("Won", "type:deal.won", frozenset({"highlight"})),), is_demo=True)
TITLE_ROOM = 4
"""Cells of a border that its title can't have."""


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watching]:
    async with watching(tmp_path, size=WIDE, rules=RULES) as running:
        yield running


def on_top(watch: Watching) -> Screen[Any]:
    return watch.pilot.app.screen


async def resized(watch: Watching, size: tuple[int, int]) -> None:
    await watch.pilot.resize_terminal(*size)
    await watch.until(lambda: on_top(watch).size == size)
    await watch.pilot.pause()


async def sweep(
    watch: Watching, what: str, sizes: Sequence[tuple[int, int]], holds: Callable[[], Any] = lambda: True
) -> None:
    """Resize to each of these sizes; nothing may be wrong in any, and `holds` has to."""
    for size in sizes:
        await resized(watch, size)
        assert not list(faults(on_top(watch))), f"{what} in {size}"
        assert holds(), f"{what} in {size}"


def has_whole_title(widget: Widget) -> bool:
    return cell_len(str(widget.border_title)) <= widget.region.width - TITLE_ROOM


async def test_the_watch_screen_in_every_size(watch: Watching) -> None:
    events, table = watch.panes.events, watch.table
    await watch.press(*["up"] * 30)
    selected = table.cursor_seq

    def is_well() -> bool:
        in_sight = table._cursor_row in table.rows_on_screen
        return bool(
            has_whole_title(events)
            and table.region.height >= on_top(watch).size.height // 3
            and table.region.width >= 56
            and (watch.focus, table.cursor_seq, in_sight) == ("events", selected, True)
        )

    await sweep(watch, "the table", SIZES, is_well)
    await sweep(watch, "the table, back again", ((110, 30), SMALLEST), is_well)

    watch.panes.add_class("-types", "-detail")
    await sweep(watch, "all panes", ((80, 24), SMALLEST), lambda: table.region.height >= 4)
    watch.panes.remove_class("-types", "-detail")
    for pane in ("types", "events", "detail"):
        watch.panes.add_class(f"-zoom-{pane}")
        await sweep(watch, f"{pane} zoomed", [SMALLEST])
        watch.panes.remove_class(f"-zoom-{pane}")
    await watch.press("slash", *"type:deal.won (")
    await sweep(watch, "the bar", ((80, 24), SMALLEST), lambda: watch.focus == "bar-input" and table.region.height >= 6)
    await watch.press("escape", "escape", "escape")

    said = "Since your last visit, Fri 17:02: 1,204 events, most of them contacts (804); 3 deals won, 2 lost. "
    watch.screen.query_one("#digest", Notice).show("", said + "Enter goes to the first of them, Esc closes this.")
    watch.screen.query_one("#notice", Notice).show(
        "Rex does not accept the key", "What is stored is here to read. " * 3
    )
    await sweep(watch, "notice and sentence", (WIDE, SMALLEST), lambda: table.region.height >= 4)


async def test_stories_and_reviews_in_every_size(watch: Watching) -> None:
    await watch.press("d", "enter")
    await watch.until(lambda: isinstance(lens := on_top(watch), LensScreen) and lens.story is not None)
    await sweep(watch, "a story", SOME, lambda: on_top(watch).query_one("#chapters").region.height >= 4)
    await watch.press("right")
    await sweep(watch, "its payload", (WIDE, SMALLEST), lambda: watch.pilot.app.focused is not None)
    await watch.press("escape", "escape")
    await watch.press("enter")
    assert on_top(watch).has_class("-narrow"), "opened again, it knows the size of today"
    assert not list(faults(on_top(watch)))
    await watch.press("escape")

    await resized(watch, WIDE)
    await watch.press("R")
    review = watch.screen.review
    await watch.until(lambda: review.settled and review.review is not None)
    await sweep(watch, "the review", SOME, lambda: review.deals.lines.region.height >= 4)
    await watch.press("v")
    days = review.query_one("#days")
    await sweep(
        watch, "its flow", (WIDE, SMALLEST), lambda: "created" in "".join(days.render_line(y).text for y in range(2))
    )
    await watch.press("v", "slash", *"nobody")
    await watch.until(lambda: review.settled and "0 of" in str(review.deals.border_title))
    await sweep(watch, "no deals", [SMALLEST], lambda: "No deal has all" in str(review.query_one("#no-deals").render()))
    await watch.press("escape")
    for what, key in (
        ("periods", "p"),
        ("meanings", "d"),
        ("help", "question_mark"),
        ("pack", "ctrl+e"),
        ("copy", "y"),
    ):
        await watch.press(key)
        assert on_top(watch) is not review
        assert is_whole(watch), what
        await watch.press("escape")


async def test_dialogs_in_the_smallest_size_and_lists_in_all(watch: Watching) -> None:
    await watch.press("m", "up", "m", "d")
    await resized(watch, SMALLEST)
    for what, key in (
        ("help", "question_mark"),
        ("columns", "C"),
        ("export", "ctrl+e"),
        ("marks", "apostrophe"),
        ("checkpoints", "K"),
        ("rules", "W"),
        ("set aside", "e"),
        ("copy", "y"),
        ("save the filter", "ctrl+s"),
        ("go to a time", "t"),
    ):
        await watch.press(key)
        assert not isinstance(on_top(watch), WatchScreen), what
        assert is_whole(watch), what
        await watch.press("escape")
    for what, key in (("columns", "C"), ("copy", "y")):
        await watch.press(key)
        await sweep(watch, what, SOME[1:], lambda: is_whole(watch))
        await watch.press("escape")


def is_whole(watch: Watching) -> bool:
    """Tell whether a dialog's box is on screen with both borders, and its title tells what it is."""
    screen = on_top(watch)
    box = next(one for one in screen.query("*") if one.border_title)
    name = str(box.border_title).partition(" · ")[0]
    has_name = cell_len(name) <= box.region.width - TITLE_ROOM
    return screen.region.contains_region(box.region) and has_name and not list(faults(screen))


class Crooked(App[None]):
    """A screen on which something is wrong in each way."""

    CSS = "#out { width: 200; } #over { offset: 0 -1; } #none { width: 0; }"

    def compose(self) -> ComposeResult:
        for name in ("out", "over", "none"):
            yield Static(name, id=name)


async def test_what_would_be_wrong_is_found() -> None:
    app = Crooked()
    async with app.run_test(size=(80, 24)):
        found = " ".join(faults(app.screen))
    for said in ("'out') leaves the screen", "'out') lies over Static(id='over')", "'none') has no room"):
        assert said in found
