"""The copy menu: what goes to the clipboard, one letter each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rex_tui.safe_text import clean
from rex_tui.ui.copies import Copy
from rex_tui.ui.keys import bound
from rex_tui.ui.screens.dialog import Dialog

NAME_WIDTH: Final = 28
PREVIEW_LIMIT: Final = 90
COMMANDS: Final = "ure"
"""Letters of what is not plain to see in its text, and so has its line beneath."""


class CopyMenu(Dialog[Copy | None]):
    """Lists what can be copied, with how each begins; gives the choice, or None."""

    CSS_PATH = "copy_menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [bound("copies", "dialog.close", "dismiss")]

    def __init__(self, copies: Sequence[Copy], title: str) -> None:
        """List `copies` of the event that `title` names."""
        super().__init__()
        self._copies = copies
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(id="copy-menu") as box:
            box.border_title = Content(f"Copy · {clean(self._title, 50)}")
            box.border_subtitle = Content("a letter or Enter copies · Esc closes")
            options = [Option(_line(copy), id=copy.key, disabled=copy.text is None) for copy in self._copies]
            yield OptionList(*options, id="copies", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Copy what a letter stands for."""
        for copy in self._copies:
            if event.character == copy.key and copy.text is not None:
                event.stop()
                self.dismiss(copy)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._copies[event.option_index])


def _line(copy: Copy) -> Content:
    head = (f" {copy.key} ", "bold $accent")
    name = copy.name.ljust(NAME_WIDTH)
    if copy.text is None:
        return Content.assemble(head, " ", name, (copy.about, "$rex-faint"))
    begins = clean(copy.text[: 2 * PREVIEW_LIMIT], PREVIEW_LIMIT)
    line = Content.assemble(head, " ", name, (begins, "$rex-faint"))
    about = Content.assemble(" " * 3, (copy.about, "$rex-faint"))
    return Content("\n").join([line, about]) if copy.about and copy.key in COMMANDS else line
