"""What the dialogs that write files in a thread have in common."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.saying import Saying


class WritingScreen(Dialog[str | None]):
    """A dialog that writes files in a thread, and has a line `#said`; gives a sentence about what was written, or None.

    Enter calls `action_write`, Escape `action_leave`.
    """

    CSS_PATH = "export.tcss"
    AUTO_FOCUS = "#file"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("writing", "dialog.cancel", "leave"),
        bound("writing", "dialog.write", "write", priority=True),
    ]

    @dataclass(eq=False, repr=False)
    class Ended(Message):
        """The thread is done: what was written, or what went wrong; both "" when it was cancelled."""

        written: str = ""
        problem: str = ""

    def say_where(self) -> None:
        """Say into which folder a name without one goes."""
        with suppress(OSError):  # the folder may be gone
            where = " on the machine that rex-tui runs on" if self.app.is_web else ""
            self.say(f"into {Path.cwd()}{where}")

    def say(self, words: str, colour: str = "$rex-faint") -> None:
        """Say something below the questions."""
        self.query_one("#said", Saying).say(Content.styled(clean(words, 400), colour), layout=True)
