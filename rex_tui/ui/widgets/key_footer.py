"""The footer: the keys that work where the focus is, in one line, as many as have room.

Textual's own makes a widget of every key, and all of them anew whenever the focus moves: that took longer than what the
key then did, and a third of the start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from msgspec import Struct
from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from rex_tui.keymap.names import shown_key, types_something
from rex_tui.safe_text import clean
from rex_tui.ui.keys import UNBOUND, bindings_of, keymap_of

WORDS_MAX: Final = 40
SHORT: Final = {"Enter": "⏎"}
"""What keys are called where every cell counts."""
STAYS: Final = "app.help"
"""The command that opens the help."""


class Shown(Struct, frozen=True):
    """A key in the footer: its name to Textual and to people, what it does, at more length for the mouse."""

    key: str
    display: str
    words: str
    enabled: bool
    tooltip: str
    stays: bool
    """Whether it is shown however little room there is."""

    @property
    def width(self) -> int:
        """Give the cells that it takes."""
        return Content(f" {self.display} {self.words} ").cell_length


class KeyFooter(Widget):
    """One line of keys; a click on one is like pressing it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "key-footer--key",
        "key-footer--words",
        "key-footer--off",
        "key-footer--hover",
    }
    DEFAULT_CSS = """
    KeyFooter {
        dock: bottom;
        height: 1;
        background: $footer-background;
        & > .key-footer--key {
            color: $footer-key-foreground;
            text-style: bold;
        }
        & > .key-footer--words {
            color: $footer-description-foreground;
        }
        & > .key-footer--off {
            text-style: dim;
        }
        & > .key-footer--hover {
            background: $block-hover-background;
        }
    }
    """

    @dataclass(eq=False, repr=False)
    class Pressed(Message):
        """A key was clicked."""

        key: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; the screen's bindings fill it."""
        super().__init__(id=id)
        self._keys: list[Shown] = []
        self._hover: str | None = None

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, screen: Screen[object]) -> None:
        if not screen.app.app_focus or screen is not self.screen:
            return
        keys: dict[str, Shown] = {}
        for _node, binding, enabled, tooltip in _in_order(screen):
            if binding.show and binding.key != UNBOUND:
                display, words = binding.key_display or shown_key(binding.key), clean(binding.description, WORDS_MAX)
                stays = binding.id == STAYS
                # The app has the last word: a terminal may lack the sign.
                display = screen.app.get_key_display(replace(binding, key_display=SHORT.get(display, display)))
                shown = Shown(binding.key, display, words, enabled, tooltip or words, stays)
                keys.setdefault(binding.action, shown)
        if list(keys.values()) != self._keys:
            self._keys = list(keys.values())
            self.refresh()

    def _with_room(self) -> list[Shown]:
        """Give the keys that have room, the first ones, and the one that tells of all others."""
        left = self.size.width - sum(key.width for key in self._keys if key.stays)
        shown = []
        for key in self._keys:
            left -= 0 if key.stays else key.width
            if left >= 0 or key.stays:
                shown.append(key)
        return shown

    def render(self) -> Content:
        """Give the line."""
        parts: list[Content] = []
        for key in self._with_room():
            over = [self.get_visual_style(f"key-footer--{name}") for name in self._over(key)]
            part = Content.assemble(
                (f" {key.display} ", self.get_visual_style("key-footer--key")),
                (f"{key.words} ", self.get_visual_style("key-footer--words")),
            )
            for style in over:
                part = part.stylize(style)
            parts.append(part)
        return Content("").join(parts)

    def _over(self, key: Shown) -> list[str]:
        return [name for name, holds in (("off", not key.enabled), ("hover", key.key == self._hover)) if holds]

    # ---- the mouse

    def _at(self, event: events.MouseEvent) -> Shown | None:
        offset = event.get_content_offset(self)
        left = -1 if offset is None else offset.x
        for key in self._with_room():
            if 0 <= left < key.width:
                return key
            left -= key.width
        return None

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        event.stop()
        key = self._at(event)
        if key is not None and key.enabled:
            self.post_message(self.Pressed(key.key))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which key a click would press, and what it does."""
        self._point_at(self._at(event))

    def on_leave(self) -> None:
        """Forget the key under the mouse."""
        self._point_at(None)

    def _point_at(self, key: Shown | None) -> None:
        hover = None if key is None else key.key
        if hover != self._hover:
            self._hover = hover
            self.tooltip = None if key is None else Content(key.tooltip)
            self.refresh()


def _in_order(screen: Screen[Any]) -> Iterable[ActiveBinding]:
    """Give what works now: nearest to the focus first, each node's in the order in which it binds them.

    Textual puts those whose keys were changed behind all others.
    """
    active = [*screen.active_bindings.values()]
    if keymap_of(screen).is_usual:
        return active
    nodes = [*dict.fromkeys(one.node for one in active)]
    order = {
        (node, binding.id): place
        for place, (node, binding) in enumerate((node, binding) for node in nodes for binding in bindings_of(node))
    }
    if isinstance(screen.focused, Input):
        active = [one for one in active if not types_something(one.binding.key)]
    return sorted(active, key=lambda one: order.get((one.node, one.binding.id), len(order)))
