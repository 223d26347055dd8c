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
COLOURS: Final = {
    "contact": "#7aa2f7",
    "company": "#2ac3de",
    "deal": "#e0af68",
    "activity": "#9ece6a",
    "task": "#73daca",
    "trigger": "#f7768e",
    "import": "#bb9af7",
    OTHER: "#a9b1d6",
}


def look_of(event_type: str) -> str:
    """Give the name of the look of an event type: its resource if that is known, else `other`."""
    resource = resource_of(event_type)
    return resource if resource in GLYPHS else OTHER


def glyph_of(event_type: str) -> str:
    """Give the glyph of an event type's resource."""
    return GLYPHS[look_of(event_type)]


def colour_of(event_type: str) -> str:
    """Give the colour of an event type's resource, as `#rrggbb`."""
    return COLOURS[look_of(event_type)]
