"""Every text can be read: the colours that are really painted, on every screen, in our own themes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rich.color import Color as RichColor
from support.painted_cells import painted, tells
from support.watching import MEDIUM, watching
from textual.color import Color

import rex_tui.ui
from rex_tui.rule_settings import COLORS
from rex_tui.ui.few_colours import contrast
from rex_tui.ui.theme import REX_CONTRAST, REX_DARK, REX_LIGHT, variables_for
from rex_tui.ui.widgets.paint_line import RULE
from rex_tui.ui.widgets.resource import GLYPHS
from screenshots import WATCH_RULES

contrast_of = cache(contrast)  # the same few pairs of colours are met thousands of times
AA = 4.5
AAA = 7.0
SHEETS = Path(rex_tui.ui.__file__).parent / "screens"
RADIO_OFF = "●"
"""The button of a choice that is not chosen: textual paints it so that it can't be seen."""
WALK = (
    *("", "h", "escape", "c", "C", "escape", "K", "escape", "W", "escape", "m", "apostrophe", "escape"),
    *("question_mark", "escape", "ctrl+p", "escape", "t", "escape", "ctrl+e", "escape", "y", "escape", "s", "s"),
    *("shift+tab", "slash", "escape", "ctrl+s", "M", "escape", "enter", "escape", "R", "m", "p", "escape", "d"),
)
"""Keys that lead through the screens and dialogs."""
BOTH = frozenset({"", "C", "question_mark", "ctrl+p", "ctrl+e", "y", "slash", "enter", "R"})
"""Keys after which the dark theme is looked at, too, where texts are of every kind: a change of theme takes time."""
SCREENS = frozenset(
    {
        *("WatchScreen", "LensScreen", "ReviewScreen", "ColumnsScreen", "CheckpointsScreen", "RulesScreen"),
        *("MarksScreen", "HelpScreen", "CommandPalette", "GoToTimeScreen", "ExportScreen", "CopyMenu"),
        *("PeriodScreen", "DefinitionsScreen"),
    }
)


async def test_every_text_that_is_painted_has_the_contrast_of_wcag_aa(tmp_path: Path) -> None:
    weak: dict[tuple[str, str, str], str] = {}
    met: set[str] = set()
    async with watching(tmp_path, history=400, size=MEDIUM, own_names={}, rules=WATCH_RULES) as watch:
        await watch.named()
        app = watch.pilot.app
        app.stylesheet.read_all(sorted(SHEETS.glob("*.tcss")))  # one by one, each has all styles made anew
        app.stylesheet.reparse()
        for key in WALK:
            if key:
                await watch.press(key)
            if key == "escape":
                continue  # back where it was before
            met.add(type(app.screen).__name__)
            for theme in (REX_LIGHT.name, REX_DARK.name) if key in BOTH else (REX_LIGHT.name,):
                app.theme = theme
                await watch.pilot.pause()
                for piece in painted(app):
                    if not tells(piece.text) or piece.text.strip() == RADIO_OFF:
                        continue
                    if (found := contrast_of(piece.ink, piece.ground)) < AA:
                        place = f"{found:.2f} {type(app.screen).__name__} after {key}: {piece.text.strip()}"
                        weak[theme, piece.ink.hex, piece.ground.hex] = place
        assert met >= SCREENS
        assert weak == {}


async def test_each_text_of_a_line_can_be_read_on_each_ground_that_a_line_can_have(tmp_path: Path) -> None:
    inks = ("time", "summary", "id", "fresh", "since", "late", "gap", "found", "marked", "drift", *GLYPHS)
    over = ("hover", "cursor", "cursor-blurred", "match", "day", *(f"{RULE}{color}" for color in COLORS))
    weak = {}
    async with watching(tmp_path, history=20, size=MEDIUM) as watch:
        table = watch.table
        for theme, least in ((REX_LIGHT, AA), (REX_CONTRAST, AAA), (REX_DARK, AA)):
            watch.pilot.app.theme = theme.name
            await watch.pilot.pause()
            grounds = [colour_of(table.rich_style.bgcolor), *(colour_of(table._style(name).bgcolor) for name in over)]
            for name in inks:
                ink = colour_of(table._style(name).color)
                for ground in grounds:
                    if (found := contrast(ink, ground)) < least:
                        weak[theme.name, name, ground.hex] = round(found, 2)
    assert weak == {}


def colour_of(color: RichColor | None) -> Color:
    assert color is not None
    return Color(*color.get_truecolor())


def test_every_theme_of_textual_can_be_read_on_its_own_ground_in_our_colours() -> None:
    from textual.theme import BUILTIN_THEMES  # noqa: PLC0415 - only here

    weak = {}
    for theme in BUILTIN_THEMES.values():
        if theme.ansi:
            continue
        ground = Color.parse(theme.to_color_system().generate()["background"])
        for name, colour in variables_for(theme).items():
            if (found := contrast(Color.parse(colour), ground)) < AA:
                weak[theme.name, name] = round(found, 2)
    assert weak == {}
