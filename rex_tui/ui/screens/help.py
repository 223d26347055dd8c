"""The help: every key that holds, by where it works, the place of the focus first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from rex_tui.keymap.groups import GROUPS
from rex_tui.keymap.names import shown_keys
from rex_tui.ui.keys import bindings_of, bound, key_to, keymap_of, words_of
from rex_tui.ui.screens.commands import nodes_with_keys
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.event_line import CURSOR_MARK, DRIFT_MARK, FRESH_MARK, LATE_MARK, RULE_MARK
from rex_tui.ui.widgets.text_box import TextBox

KEYS_MAX: Final = 14
GAP: Final = "  "
WORDS_MIN: Final = 10
NO_KEY: Final = "no key"
MOVING: Final = "move."
SIGNS: Final = (
    (CURSOR_MARK, "The selected event"),
    (FRESH_MARK, "It has just come"),
    (LATE_MARK, "It came more than 5 min late, as did those that came with it"),
    (DRIFT_MARK, "The first of its type with such fields"),
    (RULE_MARK, "A watch rule highlights it"),
)

Listed = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and keys or signs with what they do or mean."""


class HelpScreen(Dialog[None]):
    """Lists the bindings of the screen below it, as they really are."""

    CSS_PATH = "help.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012 - an instance variable to textual
    BINDINGS: ClassVar[list[BindingType]] = [bound("help", "dialog.close", "dismiss")]

    def __init__(self, *nodes: DOMNode, signs: Sequence[tuple[str, str]] = ()) -> None:
        """List the bindings of these nodes, and what the signs of their screen mean."""
        super().__init__()
        self._listed = nodes
        self._signs = signs

    def compose(self) -> ComposeResult:
        """Lay out the sections in two columns, about as long as each other."""
        sections = [*self._sections()]
        width = min(KEYS_MAX, 1 + max(len(keys) for _heading, lines in sections for keys, _words in lines))
        total, left, so_far = sum(map(_height, sections)), 0, 0
        while left < len(sections) and so_far + _height(sections[left]) / 2 <= total / 2:
            so_far += _height(sections[left])
            left += 1
        with TextBox(id="help") as box:
            box.border_title = Content("Keys")
            box.border_subtitle = Content(f"{key_to(self, 'dialog.close')} closes · ctrl+p finds every command")
            for column in (sections[:left], sections[left:]):
                with Vertical(classes="column"):
                    for heading, lines in column:
                        yield Section(heading, lines, width)

    def _sections(self) -> Iterator[Listed]:
        moving: dict[str, tuple[str, str]] = {}
        told: set[str] = set()
        said: set[tuple[str, str]] = set()
        for node in self._listed:
            keymap = keymap_of(self)
            lines = []
            for binding in bindings_of(node):
                name = binding.id or ""
                line = shown_keys(keymap.keys(name)) or NO_KEY, words_of(binding)
                if name.startswith(MOVING):
                    moving.setdefault(name, line)
                elif (name, line[1]) not in said:
                    lines.append(line)
                    said.add((name, line[1]))
            names = {binding.id or "" for binding in bindings_of(node)} - moving.keys()
            if names - told:
                yield _heading(node), lines
            told |= names
        if moving:
            yield "Moving", [moving[name] for name in GROUPS["list"] if name in moving]
        yield "Always", [(shown_keys(keymap_of(self).keys(name)), words) for name, words in GROUPS["always"].items()]
        if self._signs:
            yield "Signs", self._signs


class Section(Static):
    """Lists keys, or signs, with what each does; what takes more than a line goes on below where it began."""

    def __init__(self, heading: str, listed: Sequence[tuple[str, str]], keys_width: int) -> None:
        """List these under a heading, the keys in so many cells."""
        super().__init__(classes="section", markup=False)
        self._heading, self._list, self._keys_width = heading, listed, keys_width

    def on_resize(self, event: Resize) -> None:
        """Lay the lines out anew for another width."""
        width = max(event.size.width - self._keys_width - len(GAP), WORDS_MIN)
        lines = [Content.styled(self._heading, "bold $accent")]
        for keys, words in self._list:
            faint = "$text-disabled" if keys == NO_KEY else "bold"
            told = zip_longest(wrap(keys, self._keys_width - 1), wrap(words, width), fillvalue="")
            lines += [
                Content.assemble((part.rjust(self._keys_width), faint), GAP, (said, "$text-muted"))
                for part, said in told
            ]
        self.update(Content("\n").join(lines))


def help_for(screen: Screen[Any]) -> HelpScreen | None:
    """Give the help on whatever screen or dialog it is, None where there is nothing of ours to tell."""
    nodes = [*nodes_with_keys(screen)]
    return HelpScreen(*nodes) if nodes else None


def _height(section: Listed) -> int:
    return len(section[1]) + 2


def _heading(node: DOMNode) -> str:
    names = {binding.id for binding in bindings_of(node)}
    return next((words for name, words in _HEADINGS.items() if name in names), "Here")


_HEADINGS: Final = {
    "app.quit": "Everywhere",
    "lens.leave": "In a story",
    "review.leave": "In the review",
    "dialog.close": "In this window",
    "dialog.cancel": "In this window",
    "columns.leave": "In this window",
    "forget.no": "In this window",
    "table.story": "In the table",
    "types.toggle": "In the types",
    "payload.fold": "In a payload",
    "columns.switch": "In the list of columns",
    "checkpoints.go": "In the list of checkpoints",
    "bar.keep": "In the bar",
    "time.earlier": "In the histogram",
    "list.choose": "In a list",
    "pane.back": "In what an event changed",
}
"""What a place is called, by a command that is bound there."""
