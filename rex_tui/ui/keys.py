"""Keys on the screen: how commands are bound to them, and what they are called in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol, runtime_checkable

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from rex_tui.keymap.commands import KEYS
from rex_tui.keymap.groups import GROUPS
from rex_tui.keymap.keymap import USUAL, Keymap
from rex_tui.keymap.names import shown_key

UNBOUND: Final = "none"
"""The key of a command without one: nothing on a keyboard is called so. Textual takes no empty text for a key."""


@runtime_checkable
class HasKeymap(Protocol):
    """What knows which keys hold: the app."""

    keymap: Keymap


def bound(group: str, name: str, action: str, label: str = "", *, priority: bool = False) -> BindingType:
    """Bind a command of a group to its usual keys; with a label it is in the footer."""
    keys = KEYS[name]
    words = GROUPS[group][name]
    return Binding(
        ",".join(keys),
        action,
        label or words,
        show=bool(label),
        key_display=shown_key(keys[0]),
        tooltip=words,
        priority=priority,
        id=name,
    )


def moves(group: str, actions: Mapping[str, str]) -> list[BindingType]:
    """Bind the commands that move through lines: `actions` are the widget's own, by the command's last part."""
    return [bound(group, f"move.{part}", action) for part, action in actions.items()]


def keymap_of(node: DOMNode) -> Keymap:
    """Give the keys that hold where a node is."""
    app = node.app
    return app.keymap if isinstance(app, HasKeymap) else USUAL


def key_to(node: DOMNode, name: str) -> str:
    """Give the key of a command as people call it, for a sentence on the screen that a node is on."""
    return keymap_of(node).told(name)


def in_textual(keymap: Keymap) -> dict[str, str]:
    """Give what Textual's own keymap is to be: every command whose keys are not the usual ones."""
    return {name: ",".join(keys) or UNBOUND for name, keys in keymap.changed.items()}


def bindings_of(node: DOMNode | type[DOMNode]) -> Iterator[Binding]:
    """Yield the bindings of ours that hold on a screen or widget, those of its own kind before what it is made of."""
    kind = node if isinstance(node, type) else type(node)
    told: set[str] = set()
    for base in kind.__mro__:
        for binding in base.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id is not None and binding.id not in told:
                told.add(binding.id)
                yield binding
        if not getattr(base, "_inherit_bindings", True):
            return


def words_of(binding: Binding) -> str:
    """Give what a binding does, in as many words as it takes."""
    return binding.tooltip or binding.description
