"""The tour's box: what to try next, below everything else on the screen, so that it covers nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from rex_tui.ui.widgets.saying import Saying

WAYS: Final = ("back", "next", "leave")
LINES: Final = 3
"""How many things a step asks for at most."""


class TourKey(Saying):
    """A key that leads through the tour; a click is like pressing it."""

    ALLOW_SELECT = False

    @dataclass(eq=False, repr=False)
    class Clicked(Message):
        """It was clicked; `way` is where it leads."""

        way: str

    def __init__(self, way: str) -> None:
        """Lead the way `way`: `back`, `next` or `leave`."""
        super().__init__(id=f"tour-{way}", classes="tour-key")
        self.way = way

    def on_click(self, event: events.Click) -> None:
        """Tell of the click."""
        event.stop()
        self.post_message(self.Clicked(self.way))


class TourBox(Widget):
    """A heading, the keys that lead through the tour, and what there is to do. It shows what it is told to."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TourBox {
        split: bottom;
        layout: vertical;
        height: auto;
        min-height: 4;
        padding: 0 1;
        background: $panel;
        color: $foreground;
        & Horizontal {
            height: auto;
        }
        & #tour-heading {
            width: 1fr;
            height: 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & .tour-key {
            width: auto;
            height: 1;
            padding: 0 1;
            &:hover {
                background: $accent 30%;
            }
        }
        & .tour-sign {
            width: 2;
            color: $success;
            text-style: bold;
        }
        & .tour-words {
            width: 1fr;
        }
    }
    """

    def __init__(self) -> None:
        """Show nothing until `show` says what."""
        super().__init__(id="tour")
        self._heading = Saying(id="tour-heading")
        self._keys = [TourKey(way) for way in WAYS]
        self._lines = [(Saying(classes="tour-sign"), Saying(classes="tour-words")) for _ in range(LINES)]

    def compose(self) -> ComposeResult:
        """Lay out heading, keys and lines."""
        yield Horizontal(self._heading, *self._keys)
        for sign, words in self._lines:
            yield Horizontal(sign, words)

    def show(self, heading: Content, keys: Mapping[str, Content], lines: Sequence[tuple[str, Content]]) -> None:
        """Show a heading, the words of each way through the tour that is open, and lines with a sign before each."""
        self._heading.say(heading)
        for key in self._keys:
            key.display = key.way in keys
            key.say(keys.get(key.way, Content()), layout=True)
        padded = [*lines, *[("", Content())] * (LINES - len(lines))]
        for (sign, words), (mark, said) in zip(self._lines, padded, strict=True):
            sign.say(Content(mark))
            words.say(said, layout=True)
