"""The story of each deal: what its events, put in the order in which they happened, say of it.

The order is the events' own time, and the log's where times are equal: what came late is told where it belongs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from rex_tui.query.review.facts import DealFact, Kind

DEFAULT_CURRENCY: Final = "USD"
"""What Rex means where it names no currency (source: Rex's documentation of deals)."""
TOGETHER_S: Final = 60.0
"""A stage that a deal came to within this time of being won or lost, before or after, was reached by just that."""
TOLD_TWICE_S: Final = 600.0
"""An update that tells a move which was told up to this long before, and that was gone on from, tells nothing new."""

Status: TypeAlias = Literal["open", "won", "lost", "deleted"]
ENDS: Final = ("won", "lost")
_STATUSES: Final[dict[str, Status]] = {"open": "open", "won": "won", "lost": "lost", "deleted": "deleted"}
_WARNINGS: Final = frozenset({"stale", "trigger"})
_GOING_ON: Final = frozenset({"moved", "updated", *_WARNINGS})
_TURNS: Final[dict[Kind, Status]] = {"won": "won", "lost": "lost", "deleted": "deleted", "reopened": "open"}


class Stop(msgspec.Struct, frozen=True, gc=False):
    """A stage on a deal's way, by its id, or its name where no event has its id.

    `entered` and `left` are seconds since the epoch, UTC; None where the log does not know when, or where the deal has
    not left. `outcome` is "won" or "lost" for a stage that was reached by just that.
    """

    stage: str
    entered: float | None
    left: float | None = None
    outcome: str = ""


class Turn(msgspec.Struct, frozen=True, gc=False):
    """When a deal's status became another one, and the last stage before it, "" where that is not known."""

    at: float
    status: Status
    stage: str


class DealStory(msgspec.Struct, frozen=True, gc=False):
    """What the log knows of a deal; a struct, as its parts are, since a log has many.

    Times are in seconds since the epoch, UTC; texts are as they came. `created_at` is None where the log has no
    creation. `value` (cents) and `currency` are those last known, None and USD where nothing is. `touched` has the time
    of every event about the deal but triggers, and of every other one that names it, ascending; `stale_at` those of
    Rex's own warnings. `activity_at` is the last event of something else.
    """

    id: str
    name: str
    owner: str
    value: int | None
    currency: str
    created_at: float | None
    first_at: float
    path: tuple[Stop, ...]
    turns: tuple[Turn, ...]
    touched: Sequence[float]
    stale_at: tuple[float, ...]
    activity_at: float | None
    hides_value: bool = False
    """Whether the value is masked, so that there is none in here."""

    @property
    def status(self) -> Status:
        """Give the status last known; a deal is open where the log tells no end."""
        return self.turns[-1].status if self.turns else "open"

    @property
    def last_at(self) -> float:
        """Give when something last happened to it, a warning included."""
        return max(self.touched[-1] if self.touched else self.first_at, self.stale_at[-1] if self.stale_at else 0.0)

    def status_at(self, moment: float) -> Status:
        """Give the status just before a moment."""
        for turn in reversed(self.turns):
            if turn.at < moment:
                return turn.status
        return "open"

    def stage_at(self, moment: float) -> str:
        """Give the stage just before a moment, "" where it is not known."""
        for number in range(len(self.path) - 1, -1, -1):
            stop = self.path[number]
            entered = stop.entered if stop.entered is not None else self._by_then(number)
            if entered < moment:
                return stop.stage
        return ""

    def touched_before(self, moment: float) -> float | None:
        """Give when it was last touched before a moment, None for never."""
        place = bisect_left(self.touched, moment)
        return self.touched[place - 1] if place else None

    def stays(self, until: float) -> list[tuple[Stop, float | None]]:
        """Give the stages entered before a time, with the seconds that the deal was in each by then.

        None where that is not known, and for a stage in which the deal ended.
        """
        ended = next((turn.at for turn in reversed(self.turns) if turn.at < until), until)
        last = until if self.status_at(until) == "open" else ended
        found: list[tuple[Stop, float | None]] = []
        for number, stop in enumerate(self.path):
            if stop.entered is not None and stop.entered >= until:
                break
            left = stop.left if stop.left is not None or number + 1 < len(self.path) else last
            known = stop.entered is not None and left is not None and not stop.outcome
            found.append((stop, max(0.0, min(left or 0.0, until) - (stop.entered or 0.0)) if known else None))
        return found

    def _by_then(self, number: int) -> float:
        """Give the time from which a stage counts of which it is not known when it was entered.

        That is when the stage before was entered, or the first event.
        """
        before = [stop.entered for stop in self.path[:number] if stop.entered is not None]
        return before[-1] if before else self.first_at


def tell(
    id_: str, facts: Sequence[DealFact], mentioned: Sequence[float], stage_key: Callable[[str, str], str]
) -> DealStory:
    """Tell a deal's story from its facts, oldest first, all with a time, and the times at which others mention it.

    `stage_key` gives what a stage goes by, from its id and its name.
    """
    way = _Way(stage_key)
    path = way.path
    touched: list[float] = []
    stale: list[float] = []
    for fact in facts:
        kind, at, stage = fact.kind, fact.at or 0.0, fact.stage
        if kind == "stale":
            stale.append(at)
        elif kind != "trigger":
            touched.append(at)
        if kind in _GOING_ON and (not fact.status or kind in _WARNINGS):
            # Most events tell of no step: they name the stage that is known, or none.
            if stage:
                if path and path[-1].stage == stage:
                    continue
            elif not fact.stage_name:
                continue
        way.go(fact, kind, at)
    if mentioned:
        touched = sorted([*touched, *mentioned])
    value, currency, owner, name = _last_told(facts)
    return DealStory(
        id_,
        name,
        owner,
        value,
        currency,
        way.created_at,
        facts[0].at or 0.0,
        tuple(way.path),
        tuple(way.turns),
        array("d", touched),
        tuple(stale),
        max(mentioned) if mentioned else None,
    )


def _last_told(facts: Sequence[DealFact]) -> tuple[int | None, str, str, str]:
    """Give value, currency, owner and name as each was last told."""
    value: int | msgspec.UnsetType | None = msgspec.UNSET
    currency = owner = name = ""
    for fact in reversed(facts):
        if value is msgspec.UNSET:
            value = fact.value
        currency = currency or fact.currency
        owner = owner or fact.owner
        name = name or fact.name
        if name and owner and currency and value is not msgspec.UNSET:
            break
    return None if value is msgspec.UNSET else value, currency or DEFAULT_CURRENCY, owner, name


class _Way:
    """A deal's way so far, one fact after another."""

    __slots__ = ("_stage_key", "created_at", "path", "status", "turns")

    def __init__(self, stage_key: Callable[[str, str], str]) -> None:
        self._stage_key = stage_key
        self.created_at: float | None = None
        self.path: list[Stop] = []
        self.turns: list[Turn] = []
        self.status: Status = "open"

    def go(self, fact: DealFact, kind: Kind, at: float) -> None:
        """Go on with what happened next."""
        if kind == "created":
            if self.created_at is None:
                self.created_at = at
            if self.status != "open":
                self._turn(at, "open")
        stage = fact.stage or (fact.stage_name and self._stage_key("", fact.stage_name))
        ended = _TURNS.get(kind)
        if stage and not (self.path and self.path[-1].stage == stage):
            self._step(fact, stage, at)
        if ended is None and fact.status and kind not in _WARNINGS:
            ended = _STATUSES.get(fact.status)
        if ended is not None and ended != self.status:
            self._turn(at, ended)

    def _step(self, fact: DealFact, stage: str, at: float) -> None:
        """Come to another stage than the one that is known."""
        path = self.path
        left = fact.from_stage or (fact.from_stage_name and self._stage_key("", fact.from_stage_name))
        if not path:
            if left and left != stage:
                path.append(Stop(left, None, at))
            known = fact.kind == "created" or bool(path)
            path.append(Stop(stage, at if known else None))
        else:
            here = path[-1]
            if left and left != here.stage:
                if left == stage or (fact.kind == "updated" and self._is_told_twice(left, stage, at)):
                    return
                path.append(Stop(left, None, at))
            else:
                path[-1] = Stop(here.stage, here.entered, at, here.outcome)
            path.append(Stop(stage, at))
        if self.status in ENDS:
            if at - self.turns[-1].at <= TOGETHER_S:
                path[-1] = Stop(stage, path[-1].entered, None, self.status)
            else:
                self._turn(at, "open")
        elif fact.kind in ENDS:
            path[-1] = Stop(stage, path[-1].entered, None, fact.kind)

    def _turn(self, at: float, status: Status) -> None:
        """Become open, won, lost or deleted."""
        path = self.path
        if status in ENDS and len(path) > 1:
            last = path[-1]
            if not last.outcome and last.entered is not None and at - last.entered <= TOGETHER_S:
                path[-1] = Stop(last.stage, last.entered, last.left, status)
        stage = ""
        for stop in reversed(path):
            if not stop.outcome:
                stage = stop.stage
                break
        self.turns.append(Turn(at, status, stage))
        self.status = status

    def _is_told_twice(self, left: str, stage: str, at: float) -> bool:
        """Tell whether a move is on the way already, a little earlier."""
        for number in range(len(self.path) - 1, 0, -1):
            entered = self.path[number].entered
            if entered is not None and at - entered > TOLD_TWICE_S:
                return False
            if self.path[number].stage == stage and self.path[number - 1].stage == left:
                return True
        return False
