"""The borders between panes: dragged, moved by keys, put back, in every layout and on every screen."""

from __future__ import annotations

from pathlib import Path

from support.watching import MEDIUM, WIDE, Watching, watching
from textual.widget import Widget

from rex_tui.ui.pane_sizes import PaneSize
from rex_tui.ui.screens.lens import LensScreen


def widget(watch: Watching, selector: str) -> Widget:
    return watch.pilot.app.screen.query_one(selector)


def size(watch: Watching, selector: str) -> tuple[int, int]:
    return widget(watch, selector).outer_size.width, widget(watch, selector).outer_size.height


def left_edge(watch: Watching, selector: str) -> tuple[int, int]:
    region = widget(watch, selector).region
    return region.x, region.y + region.height // 2


def top_edge(watch: Watching, selector: str) -> tuple[int, int]:
    region = widget(watch, selector).region
    return region.x + region.width // 2, region.y


async def comes(watch: Watching, selector: str, *expected: int | None) -> None:
    """Wait until a widget has this size; None is any."""
    await watch.until(
        lambda: all(want in (None, is_) for want, is_ in zip(expected, size(watch, selector), strict=False))
    )


async def drag(watch: Watching, start: tuple[int, int], end: tuple[int, int]) -> None:
    await watch.pilot.hover(offset=start)
    await watch.pilot.mouse_down(offset=start)
    await watch.pilot.hover(offset=end)
    await watch.pilot.mouse_up(offset=end)
    await watch.pilot.pause()


async def double_click(watch: Watching, at: tuple[int, int]) -> None:
    await watch.pilot.click(offset=at, times=2)
    await watch.pilot.pause()


async def test_the_borders_of_the_table_are_dragged_and_put_back(tmp_path: Path) -> None:
    async with watching(tmp_path, size=WIDE) as watch:
        types, detail = widget(watch, "#types-pane"), widget(watch, "#detail")
        usual = size(watch, "#types-pane"), size(watch, "#detail")
        x, y = left_edge(watch, "#events-pane")
        await watch.pilot.hover(offset=(x - 1, y))
        assert types.has_class("-grip-right"), "the last cells of the types are the border, too"
        assert types.styles.border_right[0] == "heavy"
        await watch.pilot.hover(offset=(x + 5, y))
        assert not types.has_class("-grip-right")

        await drag(watch, (x, y), (x + 14, y))
        await comes(watch, "#types-pane", usual[0][0] + 14)
        assert widget(watch, "#main").region.x == widget(watch, "#types-pane").region.right
        assert watch.screen.pane_sizes.of("body") == PaneSize(40)
        await drag(watch, left_edge(watch, "#events-pane"), (0, y))
        await comes(watch, "#types-pane", 16)
        await drag(watch, left_edge(watch, "#events-pane"), (159, y))
        await comes(watch, "#main", 30)
        await double_click(watch, left_edge(watch, "#main"))
        await comes(watch, "#types-pane", *usual[0])
        await comes(watch, "#detail", *usual[1])

        await drag(watch, left_edge(watch, "#detail"), (80, y))
        await watch.until(lambda: detail.region.x == 80)
        assert watch.focus == "events", "dragging is no choice of a pane"
        assert watch.table.cursor_seq == 300
        await watch.pilot.resize_terminal(320, 45)
        await watch.pilot.pause()
        await comes(watch, "#types-pane", 26)
        await comes(watch, "#detail", round(80 / 134 * 294))


async def test_keys_move_them_also_where_panes_are_stacked(tmp_path: Path) -> None:
    async with watching(tmp_path, size=MEDIUM) as watch:
        width, (_, height) = size(watch, "#types-pane")[0], size(watch, "#detail")
        await watch.press("shift+up")
        await comes(watch, "#detail", None, height + 2)
        await watch.press("shift+right")
        await comes(watch, "#types-pane", width - 4)
        await watch.press("right", "shift+left", "shift+down")
        assert watch.focus == "payload"
        await comes(watch, "#types-pane", width)
        await comes(watch, "#detail", None, height + 4)
        await watch.press("escape", "shift+tab", "shift+left")
        assert watch.focus == "types"
        await comes(watch, "#types-pane", width - 4)
        await watch.press("s", "shift+right")
        assert watch.focus == "events"
        assert watch.told == "There is no pane beside this one now, so its size stays."

        x, y = top_edge(watch, "#detail")
        await drag(watch, (x, y), (x, y - 3))
        await comes(watch, "#detail", None, height + 7)
        await double_click(watch, top_edge(watch, "#detail"))
        await comes(watch, "#detail", None, height)
        await watch.press("up")
        await watch.live(2)
        assert "2 new" in str(watch.panes.events.border_subtitle)
        await watch.pilot.hover(offset=(x, y - 1))
        assert not widget(watch, "#detail").has_class("-grip-top"), "what is said there can be clicked"
        await watch.pilot.click("#events-pane", offset=(20, size(watch, "#events-pane")[1] - 1))
        assert watch.table.follow


async def test_stories_and_the_review_have_borders_too_and_they_stay_where_they_were_put(tmp_path: Path) -> None:
    async with watching(tmp_path, size=WIDE) as watch:
        await watch.press("d", "enter")
        lens = watch.pilot.app.screen
        await watch.until(lambda: isinstance(lens, LensScreen) and lens.story is not None and lens.story.met)
        await watch.pilot.pause()
        wide, tall = size(watch, "#lens-side")[0], size(watch, "#met-pane")[1]
        await watch.press("shift+left")
        await comes(watch, "#lens-side", wide + 4)
        x, y = top_edge(watch, "#met-pane")
        await drag(watch, (x, y), (x, y - 6))
        await comes(watch, "#met-pane", None, tall + 6)
        await watch.press("escape", "R")
        await watch.until(lambda: watch.screen.review.settled and watch.screen.review.review is not None)
        await watch.pilot.pause()
        x, y = top_edge(watch, "#deals-pane")
        await drag(watch, (x, y), (x, y + 5))
        await watch.until(lambda: widget(watch, "#deals-pane").region.y == y + 5)
        await drag(watch, left_edge(watch, "#days-pane"), (70, y - 2))
        await watch.until(lambda: widget(watch, "#days-pane").region.x == 70)
        chosen = watch.screen.pane_sizes.chosen
        assert set(chosen) == {"lens-body", "lens-side", "review-body", "review-top"}
        await watch.press("v")
        await watch.until(lambda: widget(watch, "#days-pane").region.height > 20)
        assert widget(watch, "#days-pane").region.x == 70, "alone, the upper panes keep their shares"
