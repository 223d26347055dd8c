"""The help: every key, by where it works."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from rex_tui.ui.screens.commands import bindings_of, keys_of, words_of
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.event_line import CURSOR_MARK, DRIFT_MARK, FRESH_MARK, LATE_MARK, RULE_MARK
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.histogram import HistogramLine
from rex_tui.ui.widgets.line_list import LineList
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.query_input import QueryInput
from rex_tui.ui.widgets.type_sidebar import TypeSidebar

KEYS_WIDTH: Final = 8
GAP: Final = "  "
WORDS_MIN: Final = 10
EVERYWHERE: Final = (("Tab", "Next pane"), ("ctrl+p", "All commands"), ("ctrl+q", "Quit"))
SIGNS: Final = (
    (CURSOR_MARK, "The selected event"),
    (FRESH_MARK, "It has just come"),
    (LATE_MARK, "It came more than 5 min late, as did those that came with it"),
    (DRIFT_MARK, "The first of its type with such fields"),
    (RULE_MARK, "A watch rule highlights it"),
)


class HelpScreen(Dialog[None]):
    """Lists the bindings of the screen below it, as they really are."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,f1,q", "dismiss", "Close", show=False)]

    def __init__(self, *nodes: DOMNode, signs: Sequence[tuple[str, str]] = SIGNS) -> None:
        """List the bindings of these nodes, and what the signs of their screen mean."""
        super().__init__()
        self._listed = nodes
        self._signs = signs

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with VerticalScroll(id="help") as box:
            box.border_title = Content("Keys")
            box.border_subtitle = Content("Esc closes · ctrl+p finds every command")
            for node in self._listed:
                yield Section(_heading(node), _keys_in(node))
            yield Section("Signs", self._signs)


class Section(Static):
    """Lists keys, or signs, with what each does; what takes more than a line goes on below where it began."""

    def __init__(self, heading: str, listed: Sequence[tuple[str, str]]) -> None:
        """List these under a heading."""
        super().__init__(classes="section", markup=False)
        self._heading, self._list = heading, listed

    def on_resize(self, event: Resize) -> None:
        """Lay the lines out anew for another width."""
        width = max(event.size.width - KEYS_WIDTH - len(GAP), WORDS_MIN)
        below = "\n" + " " * KEYS_WIDTH + GAP
        lines = [Content.styled(self._heading, "bold $accent")]
        lines += [
            Content.assemble((keys.rjust(KEYS_WIDTH), "bold"), GAP, (below.join(wrap(words, width)), "$text-muted"))
            for keys, words in self._list
        ]
        self.update(Content("\n").join(lines))


def _keys_in(node: DOMNode) -> list[tuple[str, str]]:
    listed = [(keys_of(binding), words_of(binding)) for binding in bindings_of(node) if words_of(binding)]
    return listed + ([*EVERYWHERE] if isinstance(node, Screen) else [])


def _heading(node: DOMNode) -> str:
    return next((words for kind, words in _HEADINGS if isinstance(node, kind)), "Everywhere")


_HEADINGS: Final = (
    (EventTable, "In the table"),
    (TypeSidebar, "In the types"),
    (PayloadTree, "In the detail"),
    (QueryInput, "In the bar"),
    (LineList, "In a list"),
    (HistogramLine, "In the histogram"),
)
