"""The app: wiring only. It builds the screen, gives it its colours, and closes what it was handed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import ClassVar

from rich.segment import Segments
from rich.traceback import Traceback
from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.review import ReviewScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.theme import OWN_VARIABLES, REX_DARK
from rex_tui.ui.type_ahead import TypeAhead
from rex_tui.ui.widgets.key_footer import KeyFooter


class RexTuiApp(App[None]):
    """Shows one `WatchScreen` until the user quits."""

    TITLE = "rex-tui"
    ENABLE_COMMAND_PALETTE = True
    # The lens's, too: read later, with the lens itself, they have all others read again and the screen styled anew.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/watch.tcss", "screens/lens.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit"),
    ]

    def __init__(self, screen: WatchScreen) -> None:
        """Take the one screen to show, in our colours from the first moment: a change would style all of it again."""
        super().__init__()
        self._watch_screen = screen
        self._type_ahead = TypeAhead(self, self.on_event)
        self.register_theme(REX_DARK)
        self.set_reactive(App.theme, screen.left.theme if screen.left.theme in self.available_themes else REX_DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())

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

    def on_mount(self) -> None:
        """Show the screen."""
        self.push_screen(self._watch_screen)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield every command of the screen for the palette, then Textual's own."""
        if isinstance(screen, WatchScreen | LensScreen | ReviewScreen):
            yield from screen.commands()
        yield from super().get_system_commands(screen)

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; a key only when those before it have done what they do."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif not self._type_ahead.holds(event):
            target = self.focused or self.screen
            await super().on_event(event)
            self._type_ahead.follow(event, target)

    @on(KeyFooter.Pressed)
    def _key_pressed(self, event: KeyFooter.Pressed) -> None:
        self.simulate_key(event.key)

    def _fatal_error(self) -> None:
        """Leave after an unhandled exception, with a traceback that shows no local variables.

        Textual's own prints them, and a local variable somewhere below may hold the API key.
        """
        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()
