"""The log as the screen knows it: its types in memory, what came since the last frame, and guarded reading."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final, TypeVar

from msgspec.structs import replace

from rex_tui.event import Drift, Event, Grown, Row, SetAside, resource_of
from rex_tui.masking import Masking, amount_told
from rex_tui.names import Names
from rex_tui.payload import Json, Number, parse
from rex_tui.query.changes import Change, compare
from rex_tui.query.entity import Story, tell
from rex_tui.query.filter import Filter
from rex_tui.query.finding import Findings, find
from rex_tui.query.known import known_in
from rex_tui.query.naming import NO_NAMES
from rex_tui.query.view import Rows, View
from rex_tui.store import EventStore, Scanner, StoreError, TimeReader, TypeIndex
from rex_tui.subject import subject_of
from rex_tui.ui.news import Arrival, News

log = logging.getLogger(__name__)
T = TypeVar("T")
PAUSE_S: Final = 0.001

CHAPTERS_MAX: Final = 200
"""Events of an entity's story that the screen shows, the newest."""
MET_MAX: Final = 300
LATELY_MAX: Final = 4
"""Events of which the true payloads are kept while masking is on, for comparing."""
SET_ASIDE_MAX: Final = 200
"""Set-aside items that the screen lists; the command line lists all."""


class ShownLog:
    """Answers the screen's questions from the store; where the store can't answer, it tells why and gives nothing.

    What it gives has passed the masking, while there is one: whoever shows it need not know.
    """

    def __init__(self, store: EventStore, failed: Callable[[StoreError], None]) -> None:
        """Read from `store`, once `load` was called; tell `failed` what went wrong."""
        self._store = store
        self._failed = failed
        self.on_grown: list[Callable[[], None]] = []
        """Told when events came, in the frame that shows them."""
        self.masking: Masking | None = None
        """What all that may be seen passes before it is given; None where everything may be seen."""
        self.known_names = NO_NAMES
        """What ids are called, as far as is known; not masked, so it is not for the screen."""
        self._met: dict[int, Row] = {}
        self._mended = False
        """Whether the types were made anew once, which is not tried again."""
        self._masked_names: tuple[Masking, Names, Names] | None = None
        self._true_rows: dict[int, Row] = {}
        self._lately: deque[Event] = deque(maxlen=LATELY_MAX)
        self._empty()

    def _empty(self) -> None:
        self.index = TypeIndex()
        self.newest = ""
        self._news = News(self.index)

    def load(self) -> None:
        """Begin with what the store holds now, and forget what was known of another log."""
        self._empty()
        self.index = self._read(self._store.types_behind, self.index)
        self.newest = self._read(self._store.newest_occurred_at, "")
        self._news = News(self.index)

    async def read_types(self) -> bool:
        """Read the types of the log that was loaded, in a thread; tell whether they are those of its rows.

        Where they are not, they were made anew in the store, so that it is to be loaded again.
        """
        index = self.index
        await asyncio.to_thread(_read_on, index)
        if index.sound or index is not self.index or self._mended:
            return True
        self._mended = True
        log.warning("the compact form of the types, or their counts, are not those of the events")
        if not self.writable:
            return True
        try:
            await asyncio.to_thread(self._store.mend_types)
        except StoreError as error:
            self._failed(error)
            return True
        log.warning("made the compact form of the types, and their counts, anew from the events")
        return False

    @property
    def writable(self) -> bool:
        """Tell whether this process writes the store."""
        return self._store.writable

    def view(self, chosen: Filter) -> View:
        """Give the view of the log under a filter."""
        return View(self.index, chosen)

    def add(self, grown: Grown, *, live: bool) -> None:
        """Note growth, for the next frame; `live` growth is what happened while we watched."""
        self._news.add(grown, live=live)

    def take_into(self, view: Rows) -> Arrival:
        """Put what came since the last frame into the index and `view`; give what that was."""
        came = self._news.take_into(view)
        if came.events:
            self.newest = self._read(self._store.newest_occurred_at, self.newest)
            for told in tuple(self.on_grown):
                told()
        return came

    def time_reader(self) -> TimeReader:
        """Open a reader of times for another thread; raises `StoreError`, which that thread tells."""
        return self._store.time_reader()

    @property
    def names(self) -> Names:
        """Give what ids are called, as far as is known."""
        masking, known = self.masking, self.known_names  # a thread may ask while it is switched
        if masking is None:
            return known
        if self._masked_names is None or self._masked_names[:2] != (masking, known):
            self._masked_names = masking, known, masking.names(known)
        return self._masked_names[2]

    def rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the events of these sequences as table rows."""
        rows = self.true_rows(seqs)
        self._true_rows = {} if self.masking is None else {row.seq: row for row in rows}
        return self._shown(rows)

    def true_row(self, row: Row) -> Row:
        """Give one of the rows that `rows` gave last as it came, to ask something of it: not to be shown."""
        return self._true_rows.get(row.seq, row)

    def seen(self, event: Event) -> Event:
        """Give an event that came another way as it may be seen."""
        return event if self.masking is None else self.masking.event(event, large=False)

    def _shown(self, rows: list[Row]) -> list[Row]:
        masking = self.masking
        return rows if masking is None else list(map(masking.row, rows))

    def true_rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the same rows as they came, for a search, say: not to be shown."""
        none: list[Row] = []
        rows = self._read(lambda: self._store.rows(seqs), none)
        for row in rows[:MET_MAX] if len(self._met) < MET_MAX else ():
            self._met[row.seq] = row
        return rows

    def take_met(self) -> list[Row]:
        """Give the rows that were read since the last call, some hundreds at most: whose ids want names."""
        met, self._met = list(self._met.values()), {}
        return met

    def scanner(self) -> Scanner:
        """Give a reader of its own, for another thread; raises `StoreError`."""
        return self._store.scanner()

    def event(self, seq: int | None) -> Event | None:
        """Give one event with its whole payload; masked, a large one is only told of."""
        event = self._true_event(seq)
        return event if event is None or self.masking is None else self.masking.event(event, large=False)

    def _true_event(self, seq: int | None) -> Event | None:
        event = None if seq is None else self._read(lambda: self._store.event(seq), None)
        if event is not None and self.masking is not None:
            self._lately.append(event)
        return event

    def subject(self, seq: int) -> str:
        """Give the id that an event is about, as the store knows it; "" where there is none."""
        event = self._true_event(seq)
        return "" if event is None else subject_of(event.type, event.data)

    def before(self, event: Event) -> Event | None:
        """Give the event before one that is about the same entity and of the same resource."""
        subject = self.subject(event.seq)
        seq = self._read(lambda: self._store.previous(event.seq, subject, resource_of(event.type)), None)
        return self.event(seq)

    def changes(self, before: Event, after: Event) -> list[Change]:
        """Give what differs between an event and the one `before` gave, for a thread; raises `PayloadError`.

        Masked amounts differ where the true ones do.
        """
        if self.masking is None:
            return compare(parse(before.data), parse(after.data))
        masking, true = self.masking.telling_apart(), {event.seq: event for event in tuple(self._lately)}
        told = [true.get(event.seq, event) for event in (before, after)]
        first, last = (parse(masking.payload(event.type, event.data)) for event in told)
        found = compare(first, last)
        return [replace(one, before=_told(one.before), after=_told(one.after)) for one in found]

    def drifts(self, seq: int) -> list[Drift]:
        """Give what was new in the shape of an event's payload."""
        none: list[Drift] = []
        drifts = self._read(lambda: self._store.drifts([seq]), none)
        return drifts if self.masking is None else list(map(self.masking.drift, drifts))

    async def story(self, id_: str) -> Story | None:
        """Tell the story of an entity, read in a thread; None where the store can't be read.

        None also where masking was switched on or off meanwhile.
        """
        masking = self.masking
        try:
            story = await asyncio.to_thread(self._tell, id_)
        except StoreError as error:
            self._failed(error)
            return None
        return story if masking is self.masking else None

    async def find(self, text: str) -> Findings:
        """Give what goes by a text, read in a thread; nothing where the store can't be read."""
        try:
            return await asyncio.to_thread(self._find, text)
        except StoreError as error:
            self._failed(error)
            return Findings()

    def _find(self, text: str) -> Findings:
        masking = self.masking
        with closing(self._store.reader()) as reader:
            found = find(reader, text, self.names, masking)
        return found if masking is self.masking else Findings()

    async def mentioned_after(self, id_: str, seq: int) -> bool:
        """Tell whether events after the sequence `seq` mention an id, read in a thread."""
        try:
            return await asyncio.to_thread(self._mentioned_after, id_, seq)
        except StoreError as error:
            self._failed(error)
            return False

    def _tell(self, id_: str) -> Story:
        with closing(self._store.reader()) as reader:
            mentions = reader.stories.mentions(id_, CHAPTERS_MAX)
            rows = self._shown(reader.rows(mentions.seqs))
            first = rows[:1] if mentions.total == len(rows) else reader.rows([mentions.first])
            first_at = first[0].occurred_at if first else ""

            def rows_about(ids: Sequence[str]) -> dict[str, list[Row]]:
                ends = reader.stories.ends_about(ids)
                rows = self._shown(reader.plain_rows([seq for both in ends.values() for seq in both]))
                found = {row.seq: row for row in rows}
                return {other: [found[seq] for seq in both if seq in found] for other, both in ends.items()}

            return tell(id_, rows, mentions, first_at, rows_about, reader.stories.unlisted(), self.names)

    def _mentioned_after(self, id_: str, seq: int) -> bool:
        with closing(self._store.reader()) as reader:
            return reader.stories.mentioned_after(id_, seq)

    async def fields_of(self, seqs: Sequence[int]) -> tuple[str, ...]:
        """Give the paths of the fields that the payloads of these events have, read in a thread."""
        try:
            return await asyncio.to_thread(self._fields_of, seqs)
        except StoreError as error:
            self._failed(error)
            return ()

    def _fields_of(self, seqs: Sequence[int]) -> tuple[str, ...]:
        with closing(self._store.reader()) as reader:
            return known_in(self._shown(reader.plain_rows(seqs)), (), ()).fields

    def set_aside(self) -> list[SetAside]:
        """Give the first `SET_ASIDE_MAX` things that were set aside."""
        return self._read(lambda: self._store.set_aside(SET_ASIDE_MAX), [])

    def _read(self, question: Callable[[], T], otherwise: T) -> T:
        try:
            return question()
        except StoreError as error:
            self._failed(error)
            return otherwise


def _read_on(index: TypeIndex) -> None:
    """Read what is not read yet of the types, with a pause after each slice for who waits for this thread."""
    while index.read_on():
        time.sleep(PAUSE_S)


def _told(value: Json) -> Json:
    return amount_told(value) if isinstance(value, str) and not isinstance(value, Number) else value
