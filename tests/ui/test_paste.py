"""What is pasted: all of it goes into the bar when that is open, and none of it is keys when it is not."""

from __future__ import annotations

from pathlib import Path

from support.watching import Watching, watching
from textual import events
from textual.widgets import Input

from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.widgets.query_input import TEXT_MAX


async def paste(watch: Watching, text: str) -> None:
    watch.pilot.app.post_message(events.Paste(text))
    await watch.pilot.pause()


async def test_a_paste_is_taken_in_whole_by_the_bar_and_by_nobody_else(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        bar, app = watch.screen.bar, watch.pilot.app
        await paste(watch, "dqx\nm?/\x1b[A")
        assert (app.screen, watch.focus, watch.table.follow) == (watch.screen, "events", True)
        assert watch.screen.filter.is_all
        assert not bar.is_open
        assert not watch.screen.taking.marked.marks

        await watch.press("slash")
        await paste(watch, "type:deal.*\r\n\t value>500.00\n\n")
        assert bar.input.value == "type:deal.* value>500.00"
        assert bar.is_open, "a line break keeps nothing"
        await watch.press("home", "ctrl+right")
        bar.input.selection = bar.input.selection._replace(end=0)
        await paste(watch, "\x1b[31mx\x07\u202e\n")
        value = bar.input.value
        assert value.isprintable()
        assert value.startswith("␛[31mx␇")
        assert value.endswith(" value>500.00")
        await watch.answered()

        bar.input.value = ""
        await paste(watch, "a b " * TEXT_MAX)
        assert len(bar.input.value) == TEXT_MAX
        await paste(watch, "c")
        await paste(watch, "")
        assert len(bar.input.value) == TEXT_MAX
        bar.input.value = "-type:trigger.*"
        await watch.press("home")
        await paste(watch, "acme ")
        assert bar.input.value == "acme -type:trigger.*"
        assert bar.input.cursor_position == len("acme ")
        await watch.press("escape", "escape")

        await watch.press("t")
        await paste(watch, "3 days ago\nq")
        assert not isinstance(app.screen, WatchScreen)
        assert app.screen.query_one(Input).value == "3 days ago"
