"""The colours of rex-tui."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

from rex_tui.ui.widgets.resource import COLOURS

OWN_VARIABLES: Final = {"rex-faint": "#7982a9", **{f"rex-{look}": colour for look, colour in COLOURS.items()}}
"""Our own theme variables, for themes that bring none of them: the resources' colours, and that of lesser facts."""

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
        "footer-background": "#16161e",
        "footer-key-foreground": "#7aa2f7",
        "footer-description-foreground": "#a9b1d6",
        "scrollbar": "#3b4261",
        "scrollbar-hover": "#545c7e",
        "scrollbar-active": "#7aa2f7",
        "scrollbar-background": "#16161e",
        "scrollbar-background-hover": "#16161e",
        "scrollbar-background-active": "#16161e",
        "scrollbar-corner-color": "#16161e",
    },
)
