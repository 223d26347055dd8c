"""Count a review from raw events in another way, with nothing but the standard library and nothing of rex-tui.

    python tests/query/review/count_by_hand.py EVENTS.jsonl START END STAGE,STAGE,… [STUCK_DAYS]

EVENTS.jsonl are lines of `rex-tui export`, START and END like 2026-03-01T00:00:00Z, and the stages their ids in order,
the last two those of winning and losing. It is written for logs like the demo's: every stage by its id, every
creation in it, nothing opened again. It sorts the raw events of each deal and looks at them period by period.
"""

from __future__ import annotations

import calendar
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

Raw: TypeAlias = dict[str, Any]
Story: TypeAlias = list[tuple[int, int, str, Raw]]
"""What happened to a deal: when, its place in the log, its type and its payload."""


def seconds(text: str) -> int:
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def by_deal(events: Iterable[Raw]) -> dict[str, Story]:
    found: dict[str, Story] = defaultdict(list)
    for number, event in enumerate(events):
        deal = event["data"].get("deal_id")
        if deal:
            found[deal].append((seconds(event["occurred_at"]), number, event["type"], event["data"]))
    return {deal: sorted(some, key=lambda one: one[:2]) for deal, some in found.items()}


def stage_told(type_: str, data: Raw) -> str | None:
    if type_ == "deal.stage_changed":
        return str(data["to_stage_id"])
    if "stage_id" in data.get("changes", {}):
        return str(data["changes"]["stage_id"]["to"])
    return str(data["stage_id"]) if type_.startswith("deal.") and "stage_id" in data else None


class Count:
    """The figures of one span of time, counted deal by deal."""

    def __init__(self, start: int, end: int, stages: Sequence[str], stuck_days: int) -> None:
        self.start, self.end, self.stages, self.stuck_days = start, end, stages, stuck_days
        self.figures: Counter[str] = Counter()
        self.values: dict[str, Counter[str]] = {"won": Counter(), "lost": Counter()}
        self.days: list[float] = []
        self.flow: dict[str, Counter[str]] = {stage: Counter() for stage in stages[:-2]}

    def deal(self, story: Story) -> None:
        own = [one for one in story if one[2].startswith("deal.")]
        if not own or own[0][0] >= self.end:
            return
        born = next((when for when, _, type_, _ in own if type_ == "deal.created"), None)
        stays = [(when, stage) for when, _, type_, data in own if (stage := stage_told(type_, data))]
        ends = [(when, type_) for when, _, type_, _ in own if type_ in ("deal.won", "deal.lost", "deal.deleted")]
        if born is not None and self.start <= born < self.end:
            self.figures["created"] += 1
            self.flow[stays[0][1]]["entered"] += 1
        self.moves(stays)
        if ends and self.start <= ends[-1][0] < self.end:
            self.ended(ends[-1], story, stays, born)
        for name, moment in (("at_start", self.start), ("at_end", self.end)):
            if own[0][0] < moment and not (ends and ends[-1][0] < moment):
                stage = next(stage for when, stage in reversed(stays) if when < moment)
                self.flow[stage][name] += 1
                self.figures["stale"] += name == "at_end" and self.is_stuck(story)

    def moves(self, stays: Sequence[tuple[int, str]]) -> None:
        for (_, before), (when, after) in pairwise(stays):
            if before != after and self.start <= when < self.end and after in self.flow:
                forward = self.stages.index(after) > self.stages.index(before)
                self.figures["moved"] += 1
                self.figures["moved_forward" if forward else "moved_backward"] += 1
                self.flow[after]["entered"] += 1
                self.flow[before]["forward" if forward else "backward"] += 1

    def ended(self, end: tuple[int, str], story: Story, stays: Sequence[tuple[int, str]], born: int | None) -> None:
        what = end[1].removeprefix("deal.")
        self.flow[next(stage for _, stage in reversed(stays) if stage in self.flow)][what] += 1
        if what == "deleted":
            return
        self.figures[what] += 1
        last = [data for _, _, type_, data in story if "value" in data and "deal." in type_][-1]
        self.values[what][last["currency"]] += last["value"]
        if what == "won" and born is not None:
            self.days.append((end[0] - born) / 86_400)

    def is_stuck(self, story: Story) -> bool:
        touched = max(when for when, _, type_, _ in story if type_[:8] != "trigger." and when < self.end)
        warned = any(type_ == "trigger.deal.stale" and touched <= when < self.end for when, _, type_, _ in story)
        return warned or self.end - touched >= self.stuck_days * 86_400


def count(events: Iterable[Raw], start: int, end: int, stages: Sequence[str], stuck_days: int = 14) -> dict[str, Any]:
    """Give the figures by their names, and a table of stages with what came, went and stayed."""
    told = Count(start, end, stages, stuck_days)
    for story in by_deal(events).values():
        told.deal(story)
    figures, days = told.figures, sorted(told.days)
    ended = figures["won"] + figures["lost"]
    middle = len(days) // 2
    return {
        **{name: figures[name] for name in ("created", "moved", "moved_forward", "moved_backward", "won", "lost")},
        "stale": figures["stale"],
        "win_rate": figures["won"] / ended if ended else None,
        "value_won": dict(told.values["won"]),
        "value_lost": dict(told.values["lost"]),
        "days_to_win": (days[middle] + days[~middle]) / 2 if days else None,
        "flow": {stage: dict(+counts) for stage, counts in told.flow.items()},
    }


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text().splitlines()
    stuck = int(sys.argv[5]) if len(sys.argv) > 5 else 14
    told = count(map(json.loads, lines), seconds(sys.argv[2]), seconds(sys.argv[3]), sys.argv[4].split(","), stuck)
    print(json.dumps(told, indent=2))
