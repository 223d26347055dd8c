"""The help: every key, by where it works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
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

KEYS_WIDTH: Final = 7
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
                yield Static(self._section(node), classes="section", markup=False)
            yield Static(_signs(self._signs), classes="section", markup=False)

    def _section(self, node: DOMNode) -> Content:
        lines = [Content.styled(_heading(node), "bold $accent")]
        extra = [("Tab", "Next pane"), ("ctrl+p", "All commands"), ("ctrl+q", "Quit")]
        listed = [(keys_of(binding), words_of(binding)) for binding in bindings_of(node)]
        listed += extra if isinstance(node, Screen) else []
        lines += [
            Content.assemble((keys.rjust(KEYS_WIDTH), "bold"), "  ", (words, "$text-muted")) for keys, words in listed
        ]
        return Content("\n").join(lines)


def _signs(signs: Sequence[tuple[str, str]]) -> Content:
    lines = [Content.styled("Signs", "bold $accent")]
    lines += [Content.assemble((sign.rjust(KEYS_WIDTH), "bold"), "  ", (words, "$text-muted")) for sign, words in signs]
    return Content("\n").join(lines)


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
