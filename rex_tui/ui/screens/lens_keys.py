"""The lens's keys: in the footer in this order, as far as there is room; the long words are for the help."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

from rex_tui.ui.screens.sized_panes import SIZE_KEYS

LENS_KEYS: Final[list[BindingType]] = [
    Binding("escape,q", "back", "Leave", key_display="Esc", id="lens.leave", tooltip="Leave the payload, the lens"),
    Binding("left_square_bracket", "walk(-1)", "Back", key_display="[", id="lens.back", tooltip="Lens before"),
    Binding("right_square_bracket", "walk(1)", "Forth", key_display="]", id="lens.forth", tooltip="Lens after"),
    Binding("right,i", "open", "Payload", key_display="→", id="lens.open", tooltip="Look into the payload"),
    Binding("c", "toggle_changes", "Changes", id="lens.changes", tooltip="What the event changed"),
    Binding("y", "copy_menu", "Copy", id="lens.copy", tooltip="Copy …; y again: as JSON"),
    Binding("m", "mark", "Mark", id="lens.mark", tooltip="Mark the event, or unmark it"),
    Binding("apostrophe", "marks", "List marks", show=False, id="lens.marks", tooltip="List marks"),
    Binding("ctrl+e", "export", "Export", show=False, id="lens.export", tooltip="Export the story to a file"),
    Binding("M", "mask", "Mask", show=False, id="lens.mask", tooltip="Mask names and amounts, or not"),
    Binding("question_mark,f1", "help", "Help", key_display="?", id="lens.help", tooltip="Show all keys"),
    *SIZE_KEYS,
]
