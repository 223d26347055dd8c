"""The options that say how the screen looks, for every command that shows one or tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from rex_tui.looks import GLYPHS, THEMES, Wish, Wishes

TOLD: Final = "rex_tui.look"
"""Where click's own notes hold what was told, before a command or behind it: the last word counts."""

Command = TypeVar("Command", bound=Callable[..., Any])


def _tell(key: str, flag: str, always: str = "") -> Callable[[click.Context, click.Parameter, Any], None]:
    """Give what notes that a flag wants something: what it says, or `always` the same."""

    def note(context: click.Context, _option: click.Parameter, value: Any) -> None:
        if value:
            context.find_root().meta.setdefault(TOLD, {})[key] = Wish(always or value.lower(), flag)

    return note


_OPTIONS: Final = (
    click.option(
        "--theme",
        metavar="NAME",
        shell_complete=lambda _context, _option, begun: [name for name in THEMES if name.startswith(begun)],
        expose_value=False,
        callback=_tell("theme", "--theme"),
        help="Colours: rex-dark, rex-light, rex-contrast, rex-mono or one of textual's (or REX_TUI_THEME).",
    ),
    click.option(
        "--glyphs",
        type=click.Choice(GLYPHS, case_sensitive=False),
        expose_value=False,
        callback=_tell("glyphs", "--glyphs"),
        help="Which signs are drawn: those that the terminal has, or others (or REX_TUI_GLYPHS).",
    ),
    click.option(
        "--ascii",
        is_flag=True,
        expose_value=False,
        callback=_tell("glyphs", "--ascii", "ascii"),
        help="The same as --glyphs ascii.",
    ),
    click.option(
        "--reduced-motion",
        is_flag=True,
        expose_value=False,
        callback=_tell("motion", "--reduced-motion", "reduced"),
        help="Let nothing move or blink by itself (or REX_TUI_MOTION=reduced).",
    ),
)


def look_options(command: Command) -> Command:
    """Give a command the options of the look."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def told_wishes(context: click.Context) -> Wishes:
    """Give what the flags said of the look."""
    return Wishes(**context.find_root().meta.get(TOLD, {}))
