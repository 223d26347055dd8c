"""What our apps share: colours, a driver that outlives its terminal, keys in their order, crashes without secrets."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from rich.segment import Segments
from textual import events, on
from textual.app import App, ReturnType
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter
from textual.widgets import Input

from rex_tui.looks import DEFAULT_THEME, MONO_THEME, Look
from rex_tui.ui.terminal_look import TerminalLook
from rex_tui.ui.theme import MENDED, OWN, variables_for
from rex_tui.ui.type_ahead import TypeAhead

USUAL_LOOK: Final = Look()


class OwnApp(App[ReturnType]):
    """An app in its colours from the first moment: a change would style all of it again."""

    def __init__(self, look: Look = USUAL_LOOK, kept: str = "") -> None:
        """Look so; where that names no theme, in the one that was `kept`, ours where there is none of that name."""
        self._terminal = TerminalLook(look)
        with _without_no_color():
            super().__init__()
        for theme in (*OWN, *MENDED):
            self.register_theme(theme)
        first = look.theme or kept
        self.set_reactive(App.theme, first if first in self.available_themes else DEFAULT_THEME)
        self.no_color = self.theme == MONO_THEME
        if look.motion == "reduced":
            self.animation_level = "none"
        self.stylesheet.set_variables(self.get_css_variables())
        self._type_ahead = TypeAhead(self, self.on_event)

    def get_driver_class(self) -> type[Driver]:
        """Give the driver for this platform; where that is a Unix terminal, ours, which notices that it is gone."""
        chosen = super().get_driver_class()
        if chosen.__module__ != "textual.drivers.linux_driver":
            return chosen
        from rex_tui.ui.terminal_driver import TerminalDriver  # noqa: PLC0415 - Windows has no such terminals

        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own variables to themes that have none of them."""
        return dict(variables_for(self.current_theme))

    def get_css_variables(self) -> dict[str, str]:
        """Give the theme's variables, and note on which grounds it paints."""
        variables = super().get_css_variables()
        self._terminal.paint_on(variables, dark=self.current_theme.dark)
        return variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Give what every line passes on its way to the terminal: textual's own, then what this one can't show."""
        return [*super().get_line_filters(), *self._terminal.filters(coloured=not self.no_color)]

    def get_key_display(self, binding: Binding) -> str:
        """Give what a key is called: by a word where the terminal has no sign for it."""
        return self._terminal.signs.key(super().get_key_display(binding))

    def watch_theme(self, theme: str) -> None:
        """Take out all colours under the theme that has none."""
        self.no_color = theme == MONO_THEME

    @on(events.DescendantFocus)
    def _hold_cursor_still(self, event: events.DescendantFocus) -> None:
        if self.animation_level == "none" and isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; a key only when those before it have done what they do."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif not self._type_ahead.holds(event):
            target = self.focused or self.screen
            await super().on_event(event)
            self._type_ahead.follow(event, target)

    def _fatal_error(self) -> None:
        """Leave after an unhandled exception, with a traceback that shows no local variables.

        Textual's own prints them, and a local variable somewhere below may hold the API key.
        """
        from rich.traceback import Traceback  # noqa: PLC0415 - it brings a highlighter, which no start needs

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()


@contextmanager
def _without_no_color() -> Iterator[None]:
    """Keep NO_COLOR from textual, which would make greys of all colours; our own theme for it has none at all."""
    asked = os.environ.pop("NO_COLOR", None)
    try:
        yield
    finally:
        if asked is not None:
            os.environ["NO_COLOR"] = asked
