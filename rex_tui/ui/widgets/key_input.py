"""A line for an API key, which leaves it by no other way than its value: not shown, not copied, not cut."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.widgets import Input

from rex_tui.api_key import KEY_MAX_LENGTH

SPACES: Final = 16
"""Characters that may stand around a key that is pasted."""


class KeyInput(Input):
    """Shows a dot for each character; what is pasted is the key as a whole, without the lines and spaces around it."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - textual's name
        """Start without a key."""
        super().__init__(password=True, compact=True, max_length=KEY_MAX_LENGTH + SPACES, id=id)

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted in place of what is there."""
        event.prevent_default()
        event.stop()
        self.value = event.text.strip()[: KEY_MAX_LENGTH + SPACES]
        self.cursor_position = len(self.value)

    def action_copy(self) -> None:
        """Copy nothing: the terminal, its log and the clipboard are for everybody."""

    def action_cut(self) -> None:
        """Cut nothing, for the same reason."""
