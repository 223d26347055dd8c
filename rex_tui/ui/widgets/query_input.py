"""The line of the bar: what is typed into it is clean, and keys that mean more than typing go to the bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound

TEXT_MAX: Final = 2_000


class QueryInput(Input):
    """The line itself; the keys that mean more than typing go to the bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("bar", "bar.complete", "accept"),
        bound("bar", "bar.before", "before"),
        bound("bar", "bar.after", "after"),
        bound("bar", "bar.keep", "keep", "Keep"),
        bound("bar", "bar.leave", "leave", "Leave"),
    ]

    @dataclass(eq=False, repr=False)
    class Pressed(Message):
        """A key that means more than typing: accept, before, after, keep or leave."""

        what: str

    def validate_value(self, value: str) -> str:
        """Take in what may be shown, wherever it is from: what is searched for is what is seen."""
        return clean(value, TEXT_MAX)

    def action_accept(self) -> None:
        """Take the completion."""
        self.post_message(self.Pressed("accept"))

    def action_before(self) -> None:
        """Go to the completion or query before."""
        self.post_message(self.Pressed("before"))

    def action_after(self) -> None:
        """Go to the completion or query after."""
        self.post_message(self.Pressed("after"))

    def action_keep(self) -> None:
        """Keep the filter."""
        self.post_message(self.Pressed("keep"))

    def action_leave(self) -> None:
        """Take back what was typed."""
        self.post_message(self.Pressed("leave"))

    def action_cursor_right(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 - textual's signature
        """Take the completion at the end of the line."""
        if self.cursor_at_end and not select:
            self.post_message(self.Pressed("accept"))
        else:
            super().action_cursor_right(select)

    def on_paste(self, event: events.Paste) -> None:
        """Take in all lines of what was pasted, one behind the other, as far as there is room."""
        event.stop()
        event.prevent_default()  # textual takes the first line
        lines = event.text.replace("\t", " ").splitlines()
        text = lines[0] if len(lines) == 1 else " ".join(filter(None, map(str.strip, lines)))
        text = clean(text, TEXT_MAX)
        start, end = sorted(self.selection)
        self.replace(text[: TEXT_MAX - len(self.value) + end - start], start, end)

    def on_focus(self) -> None:
        """Begin at the end."""
        self.cursor_position = len(self.value)
