"""What was set aside: every thing that came from Rex and could not be kept as an event, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final

import humanize
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rex_tui.event import SetAside
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.times import in_zone

RAW_LIMIT: Final = 1_000
"""Characters of each thing that are shown; the command line gives all of it."""


class SetAsideScreen(ModalScreen[None]):
    """Lists set-aside things: when each came, why it was set aside, and how it begins."""

    CSS_PATH = "set_aside.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,e,q", "dismiss", "Close", show=False)]

    def __init__(self, items: Sequence[SetAside], total: int, *, utc: bool, of_rex: bool = True) -> None:
        """List `items`, the first of `total`; they came from a file where they are not `of_rex`."""
        super().__init__()
        self._items = items
        self._total = total
        self._utc = utc
        self._of_rex = of_rex

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with VerticalScroll(id="set-aside") as box:
            box.border_title = Content(f"Set aside · {self._total:,}")
            box.border_subtitle = Content(
                "Esc closes · rex-tui store retry-quarantine tries again" if self._of_rex else "Esc closes"
            )
            if not self._items:
                source = "Rex sent" if self._of_rex else "the file holds"
                yield Static(Content(f"Nothing was set aside: all that {source} is in the log."), markup=False)
            for item in self._items:
                yield Static(self._words(item), classes="item", markup=False)
            if len(self._items) < self._total:
                left = self._total - len(self._items)
                where = ": rex-tui store quarantine lists all" if self._of_rex else ""
                yield Static(Content(f"and {left:,} more{where}"), markup=False)

    def _words(self, item: SetAside) -> Content:
        came = in_zone(datetime.fromtimestamp(item.received_at, UTC), utc=self._utc)
        size = humanize.naturalsize(len(item.raw), binary=True)
        head = f"{came:%Y-%m-%d %H:%M:%S} · {size} · {clean(item.reason, 200)}"
        raw = clean(item.raw[: 4 * RAW_LIMIT].decode(errors="replace"), RAW_LIMIT)
        return Content.assemble((head, "bold $warning"), "\n", (raw, "$foreground"))
