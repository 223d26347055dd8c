"""The term about a deal's stage: by the name that the payload tells, or by the ids that are called so."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from rex_tui.event import Event
from rex_tui.names import Names
from rex_tui.payload import Number
from rex_tui.query.language.field_terms import Wanted, needing
from rex_tui.query.language.fields import values_at
from rex_tui.query.language.terms import Calls, Cost, Facts, Fragment
from rex_tui.query.language.text import Glob, fits

SIDES: Final = ("to_stage", "from_stage", "stage")
"""The names with which a query asks for a stage: where a deal came, whence, and where it is."""
PIECES_MAX: Final = 20
"""With more ids than this, payloads are looked through for the field alone: so many comparisons cost more."""


class StageIs(Struct, frozen=True):
    """A stage on one side of a payload that is what is wanted, by id or by name; or one that is given, and is not.

    `ids` are those that are called so; Rex tells stages by their ids, and some payloads by their names.
    """

    side: str
    wanted: Wanted
    ids: frozenset[str]
    differs: bool = False

    def matches(self, event: Event, facts: Facts) -> bool:
        """Look into the payload."""
        del facts
        return self._in(event.data)

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give a call for each row whose payload has the field and an id or a piece of the name."""
        del facts
        pieces = self.wanted.pieces()
        narrow = bool(pieces) and not self.differs and len(self.ids) <= PIECES_MAX
        key = Glob(("", self.side, "")).like()
        needed = needing((self.side,), (*pieces, *sorted(self.ids)) if narrow else (), (key,))
        return Fragment(f"({needed.sql} AND {calls.name(self._in)}(e.data))", needed.parameters, Cost.PYTHON)

    def words(self) -> str:
        """Give the side and what is wanted there."""
        return f"{self.side} {'not ' if self.differs else ''}{self.wanted.words()}"

    def highlights(self) -> tuple[str, ...]:
        """Give what the name is known by, and the ids that are called so."""
        return () if self.differs else (*self.wanted.highlights(), *sorted(self.ids)[:PIECES_MAX])

    def _in(self, data: object) -> bool:
        if not isinstance(data, str):
            return False
        found = False
        for path in ((f"{self.side}_id",), (f"{self.side}_name",), (self.side,), (self.side, "name")):
            for value, currency in values_at(data, path):
                found = True
                is_id = isinstance(value, str) and not isinstance(value, Number) and value in self.ids
                if is_id or self.wanted.accepts(value, currency):
                    return not self.differs
        return self.differs and found


def stages_called(glob: Glob, names: Names) -> frozenset[str]:
    """Give the ids of the stages whose name fits a pattern, in whatever case."""
    pieces = tuple(map(_folded, glob.pieces))
    return frozenset(id_ for id_, name in names.named_stages().items() if fits(pieces, _folded(name)))


def _folded(text: str) -> bytes:
    return text.casefold().encode("utf-8", "surrogatepass")
