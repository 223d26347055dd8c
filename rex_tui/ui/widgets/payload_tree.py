"""A payload as a foldable tree. Branches are filled when they are opened, so that size does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

import msgspec
from rich.text import Text
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from rex_tui.fields import field_of, text_of
from rex_tui.payload import REX_ID, Json, Level, Number
from rex_tui.query.language import Way
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound, key_to, moves
from rex_tui.ui.widgets.painted_tree import PaintedTree
from rex_tui.ui.widgets.payload_parts import (
    FAINT_STYLE,
    KEY_LIMIT,
    KEY_STYLE,
    OPEN_AT_ONCE,
    Branch,
    Part,
    is_long,
    parts_of,
    words_of,
)


class PayloadTree(PaintedTree[Branch | None]):
    """A JSON value as a tree with a cursor; every text in it is clean."""

    DEFAULT_CSS = """
    PayloadTree {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        background: transparent;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("payload", "payload.fold", "toggle_node", "Fold/unfold"),
        bound("payload", "payload.story", "enter"),
        bound("payload", "payload.column", "column"),
        bound("payload", "pane.back", "screen.back", "Back"),
        bound("payload", "pane.wider", "screen.size_pane(1)"),
        bound("payload", "pane.narrower", "screen.size_pane(-1)"),
        bound("payload", "pane.taller", "screen.size_pane(1, False)"),
        bound("payload", "pane.lower", "screen.size_pane(-1, False)"),
        bound("payload", "payload.close", "fold"),
        bound("payload", "payload.open", "unfold"),
        bound("payload", "payload.only", "ask('only')", "Only this"),
        bound("payload", "payload.all_but", "ask('all but')", "All but"),
        bound("payload", "payload.least", "ask('at least')"),
        bound("payload", "payload.most", "ask('at most')"),
        *moves(
            "payload",
            {
                "up": "cursor_up",
                "down": "cursor_down",
                "page_up": "page_up",
                "page_down": "page_down",
                "half_up": "half_page(-1)",
                "half_down": "half_page(1)",
                "first": "scroll_home",
                "last": "scroll_end",
            },
        ),
    ]

    @dataclass(eq=False, repr=False)
    class IdChosen(Message):
        """The reader wants the story of an id that is a value in the payload."""

        id: str

    @dataclass(eq=False, repr=False)
    class ValueAsked(Message):
        """The reader asks for events by the value at a path of names; `way` says how."""

        path: tuple[str, ...]
        value: Json | Level
        way: Way

    @dataclass(eq=False, repr=False)
    class PathChosen(Message):
        """The reader wants the field under the cursor as a column; "" where no path leads to it."""

        path: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; `show` fills it."""
        super().__init__(id=id)
        self.show_root = False
        self.guide_depth = 2
        self._values: dict[int, Part] = {}
        """What stands at each node, by its id: the name or index, and the value."""

    def show(self, value: Json | Level) -> None:
        """Show a parsed payload, small branches open."""
        self.clear()
        self._values = {}
        self.root.data = Branch(value) if isinstance(value, dict | list) else None
        if isinstance(value, dict | list):
            self._fill(self.root, Branch(value))
            if not value:
                self.root.add_leaf(Text("{}" if isinstance(value, dict) else "[]", FAINT_STYLE))
        else:
            self._add(self.root, (None, value))
        self.root.expand()
        self._open_small(self.root, OPEN_AT_ONCE)
        self.cursor_line = 0
        self.scroll_home(animate=False)

    def show_text(self, text: str) -> None:
        """Show a text that is no JSON, or too deep to be a tree, in lines."""
        self.clear()
        self._values = {}
        self.root.data = None
        self._fill(self.root, Branch(text))
        self.root.expand()

    def place(self) -> tuple[str, str] | None:
        """Give the path (`contact.email`, `items[0].id`) and the value, as text, under the cursor; None without one.

        The line of a long text that is unfolded stands for the whole text.
        """
        steps = self._steps()
        if not steps:
            return None
        path = "".join(f"[{name}]" if in_list else f".{name}" for name, in_list in steps if name is not None)
        return path.removeprefix("."), text_of(self._value)

    @property
    def _value(self) -> Json | Level:
        node = self._line
        return None if node is None else self._values[node.id][1]

    @property
    def _line(self) -> TreeNode[Branch | None] | None:
        """Give the line under the cursor; for one of a text that is unfolded, that of the whole text."""
        node = self.cursor_node
        while node is not None and self._values.get(node.id, (None, None))[0] is None:
            node = node.parent
        return node

    def _steps(self) -> list[tuple[str | None, bool]]:
        """Give the names from the payload down to the line under the cursor, each with whether it is of a list."""
        steps: list[tuple[str | None, bool]] = []
        node = self._line
        while node is not None and node.id in self._values:
            parent = node.parent
            in_list = parent is not None and parent.data is not None and isinstance(parent.data.value, list)
            steps.insert(0, (self._values[node.id][0], in_list))
            node = parent
        return steps

    def action_ask(self, way: Way) -> None:
        """Ask for events by the value under the cursor."""
        if self._line is not None:
            names = tuple(name for name, in_list in self._steps() if name is not None and not in_list)
            self.post_message(self.ValueAsked(names, self._value, way))

    def action_column(self) -> None:
        """Ask for the field under the cursor as a column; where a name is such that no path says it, for none."""
        path, text = self.place() or ("", "")
        whole = None if self.root.data is None else self.root.data.value
        is_read = isinstance(whole, dict | list) and not any(isinstance(part, msgspec.Raw) for part in whole)
        if is_read and text and field_of(cast("Json", whole), path) is None:
            path = ""
        self.post_message(self.PathChosen(path))

    def action_half_page(self, way: int) -> None:
        """Go half a page up or down."""
        lines = max(1, self.scrollable_content_region.height // 2)
        self.cursor_line = max(0, min(self.cursor_line + way * lines, self.last_line))

    def action_fold(self) -> None:
        """Fold the branch under the cursor, or go up to the one around it."""
        node = self.cursor_node
        if node is not None and node.is_expanded and node.allow_expand:
            node.collapse()
        else:
            self.action_cursor_parent()

    def action_unfold(self) -> None:
        """Unfold the branch under the cursor."""
        if self.cursor_node is not None and self.cursor_node.allow_expand:
            self.cursor_node.expand()

    def action_enter(self) -> None:
        """Ask for the story of the id under the cursor; on any other line fold or unfold."""
        if not self._choose_id(self.cursor_node):
            self.action_toggle_node()

    def _choose_id(self, node: TreeNode[Branch | None] | None) -> bool:
        branch = None if node is None else node.data
        if node is None or branch is None or node.allow_expand or branch.start or not isinstance(branch.value, str):
            return False
        self.post_message(self.IdChosen(branch.value))
        return True

    def action_toggle_node(self) -> None:
        """Fold or unfold the branch under the cursor; on the line that says there is more, show more."""
        node = self.cursor_node
        if node is not None and self._is_rest(node):
            self._unroll(node)
        else:
            super().action_toggle_node()

    def on_tree_node_selected(self, event: Tree.NodeSelected[Branch | None]) -> None:
        """Show more when the line that says there is more is clicked, and the story of an id that is."""
        event.stop()
        if self._is_rest(event.node):
            self._unroll(event.node)
        else:
            self._choose_id(event.node)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Branch | None]) -> None:
        """Fill a branch the first time it is opened."""
        event.stop()
        self._fill_once(event.node)

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Branch | None]) -> None:
        """Keep the tree's own messages inside."""
        event.stop()

    def on_tree_node_collapsed(self, event: Tree.NodeCollapsed[Branch | None]) -> None:
        """Keep the tree's own messages inside."""
        event.stop()

    @staticmethod
    def _is_rest(node: TreeNode[Branch | None]) -> bool:
        return node.data is not None and node.data.start > 0

    def _unroll(self, node: TreeNode[Branch | None]) -> None:
        parent, branch = node.parent, node.data
        if parent is not None and branch is not None:
            node.remove()
            self._fill(parent, branch)

    def _fill_once(self, node: TreeNode[Branch | None]) -> None:
        if node.data is not None and not node.children and not self._is_rest(node):
            self._fill(node, node.data)

    def _fill(self, node: TreeNode[Branch | None], branch: Branch) -> None:
        parts, end, left = parts_of(branch)
        for part in parts:
            self._add(node, part)
        if left:
            rest = Branch(branch.value, end)
            node.add_leaf(Text(f"… {left:,} more: press {key_to(self, 'payload.story')}", FAINT_STYLE), data=rest)

    def _add(self, node: TreeNode[Branch | None], part: Part) -> None:
        key, value = part
        label = Text()
        if key is not None:
            label.append(clean(key, KEY_LIMIT), KEY_STYLE)
            label.append(": ", FAINT_STYLE)
        label.append_text(words_of(value, foldable=key is not None))
        if (isinstance(value, dict | list) and value) or (
            isinstance(value, str) and not isinstance(value, Number) and is_long(value) and key is not None
        ):
            added = node.add(label, data=Branch(value))
        elif isinstance(value, str) and not isinstance(value, Number) and REX_ID.fullmatch(value):
            label.stylize("underline", len(label) - len(value))
            added = node.add_leaf(label, data=Branch(value))
        else:
            added = node.add_leaf(label)
        self._values[added.id] = part

    def _open_small(self, node: TreeNode[Branch | None], budget: int) -> int:
        for child in node.children:
            branch = child.data
            if branch is None or isinstance(branch.value, str) or self._is_rest(child) or len(branch.value) > budget:
                continue
            self._fill_once(child)
            child.expand()
            budget = self._open_small(child, budget - len(branch.value))
        return budget
