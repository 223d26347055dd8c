"""What becomes of a theme's colours where a terminal has sixteen, or where somebody wants none."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

PALETTE: Final = tuple(
    Color(*rgb)
    for rgb in (
        *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170)),
        *((170, 170, 170), (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255)),
        *((255, 85, 255), (85, 255, 255), (255, 255, 255)),
    )
)
"""The sixteen colours as a VGA shows them; other terminals show the dark ones brighter."""
BLACK, BLUE, CYAN, WHITE, BRIGHT_WHITE = 0, 4, 6, 7, 15
COLOURED: Final = range(1, 7)
"""Those that may be behind a text; the bright ones are no backgrounds for every terminal."""
ON_BLACK: Final = (WHITE, *range(9, 16))
ON_OTHERS: Final = (*range(8), *range(9, 16))
"""Those for texts. Bright black is left out: some palettes make it the background's own colour."""
CONTRAST_MIN: Final = 4.0
CHROMA: Final = 0.24
CHROMA_BEHIND: Final = 0.12
"""The chroma below which a text is a grey, and a background."""
NEAR: Final = 16.0
"""How far two colours are apart at most, of 442, that are the same ground."""
LIGHT: Final = 0.5
"""The luminance from which a grey text is the usual one, and not a lesser fact; from which a background is white."""
REVERSED: Final = 0.2
FAINT: Final = 0.62
BOLD: Final = 0.95
"""The brightness from which a background without colours is reversed, below which a text is dim, and above it bold."""
RGB: TypeAlias = tuple[int, int, int]


class Grounds(Struct, frozen=True):
    """What a theme paints its panes on, and whether that is dark."""

    colours: tuple[RGB, ...] = ()
    dark: bool = True

    @property
    def darkest(self) -> float:
        """Give the luminance below which only what lies under a dialog is, having passed here before."""
        return min((luminance(Color(*one)) for one in self.colours), default=0.0) if self.dark else -1.0


class _Look(NamedTuple):
    chroma: float
    hue: float
    luminance: float


class SixteenColours(LineFilter):
    """Gives each style the nearest of sixteen colours in which it can be read, on a background that is painted, too."""

    grounds = Grounds()
    """Of the theme in force: they become black or white, and what stands out from them, a colour."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the parts of a line in the sixteen colours."""
        ground, grounds = background.rgb, self.grounds
        return [
            Segment(text, None if style is None else _in_sixteen(style, ground, grounds), control)
            for text, style, control in segments
        ]


class NoColours(LineFilter):
    """Takes all colour out: what is behind bright ground is reversed, what is faint is dim, what stands out is bold."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the parts of a line without colours."""
        ground = background.rgb
        return [
            Segment(text, None if style is None else _without(style, ground), control)
            for text, style, control in segments
        ]


@lru_cache(4_096)
def _in_sixteen(style: Style, ground: RGB, grounds: Grounds) -> Style:
    text, behind = _colours(style, ground)
    below = _background(behind, grounds)
    return _bare(style) + Style.from_color(_numbered(_foreground(text, below)), _numbered(below))


@lru_cache(4_096)
def _without(style: Style, ground: RGB) -> Style:
    text, behind = _colours(style, ground)
    turned = behind.brightness >= REVERSED
    dim = not turned and text.brightness < FAINT
    bold = bool(style.bold) or (not turned and text.brightness > BOLD)
    return _bare(style) + Style(reverse=turned, dim=dim, bold=bold and not dim)


def _colours(style: Style, ground: RGB) -> tuple[Color, Color]:
    """Give the colours of a text and of what is behind it, as they are seen."""
    behind = Color(*ground) if style.bgcolor is None or style.bgcolor.is_default else _rgb(style.bgcolor)
    text = behind.inverse if style.color is None or style.color.is_default else _rgb(style.color)
    return (behind, text) if style.reverse else (text, behind)


def _rgb(color: RichColor) -> Color:
    return Color(*color.get_truecolor())


def _bare(style: Style) -> Style:
    """Give a style without its colours and what they are asked for with; what clicks need of it stays."""
    bare = style.without_color + Style(reverse=False, dim=False)
    return bare + Style.from_meta(style.meta) if style.meta else bare


def _numbered(number: int) -> RichColor:
    return RichColor.from_ansi(number)


def _background(color: Color, grounds: Grounds) -> int:
    look = _look(color)
    if any(math.dist(color.rgb, ground) < NEAR for ground in grounds.colours) or look.luminance <= grounds.darkest:
        return BLACK if grounds.dark else WHITE
    if look.chroma >= CHROMA_BEHIND:
        return min(COLOURED, key=lambda number: _distance(look, number))
    if look.luminance >= (LIGHT if grounds.dark else LIGHT / 4):
        return WHITE
    return BLUE if grounds.dark else CYAN


def _foreground(color: Color, below: int) -> int:
    look, behind = _look(color), PALETTE[below]
    if look.chroma < CHROMA:
        if luminance(behind) > LIGHT / 2:
            return BLACK
        return BRIGHT_WHITE if look.luminance >= LIGHT or below != BLACK else WHITE
    hues: tuple[int, ...] = ON_BLACK if below == BLACK else ON_OTHERS
    can = [number for number in hues if contrast(PALETTE[number], behind) >= CONTRAST_MIN]
    return min(can, key=lambda number: _distance(look, number))


def contrast(one: Color, other: Color) -> float:
    """Give the contrast of two colours, from 1 to 21. Source: WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    """Give how light a colour is. Source: WCAG 2.2, relative luminance."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own numbers
        for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _look(color: Color) -> _Look:
    red, green, blue = color.normalized
    return _Look(max(red, green, blue) - min(red, green, blue), color.hsv.h, luminance(color))


def _distance(look: _Look, number: int) -> float:
    """Give how far one of the sixteen is from a colour: by its hue first, where it has one."""
    other = _look(PALETTE[number])
    apart = abs(look.hue - other.hue)
    hue = 1.0 if other.chroma < CHROMA else 2 * min(apart, 1 - apart)
    return 6 * hue + abs(look.luminance - other.luminance)
