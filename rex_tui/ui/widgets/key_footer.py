"""The footer: made anew only when other keys are to be shown in it, since that takes longer than a story does."""

from __future__ import annotations

from typing import TypeAlias

from textual.screen import Screen
from textual.widgets import Footer

Shown: TypeAlias = list[tuple[str, str, bool]]


class KeyFooter(Footer):
    """Textual's footer, which makes all its keys anew whenever a focus moves or a screen comes or goes."""

    _shown: Shown | None = None

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Make the keys anew if there are others now."""
        shown = [
            (binding.key, binding.description, enabled)
            for _node, binding, enabled, _tooltip in screen.active_bindings.values()
            if binding.show
        ]
        if not screen.app.app_focus or shown == self._shown:
            return
        self._shown = shown
        super().bindings_changed(screen)
