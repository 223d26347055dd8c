"""The app: wiring only. It builds the screen, gives it its colours, and closes what it was handed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import ClassVar, Final

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Provider
from textual.screen import Screen

from rex_tui.looks import Look
from rex_tui.ui.own_app import USUAL_LOOK, OwnApp
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.review import ReviewScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.widgets.key_footer import KeyFooter

PALETTE_FINDS: Final = "A command, a type, a saved filter, a checkpoint, an id, a name, a time …"


def _finds() -> type[Provider]:
    from rex_tui.ui.screens.finds import Finds  # noqa: PLC0415 - no start needs the palette

    return Finds


class RexTuiApp(OwnApp[None]):
    """Shows one `WatchScreen` until the user quits."""

    TITLE = "rex-tui"
    ENABLE_COMMAND_PALETTE = True
    # The lens's, too: read later, with the lens itself, they have all others read again and the screen styled anew.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["screens/watch.tcss", "screens/lens.tcss"]
    COMMANDS = OwnApp.COMMANDS | {_finds}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, priority=True, id="app.suspend"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, id="app.quit"),
    ]

    def __init__(self, screen: WatchScreen, look: Look = USUAL_LOOK) -> None:
        """Take the one screen to show, and how it looks."""
        super().__init__(look, screen.left.theme)
        self._watch_screen = screen

    def on_mount(self) -> None:
        """Show the screen."""
        self.push_screen(self._watch_screen)

    def action_command_palette(self) -> None:
        """Open the palette, which says what it finds."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=PALETTE_FINDS, id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield every command of the screen for the palette, then Textual's own."""
        if isinstance(screen, WatchScreen | LensScreen | ReviewScreen):
            yield from screen.commands()
        yield from super().get_system_commands(screen)

    @on(KeyFooter.Pressed)
    def _key_pressed(self, event: KeyFooter.Pressed) -> None:
        self.simulate_key(event.key)
