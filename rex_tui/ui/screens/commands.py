"""Every bound command once, for the palette and for the help: both are made from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from textual.app import SystemCommand
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from rex_tui.keymap.names import shown_keys
from rex_tui.ui.keys import bindings_of, keymap_of, words_of

PALETTE: Final = "app.commands"
"""The command that opens the palette, in which it is of no use."""


def bound_commands(*nodes: DOMNode) -> Iterable[SystemCommand]:
    """Yield a palette command for each thing that is bound on these nodes, once."""
    told: set[str] = set()
    for node in nodes:
        keymap = keymap_of(node)
        for binding in bindings_of(node):
            words = words_of(binding)
            if binding.action.startswith("screen.") or binding.id == PALETTE or words in told:
                continue  # what is the screen's is in its own list
            told.add(words)
            keys = shown_keys(keymap.keys(binding.id or ""))
            told_first = isinstance(node, Screen)  # moves within a pane are found by name, but not offered at once
            help_ = f"key {keys}" if keys else "no key"
            yield SystemCommand(words, help_, partial(_run, node, binding.action), told_first)


def nodes_with_keys(screen: Screen[Any]) -> Iterator[DOMNode]:
    """Yield what binds keys on a screen: where the focus is, the screen, and one of each other kind of widget."""
    told: set[tuple[str | None, ...]] = set()
    for node in (*((screen.focused,) if screen.focused else ()), screen, *screen.walk_children(Widget)):
        names = tuple(binding.id for binding in bindings_of(node))
        if names and names not in told:
            told.add(names)
            yield node


async def _run(node: DOMNode, action: str) -> None:
    if isinstance(node, Widget) and node.can_focus:
        node.focus()
    await node.app.run_action(action, node)
