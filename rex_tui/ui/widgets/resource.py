"""How a resource looks: a glyph and a colour, so that colour is never the only sign."""

from __future__ import annotations

from typing import Final

from rex_tui.event import resource_of

OTHER: Final = "other"
GLYPHS: Final = {
    "contact": "●",
    "company": "■",
    "deal": "◆",
    "activity": "▲",
    "task": "≡",
    "trigger": "!",
    "import": "↓",
    OTHER: "○",
}
"""A glyph a resource, each one cell wide in every terminal."""


def look_of(event_type: str) -> str:
    """Give the name of the look of an event type: its resource if that is known, else `other`."""
    resource = resource_of(event_type)
    return resource if resource in GLYPHS else OTHER


def colour_of_look(look: str) -> str:
    """Give the colour of a look, as the theme's variable for it."""
    return f"$rex-{look}"


def glyph_of(event_type: str) -> str:
    """Give the glyph of an event type's resource."""
    return GLYPHS[look_of(event_type)]


def colour_of(event_type: str) -> str:
    """Give the colour of an event type's resource, as the theme's variable for it."""
    return colour_of_look(look_of(event_type))
