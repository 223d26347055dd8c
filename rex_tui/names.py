"""What ids are called: the stages of the pipelines, and the names of deals, contacts and companies.

Names are texts from outside, as they came, only cut: whoever shows one cleans it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

NAME_MAX: Final = 200
"""Characters of a name that are kept."""
NAMES_MAX: Final = 5_000
"""Names that are held in memory; the first ones learned are forgotten first."""
STAGES_MAX: Final = 500
STAGE_PREFIX: Final = "stg_"

EntityKind: TypeAlias = Literal["deal", "contact", "company"]
StageKind: TypeAlias = Literal["open", "won", "lost", ""]
Source: TypeAlias = Literal["settings", "payload", "rex"]
RememberedKind: TypeAlias = Literal["stage", "deal", "contact", "company", "endpoint"]
RememberedState: TypeAlias = Literal["known", "gone", "nameless", "missing", "forbidden"]

_KINDS: Final[Mapping[str, EntityKind]] = MappingProxyType({"deal": "deal", "cont": "contact", "comp": "company"})
_ENTITY: Final = re.compile(r"(deal|cont|comp)_[0-9A-Za-z]{4,64}")
_STAGE: Final = re.compile(r"stg_[0-9A-Za-z]{4,64}")
_NAMEABLE: Final = re.compile(r'"((?:stg|deal|cont|comp)_[0-9A-Za-z]{4,64})"')
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
PLURALS: Final[Mapping[EntityKind, str]] = MappingProxyType(
    {"deal": "deals", "contact": "contacts", "company": "companies"}
)


class Stage(Struct, frozen=True):
    """A stage of a pipeline. `colour` is a text as Rex gave it, like `#22c55e`; "" where it gave none.

    Source: Rex's documentation of pipelines: `{id, name, position, type: open/won/lost, color}`.
    """

    id: str
    name: str
    pipeline_id: str
    position: int
    kind: StageKind
    colour: str


class Known(Struct, frozen=True):
    """What an id is called, by whom, and when that was so, in seconds since the epoch, UTC."""

    id: str
    name: str
    learned_at: float
    source: Source


class Remembered(Struct, frozen=True):
    """What the store keeps of an answer about a name: the name, or that there is none to be had.

    `gone` is a stage that Rex no longer lists; `nameless`, `missing` (404) and `forbidden` (403) are answers without a
    name. An `endpoint` is one that answers so to everything; `key_tag` is the tag of the key that it answered.
    `stage` and `place`, its place among all stages, come with a stage. `learned_at` is in seconds since the epoch, UTC.
    """

    id: str
    kind: RememberedKind
    state: RememberedState
    name: str
    learned_at: float
    stage: Stage | None = None
    place: int = 0
    key_tag: str = ""


def entity_kind(id_: str) -> EntityKind | None:
    """Give what an id is one of, where Rex can be asked for its name; None for all else."""
    found = _ENTITY.fullmatch(id_)
    return _KINDS[found[1]] if found else None


def nameable_ids(data: str) -> list[str]:
    """Give the ids in a payload's JSON text that may have a name: of stages, deals, contacts and companies."""
    return _NAMEABLE.findall(data)


def is_stage(id_: str) -> bool:
    """Tell whether an id is one of a stage."""
    return _STAGE.fullmatch(id_) is not None


def usable_name(value: object) -> str:
    """Give a value as a name: cut, and as it can be stored; "" where it is none."""
    if type(value) is not str:
        return ""
    return value[: 4 * NAME_MAX].strip()[:NAME_MAX].encode("utf-8", "replace").decode()


def stage_kind(value: object) -> StageKind:
    """Give the kind of a stage that Rex named; "" for one never heard of."""
    return value if value in ("open", "won", "lost") else ""


_NONE_KNOWN: Final[Mapping[str, Known]] = MappingProxyType({})


class Names:
    """The names known at a moment. It never changes: what is learned makes another one."""

    __slots__ = ("_known", "_listed", "_overrides", "_stages", "_words")

    def __init__(
        self,
        overrides: Mapping[str, str] = _NOTHING,
        known: Mapping[str, Known] = _NONE_KNOWN,
        stages: Sequence[Stage] = (),
        words: Callable[[str, str], str] | None = None,
    ) -> None:
        """Take the user's own names by id, which stand over all others, what is known, and stages in pipeline order.

        The mappings are not copied, and must not change from then on. `words` gives for an id and its name what it is
        called instead.
        """
        self._words = words
        self._overrides = overrides
        self._known = known
        self._listed = tuple(stages)
        self._stages = _called(stages, self.of)

    def of(self, id_: str) -> str | None:
        """Give what an id is called; None where nobody said."""
        found = self.known(id_)
        return None if found is None else found.name

    def known(self, id_: str) -> Known | None:
        """Give what an id is called, who said so and when; None where nobody did."""
        name = self._overrides.get(id_)
        found = self._known.get(id_) if name is None else Known(id_, name, 0.0, "settings")
        return found if found is None or self._words is None else replace(found, name=self._words(id_, found.name))

    def told_by(self, words: Callable[[str, str], str]) -> Names:
        """Give these names to be shown, each as `words` tells it for an id and its name."""
        return Names(self._overrides, self._known, self._listed, words)

    def stage(self, id_: str) -> Stage | None:
        """Give the stage with this id, under the name that `of` gives; None where no pipeline has it."""
        return self._stages.get(id_)

    @property
    def listed(self) -> tuple[Stage, ...]:
        """Give the stages of all pipelines, in their order, under the names that Rex gave them there."""
        return self._listed

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Give the stages of all pipelines, in their order."""
        return tuple(self._stages.values())

    def named_stages(self) -> dict[str, str]:
        """Give the name of every stage by its id: those of the pipelines in their order, then others once met."""
        found = {id_: stage.name for id_, stage in self._stages.items()}
        for id_ in (*self._overrides, *self._known):
            if id_ not in found and is_stage(id_):
                found[id_] = self.of(id_) or ""
        return found

    def called_like(self, text: str, limit: int) -> list[str]:
        """Give the ids, stages left out, of up to `limit` names that have a text in them, in any case.

        It looks at every name, as it is told: for a thread.
        """
        wanted = text.casefold()
        ids = (id_ for id_ in dict.fromkeys((*self._overrides, *self._known)) if not is_stage(id_))
        return list(islice((id_ for id_ in ids if wanted in (self.of(id_) or "").casefold()), limit))

    def learned(self, told: Iterable[Known]) -> Names:
        """Give these names with more of them; of two for one id that counts which was so later. Self for no news.

        Where they become too many, the first ones learned are forgotten, but for the stages of the pipelines.
        """
        known = dict(self._known)
        news = False
        for one in told:
            before = known.get(one.id)
            if before is None or one.learned_at > before.learned_at or _payload_first(before, one):
                known.pop(one.id, None)
                known[one.id] = one
                news = True
        if not news:
            return self
        over = len(known) - NAMES_MAX
        if over > 0:
            for id_ in [id_ for id_ in known if id_ not in self._stages][:over]:
                del known[id_]
        return Names(self._overrides, known, self._listed, self._words)

    def retold(self, before: Names) -> frozenset[str] | None:
        """Give the ids that are called otherwise than by the names `before`; None where that may be any of them."""
        if (self._words, self._overrides, self._listed) != (before._words, before._overrides, before._listed):
            return None
        now, was = self._known, before._known
        others = [id_ for id_, one in now.items() if (old := was.get(id_)) is None or old.name != one.name]
        return frozenset([*others, *(was.keys() - now.keys())])

    def with_stages(self, stages: Sequence[Stage], learned_at: float) -> Names:
        """Give these names with these stages, in pipeline order, in place of those before; their names stay known."""
        kept = stages[:STAGES_MAX]
        told = self.learned(Known(stage.id, stage.name, learned_at, "rex") for stage in kept if stage.name)
        return Names(self._overrides, told._known, kept, self._words)  # noqa: SLF001 - its own kind


def _called(stages: Sequence[Stage], name_of: Callable[[str], str | None]) -> dict[str, Stage]:
    found = {}
    for stage in stages:
        name = name_of(stage.id)
        found[stage.id] = stage if name in (None, stage.name) else replace(stage, name=name)
    return found


def _payload_first(before: Known, after: Known) -> bool:
    return after.learned_at == before.learned_at and after.source == "payload" != before.source
