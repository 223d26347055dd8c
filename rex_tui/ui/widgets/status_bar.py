"""The status bar: what the feed is doing, in words and a sign; the parts a narrow terminal has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from rich.cells import cell_len
from textual.content import Content

from rex_tui.ui.widgets.saying import Saying

BETWEEN: Final = "  │  "
"""What stands between two facts."""
Tone: TypeAlias = Literal["good", "busy", "waiting", "bad"]
TONES: dict[Tone, str] = {"good": "$success", "busy": "$accent", "waiting": "$warning", "bad": "$error"}


class StatusLine(Struct, frozen=True):
    """What the bar says: a sign and words with a tone, then facts, the most important first. All text is clean."""

    sign: str
    words: str
    tone: Tone
    facts: Sequence[str] = ()


class StatusBar(Saying):
    """One line at the bottom of the screen; facts that find no room are left out from the right."""

    DEFAULT_CSS = """
    StatusBar {
        height: 1;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; `show` fills it."""
        super().__init__(id=id)
        self._line: StatusLine | None = None

    def show(self, line: StatusLine) -> None:
        """Say this."""
        self._line = line
        self._lay_out()

    def on_resize(self) -> None:
        """Use the new width."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._line is None:
            return
        first = f"{self._line.sign} {self._line.words}"
        parts: list[str | tuple[str, str]] = [(first, f"bold {TONES[self._line.tone]}")]
        left = self.content_size.width - cell_len(first)
        for fact in self._line.facts:
            left -= cell_len(BETWEEN) + cell_len(fact)
            if left < 0:
                break
            parts += [(BETWEEN, "$rex-faint"), fact]
        self.say(Content.assemble(*parts))
