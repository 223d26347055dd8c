"""When things happen in an organisation: mostly in working hours, little at night, hardly at weekends."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from random import Random
from typing import Final

# How busy each hour of a day is (UTC): Europe in the morning, America in the afternoon.
_HOURS: Final = (
    *(0.03, 0.02, 0.02, 0.02, 0.03, 0.06, 0.25, 0.7, 1.2, 1.5, 1.5, 1.2),
    *(0.8, 1.3, 1.6, 1.6, 1.4, 1.0, 0.6, 0.4, 0.25, 0.15, 0.08, 0.05),
)
_WEEKEND: Final = 0.08
_SATURDAY: Final = 5
_HOUR_S: Final = 3600.0
# The log ends now, at whatever hour somebody looks at it: these last few come just before, so many seconds.
_LAST_S: Final = (9.0, 41.0, 126.0, 275.0)


def busy_times(rng: Random, count: int, end: datetime, span: timedelta) -> list[datetime]:
    """Give `count` UTC times in ascending order, all within `span` before `end`, the last one shortly before it."""
    start = end - span
    length_s = span.total_seconds()
    marks = [0.0]
    while marks[-1] < length_s:
        marks.append(min(marks[-1] + _HOUR_S, length_s))
    weights = [_busy(start + timedelta(seconds=low)) * (high - low) for low, high in pairwise(marks)]
    sums = list(accumulate(weights))
    offsets = [max(length_s - before, 0.0) for before in _LAST_S[:count]]
    for _ in range(count - len(offsets)):
        drawn = rng.random() * sums[-1]
        hour = bisect_left(sums, drawn)
        share = 1 - (sums[hour] - drawn) / weights[hour]
        offsets.append(marks[hour] + share * (marks[hour + 1] - marks[hour]))
    offsets.sort()
    return [start + timedelta(seconds=min(offset, length_s)) for offset in offsets]


def _busy(at: datetime) -> float:
    at = at.astimezone(UTC)
    return _HOURS[at.hour] * (_WEEKEND if at.weekday() >= _SATURDAY else 1.0)
