"""The term about a checkpoint's place in the log: what came behind it, or not; and the names that checkpoints have.

A place is a sequence of one log, so a query with one is read again when the checkpoint moves, or the log is another.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from rex_tui.checkpoint import LAST_VISIT, Place, Places, nearest_name
from rex_tui.event import Event
from rex_tui.query.language.errors import QueryError
from rex_tui.query.language.lexer import Value
from rex_tui.query.language.terms import NEVER, Calls, Cost, Facts, Fragment
from rex_tui.query.language.times import EXPECTED, in_words, read_span
from rex_tui.safe_text import clean

NAME_MAX: Final = 40
NAMES_TOLD: Final = 5
NOT_HERE: Final = "checkpoints can't be asked for by a rule, which sees events as they come."
_NAME: Final = re.compile(r"[^\W\d_][\w.-]*")
_SPACES: Final = re.compile(r"\s+")


class Beyond(Struct, frozen=True):
    """Events that the log has behind a place, or, without `after`, up to it; none that is outside of the log."""

    place: Place
    after: bool
    said: str

    def matches(self, event: Event, facts: Facts) -> bool:
        """Compare the event's sequence."""
        return not facts.set_aside and (event.seq > self.place.seq) is self.after

    def sql(self, calls: Calls, facts: Facts) -> Fragment:
        """Give one comparison."""
        del calls
        if facts.set_aside:
            return NEVER
        return Fragment(f"(e.seq {'>' if self.after else '<='} ?)", (self.place.seq,), Cost.SEQ)

    def words(self) -> str:
        """Give the checkpoint as it was asked for, with its time."""
        return self.said

    def highlights(self) -> tuple[str, ...]:
        """Give none."""
        return ()


def name_as_typed(text: str) -> str:
    """Give a text as the name of a checkpoint: small letters, one hyphen for what separates words."""
    return _SPACES.sub("-", clean(text.strip(), NAME_MAX).lower())


def wrong_name(name: str, now: datetime) -> str:
    """Say in a sentence why a name, from `name_as_typed`, can't be one of the user's own; "" where it can."""
    if name == LAST_VISIT:
        return "last-visit is the place that rex-tui keeps itself. Choose another name."
    if not _NAME.fullmatch(name) or len(name) > NAME_MAX:
        return "A name begins with a letter and has only letters, digits, and - _ . in it."
    if _is_time(name, now):
        return f"{name} is a time to since: already. Choose another name."
    return ""


def read_place(value: Value, now: datetime, places: Places | None) -> Place | None:
    """Give the place that a value names, None where it is a time; raises `QueryError` where it looks like neither."""
    name = value.text.strip().lower()
    place = None if places is None else places.get(name_as_typed(name))
    if place is not None and not _is_time(name, now):
        return place
    if not _NAME.fullmatch(name) or _is_time(name, now):
        return None
    raise QueryError(_unknown(name, places), value.position, max(1, value.length))


def read_since(text: str, now: datetime, places: Places) -> Place | datetime:
    """Give what `since:` takes, the place of a checkpoint or a time in UTC; raises `QueryError`."""
    place = read_place(Value(text, (text,), quoted=True, position=0, length=len(text)), now, places)
    return read_span(text, now, 0).start if place is None else place


def place_words(preposition: str, place: Place, now: datetime) -> str:
    """Give a place after `since` or `before`, with the time of its checkpoint, and whether it was found by time."""
    try:
        moment = in_words(datetime.fromtimestamp(place.made_at, UTC), now)
    except (OverflowError, ValueError, OSError):
        moment = "an odd time"
    how = "" if place.exact else "by its time, "
    return f"{preposition} {place.name} ({how}{moment})"


def _unknown(name: str, places: Places | None) -> str:
    if places is None:
        return f"Expected {EXPECTED}; {NOT_HERE}"
    if name == LAST_VISIT:
        return f"There is no visit before this one yet: expected {EXPECTED}."
    shown = clean(name, NAME_MAX)
    if nearest := nearest_name(name, places):
        return f"There is no time and no checkpoint “{shown}”; the nearest name is {clean(nearest, NAME_MAX)}."
    own = ", ".join(clean(one, NAME_MAX) for one in list(places)[:NAMES_TOLD])
    return f"Expected {EXPECTED}, or a checkpoint{f': {own}' if own else ', of which none is known here'}."


def _is_time(name: str, now: datetime) -> bool:
    try:
        read_span(name, now, 0)
    except QueryError:
        return False
    return True
