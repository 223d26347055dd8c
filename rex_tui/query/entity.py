"""The story of an entity, told from the events that mention it: what happened, how long it took, whom it met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import humanize
from msgspec import Struct

from rex_tui.event import GAP_TYPE, Mentions, Row, action_of, parse_time
from rex_tui.names import Names
from rex_tui.payload import Json, PayloadError, parse, references
from rex_tui.query.naming import NO_NAMES, called
from rex_tui.query.summary import address_of, name_of, short_id, stage_of, summarise
from rex_tui.safe_text import clean
from rex_tui.subject import subject_of

NAME_LIMIT: Final = 60
MET_MAX: Final = 40
"""Others that a story lists, those that were met most often."""
MET_KINDS: Final = {"cont": "contact", "comp": "company", "deal": "deal"}
"""The kinds of entities that are worth meeting, by the prefix of their ids."""
KINDS: Final = {
    **MET_KINDS,
    "act": "activity",
    "task": "task",
    "imp": "import",
    "pipe": "pipeline",
    "stg": "stage",
    "prod": "product",
    "usr": "user",
    "user": "user",
    "org": "organisation",
    "evt": "event",
}
_UNITS: Final = (("y", 365 * 86_400), ("mo", 30 * 86_400), ("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


class Chapter(Struct, frozen=True):
    """One event of a story: what happened, and how long after the one before ("3 days later", "" for the first)."""

    seq: int
    type: str
    occurred_at: str
    gap: str
    summary: str
    about: bool
    drifted: bool


class Stop(Struct, frozen=True):
    """A stage on an entity's way: its name, and how long it stayed there, "" where it is there now."""

    name: str
    stay: str


class Met(Struct, frozen=True):
    """Another entity that the events mention: its id as it came, its clean name, and in how many events."""

    id: str
    kind: str
    name: str
    count: int


class Story(Struct, frozen=True):
    """All there is to tell of an entity. `total` events mention it, of which `chapters` has the newest.

    `first_at` is the time of the first of all, `path` the stages it went through, `is_open` whether it may go further.
    """

    id: str
    kind: str
    name: str
    chapters: tuple[Chapter, ...]
    path: tuple[Stop, ...]
    is_open: bool
    met: tuple[Met, ...]
    total: int
    about: int
    first_at: str
    last_at: str
    unlisted: int = 0
    """Events of the whole log of which not all ids are in the index, so that any of them might belong here."""
    forgotten: int = 0
    """Events that came before all that is kept, and mentioned it."""
    may_be_more: bool = False
    """Whether there may have been such events of which nothing is known any more."""

    @property
    def left_out(self) -> int:
        """Count the earlier events that are not among the chapters."""
        return self.total - len(self.chapters)


def tell(
    id_: str,
    rows: Sequence[Row],
    mentions: Mentions,
    first_at: str,
    rows_about: Callable[[Sequence[str]], Mapping[str, Sequence[Row]]] = lambda _ids: {},
    unlisted: int = 0,
    names: Names = NO_NAMES,
) -> Story:
    """Tell an entity's story from the newest rows that mention it, oldest first; `first_at` is the first one's time.

    `rows_about` gives, by id, the first and the newest row about each, to learn the names of those that were met;
    `names` says what else ids are called.
    """
    rows = [row for row in rows if row.type != GAP_TYPE]
    subjects = [subject_of(row.type, row.data) if row.data is not None else "" for row in rows]
    payloads = [_parsed(row.data) for row in rows]
    own = [pair for pair, subject in zip(zip(rows, payloads, strict=True), subjects, strict=True) if subject == id_]
    path, is_open = _path([(row, called(payload, names)) for row, payload in own])
    met = _met(id_, payloads)
    known = rows_about([*([id_] if mentions.about else []), *(other for other, _count in met)])
    return Story(
        id=id_,
        kind=kind_of(id_),
        name=name_in([payload for _row, payload in own], known.get(id_, ())) or clean(names.of(id_) or "", NAME_LIMIT),
        chapters=tuple(_chapters(rows, subjects, id_, names)),
        path=tuple(path),
        is_open=is_open,
        met=tuple(
            Met(other, kind_of(other), name_in([], known.get(other, ())) or _called(other, names), count)
            for other, count in met
        ),
        total=mentions.total,
        about=mentions.about,
        first_at=first_at,
        last_at=rows[-1].occurred_at if rows else "",
        unlisted=unlisted,
        forgotten=mentions.forgotten,
        may_be_more=mentions.may_be_more,
    )


def kind_of(id_: str) -> str:
    """Give an id's kind in a word, from its prefix: `deal`; "" where it has none."""
    prefix, underscore, _ = id_.partition("_")
    return KINDS.get(prefix, clean(prefix, 16)) if underscore else ""


def time_between(before: str, after: str) -> str:
    """Give the time from one event to the next in words, "3 days later"; "" where a time is unreadable."""
    start, end = parse_time(before), parse_time(after)
    if start is None or end is None:
        return ""
    if abs(end - start) < timedelta(seconds=1):
        return "at once"
    return f"{humanize.naturaldelta(end - start)} {'later' if end > start else 'earlier'}"


def short_time(start: datetime, end: datetime) -> str:
    """Give the time between two moments in a unit: `3 d`."""
    seconds = int(abs((end - start).total_seconds()))
    return next((f"{seconds // size} {unit}" for unit, size in _UNITS if seconds >= size), "0 s")


def _called(id_: str, names: Names) -> str:
    name = names.of(id_)
    return short_id(id_) if name is None else clean(name, NAME_LIMIT)


def _chapters(rows: Sequence[Row], subjects: Sequence[str], id_: str, names: Names) -> Iterator[Chapter]:
    before = ""
    for row, subject in zip(rows, subjects, strict=True):
        gap = time_between(before, row.occurred_at)
        yield Chapter(row.seq, row.type, row.occurred_at, gap, summarise(row, names), subject == id_, row.drifted)
        before = row.occurred_at


def _path(own: Sequence[tuple[Row, Json]]) -> tuple[list[Stop], bool]:
    """Give the stages of the events about an entity, and whether the last of them is no end."""
    names: list[str] = []
    times: list[datetime | None] = []
    ended = False
    for row, payload in own:
        if not isinstance(payload, dict):
            continue
        action, moment = action_of(row.type), parse_time(row.occurred_at)
        if action.endswith("stage_changed"):
            before, after = stage_of(payload, "from"), stage_of(payload, "to")
            if before and (not names or names[-1] != before):
                names.append(before)
                times.append(None)
            steps = [after]
            ended = False
        elif action in ("won", "lost"):
            ended = True
            if names and stage_of(payload, "") in ("", names[-1]):
                names[-1] = action.capitalize()
                continue
            steps = [action.capitalize()]
        else:
            steps = [stage_of(payload, "")] if action == "created" and not names else []
        for step in filter(None, steps):
            if not names or names[-1] != step:
                names.append(step)
                times.append(moment)
    stays = [short_time(a, b) if a and b else "" for a, b in pairwise(times)]
    return [Stop(name, stay) for name, stay in zip(names, [*stays, ""], strict=False)], not ended


def _met(id_: str, payloads: Sequence[Json]) -> list[tuple[str, int]]:
    """Give those that are met most often, each with in how many events."""
    counts = Counter(
        other
        for payload in payloads
        for other in dict.fromkeys(found for _path, found in references(payload))
        if other != id_ and other.partition("_")[0] in MET_KINDS
    )
    return counts.most_common(MET_MAX)


def name_in(payloads: Sequence[Json], rows: Sequence[Row]) -> str:
    """Give the newest name in payloads about an entity, oldest first, then in rows; else how else it is known."""
    told = [*(_parsed(row.data) for row in rows), *payloads]
    fields = [payload for payload in reversed(told) if isinstance(payload, dict)]
    names = [*filter(None, map(name_of, fields)), *filter(None, map(address_of, fields))]
    return clean(names[0], NAME_LIMIT) if names else ""


def _parsed(data: str | None) -> Json:
    try:
        return None if data is None else parse(data)
    except PayloadError:
        return None
