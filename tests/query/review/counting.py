"""Small logs of deals for the review's tests: days of March 2026, and what one counts in them by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

from rex_tui.query.review.deals import DealStory
from rex_tui.query.review.facts import fact_of
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.period import period_named
from rex_tui.query.review.review import Review

Told: TypeAlias = tuple[str, float | str, dict[str, object]]
"""An event: its type, its day of March 2026 (10.5 is noon of the 10th) or its time as text, and its payload."""

NOW = datetime(2026, 3, 31, tzinfo=UTC)
SECOND = 1 / 86_400


def at(day: float) -> str:
    moment = datetime.fromtimestamp(datetime(2026, 3, 1, tzinfo=UTC).timestamp() + round((day - 1) * 86_400), UTC)
    return moment.isoformat().replace("+00:00", "Z")


def event(type_: str, day: float | str, deal: str = "deal_0001", **fields: object) -> Told:
    return type_, day, {"deal_id": deal, **fields}


def move(day: float | str, before: str, after: str, deal: str = "deal_0001", **fields: object) -> Told:
    return event("deal.stage_changed", day, deal, from_stage_id=before, to_stage_id=after, **fields)


def folding(told: Iterable[Told]) -> Folding:
    folded = Folding()
    for seq, (type_, day, data) in enumerate(told, 1):
        fact = fact_of(type_, seq, day if isinstance(day, str) else at(day), json.dumps(data))
        folded.take([] if fact is None else [fact])
    return folded


def review(*told: Told, period: str = "2026-03-10..2026-03-16", stuck_days: int = 14, now: datetime = NOW) -> Review:
    return folding(told).review(period_named(period, now), now, stuck_days)


def story(*told: Told) -> DealStory:
    (found,) = folding(told).stories()
    return found


def way(*told: Told) -> list[str]:
    return [f"{stop.stage}{'!' if stop.outcome else ''}" for stop in story(*told).path]
