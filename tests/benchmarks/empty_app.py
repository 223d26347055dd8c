"""The floor under every screen: a Textual app that shows one word and does nothing.

python tests/benchmarks/empty_app.py
"""

from __future__ import annotations

from typing import Final

from textual.app import App, ComposeResult
from textual.widgets import Static

READY: Final = "ready-to-do-nothing"


class EmptyApp(App[None]):
    """One word on the screen; `q` leaves."""

    def compose(self) -> ComposeResult:
        """Show the word."""
        yield Static(READY)

    def key_q(self) -> None:
        """Leave."""
        self.exit()


if __name__ == "__main__":
    EmptyApp().run()
