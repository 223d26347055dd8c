"""What an event changed against the one before it about the same entity, as a list in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from rex_tui.event import Event
from rex_tui.names import Names
from rex_tui.query.changes import CHANGES_MAX, Change
from rex_tui.query.entity import time_between
from rex_tui.query.naming import NO_NAMES
from rex_tui.query.summary import tell_change
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound
from rex_tui.ui.widgets.saying import Saying
from rex_tui.ui.widgets.text_box import TextBox
from rex_tui.ui.widgets.times import exact_time

SIGNS: Final = {"added": ("+", "$success"), "removed": ("-", "$error"), "changed": ("~", "$warning")}
PATH_LIMIT: Final = 80


class ChangesList(TextBox):
    """Says what differs between two payloads, or why nothing can be said."""

    DEFAULT_CSS = """
    ChangesList {
        height: 1fr;
        padding: 0 1;
        scrollbar-size-vertical: 1;
    }
    ChangesList > Saying {
        height: auto;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("changes", "pane.back", "screen.back", "Back")]

    def compose(self) -> ComposeResult:
        """Lay out the words."""
        yield Saying(id="changes-words")

    def say(self, words: Content) -> None:
        """Show words from their beginning."""
        self.query_one(Saying).say(words, layout=True)
        self.scroll_home(animate=False)


def changes_words(
    before: Event | None, after: Event, changes: Sequence[Change], names: Names = NO_NAMES, *, utc: bool
) -> Content:
    """Give what differs in words, ids by their names: a line on what is compared, then one a difference."""
    if before is None:
        return Content("There is no earlier event in this log about the same entity to compare with.")
    when = f"{clean(before.id, 40)} of {exact_time(before.occurred_at, utc=utc)}"
    if not changes:
        return Content(f"no field differs from {when}")
    gap = time_between(before.occurred_at, after.occurred_at)
    head = Content.styled(f"compared with {clean(before.type, 40)} {when}{f', {gap}' if gap else ''}", "$rex-faint")
    lines = [head, *(_line(change, names) for change in changes)]
    if len(changes) >= CHANGES_MAX:
        lines.append(Content.styled(f"only the first {CHANGES_MAX} differences are shown", "$rex-faint"))
    return Content("\n").join(lines)


def _line(change: Change, names: Names) -> Content:
    sign, colour = SIGNS[change.kind]
    before, after = tell_change(change, names)
    parts: list[Content | tuple[str, str]] = [
        (f"{sign} ", f"bold {colour}"),
        (clean(change.path, PATH_LIMIT) or "payload", "bold"),
        "  ",  # type: ignore[list-item]
    ]
    if before:
        parts.append((before, "$rex-faint"))
    if before and after:
        parts.append((" → ", colour))
    if after:
        parts.append((after, "$foreground"))
    return Content.assemble(*parts)
