"""What the user does with time: the histogram, going to a time, how times are told. A screen below the watch screen."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime

from textual import getters, on
from textual.reactive import reactive
from textual.timer import Timer

from rex_tui.query.found import FoundView
from rex_tui.query.histogram import row_at
from rex_tui.query.view import Rows
from rex_tui.query.when import MachineZone, WhenError, read_time
from rex_tui.store import TimeReader
from rex_tui.store.times import TIME_MAX
from rex_tui.ui.destination import Destination
from rex_tui.ui.keys import key_to
from rex_tui.ui.screens.take_screen import TakeScreen
from rex_tui.ui.session import Session
from rex_tui.ui.time_line import GROWTH_S, TimeLine
from rex_tui.ui.widgets.histogram import HistogramLine
from rex_tui.ui.widgets.times import in_zone


class TimeScreen(TakeScreen):
    """A screen with a log in its table and that log's times in a line."""

    utc: reactive[bool] = reactive(False, init=False)
    relative: reactive[bool] = reactive(False, init=False)

    histogram = getters.query_one("#histogram", HistogramLine)

    def __init__(self, session: Session) -> None:
        """Show when the events of the log of `session` happened."""
        super().__init__(session)
        self.time_line = TimeLine(self, self._time_reader, self._show_times)
        self._recount: Timer | None = None

    def on_mount(self) -> None:
        """Mark on the histogram what the table shows, wherever it goes."""
        self.watch(self.panes.table, "scroll_y", self._show_times, init=False)
        self.watch(self.panes.table, "virtual_size", self._show_times, init=False)

    def _show_view(self, view: Rows) -> None:
        super()._show_view(view)
        self.show_times_of(view)

    def _grew_front(self, rows: int) -> None:
        super()._grew_front(rows)
        self._count_soon()

    def _grew_end(self, rows: int) -> None:
        super()._grew_end(rows)
        self._count_soon()

    def _count_soon(self) -> None:
        """Count what a search found, a few times a second while it finds more."""
        if self._recount is None:
            self._recount = self.set_timer(GROWTH_S, self._count_again)

    def _count_again(self) -> None:
        self._recount = None
        self.show_times_of(self._view)

    def show_times_of(self, view: Rows, *, another_log: bool = False) -> None:
        """Show when the rows of this view happened; with `another_log` nothing is known of its times yet."""
        if another_log:
            self.time_line.begin_anew(self._log.index)
        offset = in_zone(datetime.fromtimestamp(self._clock.now(), UTC), utc=self.utc).utcoffset()
        # What is found grows at its front, under the feet of whoever counts it; its copy does not.
        self.time_line.want(
            copy(view) if isinstance(view, FoundView) else view,
            self.histogram.room,
            0 if offset is None else int(offset.total_seconds()),
        )
        self._show_times()

    def show_forgotten(self) -> None:
        """Take off the screen what the store has forgotten since the last frame."""
        gone = self._log.newly_forgotten()
        if not gone:
            return
        codes = self._log.index.codes(gone)
        rows = self._search.forget(gone[-1])
        self._log.forget(gone[-1])
        self.panes.table.shrank_front(rows)
        self.time_line.forget(gone[-1], codes)
        self._show_types_soon()

    def _time_reader(self) -> TimeReader:
        return self._log.time_reader()

    def _show_times(self) -> None:
        times, rows = self.time_line.times, self.panes.table.rows_on_screen
        seen = [moment for moment in times.of(self._view.seqs(rows.start, rows.stop)) if moment]
        ends = (min(seen[0], seen[-1]), max(seen[0], seen[-1])) if seen else None
        self.histogram.show(self.time_line.histogram, ends, utc=self.utc, waiting=self.time_line.waiting)

    # ---- from the widgets

    @on(HistogramLine.Resized)
    def _bars_changed(self) -> None:
        self.show_times_of(self._view)

    @on(HistogramLine.Chosen)
    def _moment_chosen(self, event: HistogramLine.Chosen) -> None:
        row = row_at(self._view, self.time_line.times, event.moment)
        self.panes.table.go_to(len(self._view) - 1 if row is None else row)

    @on(HistogramLine.Left)
    def _histogram_left(self) -> None:
        self.panes.table.focus()

    # ---- what the user does

    def action_histogram(self) -> None:
        """Move along the histogram."""
        if self.histogram.display:
            self.histogram.focus()
        else:
            key = key_to(self, "time.go_to")
            self._tell(f"This terminal is too low for the histogram. Press {key} to go to a time.")

    def action_go_to_time(self) -> None:
        """Ask for a time, and go to what happened from then on."""
        from rex_tui.ui.screens.go_to_time import GoToTimeScreen  # noqa: PLC0415 - a start goes faster without it

        def go(row: int | None) -> None:
            if row is not None:
                self.panes.table.go_to(row)
                self.panes.table.focus()

        self.app.push_screen(GoToTimeScreen(self._destination), go)

    def action_toggle_utc(self) -> None:
        """Switch between UTC and the machine's own time zone."""
        self.utc = not self.utc

    def action_toggle_relative(self) -> None:
        """Switch between times and how long ago they were."""
        self.relative = not self.relative

    def watch_relative(self, relative: bool) -> None:  # noqa: FBT001 - textual calls it
        """Tell times in the chosen way."""
        self.panes.table.tick(self._clock.now())
        self.panes.table.relative = relative

    def _destination(self, text: str) -> Destination:
        """Give where a typed time leads: to the first shown event, in the log's order, that happened then or later."""
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        try:
            found = read_time(text, now if self.utc else now.astimezone(MachineZone()))
        except WhenError as error:
            return Destination(None, (str(error), ""))
        told, times, rows = f"{found:%a %Y-%m-%d %H:%M:%S %Z}", self.time_line.times, len(self._view)
        if not times.complete:
            return Destination(None, (told, f"The row is not known yet: {self.time_line.waiting}"))
        if not rows:
            return Destination(None, (told, "No event is shown now, so there is nowhere to go."))
        moment = max(0, min(int(found.timestamp() // 1), TIME_MAX))
        row = row_at(self._view, times, moment)
        if row is None:
            return Destination(rows - 1, (told, f"after all events shown: goes to the last row, {rows:,}"))
        if moment < times.first:
            return Destination(row, (told, f"before the log begins: goes to row {row + 1:,} of {rows:,}"))
        happened = in_zone(datetime.fromtimestamp(times.at(self._view.seq_at(row)), UTC), utc=self.utc)
        return Destination(row, (told, f"row {row + 1:,} of {rows:,}, {happened:%Y-%m-%d %H:%M:%S}"))
