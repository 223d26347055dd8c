"""What stands between the screen and a terminal that can't show all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.color import Color
from textual.filter import LineFilter
from textual.scrollbar import ScrollBar, ScrollBarRender

from rex_tui.looks import COLOURS_16, COLOURS_256, Look
from rex_tui.ui.few_colours import Grounds, NoColours, SixteenColours
from rex_tui.ui.grounds_256 import NearestGrounds
from rex_tui.ui.written_signs import WrittenSigns

GROUNDS: Final = ("background", "surface", "panel")
"""The theme's variables for what panes are painted on."""


class WholeCells(ScrollBarRender):
    """Draws scrollbars of whole cells, which need no signs."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class TerminalLook:
    """Every line of the screen passes these filters: fewer colours, or none, then the signs that there are."""

    def __init__(self, look: Look) -> None:
        """Let through what can be shown by this look."""
        self.signs = WrittenSigns(look.signs, look.encoding)
        self._none = NoColours()
        self._sixteen = SixteenColours(enabled=look.colours <= COLOURS_16)
        self._grounds = NearestGrounds(enabled=look.colours == COLOURS_256)
        ScrollBar.renderer = ScrollBarRender if look.signs == "unicode" else WholeCells

    def filters(self, *, coloured: bool) -> list[LineFilter]:
        """Give the filters; where it is not `coloured`, no colour passes."""
        fewer = (self._sixteen, self._grounds) if coloured else (self._none,)
        return [one for one in (*fewer, self.signs) if one.enabled]

    def paint_on(self, variables: Mapping[str, str], *, dark: bool) -> None:
        """Note on which grounds a theme with these variables paints."""
        if self._sixteen.enabled:
            self._sixteen.grounds = Grounds(tuple(Color.parse(variables[name]).rgb for name in GROUNDS), dark)
