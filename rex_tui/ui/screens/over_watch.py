"""What the screens over the watch screen have in common: its masking, and their own commands and help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from textual.app import SystemCommand
from textual.dom import DOMNode
from textual.screen import ScreenResultType

from rex_tui.ui.offers import Finder
from rex_tui.ui.screens.commands import bound_commands, nodes_with_keys
from rex_tui.ui.screens.help import SIGNS, HelpScreen
from rex_tui.ui.screens.sized_panes import SizedPanes


async def _nobody() -> None:
    """Switch nothing, before there is anybody to do so."""


class OverWatch(SizedPanes[ScreenResultType]):
    """A screen over the watch screen, whose masking it is; it binds `mask` and `help` to keys."""

    switch_masking: Callable[[], Awaitable[None]] = staticmethod(_nobody)
    """Switches masking on or off, on every screen."""

    SIGNS: ClassVar[Sequence[tuple[str, str]]] = SIGNS
    """What the signs on it mean, for its help."""

    finder: Finder | None = None
    """Finds for the palette what is in the log of the watch screen below."""

    async def action_mask(self) -> None:
        """Hide names, addresses, amounts and texts, or show them again."""
        await self.switch_masking()

    def commands(self) -> Iterable[SystemCommand]:
        """Yield every bound command for the palette."""
        return bound_commands(*self.nodes_with_keys())

    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen(*nodes_with_keys(self), signs=self.SIGNS))

    def nodes_with_keys(self) -> tuple[DOMNode, ...]:
        """Give the screen, and those of its widgets whose commands are to be found in the palette."""
        return (self,)
