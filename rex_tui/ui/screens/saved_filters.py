"""Saving a filter under a name, and forgetting one: two small questions."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound, key_to
from rex_tui.ui.screens.pointed import Pointed
from rex_tui.ui.widgets.saying import Saying

NAME_MAX: Final = 40


class NameInput(Input):
    """A line for a name, which holds only what may be shown."""

    def validate_value(self, value: str) -> str:
        """Take in what may be shown."""
        return clean(value, NAME_MAX)


class SaveFilterScreen(Pointed[str | None]):
    """Asks for the name of a filter; gives it, or None."""

    CSS_PATH = "saved_filters.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [bound("save", "dialog.cancel", "dismiss")]

    def __init__(self, words: str, text: str, saved: Collection[str]) -> None:
        """Ask for the name of the filter that these words tell and this text says; `saved` are the names taken."""
        super().__init__()
        self._words = words
        self._text = text
        self._saved = saved

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="question") as box:
            box.border_title = Content("Save this filter")
            box.border_subtitle = Content("Enter saves · Esc does not")
            yield Static(Content(clean(self._words, 200)), markup=False)
            yield Static(Content.styled(clean(self._text, 400), "$text-muted"), markup=False)
            yield NameInput(placeholder="its name", max_length=NAME_MAX, id="name")
            yield Saying(id="taken")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        taken = event.value.strip() in self._saved
        said = "Another filter has that name; it will be replaced." if taken else ""
        self.query_one("#taken", Saying).say(Content.styled(said, "$warning"))

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        if name := clean(event.value.strip(), NAME_MAX):
            self.dismiss(name)


class ForgetFilterScreen(Pointed[bool]):
    """Asks whether a saved filter is to be forgotten."""

    CSS_PATH = "saved_filters.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("forget", "forget.yes", "dismiss(True)"),
        bound("forget", "forget.no", "dismiss(False)"),
    ]

    def __init__(self, name: str) -> None:
        """Ask about the filter of this name."""
        super().__init__()
        self._filter_name = name

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="question") as box:
            box.border_title = Content("Forget a saved filter")
            box.border_subtitle = Content(f"{key_to(self, 'forget.yes')} forgets · Esc keeps")
            yield Static(
                Content(f"Forget “{clean(self._filter_name, NAME_MAX)}”? No event is lost by that."), markup=False
            )
