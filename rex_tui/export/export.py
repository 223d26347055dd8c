"""Exporting events: any of them, oldest first, in any format, into a file that appears when it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, Final, Protocol, TypeAlias

from rex_tui.event import GAP_TYPE, Event
from rex_tui.masking import Masking

EVENTS_AT_ONCE: Final = 250

Chunks: TypeAlias = Iterator[tuple[int, Sequence[Event]]]
"""Some events at a time, oldest first, each time with how many were looked at for them."""


class ExportError(Exception):
    """The export can't be made; the message is a sentence for people. What was there before is as it was."""


class Cancelled(Exception):
    """The user gave the export up."""


class Reads(Protocol):
    """What whole events are read from: a store, or a reader of its own in another thread."""

    def events(self, after: int, limit: int) -> Iterator[Event]:
        """Yield up to `limit` events that follow the sequence `after`, oldest first."""

    def whole(self, seqs: Sequence[int]) -> list[Event]:
        """Give the whole events of these sequences, oldest first."""


class Format(Protocol):
    """How events are written. `survey` sees all of them first where `surveys` says that this is needed."""

    surveys: bool

    def survey(self, events: Sequence[Event]) -> None:
        """Look at some of the events that will be written."""

    def begin(self, file: BinaryIO) -> None:
        """Write what comes before the first event."""

    def write(self, file: BinaryIO, events: Sequence[Event]) -> None:
        """Write some events."""

    def end(self, file: BinaryIO) -> None:
        """Write what comes after the last event."""

    @property
    def left_out(self) -> str:
        """Say in a sentence what the format had no room for; "" where that is nothing."""


def all_events(store: Reads, last: int, matches: Callable[[Event], bool]) -> Chunks:
    """Yield what matches among all events up to the sequence `last`, without the rows that tell of gaps."""
    after = 0
    while after < last:
        events = [event for event in store.events(after, EVENTS_AT_ONCE) if event.seq <= last]
        if not events:
            return
        after = events[-1].seq
        yield len(events), [event for event in events if event.type != GAP_TYPE and matches(event)]


def chosen_events(store: Reads, seqs: Iterable[Sequence[int]]) -> Chunks:
    """Yield the events of these sequences, which come some at a time, without the rows that tell of gaps."""
    for some in seqs:
        yield len(some), [event for event in store.whole(some) if event.type != GAP_TYPE]


def masked(chunks: Chunks, masking: Masking | None) -> Chunks:
    """Yield the same events as they may be seen; as they came where there is no masking."""
    for count, events in chunks:
        yield count, events if masking is None else [masking.event(event) for event in events]


def export(
    chunks: Callable[[], Chunks], written: Format, file: BinaryIO, looked: Callable[[int], None] = lambda _: None
) -> int:
    """Write events into an open file; give how many there were.

    `chunks` begins anew each time it is called: a format that needs its columns beforehand goes through the events
    twice. `looked` hears how many more were looked at, and may raise `Cancelled`. Memory does not grow with the log.
    Raises `ExportError`, `OSError` and `StoreError`.
    """
    if written.surveys:
        for count, events in chunks():
            written.survey(events)
            looked(count)
    written.begin(file)
    total = 0
    for count, events in chunks():
        if events:
            written.write(file, events)
            total += len(events)
        looked(count)
    written.end(file)
    return total
