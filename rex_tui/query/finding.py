"""What a log has under a text that somebody types or pastes: events by id, entities by id or name. A handful each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from rex_tui.event import GAP_TYPE, Row
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.entity import name_in
from rex_tui.store.reader import StoreReader
from rex_tui.subject import ID_MAX

FOUND_MAX: Final = 6
"""Events, and entities, that are given at most."""
NAME_MIN: Final = 2
"""Characters of a text that is looked for in names."""
_BEGUN: Final = re.compile(r"([A-Za-z][A-Za-z0-9]{1,15})_([0-9A-Za-z]+)")
"""How an id of Rex begins: its prefix, and some of what follows."""
_ENDED: Final = re.compile(r"(?:([A-Za-z][A-Za-z0-9]{1,15})_)?(?:…|\.\.\.)?([0-9A-Za-z]{5,26})")
"""An id as it is shortened on screen, `deal_…7XK2QF`, or only its end."""


class Entity(Struct, frozen=True):
    """An entity that events mention: its id as it came, and what it is called, "" where nobody knows; not clean."""

    id: str
    name: str


class Findings(Struct, frozen=True):
    """What was found: entities by their ids, others by their names, and events, as rows of the table."""

    entities: tuple[Entity, ...] = ()
    called: tuple[Entity, ...] = ()
    events: tuple[Row, ...] = ()


def find(reader: StoreReader, text: str, names: Names, masking: Masking | None = None) -> Findings:
    """Give what goes by a text, in a thread; raises `StoreError`.

    `names` are those that may be seen. While there is a masking, nothing is found by a name that it hides, and no id
    that is a name or an address itself.
    """
    text = text.strip()
    if not text or len(text) > ID_MAX or "\0" in text or not _is_utf8(text):
        return Findings()

    def told(ids: Sequence[str]) -> tuple[Entity, ...]:
        seen = [id_ for id_ in ids if masking is None or masking.id(id_) == id_][:FOUND_MAX]
        in_log = _names_told(reader, seen, masking)
        kept = {} if masking is not None else {one.id: one.name for one in reader.names.remembered(seen)}
        return tuple(Entity(id_, names.of(id_) or kept.get(id_) or in_log.get(id_, "")) for id_ in seen)

    ids, called = _entities(reader, text), _called(reader, text, names, masking)
    rows = [row for row in reader.plain_rows(list(_events(reader, text).values())[:FOUND_MAX]) if row.type != GAP_TYPE]
    return Findings(
        told(ids),
        told([id_ for id_ in called if id_ not in ids]),
        tuple(row for row in rows if masking is None or masking.id(row.id) == row.id),
    )


def _entities(reader: StoreReader, text: str) -> list[str]:
    """Give ids of entities that are this text, begin so, or end so."""
    found = list(reader.ids.mentioned([text]))
    for begin in _spellings(text):
        found += reader.ids.entities(begin, FOUND_MAX)
    ended = _ENDED.fullmatch(text)
    if not found and ended and (any(map(str.isdigit, ended[2])) or ended[2].isupper()):
        begin = f"{ended[1].lower()}_" if ended[1] else ""
        found = reader.ids.entities(begin, FOUND_MAX, ended[2].upper())
    return list(dict.fromkeys(found))[:FOUND_MAX]


def _events(reader: StoreReader, text: str) -> dict[str, int]:
    """Give the sequences of the events whose id is this text, or begins so."""
    found = reader.seqs_of([text])
    for begin in _spellings(text):
        found |= dict(reader.ids.events(begin, FOUND_MAX))
    return found


def _spellings(text: str) -> list[str]:
    """Give how an id that begins with a text may be spelled: as it is, and as Rex writes ids; [] where it is none."""
    begun = _BEGUN.fullmatch(text)
    return [] if begun is None else list(dict.fromkeys((text, f"{begun[1].lower()}_{begun[2].upper()}")))


def _names_told(reader: StoreReader, ids: Sequence[str], masking: Masking | None) -> dict[str, str]:
    """Give the names that the first and the newest event about each of these ids tell, as they may be seen."""
    ends = reader.stories.ends_about(ids)
    rows = {row.seq: row for row in reader.plain_rows([seq for both in ends.values() for seq in both])}
    if masking is not None:
        rows = {seq: masking.row(row) for seq, row in rows.items()}
    return {id_: name_in([], [rows[seq] for seq in dict.fromkeys(both) if seq in rows]) for id_, both in ends.items()}


def _called(reader: StoreReader, text: str, names: Names, masking: Masking | None) -> list[str]:
    """Give ids of entities that have a text in their name, and that events mention."""
    if len(text) < NAME_MIN:
        return []
    found = names.called_like(text, 2 * FOUND_MAX)
    if masking is None:
        found += [one.id for one in reader.names.like(text, FOUND_MAX)]
    mentioned = reader.ids.mentioned(found)
    return [id_ for id_ in dict.fromkeys(found) if id_ in mentioned]


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
