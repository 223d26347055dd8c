"""The watch screen: it owns view, filter and selection, and binds the feed on one side to the widgets on the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.timer import Timer

from rex_tui.event import Event, Grown
from rex_tui.feed import CatchingUp, CaughtUp, FeedStatus, Following, FromFile
from rex_tui.query.filter import Filter
from rex_tui.query.language import Query
from rex_tui.store import StoreDamaged, StoreError
from rex_tui.ui.keys import keymap_of
from rex_tui.ui.screens.commands import bound_commands, nodes_with_keys
from rex_tui.ui.screens.help import SIGNS, HelpScreen
from rex_tui.ui.screens.keep_door import KeepDoor
from rex_tui.ui.screens.watch_keys import WATCH_KEYS
from rex_tui.ui.session import Session
from rex_tui.ui.widgets.event_table import EventTable
from rex_tui.ui.widgets.histogram import HistogramLine
from rex_tui.ui.widgets.key_footer import KeyFooter
from rex_tui.ui.widgets.notice import Notice
from rex_tui.ui.widgets.panes import Panes
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.query_bar import QueryBar
from rex_tui.ui.widgets.status_bar import StatusBar
from rex_tui.ui.widgets.title_bar import TitleBar
from rex_tui.ui.words import notice_words, status_line, waiting_words

FRAME_S: Final = 0.05
HURRIED_FRAME_S: Final = 0.4
"""While Rex's log is read at full speed nobody can follow it, and painting keeps Rex's next answer waiting."""
TICK_S: Final = 1.0
FORGOTTEN_S: Final = 0.5
"""For how long is gathered what the store forgets, before the screen lets go of it, too."""


class WatchScreen(KeepDoor):
    """The live table with its sidebar, detail pane and status bar."""

    CSS_PATH = "watch.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - an instance variable to textual
        (0, "-narrow"),
        (100, "-medium"),
        (140, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012 - the same
    AUTO_FOCUS = "#events"
    BINDINGS: ClassVar[list[BindingType]] = WATCH_KEYS

    def __init__(self, session: Session, *, utc: bool = False) -> None:
        """Watch the log of `session`; `utc` says in which zone times are told."""
        super().__init__(session)
        if utc:
            self.set_reactive(WatchScreen.utc, True)
        self._aside_told = False
        self._was_live = False
        self._first_history = 0
        """The last event of the history that is read into an empty store, which is not new; 0 where there is none."""
        self._frame: Timer | None = None
        self._forgetting: Timer | None = None
        self._hurried = False
        self._detail_frame: Timer | None = None
        self._event: Event | None = None
        self._event_seq: int | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, panes, status and footer."""
        self.know_size()
        yield TitleBar(id="title")
        yield HistogramLine(id="histogram")
        yield Notice(id="notice")
        yield Notice(id="digest")
        yield QueryBar(self.complete, id="bar")
        yield Panes(self._view, self._log.rows, self.pane_sizes, self.left.arranged, id="body")
        yield StatusBar(id="status")
        yield KeyFooter()

    def on_mount(self) -> None:
        """Bind the feed to the screen and start it."""
        self.panes.table.utc = self.utc
        self.look_back(self.panes.detail)
        self._poller.on_status = self._feed_changed
        self._poller.on_grown = self._feed_grew
        self._poller.on_forgotten = self._feed_forgot
        self._poller.on_reset = self._begin_anew
        self._begin_anew()
        self.watch(self.panes.table, "cursor_seq", self._selection_moved, init=False)
        self.start_rules()
        if self._session.opening.about:
            self.call_after_refresh(self.open_lens, self._session.opening.about)
        self.set_interval(TICK_S, self._tick)

    def painted_first(self) -> None:
        """Begin to ask Rex, now that what is stored is on the screen."""
        self.run_worker(self._poller.run(), name="poller", group="feed")
        self.start_names()

    def commands(self) -> Iterable[SystemCommand]:
        """Yield every bound command for the palette."""
        panes = self.panes
        yield from bound_commands(self, panes.table, panes.types, panes.payload, self.histogram)
        yield from self.rule_commands()

    def _begin_anew(self) -> None:
        """Show the log that the store holds now."""
        view = self._show_anew()
        self._find_marks()
        self.review_anew()
        self.rules.begin_anew()
        self._was_live = False
        self._first_history = 0
        self._event, self._event_seq = None, None
        self.panes.table.begin_anew(view)
        self.show_times_of(view, another_log=True)
        self._show_types()
        self._show_feed()
        self._show_selected()

    # ---- from the feed; shown at most once a frame, however fast it comes

    def _feed_changed(self, status: FeedStatus) -> None:
        self._status = status
        if not isinstance(status.state, CatchingUp):
            self._hurried = False
            if self._frame is not None:  # what was put off is shown soon
                self._frame.stop()
                self._frame = None
        self.rules.entered(status.state)
        if not self._was_live and isinstance(status.state, CaughtUp | Following):
            self._was_live = True
            if self._first_history:
                self._search.ask_again(replace(self._search.facts, new_after=self._first_history))
        self._show_soon()

    def _feed_grew(self, grown: Grown) -> None:
        if not self._was_live and not self._search.facts.new_after:
            self._first_history = grown.last
        self._log.add(grown, live=self._was_live)
        self.rules.grew(grown)
        self._show_soon()

    def _feed_forgot(self, last: int) -> None:
        """Show it a little later, with what is forgotten meanwhile: it changes nothing that is being read."""
        self._log.add_forgotten(last)
        if self._forgetting is None:
            self._forgetting = self.set_timer(FORGOTTEN_S, self._show_forgotten)

    def _show_forgotten(self) -> None:
        self._forgetting = None
        self.show_forgotten()
        self._show_feed()

    def _show_soon(self) -> None:
        if self._frame is None:
            self._frame = self.set_timer(HURRIED_FRAME_S if self._hurried else FRAME_S, self._show_news)

    def _show_news(self) -> None:
        self._frame = None
        self._hurried = isinstance(state := self._status.state, CatchingUp) and state.progress.is_long
        came = self._log.take_into(self._view)
        if came.events:
            if came.live_from is not None and self.app.animation_level != "none":
                self.panes.table.freshen(came.live_from)
            if came.rows:
                self.panes.table.grew(came.rows)
            self.time_line.grew()
            self._show_types_soon()
            self._search.grew()
        self._show_feed()
        self.show_since()

    def _tick(self) -> None:
        self.learn_names()
        self.rules_tick()
        self._show_feed()
        self.panes.detail.show(self._event, self._clock.now(), utc=self.utc)
        self.panes.table.tick(self._clock.now())

    # ---- showing

    def _show_feed(self) -> None:
        keymap = keymap_of(self)
        line = status_line(
            self._poller.status,
            monotonic=self._clock.monotonic(),
            now=self._clock.now(),
            stored=self._log.index.events,
            newest=self._log.newest,
            utc=self.utc,
            host=self._session.host,
            keymap=keymap,
        )
        self.query_one(StatusBar).show(line)
        self.query_one(Notice).show(*notice_words(self._status, aside_told=self._aside_told, keymap=keymap))
        self.query_one(TitleBar).show(
            self._session.host,
            utc=self.utc,
            read_only=not self._log.writable,
            muted=self.rules.muted,
            masked=self._log.masking is not None,
        )
        self._show_title()

    def _waiting_words(self) -> str:
        return waiting_words(self._status.state, keymap_of(self))

    def _show_selected(self) -> None:
        seq = self.panes.table.cursor_seq
        if self._event is not None and self._event_seq == seq:
            return
        self._event_seq = seq
        self._event = self._log.event(seq)
        self.panes.detail.show(self._event, self._clock.now(), utc=self.utc)

    def show_masked(self) -> None:
        """Show the selected event, and the title, anew."""
        self._event, self._event_seq = None, None
        self.panes.detail.forget()
        self._show_selected()
        self._show_feed()

    def _detail_due(self) -> None:
        self._detail_frame = None
        if self._event_seq != self.panes.table.cursor_seq:
            self._selection_moved()

    def _selected(self) -> Event | None:
        """Give the selected event as of now, also when the detail pane is a frame behind."""
        self._show_selected()
        return self._event

    def _store_failed(self, error: StoreError) -> None:
        if isinstance(error, StoreDamaged):
            self._poller.store_damaged(str(error))
        else:
            self._tell(str(error), error=True)

    # ---- from the widgets

    def _selection_moved(self) -> None:
        """Show it in the same paint as the table; while the selection goes on moving, once a frame."""
        if self._detail_frame is None:
            self._show_selected()
            self._detail_frame = self.set_timer(FRAME_S, self._detail_due)

    @on(EventTable.Opened)
    def _open_detail(self) -> None:
        self.panes.open_detail()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Hold still what is being read in the detail pane."""
        if isinstance(event.widget, PayloadTree):
            self.panes.table.stay()

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 - textual calls it
        """Show all times in the chosen zone."""
        self.panes.table.utc = utc
        self.show_times_of(self._view)
        self._tick()

    # ---- what the user does

    def action_only(self) -> None:
        """Show only the type or group under the cursor, in the sidebar or in the table."""
        if self.panes.types.has_focus:
            self.panes.types.only()
        elif (event := self._selected()) is not None:
            self.filter = Filter.only([event.type])

    def action_all_but(self) -> None:
        """Show all but the type or group under the cursor, in the sidebar or in the table."""
        if self.panes.types.has_focus:
            self.panes.types.all_but()
        elif (event := self._selected()) is not None:
            self.filter = Filter.all_but([event.type])

    def action_toggle_types(self) -> None:
        """Open or close the sidebar."""
        self.panes.toggle_types(narrow=self.has_class("-narrow"))

    def action_zoom(self) -> None:
        """Give the focused pane the whole body, or take it back."""
        self.panes.toggle_zoom()

    def action_back(self) -> None:
        """Leave a notice that was read, a zoomed pane, the pane for the table; then take back a part of the filter."""
        if notice_words(self._status, aside_told=False)[0] and not self._aside_told:
            self._aside_told = True
            self._show_feed()
        elif self.dismiss_digest():
            return
        elif not self.panes.back():
            self.take_back()

    def action_set_aside(self) -> None:
        """List what was set aside."""
        self._list_set_aside(None)

    def _list_set_aside(self, asked: Query | None) -> None:
        from rex_tui.ui.screens.set_aside import SetAsideScreen  # noqa: PLC0415 - a start goes faster without it

        of_rex = not isinstance(self._status.state, FromFile)
        items, total = self._log.set_aside(), self._status.quarantined
        masked = self._log.masking is not None
        self.app.push_screen(SetAsideScreen(items, total, asked, utc=self.utc, of_rex=of_rex, masked=masked))

    def action_help(self) -> None:
        """Show all keys."""
        self.app.push_screen(HelpScreen(*nodes_with_keys(self), signs=SIGNS))
