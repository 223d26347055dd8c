"""How lines are painted around which there is nothing to put, where textual looks for it at each line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual._styles_cache import StylesCache
from textual.css.styles import StylesBase
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


class BareBelow(StylesCache):
    """Keeps the lines of a widget without borders above and below; those behind its last one are one empty line.

    It takes the place of a widget's `_styles_cache`.
    """

    def __init__(self, lines: Callable[[], int], empty: Callable[[], Strip]) -> None:
        """Take what tells how many lines of the window say something, and what gives an empty one, of all its width."""
        super().__init__()
        self._lines = lines
        self._empty = empty

    def render_line(self, styles: StylesBase, y: int, *rest: Any, **more: Any) -> Strip:
        """Give the line at `y`."""
        return self._empty() if y >= self._lines() else super().render_line(styles, y, *rest, **more)
