"""The stages of a pipeline in their order: as Rex gave it, or as the moves of the deals show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from rex_tui.names import Names
from rex_tui.query.review.deals import ENDS, DealStory

StageKind: TypeAlias = Literal["open", "won", "lost"]


class Stage(Struct, frozen=True):
    """A stage: its id (or its name, where no event has its id), its name as it came ("" if unknown), and its place.

    A deal ends in a stage of kind "won" or "lost".
    """

    id: str
    name: str
    position: int
    kind: StageKind = "open"


def told_by(names: Names) -> tuple[Stage, ...]:
    """Give the stages that Rex itself told, in the order of its pipelines."""
    return tuple(Stage(one.id, one.name, one.position, one.kind or "open") for one in names.stages)


class StageOrder:
    """The order of all stages that are known, from first to last."""

    def __init__(self, stages: Iterable[Stage] = ()) -> None:
        """Take the stages in their order."""
        self.stages: Final[tuple[Stage, ...]] = tuple(stages)
        self._ranks = {stage.id: number for number, stage in enumerate(self.stages)}
        self._kinds = {stage.id: stage.kind for stage in self.stages}

    def rank(self, stage: str) -> int:
        """Give the place of a stage, -1 for one that is not known."""
        return self._ranks.get(stage, -1)

    def direction(self, before: str, after: str) -> int:
        """Tell where a move leads: 1 forward, -1 backward, 0 where that can't be told."""
        start, end = self._ranks.get(before, -1), self._ranks.get(after, -1)
        return 0 if start < 0 or end < 0 else (end > start) - (end < start)

    def is_end(self, stage: str) -> bool:
        """Tell whether deals end in this stage."""
        return self._kinds.get(stage, "open") in ENDS


class Moves:
    """Counts how deals go from stage to stage, which shows the order of the stages; a deal can be taken out again."""

    def __init__(self) -> None:
        """Begin with no deal."""
        self._moves: Counter[tuple[str, str]] = Counter()
        self._entries: Counter[str] = Counter()
        self._ends: Counter[tuple[str, str]] = Counter()

    def count(self, deal: DealStory, by: int = 1) -> None:
        """Count a deal's way, or with -1 take it out."""
        before = ""
        for stop in deal.path:
            self._entries[stop.stage] += by
            if stop.outcome:
                self._ends[stop.stage, stop.outcome] += by
            elif before and stop.entered is not None:
                self._moves[before, stop.stage] += by
            before = stop.stage

    def order(self, known: Sequence[Stage] = (), names: Mapping[str, str] | None = None) -> StageOrder:
        """Give the order: the stages that Rex told, by position, then the others as deals go through them.

        The first is the one from which more moves lead to others than to it, the last the other way round; stages in
        which deals end come last. `names` are those known of stages by id.
        """
        named = names or {}
        told = sorted(known, key=lambda stage: (stage.position, stage.id))
        ids = {stage.id for stage in told}
        kinds = {stage: self._kind(stage) for stage, count in self._entries.items() if count > 0 and stage not in ids}
        learned = [stage for stage in _in_order(kinds, self._moves) if kinds[stage] == "open"]
        learned += sorted((stage for stage in kinds if kinds[stage] != "open"), key=lambda s: (kinds[s] == "lost", s))
        others = [Stage(id_, named.get(id_, ""), 0, kinds[id_]) for id_ in learned]
        return StageOrder(
            Stage(stage.id, stage.name or named.get(stage.id, ""), number, stage.kind)
            for number, stage in enumerate((*told, *others))
        )

    def _kind(self, stage: str) -> StageKind:
        """Tell whether deals come to a stage by ending, most of them."""
        won, lost = self._ends[stage, "won"], self._ends[stage, "lost"]
        if 2 * (won + lost) <= self._entries[stage]:
            return "open"
        return "won" if won >= lost else "lost"


def _in_order(stages: Iterable[str], moves: Mapping[tuple[str, str], int]) -> list[str]:
    """Put stages in the order that most moves follow: again and again, the one that most lead away from comes next."""
    left = sorted(stages)
    ordered: list[str] = []
    while left:
        first = max(
            left,
            key=lambda stage: sum(moves.get((stage, other), 0) - moves.get((other, stage), 0) for other in left),
        )
        left.remove(first)
        ordered.append(first)
    return ordered
