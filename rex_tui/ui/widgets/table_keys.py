"""The table's keys: the first of them in the footer, all of them in the help."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

TABLE_KEYS: Final[list[BindingType]] = [
    Binding("enter", "story", "Story", id="table.story", tooltip="The story of whom it is about"),
    Binding("right,i", "open", "Payload", key_display="→", id="table.open", tooltip="Look into the payload"),
    Binding("end,G", "follow", "Follow", key_display="G", id="table.follow", tooltip="Newest, and follow"),
    Binding("up,k", "move(-1)", "Event before", show=False, id="table.up"),
    Binding("down,j", "move(1)", "Event after", show=False, id="table.down"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="table.page_up"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="table.page_down"),
    Binding("home,g", "oldest", "Oldest event", show=False, id="table.oldest"),
]
