"""Every bound command once, for the palette and for the help: both are made from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import cast

from textual.app import SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widget import Widget


def bindings_of(node: DOMNode) -> Iterator[Binding]:
    """Yield the bindings that a screen or widget of ours declares, itself or as the kind of widget that it is."""
    for kind in type(node).__mro__:
        if "BINDINGS" in kind.__dict__:
            for binding in kind.__dict__["BINDINGS"]:
                yield cast("Binding", binding)
            return


def bound_commands(*nodes: DOMNode) -> Iterable[SystemCommand]:
    """Yield a palette command for each binding of these nodes."""
    for node in nodes:
        for binding in bindings_of(node):
            if binding.action.startswith("screen."):  # the screen has it in its own list
                continue
            yield SystemCommand(words_of(binding), f"key {keys_of(binding)}", partial(_run, node, binding.action))


def keys_of(binding: Binding) -> str:
    """Give a binding's keys as people call them."""
    return " ".join("+".join(_NAMES.get(part, part) for part in key.split("+")) for key in binding.key.split(","))


def words_of(binding: Binding) -> str:
    """Give what a binding does, in as many words as it takes."""
    return binding.tooltip or binding.description


async def _run(node: DOMNode, action: str) -> None:
    if isinstance(node, Widget) and node.can_focus:
        node.focus()
    await node.app.run_action(action, node)


_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "plus": "+",
    "backslash": "\\",
    "f1": "F1",
    "apostrophe": "'",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "space": "Space",
    "escape": "Esc",
}
