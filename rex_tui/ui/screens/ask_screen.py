"""Asking: the bar, what completes it, and the filters that are saved under a name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Final, TypeVar

from msgspec.structs import replace
from textual import getters, on
from textual.timer import Timer

from rex_tui.query.filter_text import split
from rex_tui.query.known import known_in
from rex_tui.query.language import Completion, Known, Query, QueryError, complete
from rex_tui.query.view import Rows
from rex_tui.safe_text import clean
from rex_tui.store import StoreError
from rex_tui.ui.offers import Offer
from rex_tui.ui.screens.filter_screen import FilterScreen
from rex_tui.ui.search_words import search_words
from rex_tui.ui.session import Session
from rex_tui.ui.widgets.query_bar import QueryBar
from rex_tui.ui.widgets.type_sidebar import TypeSidebar

T = TypeVar("T")

TYPING_S: Final = 0.01
"""Keys that follow one another within so long are one text to search for."""
LOOKED_AT: Final = 200
"""The newest events, whose fields and ids are offered to complete with."""
NAME_LIMIT: Final = 60


class AskScreen(FilterScreen):
    """A screen with a bar to ask in; it keeps what is asked and saved in a notebook."""

    bar = getters.query_one(QueryBar)

    def __init__(self, session: Session) -> None:
        """Filter the log of `session`, whose notebook keeps what is asked and saved."""
        super().__init__(session)
        self._notebook = session.notebook
        self._known = Known()
        self._told_unkept = False
        self._typing: Timer | None = None
        self._bar_read = ""

    def _show_anew(self) -> Rows:
        none: Mapping[str, str] = {}
        self._saved = dict(self._noted(self._notebook.filters, none))
        return super()._show_anew()

    # ---- the bar

    def action_ask(self) -> None:
        """Open the bar."""
        self.bar.open(self.query_text, [] if self._log.masking else self._noted(self._notebook.history, []))
        index = self._log.index
        newest = self._log.true_rows(range(max(1, len(index) - LOOKED_AT + 1), len(index) + 1))
        look = partial(known_in, newest, tuple(index.names), tuple(self.offered_filters))
        self.run_worker(lambda: self._learn(look), group="known", exclusive=True, thread=True)

    def _learn(self, look: Callable[[], Known]) -> None:
        self._known = look()

    def _fields_of_late(self) -> Collection[str]:
        return self._known.fields

    def complete(self, text: str, position: int) -> list[Completion]:
        """Give what could complete a text at a position in it."""
        stages = dict.fromkeys(self._log.names.named_stages().values())
        return complete(text, position, replace(self._known, stages=tuple(stages), checkpoints=tuple(self._places)))

    @on(QueryBar.Changed)
    def _bar_changed(self) -> None:
        """Search at once for what the first key of some says, and for what the last says when no more come."""
        if self._typing is None:
            self._read_bar()
        else:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_S, self._typing_ended)

    def _typing_ended(self) -> None:
        self._typing = None
        if self.bar.input.value != self._bar_read:
            self._read_bar()

    def _read_bar(self) -> bool:
        """Put what the bar says into force, if it says a query; tell whether it does."""
        if self._typing is not None:
            self._typing.stop()
        self._typing = None
        self._bar_read = self.bar.input.value
        try:
            query: Query = self._parse(self.bar.input.value)
        except QueryError as error:
            self.bar.say(error.message, error.position, error.length)
            return False
        self.bar.say("")
        self._search.ask(self.filter, query)
        self._show_types_soon()
        return True

    @on(QueryBar.Kept)
    def _bar_kept(self, event: QueryBar.Kept) -> None:
        if self._read_bar():
            self.bar.close()
            self.panes.table.focus()
            if event.text.strip():
                self._note(partial(self._notebook.remember, event.text))
            if self._search.query.wants_set_aside:
                self._list_set_aside(self._search.query)

    @on(QueryBar.Left)
    def _bar_left(self, event: QueryBar.Left) -> None:
        if self._typing is not None:
            self._typing.stop()
        self._typing = None
        self._show_readable(event.text)
        self.panes.table.focus()

    # ---- saved filters

    def kept_offers(self) -> Iterable[Offer]:
        """Yield an offer for each saved filter, for the palette."""
        for name, text in self.offered_filters.items():
            yield Offer(f"Filter: {clean(name, NAME_LIMIT)}", clean(text, 200), partial(self.show_saved, name))

    def show_saved(self, name: str) -> None:
        """Show what a saved filter lets through."""
        self.show_text(self._saved.get(name, ""), f"The saved filter “{name}”")

    def show_text(self, text: str, called: str) -> None:
        """Show what a filter that is one text lets through; `called` names it where it can't be read."""
        try:
            names = self._log.index.names
            self.show_filter(*split(text, self._now(), names, self._saved, self._log.names, self._places))
        except QueryError as error:
            why = "" if self._log.masking else f": {error.message}"  # which may name saved filters
            self._tell(f"{called} can't be read{why or '.'} Nothing was changed.", error=True)

    @on(TypeSidebar.SavedChosen)
    def _saved_chosen(self, event: TypeSidebar.SavedChosen) -> None:
        self.show_saved(event.name)

    @on(TypeSidebar.SavedDropped)
    def _saved_dropped(self, event: TypeSidebar.SavedDropped) -> None:
        from rex_tui.ui.screens.saved_filters import ForgetFilterScreen  # noqa: PLC0415 - a start goes faster without it

        def answered(agreed: bool | None) -> None:  # noqa: FBT001 - textual's
            if agreed:
                self._saved.pop(event.name, None)
                self._note(partial(self._notebook.drop_filter, event.name))
                self._show_types()

        self.app.push_screen(ForgetFilterScreen(event.name), answered)

    def action_save_filter(self) -> None:
        """Save the filter in force under a name."""
        from rex_tui.ui.screens.saved_filters import SaveFilterScreen  # noqa: PLC0415 - a start goes faster without it

        if self.bar.is_open and not self._read_bar():
            self._tell("What the bar says is no query yet, so it can't be saved.")
            return
        text = self.filter_text
        if not text:
            self._tell("All events are shown: there is no filter to save.")
            return

        def named(name: str | None) -> None:
            if name:
                self._saved = dict(sorted((self._saved | {name: text}).items()))
                self._note(partial(self._notebook.save_filter, name, text))
                self._show_types()
                self._tell(f"Saved as “{name}”: in the sidebar and the palette.")

        said = search_words(self._search, self._log.index.names).words
        self.app.push_screen(SaveFilterScreen(said, text, self._saved), named)

    def _note(self, write: Callable[[], None]) -> None:
        """Write into the notebook in a thread; say once where that is not kept."""
        if not self._notebook.kept and not self._told_unkept:
            self._told_unkept = True
            self._tell(f"This lasts until rex-tui ends, since it can't be written down: {self._notebook.why}")
        self.run_worker(partial(self._write_note, write), group="notes", thread=True)

    def _write_note(self, write: Callable[[], None]) -> None:
        try:
            write()
        except StoreError as error:
            self.app.call_from_thread(self._tell, f"{error} It lasts until rex-tui ends.", error=True)

    def _noted(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except StoreError as error:
            self._tell(str(error), error=True)
            return otherwise
