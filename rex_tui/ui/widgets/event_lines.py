"""The lines of a table: read a screenful at a time, painted once, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from rex_tui.event import Row
from rex_tui.names import Names, nameable_ids
from rex_tui.query.column import USUAL, Columns
from rex_tui.query.gap import GapStory
from rex_tui.query.naming import NO_NAMES
from rex_tui.rule_settings import RuleColor
from rex_tui.ui.widgets.columns import layout_of
from rex_tui.ui.widgets.event_line import Cells, Times, cells_of, tells_received, when_of
from rex_tui.ui.widgets.paint_line import EMPTY, Look, paint
from rex_tui.ui.widgets.times import short_age

CACHED_LINES: Final = 128
"""Lines that are kept, some pages of them: each takes about 5 KB, most of it textual's caches."""
CACHED_PAGES: Final = 3
"""Pages that are kept at least, however high the terminal is."""


class EventLines:
    """The lines of a table: reads the events a screenful at a time, and paints each line once."""

    def __init__(self, read_rows: Callable[[Sequence[int]], list[Row]], style_of: Callable[[str], Style]) -> None:
        """Read rows by their sequences with `read_rows`; `style_of` gives the style of a name."""
        self._read_rows = read_rows
        self._find_style = style_of
        self._styles: dict[str, Style] = {}
        self._names = NO_NAMES
        self._keep(CACHED_LINES)
        self._color_of: Callable[[Row], RuleColor | None] = lambda _: None
        self._colors: LRUCache[int, RuleColor | None] = LRUCache(2 * CACHED_LINES)  # longer than cells
        self.columns = USUAL
        self.numbers: frozenset[str] = frozenset()
        """The columns in which numbers were read."""

    def choose(self, columns: Columns) -> None:
        """Say something else of each event, or the same in other widths."""
        if {column.name for column in columns} != {column.name for column in self.columns}:
            self._cells.clear()
            self.numbers = frozenset()
        self._strips.clear()
        self.columns = columns

    def name(self, names: Names) -> set[int]:
        """Say ids by these names; give the sequences of the lines that say something else by it."""
        retold = names.retold(self._names)
        self._names = names
        if retold is None:
            changed = set(self._cells.keys())
            self.forget()
        else:
            changed = {seq for seq in self._cells.keys() if not retold.isdisjoint(self._ids.get(seq, ()))}  # noqa: SIM118 - it is no dict
            for seq in changed:
                self._cells.discard(seq)
            for key in [key for key in self._strips.keys() if key[0] in changed]:  # noqa: SIM118 - it is no dict
                self._strips.discard(key)
        return changed

    def rule(self, color_of: Callable[[Row], RuleColor | None]) -> None:
        """Highlight the rows for which `color_of` gives a colour."""
        self._color_of = color_of
        self.forget()

    def color(self, seq: int) -> RuleColor | None:
        """Give the colour in which a rule highlights the line of a sequence that was read; None where none does."""
        return self._colors.get(seq)

    def read(self, seqs: Sequence[int]) -> None:
        """Read what the lines of these sequences say, as far as it is not known, in one go."""
        if CACHED_PAGES * len(seqs) > self._cells.maxsize:
            self._keep(CACHED_PAGES * len(seqs))
        missing = [seq for seq in seqs if seq not in self._cells]
        if missing:
            for row in self._read_rows(missing):
                cells = self._cells[row.seq] = cells_of(row, self.columns, self._names)
                self._ids[row.seq] = [id_ for data in (row.data, row.before) for id_ in nameable_ids(data or "")]
                self._colors[row.seq] = self._color_of(row)
                if isinstance(cells, Cells) and cells.told.fields:
                    self.numbers |= {name for name, cell in cells.told.fields.items() if cell.number}

    def _keep(self, lines: int) -> None:
        """Keep so many lines from now on, none of those that there were."""
        self._cells: LRUCache[int, Cells | GapStory] = LRUCache(lines)
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(lines)
        self._ids: LRUCache[int, list[str]] = LRUCache(2 * lines)  # longer than cells
        """The ids in each row that may be called something."""

    def line(self, seq: int, above: int | None, width: int, look: Look, times: Times) -> Strip:
        """Give the line of a sequence that was read, from the cache where it is there; else an empty one.

        `above` is the sequence in the row above, if there is one, which was read, too.
        """
        cells = self._cells.get(seq)
        if cells is None:
            return Strip.blank(width)
        when = None
        if not isinstance(cells, GapStory):
            before = None if above is None else self._cells.get(above)
            when = when_of(cells, before, width, times, self.columns, first=above is None)
        key = (seq, width, look, times.utc, when)
        strip = self._strips.get(key)
        if strip is None:
            layout = layout_of(self.columns, width)
            strip = self._strips[key] = paint(cells, when, look, layout, self._style_of, utc=times.utc)
        return strip

    def _style_of(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self._find_style(name)
        return style

    def id_in(self, seq: int, name: str) -> str:
        """Give the id that stands in a column of the payload's, in the line of a sequence; "" where there is none."""
        cells = self._cells.get(seq)
        return cells.told.fields.get(name, EMPTY).id if isinstance(cells, Cells) and name != "id" else ""

    def aged(self, seq: int, before: float, now: float) -> bool:
        """Tell whether an event's age reads differently now than it did `before`."""
        cells = self._cells.get(seq)
        if not isinstance(cells, Cells):
            return False
        told = [cells.received_at] if tells_received(self.columns) else []
        told += [] if cells.moment is None else [cells.moment.timestamp()]
        return any(short_age(before - at) != short_age(now - at) for at in told)

    def forget(self) -> None:
        """Forget what the lines say, because the log is another one."""
        self._cells.clear()
        self._ids.clear()
        self._colors.clear()
        self._strips.clear()

    def repaint(self) -> None:
        """Forget how the lines looked, because the colours changed."""
        self._styles.clear()
        self._strips.clear()
