"""Folding the whole log: newest first, so that a period's figures are there long before the rest is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final, Protocol

from rex_tui.query.review.facts import (
    DealFact,
    DealPayload,
    fact_in,
    kind_of,
    mentioned_deal,
    read_payload,
    read_payloads,
)
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.plain import plain_facts, read_times
from rex_tui.store.slices import Slice

FIRST_SLICE: Final = 4_096
SLICE_MAX: Final = 16_384
"""Sequences that are read in one go: the first few at once, then more, and never so many that other threads wait."""
AHEAD: Final = 2
"""Slices that are read ahead of the one that is folded."""
MOSTLY: Final = 90
"""The share in percent of a slice's events that happened before the moment that it reaches; the others may be odd."""


class Slices(Protocol):
    """What the log is read from: a `SliceReader` for types `about_deals` and the field `MENTIONED_BY`."""

    def slice(self, first: int, last: int) -> Slice:
        """Read the sequences from `first` to `last`."""

    def data(self, seqs: Sequence[int]) -> Iterator[str]:
        """Yield the whole payloads of these sequences."""


def about_deals(event_type: str) -> bool:
    """Tell whether all payloads of a type are needed."""
    return kind_of(event_type) != "mention"


def fold_log(
    slices: Slices,
    folding: Folding,
    last: int,
    reached: Callable[[float], None] = lambda _moment: None,
    stopped: Callable[[], bool] = lambda: False,
    *,
    after: int = 0,
) -> bool:
    """Fold the events after `after` up to `last` (sequences), newest first; tell whether all were, or it was `stopped`.

    After each slice but the last, `reached` is told a moment, in seconds since the epoch, UTC: what happened from then
    on is folded, but for what came late. So the figures of a period are there as soon as its start is reached. For a
    thread of its own: the next slices are read in another one while this one folds. Raises `StoreError`.
    """
    with ThreadPoolExecutor(1, "slices") as ahead:
        spans = _spans(after, last)
        reading = deque(ahead.submit(slices.slice, *span) for span in islice(spans, AHEAD))
        while reading:
            read = reading.popleft().result()
            if stopped():
                for waiting in reading:
                    waiting.cancel()
                return False
            reading.extend(ahead.submit(slices.slice, *span) for span in islice(spans, 1))
            # Whole payloads are asked for in that thread, too: a connection is for one.
            times = sorted(_fold(read, folding, lambda seq: ahead.submit(_whole, slices, seq).result()))
            folding.settle()
            if times and reading:
                reached(times[len(times) * MOSTLY // 100])
    return True


def _spans(after: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the slices, newest first."""
    size = FIRST_SLICE
    while last > after:
        first = max(after + 1, last - size + 1)
        yield first, last
        last, size = first - 1, min(size * 2, SLICE_MAX)


def _fold(read: Slice, folding: Folding, whole: Callable[[int], str]) -> list[float]:
    """Fold a slice; give the times of its events about deals."""
    times = read_times(read.times, len(read.seqs))
    found = plain_facts(read.data, read.types, read.seqs, times)
    if found is None:
        found = _odd_facts(read, times, whole)
    folding.take(found)
    odd: list[tuple[int, float | None]] = []
    mentions: list[tuple[str, float | None]] = []
    for seq, at, head in zip(read.others, read_times(read.other_times, len(read.others)), read.heads, strict=True):
        deal = mentioned_deal(head)
        if deal:
            mentions.append((deal, at))
        elif deal is None:
            odd.append((seq, at))
    for seq, at in odd:
        payload = read_payload(whole(seq))
        fact = None if payload is None else fact_in(payload, "mention", seq, at)
        mentions.extend([] if fact is None else [(fact.deal, at)])
    folding.mention(mentions)
    return [fact.at for fact in found if fact.at is not None]


def _odd_facts(read: Slice, times: Sequence[float | None], whole: Callable[[int], str]) -> list[DealFact]:
    """Give what the payloads of a slice tell where one of them is of an unusual form."""
    payloads: Iterable[DealPayload | None] | None = read_payloads(read.data, len(read.seqs))
    if payloads is None:
        payloads = (read_payload(whole(seq)) for seq in read.seqs)
    facts = (
        fact_in(payload, kind_of(type_), seq, at)
        for payload, type_, seq, at in zip(payloads, read.types, read.seqs, times, strict=True)
        if payload is not None
    )
    return [fact for fact in facts if fact is not None]


def _whole(slices: Slices, seq: int) -> str:
    return next(slices.data([seq]), "")
