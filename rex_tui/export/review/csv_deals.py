"""The deals of a review as CSV, a row each: names beside ids, amounts as numbers, and the days in each stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from rex_tui.export.review.pack import ID_LIMIT, Pack, known_name, owner_name
from rex_tui.export.texts import csv_lines
from rex_tui.masking import MASKED
from rex_tui.query.review.review import DealRow
from rex_tui.query.review.words import path_words, stage_words
from rex_tui.safe_text import clean

HEADS: Final = (
    *("deal_id", "deal", "status", "stage_id", "stage", "owner_id", "owner", "value", "currency", "happened", "stuck"),
    *("idle_days", "created_at", "last_touched", "path"),
)
CURRENCY_LIMIT: Final = 12
PATH_LIMIT: Final = 1_000
DAY_S: Final = 86_400.0
STAGES_MAX: Final = 60
"""Stages that have a column of their own, the first in their order; a log made to have more would make a wall."""


def csv_review(pack: Pack) -> str:
    """Give the deals of a review as CSV, the last touched first, in cells that no spreadsheet takes for a formula.

    After the columns of `HEADS` comes one a stage, with the days (of 24 hours) that a deal was in it by the end of the
    period, "" where that is not known. Times are ISO 8601 in UTC; values are in units of the currency, ••• where
    they are masked.
    """
    return csv_lines(_rows(pack)).decode()


def _rows(pack: Pack) -> Iterator[list[str]]:
    review = pack.review
    names = {stage.id: stage_words(stage.id, review.stages) for stage in review.stages if stage.kind == "open"}
    stages = list(names)[:STAGES_MAX]
    yield [*HEADS, *(f"days in {names[stage]}" for stage in stages)]
    for row in review.deals:
        yield [*_cells(row, pack), *_days(row, stages, review.end)]


def _cells(row: DealRow, pack: Pack) -> list[str]:
    deal, review = row.deal, pack.review
    return [
        clean(deal.id, ID_LIMIT),
        known_name(deal, pack.names),
        row.status,
        clean(row.stage, ID_LIMIT),
        stage_words(row.stage, review.stages) if row.stage else "",
        clean(deal.owner, ID_LIMIT),
        owner_name(deal.owner, pack.names),
        MASKED if deal.hides_value else "" if deal.value is None else _units(deal.value),
        "" if deal.value is None and not deal.hides_value else clean(deal.currency, CURRENCY_LIMIT),
        " ".join(row.happened),
        "yes" if row.is_stuck else "no",
        "" if row.idle_days is None else f"{row.idle_days:.2f}",
        _time(deal.created_at),
        _time(deal.touched_before(review.end)),
        clean(path_words(deal, review.end, review.stages), PATH_LIMIT),
    ]


def _days(row: DealRow, stages: list[str], end: float) -> list[str]:
    spent: defaultdict[str, float] = defaultdict(float)
    for stop, stay in row.deal.stays(end):
        if stay is not None:
            spent[stop.stage] += stay / DAY_S
    return [f"{spent[stage]:.2f}" if stage in spent else "" for stage in stages]


def _units(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _time(moment: float | None) -> str:
    if moment is None:
        return ""
    return f"{datetime.fromtimestamp(moment, UTC).isoformat(timespec='seconds')[:19]}Z"
