"""A payload as a foldable tree. Branches are filled when they are opened, so that size does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Final, TypeAlias, cast

import msgspec
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from rex_tui.fields import field_of, text_of
from rex_tui.payload import REX_ID, Json, Level, Number, PayloadError, parse_level
from rex_tui.safe_text import clean

ITEMS_A_STEP: Final = 100
OPEN_AT_ONCE: Final = 60
KEY_LIMIT: Final = 80
LABEL_LIMIT: Final = 160
FOLDED_TEXT: Final = 48
LINE_WIDTH: Final = 60

KEY_STYLE: Final = "#7dcfff"
TEXT_STYLE: Final = "#9ece6a"
NUMBER_STYLE: Final = "#ff9e64"
WORD_STYLE: Final = "#bb9af7"
FAINT_STYLE: Final = "dim"


@dataclass(frozen=True, slots=True)
class Branch:
    """A value with parts (a text's are its characters), of which those before `start` are in the tree already."""

    value: dict[str, Json] | list[Json] | Level | str
    start: int = 0


Part: TypeAlias = "tuple[str | None, Json | Level]"


class PayloadTree(Tree[Branch | None]):
    """A JSON value as a tree with a cursor; every text in it is clean."""

    DEFAULT_CSS = """
    PayloadTree {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        background: transparent;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Line after", show=False, id="payload.down"),
        Binding("k", "cursor_up", "Line before", show=False, id="payload.up"),
        Binding("g,home", "scroll_home", "Top", show=False, id="payload.top"),
        Binding("G,end", "scroll_end", "End", show=False, id="payload.end"),
        Binding("space", "toggle_node", "Fold/unfold", key_display="Space", id="payload.fold"),
        Binding("enter", "enter", "Story of an id", show=False, id="payload.story"),
        Binding(
            "plus", "column", "Column, or not", show=False, id="payload.column", tooltip="Make it a column, or undo"
        ),
        Binding("escape", "screen.back", "Back", id="payload.back"),
        Binding("left", "fold", "Fold", show=False, id="payload.close"),
        Binding("right", "unfold", "Unfold", show=False, id="payload.open"),
    ]

    @dataclass
    class IdChosen(Message):
        """The reader wants the story of an id that is a value in the payload."""

        id: str

    @dataclass
    class PathChosen(Message):
        """The reader wants the field under the cursor as a column; "" where no path leads to it."""

        path: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; `show` fills it."""
        super().__init__(Text(""), id=id)
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
        node = self.cursor_node
        while node is not None and self._values.get(node.id, (None, None))[0] is None:
            node = node.parent
        if node is None:
            return None
        value = text_of(self._values[node.id][1])
        path = ""
        while node is not None and node.id in self._values:
            name = self._values[node.id][0] or ""
            parent = node.parent
            in_list = parent is not None and parent.data is not None and isinstance(parent.data.value, list)
            path = f"[{name}]{path}" if in_list else f".{name}{path}"
            node = parent
        return path.removeprefix("."), value

    def action_column(self) -> None:
        """Ask for the field under the cursor as a column; where a name is such that no path says it, for none."""
        path, text = self.place() or ("", "")
        whole = None if self.root.data is None else self.root.data.value
        is_read = isinstance(whole, dict | list) and not any(isinstance(part, msgspec.Raw) for part in whole)
        if is_read and text and field_of(cast("Json", whole), path) is None:
            path = ""
        self.post_message(self.PathChosen(path))

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
        parts, end, left = _parts(branch)
        for part in parts:
            self._add(node, part)
        if left:
            rest = Branch(branch.value, end)
            node.add_leaf(Text(f"… {left:,} more: press Enter", f"{FAINT_STYLE} italic"), data=rest)

    def _add(self, node: TreeNode[Branch | None], part: Part) -> None:
        key, value = part
        label = Text()
        if key is not None:
            label.append(clean(key, KEY_LIMIT), KEY_STYLE)
            label.append(": ", FAINT_STYLE)
        label.append_text(_words(value, foldable=key is not None))
        if (isinstance(value, dict | list) and value) or (
            isinstance(value, str) and not isinstance(value, Number) and _is_long(value) and key is not None
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


def _is_long(text: str) -> bool:
    return len(text) > FOLDED_TEXT or "\n" in text


def _parts(branch: Branch) -> tuple[list[Part], int, int]:
    """Give the next parts of a branch, where the rest begins, and how many parts (or characters) are left then."""
    value, start = branch.value, branch.start
    if isinstance(value, dict):
        found: list[Part] = [(key, _read(item)) for key, item in islice(value.items(), start, start + ITEMS_A_STEP)]
        return found, start + len(found), len(value) - start - len(found)
    if isinstance(value, list):
        found = [(str(index), _read(item)) for index, item in enumerate(value[start : start + ITEMS_A_STEP], start)]
        return found, start + len(found), len(value) - start - len(found)
    lines, end = _lines(value, start)
    return [(None, line) for line in lines], end, len(value) - end


def _read(value: Json | msgspec.Raw) -> Json | Level:
    """Read a part of a large payload when it comes into sight; what can't be read is shown as its text."""
    if not isinstance(value, msgspec.Raw):
        return value
    try:
        return parse_level(bytes(value))
    except PayloadError:
        return bytes(value).decode()


def _lines(text: str, start: int) -> tuple[list[str], int]:
    """Cut the next lines off a text, at spaces where it has some; give them, and where the rest begins."""
    lines: list[str] = []
    while start < len(text) and len(lines) < ITEMS_A_STEP:
        line, newline, _ = text[start : start + LINE_WIDTH + 1].partition("\n")
        if not newline and len(line) > LINE_WIDTH:
            line = line[: line.rfind(" ") + 1] or line[:LINE_WIDTH]
        start += len(line) + len(newline)
        lines.append(line.rstrip())
    return lines, start


def _words(value: Json | Level, *, foldable: bool) -> Text:
    if isinstance(value, dict):
        return Text(f"{{{len(value)}}}", FAINT_STYLE)
    if isinstance(value, list):
        return Text(f"[{len(value)}]", FAINT_STYLE)
    if isinstance(value, Number):
        return Text(clean(value, LABEL_LIMIT), NUMBER_STYLE)
    if isinstance(value, str):
        return Text(clean(value, FOLDED_TEXT if foldable and _is_long(value) else LABEL_LIMIT), TEXT_STYLE)
    return Text({None: "null", True: "true", False: "false"}[value], WORD_STYLE)
