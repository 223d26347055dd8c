"""What is really painted: every piece of text on the top screen with its two colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.screen import ModalScreen

SIGNS = "●■◆▲≡↓○↻◷‖◇✕★⇣±»›✓"  # noqa: RUF001 - what is painted
"""Signs that tell something; lines and bars only stand beside what does."""


class Painted(NamedTuple):
    text: str
    ink: Color
    ground: Color
    style: Style


def painted(app: App[Any]) -> Iterator[Painted]:
    """Yield every piece of text on the top screen; of a screen that lies below a dialog, nothing."""
    screen = app.screen
    shown = [child for child in screen.children if child.display] if isinstance(screen, ModalScreen) else [screen]
    for y, line in enumerate(screen._compositor.render_strips()):
        x = 0
        for text, style, _ in line:
            here = any(widget.region.contains(x, y) for widget in shown)
            x += len(text)
            if not here or style is None or style.color is None or style.bgcolor is None:
                continue
            ink, ground = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
            yield Painted(text, Color(*ink.get_truecolor()), Color(*ground.get_truecolor()), style)


def tells(text: str) -> bool:
    """Tell whether a piece of text says something."""
    return any(character.isalnum() or character in SIGNS for character in text)
