"""What the figures of a review are: each is a function whose docstring is its definition, for help and exports alike.

All are counted from `Happened`, what happened to deals in a period; nothing is guessed that the log does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from statistics import median
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct, field

from rex_tui.query.review.deals import DealStory, Turn
from rex_tui.query.review.stages import StageOrder

STUCK_DAYS: Final = 14
DAY_S: Final = 86_400.0

Money: TypeAlias = tuple[tuple[str, int], ...]
"""Amounts in cents, one for each currency, by its code; never added to one another."""


class Move(msgspec.Struct, frozen=True, gc=False):
    """A change of stage in the period: whose, when, between which stages, and where it leads (1 forward, -1 back)."""

    deal: DealStory
    at: float
    before: str
    after: str
    direction: int


class Ended(msgspec.Struct, frozen=True, gc=False):
    """A deal that was won or lost in the period, and when."""

    deal: DealStory
    turn: Turn


class Happened(Struct):
    """What happened to deals from `start` up to, not including, `end` (seconds since the epoch, UTC), and how it stood.

    `open` are the deals that were open at the end, `stuck` those of them that were stale.
    """

    start: float
    end: float
    stuck_days: int
    created: list[DealStory] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    won: list[Ended] = field(default_factory=list)
    lost: list[Ended] = field(default_factory=list)
    deleted: list[Ended] = field(default_factory=list)
    open: list[DealStory] = field(default_factory=list)
    stuck: list[DealStory] = field(default_factory=list)


class Figures(Struct, frozen=True):
    """The figures of one period; what each one means is the docstring of the function of its name."""

    created: int
    moved: int
    moved_forward: int
    moved_backward: int
    won: int
    lost: int
    win_rate: float | None
    value_won: Money | None
    """None where amounts are masked, as for what was lost."""
    value_lost: Money | None
    days_to_win: float | None
    stale: int

    @property
    def hides_money(self) -> bool:
        """Tell whether amounts are masked, so that none is in here."""
        return self.value_won is None


class Definition(Struct, frozen=True):
    """What a figure is called and what it means, in plain words."""

    key: str
    title: str
    text: str


def happened(
    deals: Iterable[DealStory], start: float, end: float, order: StageOrder, stuck_days: int = STUCK_DAYS
) -> Happened:
    """Gather what happened from `start` up to `end`; for a period that is not over, `end` is now."""
    found = Happened(start, end, stuck_days)
    ends = {"won": found.won, "lost": found.lost, "deleted": found.deleted}
    for deal in deals:
        created_at = deal.created_at
        if created_at is not None and start <= created_at < end:
            found.created.append(deal)
        if len(deal.path) > 1 and deal.last_at >= start:
            found.moves += moves_of(deal, start, end, order)
        last = None
        for turn in reversed(deal.turns):
            if turn.at < end:
                last = turn
                break
        if last is None or last.status == "open":
            if deal.first_at < end:
                found.open.append(deal)
                if is_stuck(deal, end, stuck_days):
                    found.stuck.append(deal)
        elif last.at >= start:
            ends[last.status].append(Ended(deal, last))
    return found


def moves_of(deal: DealStory, start: float, end: float, order: StageOrder) -> list[Move]:
    """Give a deal's changes of stage in a span, without the step into a stage in which deals end."""
    found: list[Move] = []
    before = ""
    for stop in deal.path:
        stage, entered = stop.stage, stop.entered
        if before and entered is not None and start <= entered < end and not stop.outcome and not order.is_end(stage):
            found.append(Move(deal, entered, before, stage, order.direction(before, stage)))
        before = stage
    return found


def is_stuck(deal: DealStory, end: float, stuck_days: int) -> bool:
    """Tell whether an open deal was stale at a time: warned of and not touched since, or not touched for so long."""
    touched = deal.touched_before(end)
    if deal.stale_at and any(warned < end and (touched is None or warned >= touched) for warned in deal.stale_at):
        return True
    return touched is not None and end - touched >= stuck_days * DAY_S


def created(found: Happened) -> int:
    """Count the deals whose creation in the log falls into the period, whatever became of them later."""
    return len(found.created)


def moved(found: Happened) -> int:
    """Count the changes of stage in the period.

    A deal that moved twice counts twice, a move that two events tell counts once, and the step into a stage of winning
    or losing is no move but a win or a loss.
    """
    return len(found.moves)


def moved_forward(found: Happened) -> int:
    """Count the moves to a later stage of the pipeline."""
    return sum(move.direction > 0 for move in found.moves)


def moved_backward(found: Happened) -> int:
    """Count the moves to an earlier stage, also those out of a win or a loss, when a deal is opened again."""
    return sum(move.direction < 0 for move in found.moves)


def won(found: Happened) -> int:
    """Count the deals that were won in the period and still were at its end.

    One that was lost first and then won is won; one that was opened again or deleted by the end is neither.
    """
    return len(found.won)


def lost(found: Happened) -> int:
    """Count the deals that were lost in the period and still were at its end."""
    return len(found.lost)


def win_rate(found: Happened) -> float | None:
    """Divide the deals won by the deals won or lost in the period; there is no rate where there are neither."""
    ended = len(found.won) + len(found.lost)
    return len(found.won) / ended if ended else None


def value_won(found: Happened) -> Money:
    """Add up the values, as last known, of the deals won in the period, each currency by itself.

    Deals without a known value are left out, and their number is told.
    """
    return _sums(found.won)


def value_lost(found: Happened) -> Money:
    """Add up the values, as last known, of the deals lost in the period, each currency by itself."""
    return _sums(found.lost)


def days_to_win(found: Happened) -> float | None:
    """Take the median of the days (of 24 hours) from creation to winning of the deals won in the period.

    Only deals whose creation the log has are in it; where there are none, there is no median.
    """
    days = [(ended.turn.at - ended.deal.created_at) / DAY_S for ended in found.won if ended.deal.created_at is not None]
    return median(days) if days else None


def stale(found: Happened) -> int:
    """Count the deals that were open and stuck at the end of the period, or now while it lasts.

    A deal is stuck where Rex warned of it and nothing happened since, or where no event named it for as many days as
    the review says (14, if nothing else is asked for).
    """
    return len(found.stuck)


FIGURES: Final[Mapping[str, tuple[str, Callable[[Happened], object]]]] = MappingProxyType(
    {
        "created": ("Created", created),
        "moved": ("Moved", moved),
        "moved_forward": ("Moved forward", moved_forward),
        "moved_backward": ("Moved backward", moved_backward),
        "won": ("Won", won),
        "lost": ("Lost", lost),
        "win_rate": ("Win rate", win_rate),
        "value_won": ("Value won", value_won),
        "value_lost": ("Value lost", value_lost),
        "days_to_win": ("Median days to win", days_to_win),
        "stale": ("Stale", stale),
    }
)
"""Each figure by its key: what it is called, and the function that counts it."""
DEFINITIONS: Final = tuple(
    Definition(key, title, " ".join((figure.__doc__ or "").split())) for key, (title, figure) in FIGURES.items()
)


def figures(found: Happened) -> Figures:
    """Give all figures of what happened in a period."""
    return Figures(
        created(found),
        moved(found),
        moved_forward(found),
        moved_backward(found),
        won(found),
        lost(found),
        win_rate(found),
        value_won(found),
        value_lost(found),
        days_to_win(found),
        stale(found),
    )


def value_unknown(found: Happened) -> int:
    """Count the deals won or lost in the period of which the log knows no value."""
    return sum(ended.deal.value is None for ended in (*found.won, *found.lost))


def _sums(ended: Iterable[Ended]) -> Money:
    sums: defaultdict[str, int] = defaultdict(int)
    for one in ended:
        if one.deal.value is not None:
            sums[one.deal.currency] += one.deal.value
    return tuple(sorted(sums.items()))
