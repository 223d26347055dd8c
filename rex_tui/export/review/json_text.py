"""A review as JSON, for other programs.

One object; what is here keeps its name and meaning, more may come. Times are ISO 8601 in UTC, to the second; texts are
clean; what is not known is null.

- `format`: 1. `tenant`: whose log it is of. `reviewed_at`: when it was counted. `stuck_days`: after how many days
  without an event a deal is stuck.
- `period`, `before`: `name`, `start` and `end` (not included), of the period and the one it is compared with; `period`
  has its `key` as well, what `--period` takes, and `is_over`.
- `figures`, `figures_before`: `created`, `moved`, `moved_forward`, `moved_backward`, `won`, `lost` and `stale` are
  counts; `win_rate` is from 0 to 1; `value_won` and `value_lost` are lists of `currency` and `cents`, never added up;
  `days_to_win` is in days. `figures_before` is null where the log does not reach back.
- `stages`: `id`, `name` and `kind` ("open", "won", "lost") in their order.
- `flow`: a stage's `id` ("" for deals whose stage is not known), the deals `at_start` and `at_end`, that `entered`, and
  that left `forward`, `backward`, `aside`, or were `won`, `lost` or `deleted` from there.
- `moves`: `from`, `to` and `count`, for each pair of stages between which deals moved.
- `days`: `day` (in the zone of whoever asked), `created`, `won`, `lost`.
- `deals`: those with an event in the period, and all that were open at its end, the last touched first. Each has `id`,
  `name`, `owner`, `owner_name`, `value` (cents), `currency`, `status`, `stage`, `happened` (some of "created", "moved",
  "won", "lost", "deleted", "touched"), `stuck`, `idle_days`, `created_at`, `last_at`, `activity_at`, and its `path`:
  `stage`, `entered`, `seconds` in it by the end of the period, and `outcome` ("won" or "lost" for a stage reached by
  just that).
- `masked` is there, and true, where pseudonyms stand in it; `value`, `value_won` and `value_lost` are null then, unless
  amounts are shown all the same.
- `marks`: events of the period that were marked, or that were marked in it or on the day of the review: `event` (its
  id), `type`, `happened_at` and `summary` (null where the log does not have it), `marked_at` and `note` ("" for none).
- `unknown`: sentences on what the log does not know. `definitions`: what each figure means, by its key.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import asdict

from rex_tui.export.review.pack import ID_LIMIT, Noted, Pack, known_name, owner_name
from rex_tui.names import Names
from rex_tui.query.review.figures import DEFINITIONS, Figures, Money
from rex_tui.query.review.period import Period
from rex_tui.query.review.review import DealRow, Flow
from rex_tui.safe_text import clean

FORMAT: Final = 1


def json_review(pack: Pack) -> str:
    """Give a review as JSON; see the module's docstring."""
    return json.dumps(_review(pack), ensure_ascii=False, indent=2) + "\n"


def _review(pack: Pack) -> dict[str, Any]:
    review = pack.review
    return {
        "format": FORMAT,
        "tenant": clean(pack.tenant, ID_LIMIT),
        "reviewed_at": _time(review.now.timestamp()),
        "stuck_days": review.stuck_days,
        **({"masked": True} if pack.masked else {}),
        "period": {"key": clean(review.period.key), **_period(review.period), "is_over": review.is_over},
        "before": _period(review.period.before),
        "figures": _figures(review.figures),
        "figures_before": None if review.before is None else _figures(review.before),
        "stages": [{"id": _id(one.id), "name": clean(one.name), "kind": one.kind} for one in review.stages],
        "flow": [_flow(row) for row in review.flow],
        "moves": [{"from": _id(one.before), "to": _id(one.after), "count": one.count} for one in review.matrix],
        "days": [
            {"day": f"{day.start:%Y-%m-%d}", "created": day.created, "won": day.won, "lost": day.lost}
            for day in review.days
        ],
        "deals": [_deal(row, review.end, pack.names) for row in review.deals],
        "marks": [_marked(one) for one in pack.noted],
        "unknown": list(review.unknown),
        "definitions": {one.key: one.text for one in DEFINITIONS},
    }


def _flow(flow: Flow) -> dict[str, Any]:
    told = asdict(flow)
    return {"id": _id(told.pop("stage"))} | told


def _period(period: Period) -> dict[str, Any]:
    start, end = period.bounds
    return {"name": clean(period.name), "start": _time(start), "end": _time(end)}


def _figures(figures: Figures) -> dict[str, Any]:
    return asdict(figures) | {"value_won": _money(figures.value_won), "value_lost": _money(figures.value_lost)}


def _money(money: Money | None) -> list[dict[str, Any]] | None:
    return None if money is None else [{"currency": clean(currency), "cents": cents} for currency, cents in money]


def _deal(row: DealRow, end: float, names: Names) -> dict[str, Any]:
    deal = row.deal
    return {
        "id": _id(deal.id),
        "name": known_name(deal, names),
        "owner": _id(deal.owner),
        "owner_name": owner_name(deal.owner, names),
        "value": deal.value,
        "currency": clean(deal.currency),
        "status": row.status,
        "stage": _id(row.stage),
        "happened": list(row.happened),
        "stuck": row.is_stuck,
        "idle_days": row.idle_days,
        "created_at": _time(deal.created_at),
        "last_at": _time(deal.last_at),
        "activity_at": _time(deal.activity_at),
        "path": [
            {"stage": _id(stop.stage), "entered": _time(stop.entered), "seconds": stay, "outcome": stop.outcome}
            for stop, stay in deal.stays(end)
        ],
    }


def _marked(one: Noted) -> dict[str, Any]:
    return {
        "event": one.event_id,
        "type": one.type or None,
        "happened_at": _time(one.happened_at),
        "summary": one.summary if one.type else None,
        "marked_at": _time(one.marked_at),
        "note": one.note,
    }


def _id(id_: str) -> str:
    return clean(id_, ID_LIMIT)


def _time(moment: float | None) -> str | None:
    if moment is None:
        return None
    return f"{datetime.fromtimestamp(moment, UTC).isoformat(timespec='seconds')[:19]}Z"
