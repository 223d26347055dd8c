"""What our apps share: colours, a driver that outlives its terminal, keys in their order, crashes without secrets."""

from __future__ import annotations

from rich.segment import Segments
from rich.traceback import Traceback
from textual import events
from textual.app import App, ReturnType
from textual.driver import Driver

from rex_tui.ui.theme import OWN_VARIABLES, REX_DARK
from rex_tui.ui.type_ahead import TypeAhead


class OwnApp(App[ReturnType]):
    """An app in its colours from the first moment: a change would style all of it again."""

    def __init__(self, theme: str = REX_DARK.name) -> None:
        """Take on the colours of a theme, ours where there is none of that name."""
        super().__init__()
        self.register_theme(REX_DARK)
        self.set_reactive(App.theme, theme if theme in self.available_themes else REX_DARK.name)
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
        return OWN_VARIABLES

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
        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()
