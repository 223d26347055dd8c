"""The table's keys: the first of them in the footer, all of them in the help."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from rex_tui.ui.keys import bound, moves

TABLE_KEYS: Final[list[BindingType]] = [
    bound("table", "table.story", "story", "Story"),
    bound("table", "detail.open", "open", "Payload"),
    bound("table", "table.follow", "follow", "Follow"),
    *moves(
        "table",
        {
            "up": "move(-1)",
            "down": "move(1)",
            "page_up": "page(-1)",
            "page_down": "page(1)",
            "half_up": "page(-0.5)",
            "half_down": "page(0.5)",
            "first": "oldest",
        },
    ),
]
