"""A line of the table: what was measured, the floor under it in the same run, and the budget that it has."""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

BUDGETS: Final = Path(__file__).with_name("budgets.toml")
QUARTILES_MIN: Final = 4
"""Samples of which quartiles say something; of fewer, the spread goes from the least to the most."""

Statistic: TypeAlias = Literal["p50", "p99"]
Rule: TypeAlias = Literal["ratio_at_most", "ratio_at_least", "more_at_most", "at_most"]
WORDS: Final[Mapping[Rule, str]] = {
    "ratio_at_most": "≤ {limit:g} ×",  # noqa: RUF001 - the sign for times
    "ratio_at_least": "≥ {limit:g} ×",  # noqa: RUF001 - the sign for times
    "more_at_most": "≤ floor + {limit:g} {unit}",
    "at_most": "≤ {limit:g} {unit}",
}


@dataclass(frozen=True, slots=True)
class Budget:
    """What a row may take: a ratio to its floor, so much more than the floor, or so much in its own unit."""

    rule: Rule
    limit: float


@dataclass(frozen=True, slots=True)
class Row:
    """Samples of one figure, and of its floor where there is one, in `unit`.

    `key` is its name in the budgets, `events` the length of the log, 0 where that plays no part. `failed` says why
    there is no figure.
    """

    key: str
    what: str
    unit: str = ""
    figures: Sequence[float] = ()
    floors: Sequence[float] = ()
    floor: str = ""
    events: int = 0
    statistic: Statistic = "p50"
    failed: str = field(default="", kw_only=True)

    @property
    def name(self) -> str:
        """Give its key, with the length of the log."""
        return f"{self.key}.{self.events}" if self.events else self.key

    @property
    def figure(self) -> float | None:
        """Give what the samples say."""
        return of(self.figures, self.statistic)

    @property
    def floor_figure(self) -> float | None:
        """Give what the floor's samples say."""
        return of(self.floors, self.statistic)

    @property
    def ratio(self) -> float | None:
        """Give how many times its floor it is."""
        return self.figure / self.floor_figure if self.figure is not None and self.floor_figure else None

    @property
    def spread(self) -> tuple[float, float] | None:
        """Give the quartiles of the samples, or the least and the most of few."""
        return spread(self.figures)

    @property
    def budget(self) -> Budget | None:
        """Give its budget, if it has one: that of its length of log, else that of its key."""
        return budgets().get(self.name) or budgets().get(self.key)

    @property
    def holds(self) -> bool | None:
        """Tell whether it is within its budget; None where it has none."""
        if self.failed:
            return False
        if self.budget is None or self.figure is None:
            return None
        limit = self.budget.limit
        match self.budget.rule:
            case "ratio_at_most":
                return self.ratio is not None and self.ratio <= limit
            case "ratio_at_least":
                return self.ratio is not None and self.ratio >= limit
            case "more_at_most":
                return self.floor_figure is not None and self.figure - self.floor_figure <= limit
            case "at_most":
                return self.figure <= limit

    @property
    def budget_words(self) -> str:
        """Give the budget in words, "" without one."""
        if self.budget is None:
            return ""
        return WORDS[self.budget.rule].format(limit=self.budget.limit, unit=self.unit)


def of(samples: Sequence[float], statistic: Statistic) -> float | None:
    """Give the median or the 99th percentile of samples, None of none."""
    if not samples:
        return None
    if statistic == "p50" or len(samples) == 1:
        return statistics.median(samples)
    return statistics.quantiles(samples, n=100, method="inclusive")[98]


def spread(samples: Sequence[float]) -> tuple[float, float] | None:
    """Give the quartiles of samples, or the least and the most of few; None of less than two."""
    if len(samples) < 2:
        return None
    if len(samples) < QUARTILES_MIN:
        return min(samples), max(samples)
    low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
    return low, high


@cache
def budgets() -> Mapping[str, Budget]:
    """Give the committed budgets by the names of their rows."""
    found = tomllib.loads(BUDGETS.read_text("utf-8"))
    return {name: Budget(rule, float(limit)) for name, one in found.items() for rule, limit in one.items()}
