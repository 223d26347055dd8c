"""The log as a review needs it: folded once, in a thread, and after that only what came since."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from rex_tui.checkpoint import LAST_REVIEW
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.review.facts import MENTIONED_BY
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.masked import masked_review
from rex_tui.query.review.period import SINCE, TIME_MAX, Period, PeriodError, period_named
from rex_tui.query.review.reading import about_deals, fold_log
from rex_tui.query.review.review import Review
from rex_tui.query.review.stages import Stage, told_by
from rex_tui.store import EventStore, StoreError

BACK_MAX: Final = 600
"""Periods that one can go back from the one that was named."""


class Asked(Struct, frozen=True):
    """What a review is asked for: a period by its key, so many periods back, and when checkpoints were made."""

    key: str = LAST_REVIEW
    back: int = 0
    checkpoints: Mapping[str, datetime] = field(default_factory=dict)

    def named(self, text: str, now: datetime) -> Period:
        """Read a period; raises `PeriodError`."""
        return period_named(text, now, self.checkpoints.get(LAST_REVIEW), self.checkpoints)

    def offered(self, now: datetime) -> list[str]:
        """Give the checkpoints at which a period may begin, as periods; the last review has a period of its own."""
        made = {name: moment for name, moment in self.checkpoints.items() if moment.timestamp() < now.timestamp()}
        return [f"{SINCE}{name}" for name in made if name != LAST_REVIEW]

    def period(self, now: datetime) -> Period:
        """Give the period as it is now; it goes back as far as time does.

        One from a checkpoint that is there no more, or yet to come, is one from the last review.
        """
        try:
            period = self.named(self.key, now)
        except PeriodError:
            period = self.named(LAST_REVIEW, now)
        for _ in range(self.back):
            before = period.before
            if before.bounds[0] < 0 or not 0 < before.bounds[1] <= TIME_MAX:
                break
            period = before
        return period


class _Folded(Struct):
    """What was folded of one log, up to the sequence `last`."""

    folding: Folding = field(default_factory=Folding)
    last: int = 0
    stages: tuple[Stage, ...] = ()
    stopped: bool = False


class ReviewedLog:
    """Counts reviews of the log in a store, one at a time."""

    def __init__(self, store: EventStore, failed: Callable[[StoreError], None], now: Callable[[], datetime]) -> None:
        """Read `store` once a review is asked for; tell `failed` what went wrong. `now` gives an aware time."""
        self._store = store
        self._failed = failed
        self._now = now
        self._folded = _Folded()
        self.stages: tuple[Stage, ...] = ()
        """The stages that Rex told of."""
        self.asked = Asked()
        """What the next review is of; may change while one is being counted."""
        self.masking: Masking | None = None
        """What a review passes before it is given; None where all of it may be seen."""

    @property
    def now(self) -> datetime:
        """Give the time, in the zone that is shown."""
        return self._now()

    def name_stages(self, names: Names) -> None:
        """Tell stages by the names, and in the order, that Rex has for them, when it is counted again."""
        self.stages = told_by(names)

    def begin_anew(self) -> None:
        """Forget what was folded: the store holds another log now."""
        self._folded.stopped = True
        self._folded = _Folded()

    async def review(self, early: Callable[[float, Review | None], None]) -> Review | None:
        """Count what is asked for, in a thread; None where the store can't be read, or the log became another one.

        None also where masking was switched on or off meanwhile.

        `early` is told how far back the log is read (in seconds since the epoch, UTC), and once a review of the period
        alone, as soon as that is read. For one caller at a time.
        """
        folded, masking, loop = self._folded, self.masking, asyncio.get_running_loop()

        def show(moment: float, review: Review | None) -> None:
            if masking is self.masking:
                early(moment, review)

        def tell(moment: float, review: Review | None) -> None:
            if not folded.stopped:
                loop.call_soon_threadsafe(show, moment, _shown(review, masking))

        review = None
        try:
            last, first = self._store.last_seq(), self._store.first_seq()
            review = await asyncio.to_thread(self._count, folded, range(first, last + 1), tell, masking)
        except StoreError as error:
            self._failed(error)
        finally:
            if review is None and folded is self._folded:  # a part may be folded, which must not be folded again
                self.begin_anew()
        return review if folded is self._folded and masking is self.masking else None

    def _count(
        self, folded: _Folded, seqs: range, tell: Callable[[float, Review | None], None], masking: Masking | None
    ) -> Review | None:
        told: Asked | None = None
        last = seqs.stop - 1
        if self.stages != folded.stages:
            folded.stages = self.stages
            folded.folding.know(folded.stages)

        def reached(moment: float) -> None:
            nonlocal told
            asked, now, review = self.asked, self._now(), None
            period = asked.period(now)
            if told != asked and moment < period.bounds[0]:
                told, review = asked, folded.folding.review(period, now, complete=False)
            tell(moment, review)

        early = reached if not folded.last else _no_part  # later, what is shown is whole already
        if last > folded.last:
            with closing(self._store.slices(about_deals, MENTIONED_BY)) as slices:
                if not fold_log(
                    slices,
                    folded.folding,
                    last,
                    early,
                    lambda: folded.stopped,
                    after=max(folded.last, seqs.start - 1),
                ):
                    return None
            folded.last = last
        now = self._now()
        return _shown(folded.folding.review(self.asked.period(now), now), masking)


def _shown(review: Review | None, masking: Masking | None) -> Review | None:
    return review if review is None or masking is None else masked_review(review, masking)


def _no_part(_moment: float) -> None:
    """Tell nobody."""
