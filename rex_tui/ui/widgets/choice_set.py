"""Choices of which one is taken: the arrows take it, as they do in forms everywhere."""

from __future__ import annotations

from textual.widgets import RadioSet


class ChoiceSet(RadioSet):
    """A set of buttons that begins where it stands, and whose arrows press."""

    def on_focus(self) -> None:
        """Begin at what is chosen."""
        self._selected = self.pressed_index

    def action_next_button(self) -> None:
        """Choose the next one."""
        super().action_next_button()
        self._press()

    def action_previous_button(self) -> None:
        """Choose the one before."""
        super().action_previous_button()
        self._press()

    def _press(self) -> None:
        if self.has_focus and self._selected != self.pressed_index:
            self.action_toggle_button()
