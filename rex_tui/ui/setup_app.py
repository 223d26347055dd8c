"""The app of a first start: it shows the set-up and ends with what came of it."""

from __future__ import annotations

from typing import ClassVar

from textual import constants

from rex_tui.looks import Look
from rex_tui.ui.own_app import USUAL_LOOK, OwnApp
from rex_tui.ui.screens.setup import Left, SetupScreen
from rex_tui.ui.screens.setup_asked import Asked

__all__ = ["Asked", "Left", "SetupApp"]


class SetupApp(OwnApp[Left]):
    """Shows one `SetupScreen` until it is left; gives how it was."""

    TITLE = "rex-tui"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(self, asked: Asked, look: Look = USUAL_LOOK) -> None:
        """Ask for what is missing; what Textual logs for its developers, every key that is pressed, is not logged."""
        super().__init__(look)
        vars(constants)["LOG_FILE"] = None
        self._asked = asked

    def _log(self, *_said: object, **_more: object) -> None:
        """Tell the developers' console nothing, for the same reason."""

    def on_mount(self) -> None:
        """Show the screen."""
        self.push_screen(SetupScreen(self._asked), self.exit)
