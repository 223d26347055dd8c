"""What was set aside: every thing that came from Rex and could not be kept as an event, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final

import humanize
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from rex_tui.event import SetAside
from rex_tui.query.language import Query
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound, key_to
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.text_box import TextBox
from rex_tui.ui.widgets.times import in_zone

RAW_LIMIT: Final = 1_000
"""Characters of each thing that are shown; the command line gives all of it."""

WITHHELD: Final = "not shown while masking is on: what can't be read can't be masked"


class SetAsideScreen(Dialog[None]):
    """Lists set-aside things: when each came, why it was set aside, and how it begins."""

    CSS_PATH = "set_aside.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("set_aside", "dialog.close", "dismiss"),
        bound("set_aside", "log.set_aside", "dismiss"),
    ]

    def __init__(
        self,
        items: Sequence[SetAside],
        total: int,
        asked: Query | None = None,
        *,
        utc: bool,
        of_rex: bool = True,
        masked: bool = False,
    ) -> None:
        """List those of `items`, the first of `total`, that match what is `asked`.

        They came from a file where they are not `of_rex`. Of `masked` ones only that they are there is told: what can't
        be read can't be masked.
        """
        super().__init__()
        self._items = [item for item in items if asked is None or asked.matches_set_aside(item)]
        self._looked_at = len(items)
        self._asked = asked
        self._total = total
        self._utc = utc
        self._of_rex = of_rex
        self._masked = masked

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with TextBox(id="set-aside") as box:
            box.border_title = Content(self._title())
            retry = " · rex-tui store retry-quarantine tries again" if self._of_rex and self._total else ""
            box.border_subtitle = Content(f"Esc closes{retry}")
            if not self._items and self._total:
                yield Static(
                    Content(f"None of what was set aside matches. {key_to(self, 'log.set_aside')} lists all of it."),
                    markup=False,
                )
            elif not self._items:
                source = "Rex sent" if self._of_rex else "the file holds"
                yield Static(Content(f"Nothing was set aside: all that {source} is in the log."), markup=False)
            for item in self._items:
                yield Static(self._words(item), classes="item", markup=False)
            if self._looked_at < self._total:
                left = self._total - self._looked_at
                where = ": rex-tui store quarantine lists all" if self._of_rex else ""
                unread = "" if self._asked is None else " that were not looked at"
                yield Static(Content(f"and {left:,} more{unread}{where}"), markup=False)

    def _title(self) -> str:
        if self._asked is None:
            return f"Set aside · {self._total:,}"
        return f"{self._asked.describe().capitalize()} · {len(self._items):,} of {self._total:,}"

    def _words(self, item: SetAside) -> Content:
        came = in_zone(datetime.fromtimestamp(item.received_at, UTC), utc=self._utc)
        size = humanize.naturalsize(len(item.raw), binary=True)
        if self._masked:
            when = (f"{came:%Y-%m-%d %H:%M:%S} · {size}", "bold $warning")
            return Content.assemble(when, "\n", (WITHHELD, "$rex-faint"))
        head = f"{came:%Y-%m-%d %H:%M:%S} · {size} · {clean(item.reason, 200)}"
        raw = clean(item.raw[: 4 * RAW_LIMIT].decode(errors="replace"), RAW_LIMIT)
        return Content.assemble((head, "bold $warning"), "\n", (raw, "$foreground"))
