"""A dialog under which masking can be switched: what it lists may be the very thing to be hidden."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen

from rex_tui.ui.keys import bound

Given = TypeVar("Given")


class Dialog(ModalScreen[Given]):
    """Asks or tells something over another screen; gives what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("dialog", "app.help", "app.help"),
        bound("dialog", "show.masked", "mask"),
    ]

    @property
    def is_held(self) -> bool:
        """Tell whether it can't be closed now."""
        return False

    def action_mask(self) -> None:
        """Close without a choice, and have names and amounts hidden on the screen below, or shown again."""
        if not self.is_held:
            below = self.app.screen_stack[-2]
            self.dismiss()
            self.app.call_later(below.run_action, "mask")
