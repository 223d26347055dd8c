"""The floor under every page key: a Textual app that scrolls over lines that were drawn before.

python tests/benchmarks/floor_scroll.py
"""

from __future__ import annotations

from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

LINES: Final = 10_000
COLUMNS: Final = 160
NEWEST: Final = f"line {LINES:,} of prepared lines"
PIECES: Final = (("#8899aa", 18), ("#ddaa55", 22), ("#eeeeee", 70), ("#77bbdd", 50))
"""The colours and widths of a line's pieces."""


class Prepared(ScrollView, can_focus=True):
    """Prepared lines; a page key shows the ones before."""

    BINDINGS = [  # noqa: RUF012 - textual's own type
        Binding("pageup", "page(-1)"),
        Binding("pagedown", "page(1)"),
    ]

    def on_mount(self) -> None:
        """Prepare the lines, and go to the last one."""
        self._strips = [_strip(number) for number in range(1, LINES + 1)]
        self.virtual_size = Size(COLUMNS, LINES)
        self.call_after_refresh(self.scroll_end, animate=False)

    def render_line(self, y: int) -> Strip:
        """Give a line of the window."""
        return self._strips[min(self.scroll_offset.y + y, LINES - 1)].crop(0, self.size.width)

    def action_page(self, pages: int) -> None:
        """Go up or down by pages."""
        self.scroll_relative(y=pages * self.size.height, animate=False)


class ScrollApp(App[None]):
    """Prepared lines on all of the screen; `q` leaves."""

    def compose(self) -> ComposeResult:
        """Show the lines."""
        yield Prepared()

    def key_q(self) -> None:
        """Leave."""
        self.exit()


def _strip(number: int) -> Strip:
    texts = (f"12-30 {number % 24:02}:{number % 60:02}:33", "contact.updated", f"line {number:,} of prepared lines", "")
    return Strip(
        [
            Segment(text.ljust(width), Style(color=colour, bgcolor="#101418"))
            for text, (colour, width) in zip(texts, PIECES, strict=True)
        ],
        COLUMNS,
    )


if __name__ == "__main__":
    ScrollApp().run()
