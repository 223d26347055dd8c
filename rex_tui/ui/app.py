"""The app: wiring only. It builds the screen, gives it its colours, and closes what it was handed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import ClassVar, Final

from textual import on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.command import CommandPalette, Provider
from textual.screen import Screen

from rex_tui.keymap.keymap import USUAL, Keymap, clash_words
from rex_tui.looks import Look
from rex_tui.ui.keys import bound, in_textual
from rex_tui.ui.own_app import USUAL_LOOK, OwnApp
from rex_tui.ui.screens.help import HelpScreen, help_for
from rex_tui.ui.screens.over_watch import OverWatch
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.widgets.key_footer import KeyFooter

CLASH_S: Final = 15.0
KEYS_OF_TEXTUAL: Final = "Keys"
"""Textual's own help on keys, which knows nothing of ours."""
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
        bound("always", "always.suspend", "suspend_process", priority=True),
        bound("always", "always.quit", "quit", priority=True),
        bound("always", "always.commands", "command_palette", priority=True),
        bound("always", "always.help", "help", priority=True),
    ]

    def __init__(self, screen: WatchScreen, keymap: Keymap = USUAL, look: Look = USUAL_LOOK) -> None:
        """Take the one screen to show, which keys hold, and how it looks."""
        super().__init__(look, screen.left.theme)
        self.keymap = keymap
        self._watch_screen = screen

    def on_mount(self) -> None:
        """Show the screen, with the keys that hold."""
        if not self.keymap.is_usual:
            self.set_keymap(in_textual(self.keymap))
        self.push_screen(self._watch_screen)
        if words := clash_words(self.keymap):
            self.notify(words, severity="warning", timeout=CLASH_S, markup=False)

    def action_command_palette(self) -> None:
        """Open the palette, which says what it finds."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=PALETTE_FINDS, id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield every command of the screen for the palette, then Textual's own."""
        if isinstance(screen, WatchScreen | OverWatch):
            yield from screen.commands()
        for command in super().get_system_commands(screen):
            if command.title != KEYS_OF_TEXTUAL:
                yield command

    async def action_help(self) -> None:
        """Show the keys of the screen or dialog that is on top, or close them again."""
        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        elif isinstance(self.screen, WatchScreen | OverWatch):
            await self.run_action("screen.help")
        elif (help_screen := help_for(self.screen)) is not None:
            self.push_screen(help_screen)

    @on(KeyFooter.Pressed)
    def _key_pressed(self, event: KeyFooter.Pressed) -> None:
        self.simulate_key(event.key)
