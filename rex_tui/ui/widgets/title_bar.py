"""The line at the top: what is watched, and in which time zone its times are."""

from __future__ import annotations

from textual.content import Content

from rex_tui.safe_text import clean
from rex_tui.ui.widgets.saying import Saying


class TitleBar(Saying):
    """One line: the program, the tenant, and whether this process only reads."""

    DEFAULT_CSS = """
    TitleBar {
        height: 1;
        padding: 0 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def show(self, host: str, *, utc: bool, read_only: bool, muted: bool = False) -> None:
        """Say this."""
        facts = f"   times in {'UTC' if utc else 'local time'}"
        if read_only:
            facts += "   read-only: another rex-tui writes this store"
        alerts = ("   alerts muted", "$warning") if muted else ("", "")
        self.say(Content.assemble(("◆ rex-tui", "bold $accent"), "   ", clean(host, 80), (facts, "dim"), alerts))
