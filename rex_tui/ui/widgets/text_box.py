"""A text that is longer than its box, scrolled with the keys that move through lines."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from rex_tui.ui.keys import moves


class TextBox(VerticalScroll):
    """Scrolls what is in it."""

    BINDINGS: ClassVar[list[BindingType]] = moves(
        "text",
        {
            "up": "scroll_up",
            "down": "scroll_down",
            "page_up": "page_up",
            "page_down": "page_down",
            "half_up": "half_page(-1)",
            "half_down": "half_page(1)",
            "first": "scroll_home",
            "last": "scroll_end",
        },
    )

    def action_half_page(self, way: int) -> None:
        """Scroll half a page up or down."""
        self.scroll_relative(y=way * max(1, self.scrollable_content_region.height // 2), animate=False)
