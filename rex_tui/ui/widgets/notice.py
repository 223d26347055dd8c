"""The notice: what a stopped feed asks of the user, in a box that can't be overlooked."""

from __future__ import annotations

from textual.content import Content

from rex_tui.ui.widgets.saying import Saying


class Notice(Saying):
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
        """Say this, which must be clean, under a title of ours; no words hide the box."""
        self.border_title = title
        self.set_class(bool(words), "-shown")
        self.say(Content(words), layout=True)
