"""The event store: what the program asks of its log, and the two ways in which it writes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from rex_tui.checkpoint import Checkpoint, Place
from rex_tui.event import GAP_TYPE, Asked, Drift, Event, Grown, Mentions, Page, Row, SetAside
from rex_tui.names import Remembered
from rex_tui.store.errors import StoreGone, translated
from rex_tui.store.file import StoreFile
from rex_tui.store.gap import GapChoice, OpenGap
from rex_tui.store.reader import StoreReader
from rex_tui.store.scan import Scanner
from rex_tui.store.schema import connect
from rex_tui.store.slices import SliceReader
from rex_tui.store.time_reader import TimeReader
from rex_tui.store.type_index import TypeIndex
from rex_tui.store.upkeep import Deleted, StoreUpkeep
from rex_tui.store.writer import content_of


class EventStore(StoreFile):
    """The durable log of one tenant. The first process to open it writes; any other follows, read-only.

    Reading happens in the thread that opened it; `append` may run in another, one call at a time.
    """

    # ---- writing

    def append(self, pages: Sequence[Page], settled: Sequence[bytes] = ()) -> Grown:
        """Write pages and their last cursor in one transaction; give what was new.

        `settled` are the digests of what was set aside and is an event among these now. Raises `StoreUnwritable`
        (nothing of the pages was written), `StoreGone` or `StoreDamaged`.
        """
        writer = self._must_write()
        self._must_be_in_place()
        with translated(self.path):
            return writer.append(pages, settled)

    def adopt(self, found: Sequence[tuple[bytes, Event]]) -> Grown:
        """Take things that were set aside, by their digests, into the log as the events that they turned out to be.

        One whose id the log has with other content stays set aside.
        """
        with translated(self.path):
            known = self._must_write().known({event.id for _, event in found})
        fitting = [
            (digest, event)
            for digest, event in found
            if event.type != GAP_TYPE and known.get(event.id, content_of(event)) == content_of(event)
        ]
        events = tuple(event for _, event in fitting)
        return self.append([Page(events, (), has_more=False, next_cursor=None)], [digest for digest, _ in fitting])

    def forget_cursor(self, why: str, choice: GapChoice, now: float) -> None:
        """Let the next poll begin at the start of Rex's log; events known already are told by their ids.

        Rex refused our place because of `why`: what comes next is told apart by a row of its own, unless it shows
        that nothing is missing. `now` is in seconds since the epoch, UTC.
        """
        writer = self._must_write()
        newest = self._reader.newest()
        gap = None if newest is None else OpenGap(why, choice, now, newest.id, newest.occurred_at)
        with translated(self.path):
            writer.forget_cursor(gap)

    def accept_key(self, tag: str) -> None:
        """Note that the API key of this tag (see `ApiKey.tag`) belongs to the log in this store."""
        writer = self._must_write()
        with translated(self.path):
            writer.set_meta({"key_tag": tag})

    def remember(self, names: Sequence[Remembered]) -> None:
        """Keep what is known of these names; may run in any thread, also while `append` does in another.

        Raises `StoreError`.
        """
        writer = self._must_write()
        self._must_be_in_place()
        with translated(self.path):
            writer.remember(names)

    # ---- looking after it

    def forget(self, before: float) -> Deleted:
        """Delete for good what happened before a time, in seconds since the epoch, UTC; give what was deleted."""
        upkeep = self._upkeep()
        with translated(self.path):
            deleted = upkeep.forget(before)
        self.reopen()
        return deleted

    def older(self, before: float) -> int:
        """Count the events that `forget` would delete."""
        with translated(self.path):
            return self._reader.older(before)

    def compact(self) -> tuple[int, int]:
        """Give the space of deleted rows back to the disk; give the file's bytes before and after."""
        upkeep = self._upkeep()
        with translated(self.path):
            return upkeep.compact()

    def problems(self) -> list[str]:
        """Compare the file with itself, from end to end; give a sentence for all that is not as it should be."""
        with translated(self.path):
            return self._reader.problems()

    def knows(self, page: Page) -> bool:
        """Tell whether anything of a page is in this log, or was set aside or forgotten there."""
        writer = self._must_write()
        with translated(self.path):
            return writer.knows(page)

    # ---- reading

    @property
    def cursor(self) -> str | None:
        """Give the place in Rex's log up to which the store has everything; None before the first page."""
        return self._reader.meta("cursor")

    @property
    def base_url(self) -> str | None:
        """Give the address of the tenant whose log this is."""
        return self._reader.meta("base_url")

    @property
    def key_salt(self) -> bytes:
        """Give the salt for the tags of API keys, another in every store."""
        return (self._reader.meta("salt") or "").encode()

    @property
    def key_tag(self) -> str | None:
        """Give the tag of the API key that this log was last read with."""
        return self._reader.meta("key_tag")

    def type_index(self) -> TypeIndex:
        """Load the type of every event; `refresh` then gives what came after it."""
        index = self._reader.type_index()
        self._seen, self._types_seen = len(index), len(index.names)
        return index

    def types_behind(self) -> TypeIndex:
        """Give the same without reading it: counts are known, and `TypeIndex.read_on` reads the rest."""
        index = self._reader.types_behind()
        self._seen, self._types_seen = len(index), len(index.names)
        return index

    def mend_types(self) -> None:
        """Make the compact forms, and the counts by type, anew from the rows; takes long in a long log.

        May run in any thread. Raises `StoreError`.
        """
        writer = self._must_write()
        self._must_be_in_place()
        with translated(self.path):
            writer.mend_types()

    def refresh(self) -> Grown:
        """Give what another process added since the last `type_index`, `types_behind` or `refresh`.

        Raises `StoreGone`, also where another process deleted a part of the log.
        """
        self._must_be_in_place()
        if self._reader.meta("epoch") != self._epoch:
            raise StoreGone(f"Another process deleted a part of the log in {self.path}.")
        grown = self._reader.grown_since(self._seen, self._types_seen)
        self._seen = grown.last
        self._types_seen += len(grown.new_types)
        return grown

    def last_seq(self) -> int:
        """Give the newest event's sequence, 0 in an empty store."""
        return self._reader.last_seq()

    def newest_occurred_at(self) -> str:
        """Give the newest event's time as Rex sent it, "" in an empty store."""
        newest = self._reader.newest()
        return "" if newest is None else newest.occurred_at

    def quarantined(self) -> int:
        """Count what was set aside because it could not be kept as an event."""
        return self._reader.quarantined()

    def set_aside(self, limit: int, after: int = 0) -> list[SetAside]:
        """Give what was set aside, oldest first: up to `limit` items that follow the item number `after`."""
        return self._reader.set_aside(limit, after)

    def rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the events of these sequences as table rows, oldest first; a screenful, not a log."""
        return self._reader.rows(seqs)

    def event(self, seq: int) -> Event | None:
        """Give one event with its whole payload, or None where the sequence has none."""
        return self._reader.event(seq)

    def events(self, after: int, limit: int) -> Iterator[Event]:
        """Yield up to `limit` whole events that follow the sequence `after`, oldest first."""
        return self._reader.events(after, limit)

    def whole(self, seqs: Sequence[int]) -> list[Event]:
        """Give the whole events of these sequences, oldest first; some hundreds, not a log."""
        return self._reader.whole(seqs)

    def seqs_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Give the sequences of those of these events that the log has, by their ids."""
        return self._reader.seqs_of(ids)

    def at_or_before(self, seq: int) -> Event | None:
        """Give the newest event up to a sequence, gaps left out; None where there is none."""
        return self._reader.at_or_before(seq)

    def count_after(self, seq: int) -> int:
        """Count the events that follow a sequence, gaps left out; takes longer for many of them."""
        return self._reader.count_after(seq)

    def places(self, checkpoints: Iterable[Checkpoint]) -> dict[str, Place]:
        """Give where these checkpoints are in the log, by their names."""
        return self._reader.places(checkpoints)

    def page_of(self, seq: int) -> Asked | None:
        """Give what the page was asked for with from which an event came; None where that is not known."""
        return self._reader.page_of(seq)

    def reader(self) -> StoreReader:
        """Open another reader, for another thread; whoever asked closes it. Raises `StoreError`."""
        self._must_be_in_place()
        with translated(self.path):
            return StoreReader(self._open_reader(), self.path)

    def scanner(self) -> Scanner:
        """Give a reader of its own that finds what meets a condition; may be called in, and is for, another thread."""
        with translated(self.path):
            return Scanner(connect(self.path, writable=False), self.path)

    def slices(self, wanted: Callable[[str], bool], field: str) -> SliceReader:
        """Open a reader of all payloads of the wanted types, and of a field of others; for a thread of its own."""
        return SliceReader(self.path, wanted, field)

    def time_reader(self) -> TimeReader:
        """Open a reader of times, for a thread of its own; whoever asks for it closes it."""
        return TimeReader(self.path)

    # ---- names

    def remembered(self, ids: Sequence[str]) -> list[Remembered]:
        """Give what is kept of the names of those of these ids that were asked about; a screenful, not a log."""
        return self._reader.names.remembered(ids)

    def remembered_stages(self) -> list[Remembered]:
        """Give every stage that is kept, in pipeline order, those that are gone last."""
        return self._reader.names.stages()

    # ---- the index

    def story(self, id_: str, limit: int) -> Mentions:
        """Give the newest `limit` events that mention an id, and how many there are; none for an id never seen."""
        return self._reader.stories.mentions(id_, limit)

    def previous(self, seq: int, id_: str, resource: str) -> int | None:
        """Give the event before `seq` that is about an id and whose type is of a resource; None where there is none."""
        return self._reader.stories.previous(seq, id_, resource)

    def drifts(self, seqs: Sequence[int]) -> list[Drift]:
        """Give what was new in the shape of these events' payloads."""
        return self._reader.stories.drifts(seqs)

    def unlisted(self) -> int:
        """Count the events of which an id is not in the index, since it is too long or they have too many."""
        return self._reader.stories.unlisted()

    def _upkeep(self) -> StoreUpkeep:
        writer = self._must_write()
        self._must_be_in_place()
        return writer.upkeep(self.path)
