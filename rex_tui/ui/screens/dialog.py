"""A dialog under which masking can be switched: what it lists may be the very thing to be hidden."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from rex_tui.ui.keys import bound
from rex_tui.ui.screens.pointed import Given, Pointed


class Dialog(Pointed[Given]):
    """Asks or tells something over another screen; gives what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("dialog", "app.help", "app.help"),
        bound("dialog", "show.masked", "mask"),
    ]

    def action_mask(self) -> None:
        """Close without a choice, and have names and amounts hidden on the screen below, or shown again."""
        if not self.is_held:
            below = self.app.screen_stack[-2]
            self.dismiss()
            self.app.call_later(below.run_action, "mask")
