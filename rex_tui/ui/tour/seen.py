"""What the tour sees of the program: a value, looked at anew again and again. Through it nothing can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct
from textual.command import CommandPalette
from textual.css.query import NoMatches
from textual.screen import Screen

from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.ui.screens.copy_menu import CopyMenu
from rex_tui.ui.screens.go_to_time import GoToTimeScreen
from rex_tui.ui.screens.help import HelpScreen
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.review import ReviewScreen
from rex_tui.ui.screens.review_dialogs import PeriodScreen
from rex_tui.ui.screens.watch import WatchScreen

TABLE: Final = "events"
PAYLOAD: Final = "payload"
HISTOGRAM: Final = "histogram"


class Seen(Struct, frozen=True):
    """The program at a moment: which screen is on top, and how the watch screen stands."""

    screen: str = "watch"
    """The screen on top: `watch`, `lens`, `review`, or a dialog; `other` for what the tour does not speak of."""
    focus: str = TABLE
    """The id of what has the focus on the watch screen."""
    follows: bool = True
    """Whether the table follows the newest event."""
    cursor: int | None = None
    """The sequence of the selected event."""
    bar: int | None = None
    """The bar of the histogram that the reader is at, None elsewhere."""
    filter: Filter = EVERYTHING
    query: str = ""
    """What is asked, as far as it is in force."""
    asking: bool = False
    """Whether the bar is open."""
    marks: int = 0


def seen(stack: Sequence[Screen[Any]], watch: WatchScreen) -> Seen | None:
    """Give what is to be seen with these screens, the last on top of all; None while `watch` is not there."""
    if watch not in stack:
        return None
    focused = watch.focused
    try:
        table, line, histogram = watch.panes.table, watch.bar, watch.histogram
    except NoMatches:
        return None
    return Seen(
        screen=next((name for kind, name in _SCREENS if isinstance(stack[-1], kind)), "other"),
        focus="" if focused is None else focused.id or "",
        follows=table.follow,
        cursor=table.cursor_seq,
        bar=histogram.bar,
        filter=watch.filter,
        query=watch.query_text,
        asking=line.is_open,
        marks=len(watch.taking.marked.marks),
    )


_SCREENS: Final[tuple[tuple[type[Screen[Any]], str], ...]] = (
    (WatchScreen, "watch"),
    (LensScreen, "lens"),
    (ReviewScreen, "review"),
    (PeriodScreen, "period"),
    (GoToTimeScreen, "time"),
    (CopyMenu, "copy"),
    (HelpScreen, "help"),
    (CommandPalette, "palette"),
)
