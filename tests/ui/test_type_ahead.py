"""Keys that come all at once, as over a slow line, do what they would have done one by one."""

from __future__ import annotations

from pathlib import Path

from support.waiting import PATIENCE_S
from support.watching import watching
from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.screens.go_to_time import GoToTimeScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.widgets.event_table import EventTable


async def test_a_text_that_comes_with_the_key_that_opens_its_line_is_all_in_the_line(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        await watch.type("/qoxm")  # to the table it would be: leave, only this type, all but it, mark
        await watch.until(lambda: watch.screen.bar.input.value == "qoxm")
        assert watch.screen.filter.is_all
        await watch.press("escape", "escape")

        watch.pilot.app.post_message(events.Key("slash", "/"))
        watch.pilot.app.post_message(events.Paste("type:deal.won"))
        await watch.type(" acme")
        await watch.until(lambda: watch.screen.bar.input.value == "type:deal.won acme")
        await watch.press("escape", "escape")

        await watch.type("t3 days ago")
        await watch.until(lambda: isinstance(watch.pilot.app.screen, GoToTimeScreen))
        await watch.until(lambda: watch.pilot.app.screen.query_one(Input).value == "3 days ago")
        await watch.press("escape")

        await watch.type("Kq1")  # and the key after the one that closes a dialog is the next screen's
        for text in ("Kq2", "/is:new"):
            watch.pilot.app.post_message(events.Key("enter", "\r"))
            await watch.type(text)
        await watch.until(lambda: watch.screen.bar.input.value == "is:new")
        assert set(watch.screen.kept.checkpoints) == {"q1", "q2"}
        await watch.press("escape", "escape")

        await watch.type("?qkkk")
        await watch.until(lambda: isinstance(watch.pilot.app.screen, WatchScreen))
        rows = len(watch.table._view)
        await watch.until(lambda: watch.table._cursor_row == rows - 4)
        assert isinstance(watch.screen.focused, EventTable)


class Stuck(Widget):
    """Who handles a key for ever."""

    def post_message(self, message: Message) -> bool:
        del message
        return True


async def test_a_key_that_takes_too_long_does_not_hold_the_others_for_ever(tmp_path: Path) -> None:
    async with watching(tmp_path) as watch:
        app = watch.pilot.app
        assert isinstance(app, RexTuiApp)
        app._type_ahead.hold_max_s = 0.0
        app._type_ahead.follow(events.Key("x", "x"), Stuck())
        app._type_ahead.hold_max_s = PATIENCE_S
        await watch.type("/won")
        await watch.until(lambda: watch.screen.bar.input.value == "won")
