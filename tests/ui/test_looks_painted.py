"""What is painted in other themes, in few colours or none, in other signs, and without motion."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

import pytest
from rich.color import Color as RichColor
from rich.segment import Segment
from support.painted_cells import painted, tells
from support.watching import MEDIUM, Watching, watching
from textual.color import Color
from textual.widgets import Input

from rex_tui.looks import COLOURS_16, Look
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.few_colours import PALETTE, contrast

RULES = RuleBook((RuleSetting("Deals", "type:deal.*", frozenset({"highlight"}), color="warning"),))


def looking(look: Look) -> type[RexTuiApp]:
    """Give what makes an app that looks so."""
    return cast("type[RexTuiApp]", partial(RexTuiApp, look=look))


def lines(watch: Watching) -> list[list[Segment]]:
    """Give all that is on the screen, without what the pieces of it lead to."""
    strips = watch.pilot.app.screen._compositor.render_strips()
    return [
        list(Segment.simplify(Segment(text, style and style.clear_meta_and_links()) for text, style, _ in strip))
        for strip in strips
    ]


async def opened(watch: Watching) -> None:
    """Show a payload, marks, rules and what was asked."""
    await watch.named()
    await watch.press("up", "m", "slash", *"deal", "enter", "backslash", "c", "c", "shift+tab")


async def test_another_theme_that_is_chosen_is_all_over_the_screen_at_once(tmp_path: Path) -> None:
    pictures = []
    for theme, chosen in (("rex-light", None), ("rex-dark", "rex-light")):
        folder = tmp_path / theme
        folder.mkdir()
        async with watching(
            folder, history=60, size=MEDIUM, own_names={}, rules=RULES, kind=looking(Look(theme=theme))
        ) as watch:
            await opened(watch)
            before = lines(watch)
            if chosen is not None:
                watch.pilot.app.theme = chosen
                await watch.pilot.pause()
                await watch.settle()
                assert lines(watch) != before
            pictures.append([line for number, line in enumerate(lines(watch)) if number != MEDIUM[1] - 2])
    assert pictures[0] == pictures[1]


async def test_in_sixteen_colours_every_text_can_be_read(tmp_path: Path) -> None:
    async with watching(
        tmp_path, history=60, size=MEDIUM, own_names={}, rules=RULES, kind=looking(Look(colours=COLOURS_16))
    ) as watch:
        await opened(watch)
        for key in ("", "y"):
            await watch.press(*filter(None, [key]))
            for theme in ("rex-dark", "rex-light", "nord", "textual-light", "dracula", "solarized-light"):
                watch.pilot.app.theme = theme
                await watch.pilot.pause()
                for piece in painted(watch.pilot.app):
                    ink, ground = number(piece.style.color), number(piece.style.bgcolor)
                    if tells(piece.text):
                        assert contrast(PALETTE[ink], PALETTE[ground]) >= 4.0, piece.text


def number(color: RichColor | None) -> int:
    assert color is not None
    assert color.number is not None
    return color.number


async def test_without_colours_a_choice_is_turned_round_and_lesser_facts_are_dim(tmp_path: Path) -> None:
    async with watching(
        tmp_path, history=60, size=MEDIUM, own_names={}, rules=RULES, kind=looking(Look(theme="rex-mono"))
    ) as watch:
        await watch.named()
        styles = {segment.text.strip(): segment.style for line in lines(watch) for segment in line}
        assert not [style for style in styles.values() if style and (style.color or style.bgcolor)]
        chosen = [text for text, style in styles.items() if style and style.reverse and tells(text)]
        assert any("›" in text for text in chosen), chosen  # noqa: RUF001 - what is painted
        assert any(style and style.dim and tells(text) for text, style in styles.items())
        watch.pilot.app.theme = "rex-dark"
        await watch.pilot.pause()
        assert any(segment.style and segment.style.color for line in lines(watch) for segment in line)


async def test_nothing_moves_or_blinks_with_reduced_motion(tmp_path: Path) -> None:
    async with watching(tmp_path, history=60, size=MEDIUM, kind=looking(Look(motion="reduced"))) as watch:
        app = watch.pilot.app
        assert app.animation_level == "none"
        await watch.live(2)
        assert watch.table._fresh_from is None
        await watch.press("slash")
        assert isinstance(app.focused, Input)
        assert not app.focused.cursor_blink
        assert app.focused._cursor_visible


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(Color(0, 0, 0), Color(255, 255, 255)) == pytest.approx(21)
    assert contrast(Color(119, 119, 119), Color(255, 255, 255)) == pytest.approx(4.48, abs=0.01)
