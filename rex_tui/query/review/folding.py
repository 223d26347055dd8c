"""Folding facts into deals as they come, from the log's end or live, so that one more event costs one deal."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import inf
from operator import attrgetter
from typing import Final

import msgspec

from rex_tui.query.review.deals import DealStory, tell
from rex_tui.query.review.facts import DealFact
from rex_tui.query.review.figures import STUCK_DAYS
from rex_tui.query.review.period import Period
from rex_tui.query.review.review import Review, review_of
from rex_tui.query.review.stages import Moves, Stage

_BY_TIME: Final = attrgetter("at", "seq")


def _no_times() -> array[float]:
    return array("d")


class _Gathered(msgspec.Struct, gc=False):
    """What came of one deal so far: its facts in any order, and the times at which other events mention it."""

    facts: list[DealFact] = []
    mentioned: array[float] = msgspec.field(default_factory=_no_times)
    story: DealStory | None = None


class Folding:
    """Folds facts, each given once and in any order, into the stories of deals. For one thread at a time."""

    def __init__(self) -> None:
        """Begin without any fact."""
        self.timeless = 0
        """Events about deals whose time can't be read; nothing else of them is used."""
        self.log_starts: float | None = None
        """The earliest time that was met, in seconds since the epoch, UTC."""
        self._deals: dict[str, _Gathered] = {}
        self._changed: set[str] = set()
        self._created: set[str] = set()
        self._stages: tuple[Stage, ...] = ()
        self._names: dict[str, tuple[float, int, str]] = {}
        self._ids: dict[str, set[str]] = {}
        self._named: set[str] = set()
        self._moves: Final = Moves()

    def know(self, stages: Sequence[Stage]) -> None:
        """Take the stages that Rex itself tells, with their names, order and kinds."""
        self._stages = tuple(stages)
        for stage in stages:
            if stage.name:
                self._learn(stage.id, stage.name)

    def take(self, facts: Iterable[DealFact]) -> None:
        """Take facts."""
        deals, change = self._deals, self._changed.add
        starts = inf if self.log_starts is None else self.log_starts
        for fact in facts:
            at, id_, kind = fact.at, fact.deal, fact.kind
            if kind == "mention":
                self.mention([(id_, at)])
                starts = inf if self.log_starts is None else self.log_starts
                continue
            if at is None:
                self.timeless += 1
                continue
            if at < starts:
                self.log_starts = starts = at
            deal = deals.get(id_)
            if deal is None:
                deal = deals[id_] = _Gathered()
            deal.facts.append(fact)
            change(id_)
            if kind == "created":
                self._created.add(id_)
            if fact.stage_name or fact.from_stage_name:
                self._take_names(fact, at)

    def mention(self, mentions: Iterable[tuple[str, float | None]]) -> None:
        """Take deals that events about something else name, with their times in seconds since the epoch, UTC."""
        deals, change = self._deals, self._changed.add
        starts = inf if self.log_starts is None else self.log_starts
        for id_, at in mentions:
            if at is None:
                self.timeless += 1
                continue
            if at < starts:
                self.log_starts = starts = at
            deal = deals.get(id_)
            if deal is None:
                deal = deals[id_] = _Gathered()
            deal.mentioned.append(at)
            change(id_)

    def review(self, period: Period, now: datetime, stuck_days: int = STUCK_DAYS, *, complete: bool = True) -> Review:
        """Review the deals as they are known by now; costs what changed since the last review, and the deals in it.

        `complete` says whether all of the log was folded.
        """
        names = {id_: name for id_, (_at, _seq, name) in self._names.items()}
        return review_of(
            self.stories(),
            period,
            now,
            self._moves.order(self._stages, names),
            stuck_days,
            log_starts=self.log_starts,
            timeless=self.timeless,
            complete=complete,
        )

    def stories(self) -> list[DealStory]:
        """Give the story of every deal, in no order."""
        for id_ in self._changed:
            self._tell(id_)
        self._changed.clear()
        self._created.clear()
        return [deal.story for deal in self._deals.values() if deal.story is not None]

    def settle(self) -> None:
        """Tell the stories of deals whose creation came in: of a log read newest first, nothing more is to come."""
        for id_ in self._created:
            self._tell(id_)
        self._changed -= self._created
        self._created.clear()

    def _tell(self, id_: str) -> None:
        deal = self._deals[id_]
        if not deal.facts:
            return
        if deal.story is not None:
            self._moves.count(deal.story, -1)
        deal.facts.sort(key=_BY_TIME)
        deal.story = tell(id_, deal.facts, deal.mentioned, self._stage_key)
        self._moves.count(deal.story)

    def _stage_key(self, id_: str, name: str) -> str:
        """Give what a stage goes by: its id, where that is told or only one stage ever had its name, else the name."""
        if id_:
            return id_
        ids = self._ids.get(name, ())
        return next(iter(ids)) if len(ids) == 1 else name

    def _take_names(self, fact: DealFact, at: float) -> None:
        for id_, name in ((fact.from_stage, fact.from_stage_name), (fact.stage, fact.stage_name)):
            if name and id_:
                if (at, fact.seq) >= self._names.get(id_, (at, fact.seq))[:2]:
                    self._names[id_] = (at, fact.seq, name)
                self._learn(id_, name)
            elif name:
                self._named.add(fact.deal)

    def _learn(self, id_: str, name: str) -> None:
        """Learn a stage's name; the deals that know stages by names alone are told anew."""
        ids = self._ids.setdefault(name, set())
        if id_ not in ids:
            ids.add(id_)
            self._changed |= self._named
