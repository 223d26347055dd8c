"""What becomes of the colours behind texts where a terminal has 256: rich takes dark blues for teal."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

FIRST: Final = 16
"""Those before are the terminal's own, and nobody knows what they look like."""
STEPS: Final = (0, 95, 135, 175, 215, 255)
GREYS: Final = range(8, 248, 10)
"""How light the red, green and blue of the cube's colours are, and the greys behind them. Source: xterm's 256colres."""
PALETTE: Final = (
    *((red, green, blue) for red in STEPS for green in STEPS for blue in STEPS),
    *((grey, grey, grey) for grey in GREYS),
)


class NearestGrounds(LineFilter):
    """Paints texts on the colour that is really nearest; a text's own colour is as rich has it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - textual's
        """Give the parts of a line on grounds that there are."""
        return [Segment(text, style and _on_nearest(style), control) for text, style, control in segments]


@lru_cache(4_096)
def _on_nearest(style: Style) -> Style:
    behind = style.bgcolor
    if behind is None or behind.triplet is None:
        return style
    return style + Style(bgcolor=_nearest(tuple(behind.triplet)))


@lru_cache(1_024)
def _nearest(colour: tuple[int, ...]) -> RichColor:
    return RichColor.from_ansi(FIRST + min(range(len(PALETTE)), key=lambda number: math.dist(colour, PALETTE[number])))
