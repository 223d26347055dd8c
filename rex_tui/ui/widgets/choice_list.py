"""A short list to choose from: textual's own, with the keys that move through lines everywhere."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import OptionList

from rex_tui.ui.keys import bound, moves


def choice_keys(group: str, *, without: str = "") -> list[BindingType]:
    """Give the keys of such a list, as those of a group."""
    actions = {
        "up": "cursor_up",
        "down": "cursor_down",
        "page_up": "page_up",
        "page_down": "page_down",
        "half_up": "half_page(-1)",
        "half_down": "half_page(1)",
        "first": "first",
        "last": "last",
    }
    actions.pop(without, None)
    return [bound(group, "list.choose", "select"), *moves(group, actions)]


class ChoiceList(OptionList):
    """Lines, one of them chosen."""

    BINDINGS: ClassVar[list[BindingType]] = choice_keys("list")

    def action_half_page(self, way: int) -> None:
        """Go half a page up or down, to the nearest line that can be chosen."""
        room = self.scrollable_content_region.height * self.option_count
        place = (self.highlighted or 0) + way * max(1, room // (2 * max(1, self.virtual_size.height)))
        place = max(0, min(place, self.option_count - 1))
        while 0 <= place < self.option_count:
            if not self.get_option_at_index(place).disabled:
                self.highlighted = place
                return
            place += way
