"""One review: the figures of a period beside those of the one before, the flow through the stages, days and deals."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from operator import itemgetter
from typing import Final

import msgspec
from msgspec import Struct

from rex_tui.query.review.deals import DealStory, Status
from rex_tui.query.review.figures import STUCK_DAYS, Figures, Happened, figures, happened
from rex_tui.query.review.period import Period
from rex_tui.query.review.stages import Moves, Stage, StageOrder
from rex_tui.query.review.unknown import sentences

_NONE: Final[Sequence[str]] = ()
_PLACE: Final = itemgetter(0, 1)
DAYS_MAX: Final = 4_000
"""Days of a chart; a longer period has none that long ago."""


class Flow(Struct, frozen=True):
    """What went through one stage in the period, "" for deals whose stage is not known.

    Deals that were in it at the start and at the end, that came into it (newly created or by a move), that left it by a
    move forward, backward or in a direction that can't be told, and that were won, lost or deleted out of it.
    """

    stage: str
    at_start: int
    entered: int
    forward: int
    backward: int
    aside: int
    won: int
    lost: int
    deleted: int
    at_end: int

    @property
    def left(self) -> int:
        """Count all that left it."""
        return self.forward + self.backward + self.aside + self.won + self.lost + self.deleted


class Transition(Struct, frozen=True):
    """How many moves led from one stage to another in the period."""

    before: str
    after: str
    count: int


class Day(Struct, frozen=True):
    """How many deals were created, won and lost in a local day, of which the period may have a part."""

    start: datetime
    created: int
    won: int
    lost: int


class DealRow(msgspec.Struct, frozen=True, gc=False):
    """A deal as the period left it: its story, its status and stage at the end, what happened, and if it is stuck.

    `happened` has some of "created", "moved", "won", "lost", "deleted", "touched", in this order; "touched" is any
    event at all, so that a row without it is just open. `idle_days` (of 24 hours) are those since it was last touched.
    """

    deal: DealStory
    status: Status
    stage: str
    happened: tuple[str, ...]
    is_stuck: bool
    idle_days: float | None


class Review(Struct, frozen=True):
    """A review. `before` is None where the log begins only in the period or later, or is not read so far back yet.

    `stages` are all that are known, in their order; `flow` has those that deals were in or went through. `deals` has
    those that had any event in the period and all that were open at its end, the last touched first. `unknown` says in
    sentences what the log does not know. Until it is `complete`, only the newest part of the log was read, so that what
    is counted of the period itself is known, but little else.
    """

    period: Period
    now: datetime
    stuck_days: int
    figures: Figures
    before: Figures | None
    stages: tuple[Stage, ...]
    flow: tuple[Flow, ...]
    matrix: tuple[Transition, ...]
    days: tuple[Day, ...]
    deals: tuple[DealRow, ...]
    unknown: tuple[str, ...]
    complete: bool = True

    @property
    def end(self) -> float:
        """Give when counting ends, in seconds since the epoch, UTC: at the period's end, or now while it lasts."""
        return _end(self.period, self.now)

    @property
    def is_over(self) -> bool:
        """Tell whether the period had ended when it was reviewed, so that it is compared with as long a time."""
        return self.now.timestamp() >= self.period.end.timestamp()


def review_of(
    deals: Iterable[DealStory],
    period: Period,
    now: datetime,
    order: StageOrder | None = None,
    stuck_days: int = STUCK_DAYS,
    *,
    log_starts: float | None = None,
    timeless: int = 0,
    complete: bool = True,
) -> Review:
    """Review deals, seen at `now` (aware). Without an order of the stages, the deals' own moves show it.

    `log_starts` is the time of the first event, in seconds since the epoch, UTC; `timeless` counts the events about
    deals whose time can't be read.
    """
    deals = list(deals)
    if order is None:
        moves = Moves()
        for deal in deals:
            moves.count(deal)
        order = moves.order()
    if log_starts is None:
        log_starts = min((deal.first_at for deal in deals), default=None)
    start = period.start.timestamp()
    end = _end(period, now)
    earlier, earlier_end = period.before.bounds
    relevant = [deal for deal in deals if deal.status == "open" or deal.last_at >= earlier]
    found = happened(relevant, start, end, order, stuck_days)
    before = None
    if complete and log_starts is not None and log_starts < earlier_end:
        before = figures(happened(relevant, earlier, earlier_end, order, stuck_days))
    flow = _flow(found, relevant, order)
    return Review(
        period,
        now,
        stuck_days,
        figures(found),
        before,
        order.stages,
        flow,
        _matrix(found, order),
        _days(found, period.zone, log_starts),
        _rows(found, relevant),
        sentences(found, log_starts, earlier, timeless, period.zone) if complete else (),
        complete,
    )


def _end(period: Period, now: datetime) -> float:
    start, end = period.bounds
    return max(start, min(end, now.timestamp()))


def _flow(found: Happened, deals: Sequence[DealStory], order: StageOrder) -> tuple[Flow, ...]:
    start, end = found.start, found.end
    at_start = Counter(
        deal.stage_at(start) for deal in deals if deal.first_at < start and deal.status_at(start) == "open"
    )
    at_end = Counter([deal.stage_at(end) for deal in found.open])
    entered = Counter(
        deal.path[0].stage
        for deal in found.created
        if deal.path and deal.path[0].entered is not None and not deal.path[0].outcome
    )
    entered.update([move.after for move in found.moves])
    left = Counter([(move.before, move.direction) for move in found.moves])
    won, lost, deleted = (Counter([one.turn.stage for one in some]) for some in (found.won, found.lost, found.deleted))
    counts = dict.fromkeys((*at_start, *at_end, *entered, *(stage for stage, _way in left), *won, *lost, *deleted))
    rows = [stage.id for stage in order.stages if stage.id in counts or stage.kind == "open"]
    rows += [stage for stage in counts if order.rank(stage) < 0]
    return tuple(
        Flow(
            stage,
            at_start[stage],
            entered[stage],
            left[stage, 1],
            left[stage, -1],
            left[stage, 0],
            won[stage],
            lost[stage],
            deleted[stage],
            at_end[stage],
        )
        for stage in rows
    )


def _matrix(found: Happened, order: StageOrder) -> tuple[Transition, ...]:
    counts = Counter((move.before, move.after) for move in found.moves)
    return tuple(
        Transition(before, after, count)
        for (before, after), count in sorted(
            counts.items(), key=lambda item: (order.rank(item[0][0]), order.rank(item[0][1]), item[0])
        )
    )


def _days(found: Happened, zone: tzinfo, log_starts: float | None) -> tuple[Day, ...]:
    """Give the local days of the period, from the first that the log has."""
    first = max(found.start, found.start if log_starts is None else log_starts)
    if first >= found.end:
        return ()
    day = datetime.fromtimestamp(first, UTC).astimezone(zone).date()
    last = datetime.fromtimestamp(found.end, UTC).astimezone(zone).date()
    day = max(day, last - timedelta(days=DAYS_MAX))
    starts: list[datetime] = []
    while (start := datetime.combine(day, time(), zone)).timestamp() < found.end:
        starts.append(start)
        day += timedelta(days=1)
    bounds = [start.timestamp() for start in starts]
    created = Counter([bisect_right(bounds, deal.created_at or 0.0) for deal in found.created])
    won, lost = (Counter([bisect_right(bounds, one.turn.at) for one in some]) for some in (found.won, found.lost))
    return tuple(Day(start, created[number], won[number], lost[number]) for number, start in enumerate(starts, 1))


def _rows(found: Happened, deals: Sequence[DealStory]) -> tuple[DealRow, ...]:
    words: defaultdict[str, list[str]] = defaultdict(list)
    for name, some in (
        ("created", found.created),
        ("moved", [move.deal for move in found.moves]),
        ("won", [ended.deal for ended in found.won]),
        ("lost", [ended.deal for ended in found.lost]),
        ("deleted", [ended.deal for ended in found.deleted]),
    ):
        for deal in some:
            if name not in words[deal.id]:
                words[deal.id].append(name)
    is_open = {deal.id for deal in found.open}
    stuck = {deal.id for deal in found.stuck}
    rows: list[tuple[float, str, DealRow]] = []
    start, end = found.start, found.end
    for deal in deals:
        id_ = deal.id
        touched = deal.touched_before(end)
        in_it = touched is not None and touched >= start
        happened_words = words.get(id_, _NONE)
        if not in_it and id_ not in is_open and not happened_words and not _warned(deal, found):
            continue
        row = DealRow(
            deal,
            "open" if id_ in is_open else deal.status_at(end),
            deal.stage_at(end),
            (*happened_words, "touched") if in_it else tuple(happened_words),
            id_ in stuck,
            None if touched is None else (end - touched) / 86_400,
        )
        rows.append((-(touched or 0.0), id_, row))
    rows.sort(key=_PLACE)
    return tuple([row for _touched, _id, row in rows])


def _warned(deal: DealStory, found: Happened) -> bool:
    return bisect_left(deal.stale_at, found.start) < bisect_left(deal.stale_at, found.end)
