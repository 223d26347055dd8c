"""One search through the log, newest first and in slices, shared by threads and stopped from any of them."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from rex_tui.event import GAP_TYPE
from rex_tui.query.filter import Filter
from rex_tui.query.language import Condition
from rex_tui.store import Scanner, ScanStopped, StoreError, TypeIndex

FIRST_SLICE: Final = 4_000
SLICE_MAX: Final = 20_000
"""Sequences that are looked at in one go: the first few, so that something is there at once, then more and more."""
THREADS: Final = 2


class Scan:
    """Looks through the sequences `first` to `last` for a condition. Its results come in order: newest first."""

    def __init__(self, index: TypeIndex, chosen: Filter, condition: Condition, first: int, last: int) -> None:
        """Plan the search; `work` does it, in as many threads as `threads` says."""
        self.error: StoreError | None = None
        """Why the search could not go on, None where nothing went wrong."""
        self.has_found = False
        """Whether anything was found that `take` gave, or would give now."""
        self.threads: Final = 1 if condition.functions else THREADS  # Python's own functions run one at a time
        self._condition = condition
        self._among = None if chosen.is_all else codes_shown(index, chosen)
        gap = index.code_of(GAP_TYPE)
        self._always = () if gap is None else (gap,)
        self._first = first
        self._next = last
        self._slice = FIRST_SLICE
        self._begun = self._taken = self._come = 0
        self._found: dict[int, tuple[int, array[int]]] = {}
        self._scanners: set[Scanner] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def work(self, open_scanner: Callable[[], Scanner], found: Callable[[], None]) -> None:
        """Look through slices until none is left; tell `found`, in this thread, after each of them."""
        try:
            with open_scanner() as scanner:
                self._join(scanner)
                with suppress(ScanStopped):
                    while (part := self._next_slice()) is not None:
                        number, first, last = part
                        seqs = scanner.seqs(self._condition, first, last, among=self._among, always=self._always)
                        with self._lock:
                            self._found[number] = (first, seqs)
                            self._look_at_what_came()
                        found()
                self._leave(scanner)
        except StoreError as error:
            self.error = error
            self.stop()
            found()

    def take(self) -> tuple[int, list[array[int]]] | None:
        """Give what was found since the last call, in ascending parts, and from which sequence on; None for nothing."""
        parts: list[array[int]] = []
        first = 0
        with self._lock:
            while self._taken in self._found:
                first, seqs = self._found.pop(self._taken)
                parts.append(seqs)
                self._taken += 1
        return (first, parts[::-1]) if parts else None

    def stop(self) -> None:
        """End the search in all its threads."""
        with self._lock:
            self._stopped = True
            for scanner in self._scanners:
                scanner.stop()

    def _look_at_what_came(self) -> None:
        """Go on to the first slice that is not looked through yet."""
        while self._come in self._found:
            self.has_found = self.has_found or len(self._found[self._come][1]) > 0
            self._come += 1

    def _join(self, scanner: Scanner) -> None:
        with self._lock:
            self._scanners.add(scanner)

    def _leave(self, scanner: Scanner) -> None:
        with self._lock:
            self._scanners.discard(scanner)

    def _next_slice(self) -> tuple[int, int, int] | None:
        with self._lock:
            if self._stopped or self._next < self._first:
                return None
            last, first = self._next, max(self._first, self._next - self._slice + 1)
            number = self._begun
            self._next, self._begun = first - 1, number + 1
            self._slice = min(self._slice * 2, SLICE_MAX)
            return number, first, last


def codes_shown(index: TypeIndex, chosen: Filter) -> Sequence[int]:
    """Give the codes of the known types that a filter shows."""
    return [code for code, name in enumerate(index.names, 1) if chosen.shows(name)]
