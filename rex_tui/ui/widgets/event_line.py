"""What an event says in its line of the table: in which columns, and of which time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from rex_tui.event import GAP_TYPE, Row, parse_time
from rex_tui.names import Names
from rex_tui.query.cell import Told, read_row
from rex_tui.query.column import USUAL, Columns
from rex_tui.query.gap import GapStory, gap_story
from rex_tui.query.naming import NO_NAMES
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.columns import layout_of
from rex_tui.ui.widgets.resource import look_of
from rex_tui.ui.widgets.times import LATE_S, came_late, in_zone, short_age, table_time

FRESH_MARK: Final = "▌"
MATCH_MARK: Final = "•"
MARKED_SIGN: Final = "★"
LATE_MARK: Final = "⇣"
DRIFT_MARK: Final = "±"
CURSOR_MARK: Final = "›"  # noqa: RUF001 - a pointer for people
RULE_MARK: Final = "»"


class Cells(Struct, frozen=True):
    """What one event says in the table: clean texts, made once; and its times, `received_at` in seconds, UTC."""

    occurred_at: str
    type: str
    look: str
    told: Told
    moment: datetime | None
    received_at: float
    drifted: bool = False


class Times(Struct, frozen=True):
    """How times are told: in which zone, and, where they are relative, seen from when (seconds since the epoch)."""

    utc: bool
    now: float | None = None


class When(Struct, frozen=True):
    """What a line says of time: its text, whether a day begins with it, whether it came late, and when it came.

    `received` is "" where no column tells it.
    """

    text: str
    new_day: bool
    late: bool
    received: str = ""


def marks_of(*, fresh: bool, marked: bool, selected: bool, matching: bool, ruled: bool) -> str:
    """Give the three signs before a line; that of a rule makes way for those of what the reader does."""
    first = MARKED_SIGN if marked else FRESH_MARK if fresh else " "
    last = MATCH_MARK if matching else RULE_MARK if ruled else " "
    middle = CURSOR_MARK if selected else RULE_MARK if ruled and matching else " "
    return first + middle + last


def cells_of(row: Row, columns: Columns = USUAL, names: Names = NO_NAMES) -> Cells | GapStory:
    """Give what an event, or a gap, says in these columns of the table, with ids by their names."""
    if row.type == GAP_TYPE:
        return gap_story(row.data)
    return Cells(
        row.occurred_at,
        clean(row.type, 60),
        look_of(row.type),
        read_row(row, columns, names),
        parse_time(row.occurred_at),
        row.received_at,
        row.drifted,
    )


def when_of(
    cells: Cells, above: Cells | GapStory | None, width: int, times: Times, columns: Columns = USUAL, *, first: bool
) -> When:
    """Give what a line says of time, knowing what stands `above` it; `first` is the log's first line.

    Of events that came late together, the topmost is the one that is marked.
    """
    late = came_late(cells.moment, cells.received_at) and not (
        isinstance(above, Cells)
        and came_late(above.moment, above.received_at)
        and abs(above.received_at - cells.received_at) < LATE_S
    )
    received = received_time(cells.received_at, times) if tells_received(columns) else ""
    if cells.moment is not None and times.now is not None:
        return When(short_age(times.now - cells.moment.timestamp()), new_day=False, late=late, received=received)
    with_date = layout_of(columns, width).with_date
    new_day = False
    if cells.moment is not None:
        here = in_zone(cells.moment, utc=times.utc)
        before = parse_time(above.before) if isinstance(above, GapStory) else above.moment if above else None
        new_day = first or (before is not None and in_zone(before, utc=times.utc).date() != here.date())
        if new_day and not with_date:
            return When(f"{here:%d %H:%M}", new_day, late, received)
    return When(table_time(cells.occurred_at, utc=times.utc, with_date=with_date), new_day, late, received)


def tells_received(columns: Columns) -> bool:
    """Tell whether one of these columns says when an event was received."""
    return columns is not USUAL and any(column.name == "received" for column in columns)


def received_time(at: float, times: Times) -> str:
    """Give when an event was received (seconds since the epoch), for a column of the table."""
    try:
        if times.now is not None:
            return short_age(times.now - at)
        return in_zone(datetime.fromtimestamp(at, UTC), utc=times.utc).strftime("%m-%d %H:%M:%S")
    except (OverflowError, ValueError, OSError):  # of a clock that was far off
        return "–"  # noqa: RUF001 - a dash for people
