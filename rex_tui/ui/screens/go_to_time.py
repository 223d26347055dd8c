"""Go to a time: what is typed is read as a time at once, and told with the row that it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from rex_tui.ui.destination import Destination
from rex_tui.ui.keys import bound
from rex_tui.ui.screens.pointed import Pointed
from rex_tui.ui.widgets.saying import Saying

TEXT_MAX: Final = 80


class GoToTimeScreen(Pointed[int | None]):
    """Asks for a time and is dismissed with the row to go to, or None."""

    CSS_PATH = "go_to_time.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [bound("go_to_time", "dialog.cancel", "dismiss")]

    def __init__(self, lead: Callable[[str], Destination]) -> None:
        """Ask `lead` where a text leads, at each key."""
        super().__init__()
        self._lead = lead

    def compose(self) -> ComposeResult:
        """Lay out the question and the answer."""
        with Vertical(id="go-to-time") as box:
            box.border_title = Content("Go to a time")
            box.border_subtitle = Content("Enter goes there · Esc closes")
            yield Input(placeholder="yesterday 14:00", max_length=TEXT_MAX, id="time-text")
            yield Saying(id="time-answer")

    def on_mount(self) -> None:
        """Say what may be typed."""
        self._typed()

    @on(Input.Changed)
    def _typed(self) -> None:
        destination = self._destination()
        tone = "$rex-faint" if destination.row is None else "bold"
        first, second = destination.words
        self.query_one("#time-answer", Saying).say(
            Content.assemble((first, tone), "\n", (second, "$rex-faint")), layout=True
        )

    @on(Input.Submitted)
    def _chosen(self) -> None:
        destination = self._destination()
        if destination.row is None:
            self._typed()
        else:
            self.dismiss(destination.row)

    def _destination(self) -> Destination:
        return self._lead(self.query_one("#time-text", Input).value)
