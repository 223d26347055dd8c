"""The colours of rex-tui: its own themes, and what all other themes are given that lack colours of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

from rex_tui.looks import MONO_THEME

DARK_VARIABLES: Final = {
    "rex-contact": "#7aa2f7",
    "rex-company": "#2ac3de",
    "rex-deal": "#e0af68",
    "rex-activity": "#9ece6a",
    "rex-task": "#73daca",
    "rex-trigger": "#f7768e",
    "rex-import": "#bb9af7",
    "rex-other": "#a9b1d6",
    "rex-faint": "#949dc4",
    "rex-key": "#7dcfff",
    "rex-text": "#9ece6a",
    "rex-number": "#ff9e64",
    "rex-word": "#bb9af7",
}
"""Our own theme variables on dark ground: the resources' colours, that of lesser facts, and those of payloads."""
LIGHT_VARIABLES: Final = {
    "rex-contact": "#1f4fb0",
    "rex-company": "#005f73",
    "rex-deal": "#7a4a00",
    "rex-activity": "#2f5f16",
    "rex-task": "#0b5f53",
    "rex-trigger": "#a3173c",
    "rex-import": "#6633b0",
    "rex-other": "#454c6b",
    "rex-faint": "#535973",
    "rex-key": "#0a5a94",
    "rex-text": "#2f5f16",
    "rex-number": "#8f4300",
    "rex-word": "#6633b0",
}
"""The same on light ground."""
ANSI_VARIABLES: Final = {
    "rex-contact": "ansi_blue",
    "rex-company": "ansi_cyan",
    "rex-deal": "ansi_yellow",
    "rex-activity": "ansi_green",
    "rex-task": "ansi_cyan",
    "rex-trigger": "ansi_red",
    "rex-import": "ansi_magenta",
    "rex-other": "ansi_default",
    "rex-faint": "ansi_default",
    "rex-key": "ansi_blue",
    "rex-text": "ansi_green",
    "rex-number": "ansi_yellow",
    "rex-word": "ansi_magenta",
}
"""The same in the terminal's own colours, whatever its ground is."""
CONTRAST_VARIABLES: Final = {
    "rex-contact": "#a8c7ff",
    "rex-company": "#66e0f5",
    "rex-deal": "#ffd27a",
    "rex-activity": "#b8ee84",
    "rex-task": "#8ff0df",
    "rex-trigger": "#ffb3c0",
    "rex-import": "#dcc6ff",
    "rex-other": "#e4e4e4",
    "rex-faint": "#cfcfcf",
    "rex-key": "#9adcff",
    "rex-text": "#b8ee84",
    "rex-number": "#ffc199",
    "rex-word": "#dcc6ff",
}
MONO, MONO_FAINT, MONO_STRONG = "#c8c8c8", "#8c8c8c", "#ffffff"
"""Greys that say what becomes of a text without colours: nothing, dim, bold."""


def variables_for(theme: Theme) -> Mapping[str, str]:
    """Give our own variables to a theme that has none of them."""
    return ANSI_VARIABLES if theme.ansi else DARK_VARIABLES if theme.dark else LIGHT_VARIABLES


def _looks(ground: str, key: str, thumb: str, hover: str, muted: str, faint: str, chosen: str = "") -> dict[str, str]:
    """Give the colours of scrollbars, footer and lesser texts on a ground; and of what is `chosen`, if it has one."""
    behind = ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active")
    return {
        "scrollbar": thumb,
        "scrollbar-hover": hover,
        "scrollbar-active": key,
        **dict.fromkeys((*behind, "scrollbar-corner-color", "footer-background"), ground),
        "footer-key-foreground": key,
        **dict.fromkeys(("text-muted", "footer-description-foreground"), muted),
        "text-disabled": faint,
        **(dict.fromkeys(("accent-muted", "block-cursor-blurred-background"), chosen) if chosen else {}),
    }


REX_DARK: Final = Theme(
    name="rex-dark",
    primary="#7aa2f7",
    secondary="#bb9af7",
    accent="#7aa2f7",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#c0caf5",
    background="#16161e",
    surface="#1a1b26",
    panel="#24283b",
    dark=True,
    variables={
        **DARK_VARIABLES,
        **_looks("#16161e", "#7aa2f7", "#3b4261", "#545c7e", "#a9b1d6", "#949dc4", "#2b3350"),
    },
)
REX_LIGHT: Final = Theme(
    name="rex-light",
    primary="#2152b8",
    secondary="#6633b0",
    accent="#2152b8",
    warning="#7a4a00",
    error="#a3173c",
    success="#2f5f16",
    foreground="#1f2335",
    background="#f8f9fc",
    surface="#ffffff",
    panel="#e9ecf4",
    dark=False,
    variables={
        **LIGHT_VARIABLES,
        **_looks("#f8f9fc", "#2152b8", "#b4bbd0", "#8f98b5", "#4a5170", "#535973", "#d3def6"),
    },
)
REX_CONTRAST: Final = Theme(
    name="rex-contrast",
    primary="#8fc7ff",
    secondary="#dcc6ff",
    accent="#ffe14d",
    warning="#ffd27a",
    error="#ffb3c0",
    success="#b8ee84",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#141414",
    dark=True,
    variables={
        **CONTRAST_VARIABLES,
        **_looks("#000000", "#ffe14d", "#8c8c8c", "#bfbfbf", "#e4e4e4", "#bfbfbf", "#00307a"),
    },
)
REX_MONO: Final = Theme(
    name=MONO_THEME,
    primary=MONO_STRONG,
    secondary=MONO_STRONG,
    accent=MONO_STRONG,
    warning=MONO_STRONG,
    error=MONO_STRONG,
    success=MONO_STRONG,
    foreground=MONO,
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={
        **dict.fromkeys(DARK_VARIABLES, MONO),
        **_looks("#000000", MONO_STRONG, MONO_FAINT, MONO, MONO, MONO_FAINT),
        "rex-faint": MONO_FAINT,
    },
)
"""No colour reaches the terminal from this one: the app writes what its greys stand for."""
OWN: Final = (REX_DARK, REX_LIGHT, REX_CONTRAST, REX_MONO)


def _readable(name: str, text: str, chosen: str) -> Theme:
    """Give a theme in the terminal's own colours, with a ground for what is chosen on which they all can be read."""
    theme = BUILTIN_THEMES[name]
    grounds = ("accent-muted", "block-cursor-background", "block-cursor-blurred-background")
    told = {**dict.fromkeys(grounds, chosen), "block-cursor-foreground": text}
    return replace(theme, variables={**theme.variables, **told})


MENDED: Final = (
    _readable("ansi-dark", "ansi_bright_white", "ansi_bright_black"),
    _readable("ansi-light", "ansi_black", "ansi_white"),
)
"""Themes of textual's whose colours do not mix, so that what is chosen would stand on a loud one."""
