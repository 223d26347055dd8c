"""The lens's keys: in the footer in this order, as far as there is room, where they have a short word."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from rex_tui.ui.keys import bound
from rex_tui.ui.screens.sized_panes import size_keys

LENS_KEYS: Final[list[BindingType]] = [
    bound("lens", "lens.leave", "back", "Leave"),
    bound("lens", "lens.back", "walk(-1)", "Back"),
    bound("lens", "lens.forth", "walk(1)", "Forth"),
    bound("lens", "detail.open", "open", "Payload"),
    bound("lens", "detail.changes", "toggle_changes", "Changes"),
    bound("lens", "copy.menu", "copy_menu", "Copy"),
    bound("lens", "mark.toggle", "mark", "Mark"),
    bound("lens", "mark.list", "marks"),
    bound("lens", "log.export", "export"),
    bound("lens", "show.masked", "mask"),
    bound("lens", "app.help", "help", "Help"),
    bound("lens", "app.commands", "app.command_palette"),
    bound("lens", "pane.next", "app.focus_next"),
    bound("lens", "pane.previous", "app.focus_previous"),
    *size_keys("lens"),
]
