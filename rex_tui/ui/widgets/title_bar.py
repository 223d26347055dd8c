"""The line at the top: what is watched, and in which time zone its times are."""

from __future__ import annotations

from textual.content import Content

from rex_tui.safe_text import clean
from rex_tui.ui.widgets.masked_chip import masked_chip
from rex_tui.ui.widgets.saying import Saying


class TitleBar(Saying):
    """One line: the program, the tenant, whether values are masked, and whether this process only reads."""

    DEFAULT_CSS = """
    TitleBar {
        height: 1;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    _told: tuple[object, ...] = ()

    def show(self, host: str, *, utc: bool, read_only: bool, muted: bool = False, masked: bool = False) -> None:
        """Say this; each second, so that saying the same again does nothing."""
        told = host, utc, read_only, muted, masked
        if told == self._told:
            return
        self._told = told
        facts = f"   times in {'UTC' if utc else 'local time'}"
        if read_only:
            facts += "   read-only: another rex-tui writes this store"
        alerts = ("   alerts muted", "$warning") if muted else ("", "")
        head = ("◆ rex-tui", "bold $accent")
        chip = masked_chip(masked=masked)
        self.say(Content.assemble(head, *chip, "   ", clean(host, 80), (facts, "$rex-faint"), alerts))
