"""The search behind the bar: it looks through the log in threads, and tells the screen what it finds as it finds it."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from msgspec import Struct
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.query.found import FoundView
from rex_tui.query.language import Facts, Query
from rex_tui.query.scan import SLICE_MAX, Scan
from rex_tui.query.view import Rows
from rex_tui.store import StoreError
from rex_tui.ui.shown_log import ShownLog

LIVE_MAX: Final = 50
"""Events that a frame reads and matches itself; more, or large ones, are looked through in a thread."""
FRAME_S: Final = 0.1
"""After the first results, those that follow are shown this often."""
NOTHING_FRAME_S: Final = 0.02
NOTHING_FRAMES: Final = 5
"""While nothing is found, it is looked so often, and so many times before it is said that there is nothing so far."""
WORKERS: Final = "search"


class Shown(Struct, frozen=True):
    """What the screen does when the search knows more."""

    view: Callable[[Rows], None]
    """Show this view."""
    front: Callable[[int], None]
    """Take in that the view grew by so many rows before its first."""
    end: Callable[[int], None]
    """Take in that the view grew by so many rows after its last."""
    told: Callable[[], None]
    """Say anew what is known: how far the search is."""
    failed: Callable[[StoreError], None]
    """Tell why it could not go on."""


class Search:
    """Owns what is asked (types and query) and which view answers it; one search at a time, a new one ends the old."""

    @dataclass(eq=False, repr=False)
    class Advanced(Message):
        """A thread found something, or came to an end."""

    def __init__(self, screen: Widget, log: ShownLog, query: Query, shown: Shown) -> None:
        """Work for `screen`, which passes `Advanced` on to `advanced`; `query` is one that matches everything."""
        self._screen = screen
        self._log = log
        self._shown = shown
        self.filter = EVERYTHING
        self.query = query
        self.only = True
        """Whether only what matches is shown; otherwise all of the types, with what matches marked."""
        self.facts = Facts()
        self.view: Rows = log.view(EVERYTHING)
        """What is shown now."""
        self.found: FoundView | None = None
        """What the query has found so far, None where none is in force."""
        self._due: Rows | None = None
        self._scan: Scan | None = None
        self._scan_first = 1
        self._later: Scan | None = None
        self._later_found: array[int] = array("I")
        self._later_range = range(0)
        self._empty_frames = 0
        self._first_due = False
        """Whether the first thing that the scan finds is still to be shown, which nothing waits for."""
        self._alone = False
        """Whether a scan has only one of its threads yet."""
        self.failed = False
        """Whether the search had to end before it was complete."""
        self._waking = threading.Lock()
        self._awake = False
        self._frame: Timer | None = None

    # ---- what the screen asks

    def begin_anew(self, facts: Facts) -> Rows:
        """Ask the same of another log; give the view to begin with."""
        self.facts = facts
        self.stop()
        self.found = self._due = None
        self.view = self._log.view(self.filter)
        if not self.query.is_all:
            self._look()
            self.view = self.found if self.only and self.found is not None else self.view
        return self.view

    def ask(self, chosen: Filter, query: Query) -> None:
        """Show what is of these types and matches; what was shown stays until there is something to show."""
        if chosen == self.filter and query.text == self.query.text:
            return
        types_changed = chosen != self.filter
        self.filter, self.query = chosen, query
        self._ask(types_changed=types_changed)

    def ask_again(self, facts: Facts) -> None:
        """Ask the same again, because what it depends on has changed."""
        self.facts = facts
        if not self.query.is_all:
            self._ask(types_changed=False)

    def look_again(self) -> None:
        """Show what there is of these types, where that is not what was said before they were read."""
        if self.view is not self.found:
            self._put(self._log.view(self.filter))

    def switch(self) -> None:
        """Switch between what matches alone, and everything of the types with what matches marked."""
        self.only = not self.only
        if self.found is not None:
            self._put(self.found if self.only else self._log.view(self.filter))

    def stop(self) -> None:
        """End the search under way, in all its threads."""
        if self._scan is not None:
            self._scan.stop()
        if self._later is not None:
            self._later.stop()
        self._scan = self._later = None
        self._rest()

    @property
    def has_nothing_yet(self) -> bool:
        """Tell whether what is shown is not yet what is asked for, because nothing is known of that."""
        return self._due is not None

    @property
    def running(self) -> bool:
        """Tell whether the answer is not complete yet."""
        return self.found is not None and not self.found.complete and not self.failed

    # ---- what comes in

    def forget(self, last: int) -> int:
        """Take in that everything up to a sequence is forgotten; give the rows that go of what is shown."""
        rows = self.view.forget(last)
        for other in (self.found, self._due):
            if other is not None and other is not self.view:
                other.forget(last)
        return rows

    def grew(self) -> None:
        """Look at what the log took in just before: a few at once, many in a thread."""
        found = self.found
        if found is None or self.failed or self._later is not None or not found.waiting:
            return
        waiting = found.waiting
        few = self._log.true_rows(waiting) if len(waiting) <= LIVE_MAX else []
        fitting = found.matching(few, self.facts) if few else None
        if fitting is None:
            self._look_later(found)
        else:
            self._take_end(waiting[-1], array("I", fitting))

    def advanced(self) -> None:
        """Show what the threads have found since the last time."""
        self._rest()
        found, scan, later = self.found, self._scan, self._later
        if found is None:
            return
        if scan is not None and (part := scan.take()) is not None:
            self._take_front(found, *part)
            if found.first <= self._scan_first:
                self._scan = None
        if later is not None and (part := later.take()) is not None:
            first, parts = part
            self._later_found = sum(parts, array("I")) + self._later_found
            if first == self._later_range[0]:
                self._later = None
                self._take_end(self._later_range[-1], self._later_found)
                self.grew()
        for one in (scan, later):
            if one is not None and one.error is not None:
                self.stop()
                self.failed = True
                self._shown.failed(one.error)
                break
        self._put_due(found)
        if self._scan is not None and self.running:
            self._look_again()
        self._shown.told()

    def _put_due(self, found: FoundView) -> None:
        """Show what was found in place of what was shown; nothing at all only when it can't be waited for."""
        if self._due is found:
            self._empty_frames += 1
            if len(found) or not self.running or self._empty_frames >= NOTHING_FRAMES:
                self._put(found)

    def _look_again(self) -> None:
        """Leave what is found from now on to the next frame."""
        with self._waking:
            self._awake = True
        self._frame = self._screen.set_timer(FRAME_S if self._due is None else NOTHING_FRAME_S, self.advanced)
        if self._alone and self._due is None:
            self._screen.call_after_refresh(self._add_threads)
        elif self._alone:
            self._add_threads()

    def _take_front(self, found: FoundView, first: int, parts: list[array[int]]) -> None:
        came = found.found_before(first, parts)
        if self.view is found:
            self._shown.front(came)

    def _take_end(self, last: int, seqs: array[int]) -> None:
        if self.found is not None:
            came = self.found.found_after(last, seqs)
            if self.view is self.found:
                self._shown.end(came)

    # ---- the threads

    def _ask(self, *, types_changed: bool) -> None:
        self.stop()
        self.found = self._due = None
        if self.query.is_all:
            self.only = True
            self._put(self._log.view(self.filter))
            return
        self._look()
        if self.only and self.found is not None and self.found.complete:  # in an empty log there is nothing to wait for
            self._put(self.found)
        elif self.only:
            self._due = self.found
        elif types_changed:
            self._put(self._log.view(self.filter))
        self._shown.told()

    def _put(self, view: Rows) -> None:
        self._due, self.view = None, view
        self._shown.view(view)
        self._shown.told()

    def _look(self) -> None:
        self.failed = False
        self._empty_frames = 0
        self._first_due = True
        found = self.found = FoundView(self._log.index, self.filter, self.query)
        self._scan_first = self._log.index.forgotten + 1
        self._scan = self._begin(range(self._scan_first, found.last + 1))
        if found.last < self._scan_first:
            found.found_before(self._scan_first, [])

    def _look_later(self, found: FoundView) -> None:
        self._later_range = found.waiting[:SLICE_MAX]
        self._later_found = array("I")
        self._later = self._begin(self._later_range)

    def _begin(self, seqs: range) -> Scan:
        scan = Scan(self._log.index, self.filter, self.query.sql(self.facts), seqs.start, seqs.stop - 1)
        self._add_thread(scan)
        self._alone = scan.threads > 1
        return scan

    def _add_thread(self, scan: Scan) -> None:
        work = partial(scan.work, self._log.scanner, partial(self._wake, scan))
        self._screen.run_worker(work, group=WORKERS, thread=True, name="scan")

    def _add_threads(self) -> None:
        """Search with all threads from now on; while first results are painted, one core is for painting."""
        for scan in (self._scan, self._later):
            if scan is not None and self._alone:
                for _ in range(1, scan.threads):
                    self._add_thread(scan)
        self._alone = False

    def _rest(self) -> None:
        """Have the next thing that is found shown at once."""
        if self._frame is not None:
            self._frame.stop()
            self._frame = None
        with self._waking:
            self._awake = False

    def _wake(self, scan: Scan) -> None:
        """Have the screen look at what was found; once, until it has, but for the very first. From any thread."""
        with self._waking:
            is_first = self._first_due and scan.has_found
            if self._awake and not is_first:
                return
            self._awake = True
            self._first_due = self._first_due and not is_first
        self._screen.post_message(self.Advanced())
