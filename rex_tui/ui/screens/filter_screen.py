"""What is shown: the types of the sidebar and the query of the bar, one filter in one sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace
from textual import getters, on
from textual.reactive import reactive
from textual.timer import Timer

from rex_tui.checkpoint import NO_PLACES, Places
from rex_tui.keep import TEXT_MAX as KEEP_MAX
from rex_tui.masking import holds_pseudonym
from rex_tui.query.filter import EVERYTHING, PRESETS, Filter
from rex_tui.query.filter_text import compose
from rex_tui.query.language import Facts, Query, QueryError, SystemZone, parse, term_for, with_term
from rex_tui.query.language.parser import without_last_part
from rex_tui.query.view import Rows
from rex_tui.safe_text import clean
from rex_tui.store import StoreError
from rex_tui.ui.keys import key_to, keymap_of
from rex_tui.ui.screens.feed_screen import FeedScreen
from rex_tui.ui.search import Search, Shown
from rex_tui.ui.search_words import SearchWords, search_words
from rex_tui.ui.session import Session
from rex_tui.ui.shown_log import ShownLog
from rex_tui.ui.widgets.panes import Panes
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.type_sidebar import TypeSidebar

SIDEBAR_FRAME_S: Final = 0.25
WAITING_S: Final = 0.1
"""A search that has found nothing for so long is told of."""


class FilterScreen(FeedScreen):
    """A screen whose table shows what a filter lets through; it owns the filter and the search."""

    filter: reactive[Filter] = reactive(EVERYTHING, init=False)
    utc: reactive[bool] = reactive(False, init=False)

    panes = getters.query_one("#body", Panes)

    def __init__(self, session: Session) -> None:
        """Filter the log of `session`."""
        super().__init__(session.feed)
        self._log = ShownLog(session.store, self._store_failed)
        self._clock = session.clock
        self._saved: dict[str, str] = {}
        """The text of each saved filter by its name; whoever derives from this fills it."""
        self._places: Places = NO_PLACES
        """Where checkpoints are in the log; the same."""
        self._sidebar_frame: Timer | None = None
        self._waiting: Timer | None = None
        shown = Shown(self._show_view, self._grew_front, self._grew_end, self._search_told, self._store_failed)
        self._search = Search(self, self._log, parse("", self._now()), shown)

    @property
    def _view(self) -> Rows:
        return self._search.view

    @property
    def query_text(self) -> str:
        """Give what the bar's query in force says."""
        return self._search.query.text

    @property
    def filter_text(self) -> str:
        """Give the filter in force, types and query, as one text of the language."""
        return compose(self.filter, self.query_text, self._log.index.names)

    @property
    def offered_filters(self) -> Mapping[str, str]:
        """Give the saved filters that may be seen: none while masking is on, since they may hold real values."""
        return {} if self._log.masking else self._saved

    def _show_anew(self) -> Rows:
        """Begin with the log that the store holds now; give the view of it."""
        self._log.load()
        self.call_after_refresh(self._begin_types)
        self._ask_first()
        return self._search.begin_anew(Facts(marked=self._marked(), new_after=len(self._log.index)))

    def _begin_types(self) -> None:
        """Read the types of all events, behind what is on the screen."""
        self.run_worker(self._read_types(), name="types", group="types")

    async def _read_types(self) -> None:
        index = self._log.index
        if not await self._log.read_types():
            self._begin_anew()
        elif index is self._log.index and not index.sound:
            self._search.look_again()

    def _begin_anew(self) -> None:
        raise NotImplementedError

    def _ask_first(self) -> None:
        """Put into the search what a log that was just read begins with; here, what was asked before."""

    def on_unmount(self) -> None:
        """End the search with the screen."""
        self._search.stop()

    # ---- showing

    @on(Search.Advanced)
    def _search_advanced(self) -> None:
        self._search.advanced()

    def _show_view(self, view: Rows) -> None:
        self._show_matches()
        self.panes.table.show(view)

    def _grew_front(self, rows: int) -> None:
        self.panes.table.grew_front(rows)

    def _grew_end(self, rows: int) -> None:
        if rows:
            self.panes.table.grew(rows)

    def _show_matches(self) -> None:
        found = self._search.found
        marked = found if found is not None and self._view is not found else None
        self.panes.table.highlight(self._search.query.highlights if found is not None else (), marked)

    def _search_told(self) -> None:
        """Say how far the search is; before it has something to show, only when it keeps the reader waiting.

        Saying it paints the pane, which what was found would have to wait for.
        """
        if self._search.has_nothing_yet:
            self._waiting = self._waiting or self.set_timer(WAITING_S, self._show_title)
        else:
            self._show_title()

    def _show_title(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._show_matches()
        if self._search.found is not None and self._view is not self._search.found:
            self.panes.table.refresh()  # what is marked may have become more
        said: SearchWords = self._said()
        waiting = self._waiting_words()
        kept = clean(self._log.forgotten.keep, KEEP_MAX)
        kept = kept and f"older ones are forgotten (--keep {kept})"
        self.panes.events.show_title(
            self._view, said.words, waiting=waiting, search=said.search, none=said.none, forgotten=kept
        )

    def _said(self) -> SearchWords:
        said = search_words(self._search, self._log.index.names, keymap_of(self), self._fields_of_late())
        masking = self._log.masking
        return said if masking is None else replace(said, words=masking.words(said.words))

    def _fields_of_late(self) -> Collection[str]:
        return ()

    def _show_types_soon(self) -> None:
        """Show the types once for all that happens within a moment, so that nobody has to wait for it."""
        if self._sidebar_frame is None:
            self._sidebar_frame = self.set_timer(SIDEBAR_FRAME_S, self._show_types)

    def _show_types(self) -> None:
        if self._sidebar_frame is not None:
            self._sidebar_frame.stop()
            self._sidebar_frame = None
        self.panes.types.show(self._log.index.counts, self.filter, self.offered_filters, self.filter_text)

    def _marked(self) -> frozenset[str]:
        return frozenset()

    def _waiting_words(self) -> str:
        raise NotImplementedError

    def _list_set_aside(self, asked: Query | None) -> None:
        raise NotImplementedError

    def _store_failed(self, error: StoreError) -> None:
        raise NotImplementedError

    # ---- choosing

    def watch_filter(self, chosen: Filter) -> None:
        """Show the events of the chosen types."""
        self._search.ask(chosen, self._search.query)
        self._show_types()
        self._show_title()

    @on(TypeSidebar.FilterChosen)
    def _filter_chosen(self, event: TypeSidebar.FilterChosen) -> None:
        self.filter = event.filter

    def show_filter(self, chosen: Filter, text: str) -> None:
        """Show what is of these types and matches this text, which must be a query."""
        query = self._parse(text)
        self._search.ask(chosen, query)
        self.set_reactive(FilterScreen.filter, chosen)
        self._show_types()
        self._show_title()

    @on(PayloadTree.ValueAsked)
    def narrow(self, asked: PayloadTree.ValueAsked) -> None:
        """Show of what is shown only what has a value in its payload, or all but that."""
        if self._log.masking is not None and isinstance(asked.value, str) and holds_pseudonym(asked.value):
            self._tell(f"This value is masked, so it can't be asked for. {key_to(self, 'show.masked')} shows it.")
            return
        term = term_for(asked.path, asked.value, asked.way)
        if term is None:
            ordered = asked.way in ("at least", "at most")
            only = key_to(self, "payload.only")
            no_order = f"Only numbers and dates have less and more; {only} asks for this very value."
            self._tell(no_order if ordered else "This can't be asked for: only single values and fields can.")
            return
        try:
            self.show_filter(self.filter, with_term(self.query_text, term))
        except QueryError as error:
            self._tell(f"This can't be asked for as well, so the filter is as it was. {error.message}", error=True)

    def action_show(self, preset: str) -> None:
        """Show the events of a preset, by its name; all events means all, whatever the bar says."""
        if PRESETS[preset].is_all:
            self.show_filter(EVERYTHING, "")
        else:
            self.filter = PRESETS[preset]

    def take_back(self) -> bool:
        """Take back the last part of the filter: of the query, then the types; tell whether there was one."""
        if not self._search.query.is_all or self.query_text:
            self._show_readable(without_last_part(self.query_text))
        elif not self.filter.is_all:
            self.filter = EVERYTHING
        else:
            return False
        return True

    def _show_readable(self, text: str) -> None:
        """Show what matches a text that was a query once; of one that is none any more, only its first parts."""
        while True:
            try:
                self.show_filter(self.filter, text)
            except QueryError:
                text = without_last_part(text)
            else:
                return

    def action_switch_matches(self) -> None:
        """Show only what matches, or everything with what matches marked."""
        if self._search.query.is_all:
            self._tell(f"Nothing is asked for yet. Press {key_to(self, 'filter.ask')} to ask.")
        else:
            self._search.switch()

    def action_match(self, step: int) -> None:
        """Go to the next or previous event that matches."""
        found, seq = self._search.found, self.panes.table.cursor_seq
        if found is None:
            self._tell(f"Nothing is asked for yet. Press {key_to(self, 'filter.ask')} to ask.")
        elif seq is not None and (match := found.next_match(seq, step)) is not None:
            self.panes.table.select_seq(match)
        else:
            unknown = self._search.running and step < 0
            self._tell("None found before this one so far; still searching." if unknown else _NO_MORE[step])

    def read_query_again(self) -> None:
        """Ask what was asked anew where it means something else by now, as when a name or a place in it is known."""
        if self.reread_query():
            self._search.ask_again(self._search.facts)

    def reread_query(self) -> bool:
        """Read the query in force again; tell whether it means something else now.

        Where it can't be read any more, because a name in it is gone, it stays as it was.
        """
        try:
            query = self._parse(self.query_text)
        except QueryError:
            return False
        before, self._search.query = self._search.query, query
        return query.term != before.term

    def _parse(self, text: str) -> Query:
        names, places = self._log.known_names, self._places
        try:
            return parse(text, self._now(), self._saved, names, places)
        except QueryError:
            if self._log.masking is None:
                raise
        # What is said to be wrong may name saved filters: only those that were typed.
        return parse(text, self._now(), {name: one for name, one in self._saved.items() if name in text}, names, places)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC if self.utc else SystemZone())


_NO_MORE: Final = {1: "None matches after this one.", -1: "None matches before this one."}
