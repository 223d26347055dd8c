"""A query as a value: asked of an event, given to the store, said in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from rex_tui.checkpoint import NO_PLACES, Place, Places
from rex_tui.event import GAP_TYPE, Event, SetAside
from rex_tui.names import Names
from rex_tui.query.language.field_terms import Field
from rex_tui.query.language.parser import Reading, read, without_last_part
from rex_tui.query.language.places import Beyond
from rex_tui.query.language.terms import And, Calls, Condition, Facts, Not, Or, Term
from rex_tui.query.language.text_terms import Is
from rex_tui.safe_text import clean

DESCRIPTION_MAX: Final = 200
_NO_GAP: Final = "e.type NOT IN (SELECT code FROM types WHERE name = ?)"
_NO_FACTS: Final = Facts()
_NO_NAMES: Final = Names()
_NONE_SAVED: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Query:
    """A question that `parse` read: `matches` and `sql` answer it alike, whatever an event holds.

    The rows that rex-tui writes itself where events may be missing match the empty query only.
    """

    text: str
    term: Term | None
    reading: Reading = field(repr=False)

    @property
    def is_all(self) -> bool:
        """Tell whether it matches everything, because nothing was asked."""
        return self.term is None

    @property
    def wants_set_aside(self) -> bool:
        """Tell whether it asks for what was set aside, which is no event of the log and never found in it."""
        return _wants_set_aside(self.term)

    @property
    def asks_facts(self) -> bool:
        """Tell whether it asks for what the log does not hold: what is marked, new or set aside (see `Facts`)."""
        return any(isinstance(term, Is) for term in _leaves(self.term))

    @property
    def places(self) -> tuple[Place, ...]:
        """Give the places of the checkpoints that it asks for, as they were when it was read."""
        return tuple(term.place for term in _leaves(self.term) if isinstance(term, Beyond))

    @property
    def fields(self) -> tuple[str, ...]:
        """Give the paths of the payload's fields that it asks for, each once."""
        return tuple(dict.fromkeys(".".join(term.path) for term in _leaves(self.term) if isinstance(term, Field)))

    def matches_set_aside(self, item: SetAside) -> bool:
        """Tell whether something that was set aside matches: words are looked for in its text."""
        text = item.raw.decode(errors="replace")
        event = Event("", "", "", text, item.received_at)
        return self.term is None or self.term.matches(event, Facts(set_aside=True))

    @property
    def highlights(self) -> tuple[str, ...]:
        """Give the words that were asked for, each once, as typed; they match without regard to ASCII case."""
        return () if self.term is None else tuple(dict.fromkeys(self.term.highlights()))

    def matches(self, event: Event, facts: Facts = _NO_FACTS) -> bool:
        """Tell whether an event matches. Takes microseconds; with fields in a payload of megabytes, seconds."""
        return self.term is None or (event.type != GAP_TYPE and self.term.matches(event, facts))

    def sql(self, facts: Facts = _NO_FACTS) -> Condition:
        """Give the same as a condition for SQLite, over `events AS e` and `types`; see `Condition`."""
        if self.term is None:
            return Condition("1")
        calls = Calls()
        fragment = self.term.sql(calls, facts)
        sql = f"({fragment.sql} AND {_NO_GAP})"  # in this order, since few rows get so far as to be asked twice
        return Condition(sql, (*fragment.parameters, GAP_TYPE), MappingProxyType(calls.functions))

    def describe(self) -> str:
        """Give the query in a few words for a title, clean: `deal.* “acme” since Mon 23 Nov`."""
        return "all events" if self.term is None else clean(self.term.words(), DESCRIPTION_MAX)

    def without_last_part(self) -> Query:
        """Give the query without its last term or group, as a key may take one away after the other."""
        text = without_last_part(self.text)
        return Query(text, read(text, self.reading), self.reading)


def _wants_set_aside(term: Term | None) -> bool:
    match term:
        case And() | Or():
            return any(map(_wants_set_aside, term.terms))
        case Is():
            return term.kind == "quarantined"
        case _:
            return False


def _leaves(term: Term | None) -> Iterator[Term]:
    """Yield the terms that ask for something themselves, in their order."""
    match term:
        case And() | Or():
            for one in term.terms:
                yield from _leaves(one)
        case Not():
            yield from _leaves(term.term)
        case None:
            return
        case _:
            yield term


def parse(
    text: str,
    now: datetime,
    saved: Mapping[str, str] = _NONE_SAVED,
    names: Names = _NO_NAMES,
    places: Places | None = NO_PLACES,
) -> Query:
    """Read a query; raises `QueryError`, which names the place. "" matches everything.

    `now` is aware, in the zone of the one who asks (see `times.local_now`); `saved` are the texts of saved filters by
    name, for `filter:NAME`; `names` are those by which `to_stage:`, `from_stage:` and `stage:` find ids: to find by
    others, read the query again. `places` are those of checkpoints in the log that is asked, for `since:NAME` and
    `before:NAME`; the same holds for them. None says that checkpoints can't be asked for, as by a rule.
    """
    reading = Reading(now, saved, names, places)
    return Query(text, read(text, reading), reading)
