"""The app: wiring only. It builds the screen, gives it its colours, and closes what it was handed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from rex_tui.ui.own_app import OwnApp
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.review import ReviewScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.type_ahead import TypeAhead
from rex_tui.ui.widgets.key_footer import KeyFooter


class RexTuiApp(OwnApp[None]):
    """Shows one `WatchScreen` until the user quits."""

    TITLE = "rex-tui"
    ENABLE_COMMAND_PALETTE = True
    # The lens's, too: read later, with the lens itself, they have all others read again and the screen styled anew.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/watch.tcss", "screens/lens.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit"),
    ]

    def __init__(self, screen: WatchScreen) -> None:
        """Take the one screen to show."""
        super().__init__(screen.left.theme)
        self._watch_screen = screen
        self._type_ahead = TypeAhead(self, self.on_event)

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
