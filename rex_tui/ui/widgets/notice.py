"""The notice: what a stopped feed asks of the user, in a box that can't be overlooked."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Notice(Static):
    """Sentences in a box, or nothing."""

    DEFAULT_CSS = """
    Notice {
        display: none;
        height: auto;
        margin: 0 1;
        padding: 0 1;
        &.-shown {
            display: block;
        }
    }
    """

    def show(self, title: str, words: str) -> None:
        """Say this, which must be clean; nothing hides the box."""
        self.border_title = Content(title)
        self.set_class(bool(words), "-shown")
        self.update(Content(words))
