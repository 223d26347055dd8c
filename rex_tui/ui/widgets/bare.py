"""How the lines of a widget are painted that has no border, padding or tint: as the widget gives them."""

from __future__ import annotations

from collections.abc import Callable

from textual._styles_cache import StylesCache
from textual.strip import Strip


class Bare(StylesCache):
    """Keeps the lines of a widget as they are, where textual asks for each what is to be put around it.

    It takes the place of a widget's `_styles_cache`; the lines are as wide as the widget.
    """

    def __init__(self, line_at: Callable[[int], Strip]) -> None:
        """Take what gives the line at a place of the window."""
        super().__init__()
        self._line_at = line_at

    def render_line(self, _styles: object, y: int, *_: object) -> Strip:
        """Give the line at `y`."""
        return self._line_at(y)
