"""What the payloads of a type look like, learnt from its events, and when that changes: the drift of a shape.

Only names and JSON kinds are learnt, of the fields and of the fields one level below. Nothing is drift while a type is
being learnt: during its first `LEARN_MIN` events, and after each new thing for eight times as long as it took to come,
but no longer than for `LEARN_MAX` events. So optional fields are learnt where a type has them, and a type that has
always looked the same is watched closely from its ninth event on. Null is no kind: it fits every field.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from msgspec import Struct, field

from rex_tui.event import Drift, DriftKind
from rex_tui.subject import Decoded

LEARN_MIN: Final = 5
LEARN_MAX: Final = 100
PATIENCE: Final = 8
FIELDS_MAX: Final = 300
"""Fields of a type that are learnt, those one level below included; a type with more has no shape to speak of."""
NAME_MAX: Final = 100
"""Characters of a field's name; one with a longer name is left out."""
TYPES_MAX: Final = 500
"""Types whose shapes are learnt, the first that came; Rex has about thirty."""
KNOWN_MAX: Final = 2_048
"""Looks of payloads of one type that are remembered as nothing new."""

_KINDS: Final[Mapping[type, str]] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "true/false",
    dict: "object",
    list: "list",
}
Look: TypeAlias = tuple[object, ...]
Told: TypeAlias = "tuple[str, DriftKind, str, str]"
"""A field, what happened to it, and its kind before and after."""


class Known(Struct):
    """A field as it was so far: its kinds, whether every event had it, and, of an object, the fields in it."""

    kinds: list[str]
    always: bool
    objects: int = 0
    """How often it was an object, counted up to `LEARN_MIN`."""
    parts: dict[str, Known] = field(default_factory=dict)


class Learnt(Struct, frozen=True):
    """Whether a payload differs from all before it, and how, as far as that is worth telling."""

    differs: bool
    worth_telling: list[Told]


class Shape(Struct):
    """The fields of a type's payloads so far. `events` counts them up to `LEARN_MAX`."""

    events: int = 0
    changed_at: int = 0
    fields: dict[str, Known] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Tell whether something new is worth telling."""
        return self.events >= min(LEARN_MAX, max(LEARN_MIN, PATIENCE * self.changed_at))

    def knows_well(self, fields: Decoded) -> bool:
        """Tell whether learning these fields again, without a difference, would change nothing that is known."""
        return self.events == LEARN_MAX and all(
            name in self.fields and self.fields[name].objects == LEARN_MIN
            for name, value in fields.items()
            if isinstance(value, dict) and len(name) <= NAME_MAX and _storable(name)
        )

    def learn(self, fields: Decoded) -> Learnt:
        """Take in the next event's fields; give what differs from all before."""
        found = list(_differences(self.fields, fields, "", self.events == 0, deep=True))
        settled = self.is_settled
        self.events = min(self.events + 1, LEARN_MAX)
        if found and self.events < LEARN_MAX:
            self.changed_at = self.events
        return Learnt(bool(found), [told for told, worth in found if settled and worth])

    @property
    def size(self) -> int:
        """Count the fields that are known."""
        return len(self.fields) + sum(len(known.parts) for known in self.fields.values())


def _differences(
    known: dict[str, Known],
    fields: Mapping[str, object],
    prefix: str,
    is_first: bool,  # noqa: FBT001 - private
    *,
    deep: bool,
) -> Iterator[tuple[Told, bool]]:
    """Put into `known` what `fields` have anew, and yield each difference, with whether it is worth telling."""
    for name, value in fields.items():
        if len(name) > NAME_MAX or not _storable(name):
            continue
        kind = _KINDS.get(type(value), "")
        before = known.get(name)
        if before is None:
            before = known[name] = Known([kind] if kind else [], always=is_first)
            yield (prefix + name, "gained", "", kind or "null"), True
        elif kind and kind not in before.kinds:
            was, before.kinds = " or ".join(before.kinds), [*before.kinds, kind]
            yield (prefix + name, "retyped", was, kind), bool(was)
        if deep and isinstance(value, dict):
            settled = before.objects == LEARN_MIN
            for told, worth in _differences(before.parts, value, f"{prefix}{name}.", not before.objects, deep=False):
                yield told, worth and settled
            before.objects = min(before.objects + 1, LEARN_MIN)
    for name, before in known.items():
        if before.always and name not in fields:
            before.always = False
            yield (prefix + name, "lost", " or ".join(before.kinds) or "null", ""), True


class Shapes:
    """The shapes of all types, by their codes, in memory; what changed is written with the events."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Load what is known over a connection to the store."""
        self._connection = connection
        self._shapes: dict[int, Shape | None] = {}
        self._looks: dict[int, set[Look]] = {}
        self._changed: set[int] = set()
        for code, text in connection.execute("SELECT type, shape FROM shapes"):
            self._shapes[code] = _from_json(text)

    def learn(self, seq: int, code: int, fields: Decoded | None) -> list[Drift]:
        """Take in an event's payload; give what in it is drift. What is no object has no shape."""
        if fields is None or code > TYPES_MAX:
            return []
        look = _look(fields)
        known = self._looks.get(code)
        if known is None:
            known = self._looks[code] = set()
        if look in known:
            return []
        shape = self._shapes.setdefault(code, Shape())
        return [] if shape is None else self._learn_slowly(seq, code, shape, fields, look)

    def save(self) -> None:
        """Write what changed since it was saved last."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO shapes (type, shape) VALUES (?, ?)",
            [(code, _to_json(self._shapes[code])) for code in sorted(self._changed)],
        )
        self._changed.clear()

    def _learn_slowly(self, seq: int, code: int, shape: Shape, fields: Decoded, look: Look) -> list[Drift]:
        parts = sum(len(value) for value in fields.values() if isinstance(value, dict))
        if len(fields) + parts > FIELDS_MAX:
            return self._give_up(code)
        known_well = shape.knows_well(fields)
        learnt = shape.learn(fields)
        if shape.size > FIELDS_MAX:
            return self._give_up(code)
        if known_well and not learnt.differs:
            looks = self._looks[code]
            if len(looks) >= KNOWN_MAX:
                looks.clear()
            looks.add(look)
        else:
            self._changed.add(code)
        return [Drift(seq, *told) for told in learnt.worth_telling]

    def _give_up(self, code: int) -> list[Drift]:
        self._shapes[code] = None
        self._changed.add(code)
        return []


def _look(fields: Decoded) -> Look:
    """Give what two payloads have in common that look the same: names and kinds, in their order."""
    values = fields.values()
    kinds = tuple(map(type, values))
    if dict in kinds:
        inner = [(tuple(value), tuple(map(type, value.values()))) for value in values if isinstance(value, dict)]
        return (tuple(fields), kinds, *inner)
    return (tuple(fields), kinds)


def _storable(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def _to_json(shape: Shape | None) -> str:
    if shape is None:
        return "null"
    return json.dumps([shape.events, shape.changed_at, _pack(shape.fields)])


def _pack(fields: Mapping[str, Known]) -> dict[str, object]:
    return {name: [known.kinds, known.always, known.objects, _pack(known.parts)] for name, known in fields.items()}


def _from_json(text: str) -> Shape | None:
    """Read what `_to_json` gave; raises `DatabaseError` for anything else."""
    try:
        found = json.loads(text)
        return None if found is None else Shape(int(found[0]), int(found[1]), _unpack(found[2]))
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, RecursionError) as error:
        raise sqlite3.DatabaseError("a shape that nobody wrote") from error


def _unpack(fields: Mapping[str, list[object]]) -> dict[str, Known]:
    unpacked = {}
    for name, (kinds, always, objects, parts) in fields.items():
        if not (isinstance(kinds, list) and isinstance(objects, int) and isinstance(parts, dict)):
            raise TypeError(name)
        unpacked[name] = Known([str(kind) for kind in kinds], bool(always), objects, _unpack(parts))
    return unpacked
