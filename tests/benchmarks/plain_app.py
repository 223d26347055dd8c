"""A plain Textual app of the same parts as our screen: what such a screen takes when nothing is done for its speed.

    python tests/benchmarks/plain_app.py STORE

It shows title, bars, an input, a list of types, rows out of a store of ours, the payload of the selected one, status
and keys; the page keys go through the rows. Each part is Textual's own, used as its guide says; it asks no server.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Footer, Input, OptionList, Static, Tree

ROWS_SQL: Final = "SELECT seq, type, occurred_at, id, data FROM log WHERE seq > ? ORDER BY seq LIMIT ?"
TIME, TYPE, TOLD, ID = (Style.parse(f"{colour} on #101418") for colour in ("#8899aa", "#ddaa55", "#eeeeee", "#77bbdd"))
SELECTED: Final = Style(reverse=True)


class Rows(ScrollView, can_focus=True):
    """The rows of the log, a screenful of them read at each key."""

    BINDINGS = [  # noqa: RUF012 - textual's own type
        Binding("pageup", "page(-1)"),
        Binding("pagedown", "page(1)"),
    ]

    def __init__(self, store: sqlite3.Connection) -> None:
        """Read from `store`."""
        super().__init__()
        self._store = store
        self._last = self._selected = store.execute("SELECT max(seq) FROM log").fetchone()[0]
        self._rows: dict[int, tuple[str, str, str, str]] = {}
        self.virtual_size = Size(100, self._last)

    def on_mount(self) -> None:
        """Begin with the newest."""
        self.call_after_refresh(self.action_page, 0)

    def render_line(self, y: int) -> Strip:
        """Give a line of the window."""
        width, seq = self.size.width, self.scroll_offset.y + y + 1
        if seq not in self._rows:
            return Strip.blank(width)
        kind, moment, id_, data = self._rows[seq]
        told = " · ".join(one for one in json.loads(data).values() if isinstance(one, str))
        pieces = ((moment[5:19], TIME, 16), (kind, TYPE, 20), (told, TOLD, width - 50), (id_[-12:], ID, 14))
        strip = Strip([Segment(text[: room - 1].ljust(room), style) for text, style, room in pieces], width)
        return strip.apply_style(SELECTED) if seq == self._selected else strip

    def action_page(self, pages: int) -> None:
        """Go up or down by pages."""
        height = self.size.height
        self._selected = max(1, min(self._selected + pages * height, self._last))
        top = max(0, self._selected - height)
        self._rows = {seq: told for seq, *told in self._store.execute(ROWS_SQL, (top, height))}
        self.scroll_to(y=top, animate=False)
        self.refresh()
        self.app.query_one("#title", Static).update(f"Events · {self._selected:,} of {self._last:,}")
        tree = self.app.query_one(Tree)
        tree.clear()
        tree.add_json(json.loads(self._rows[self._selected][3]))
        tree.root.expand_all()


class PlainApp(App[None]):
    """All parts on one screen; `q` leaves."""

    CSS = "OptionList { width: 26; } Tree { width: 44; } #body { height: 1fr; } Rows { width: 1fr; }"
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - textual's own type

    def __init__(self, store: str) -> None:
        """Show the log in the file `store`."""
        super().__init__()
        self._store = sqlite3.connect(f"file:{store}?mode=ro", uri=True)

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield Static("Events", id="title")
        yield Static("▁▂▃▄▅▆▇█" * 16)
        yield Input(placeholder="a filter")
        with Horizontal(id="body"):
            types = self._store.execute("SELECT name, count FROM types ORDER BY name")
            yield OptionList(*(f"{name} {count:,}" for name, count in types))
            yield Rows(self._store)
            yield Tree("payload")
        yield Static("caught up", id="status")
        yield Footer()

    def on_mount(self) -> None:
        """Let the keys go to the rows."""
        self.query_one(Rows).focus()


if __name__ == "__main__":
    PlainApp(sys.argv[1]).run()
