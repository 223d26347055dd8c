"""What came since a place in the log, counted from the types in memory; only few payloads are read for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rex_tui.event import GAP_TYPE, Row, resource_of
from rex_tui.masking import Masking
from rex_tui.query.review.deals import DEFAULT_CURRENCY
from rex_tui.query.review.facts import fact_of
from rex_tui.query.review.figures import Money
from rex_tui.store.type_index import NO_KIND, TypeIndex

READ_MAX: Final = 500
"""Events of one kind whose payloads are read; of more, only the number is told."""
WON, LOST, STALE, GAP = "deal.won", "deal.lost", "trigger.deal.stale", GAP_TYPE
OTHERS: Final = (
    ("deal.stage_changed", "stage change", "stage changes"),
    ("deal.created", "new deal", "new deals"),
    ("deal.updated", "deal update", "deal updates"),
    ("contact", "about contacts", "about contacts"),
    ("activity", "activity", "activities"),
    ("task", "about tasks", "about tasks"),
)
"""The types or resources that are told by a number, with the words for one and for several."""
ALL_ELSE: Final = ("other", "others")
_KINDS: Final = {name: kind for kind, name in enumerate((WON, LOST, STALE, GAP, *(one[0] for one in OTHERS)), 1)}


class Outcome(Struct, frozen=True):
    """Deals of one kind: how many, and of at most `READ_MAX` who they are, and their amounts in cents by currency.

    `deals` are ids with the names that their events tell, "" for none, as they came, not clean; `without` are those of
    which no amount is told.
    """

    count: int = 0
    deals: tuple[tuple[str, str], ...] = ()
    amounts: Money = ()
    without: int = 0


class Digest(Struct, frozen=True):
    """What came since a place: how many events, and what they were.

    `others` are numbers with the words for one and for several; `gaps` are the places where events may be missing.
    """

    events: int
    won: Outcome
    lost: Outcome
    stale: Outcome
    others: tuple[tuple[int, str, str], ...]
    gaps: int


def digest_since(index: TypeIndex, after: int, last: int, rows: Callable[[Sequence[int]], list[Row]]) -> Digest | None:
    """Count what came after the sequence `after`, up to `last`; None where no event did.

    `rows` reads events by their sequences. For a thread: `index` may grow meanwhile. Raises what `rows` raises.
    """
    kinds = index.kinds(range(after + 1, last + 1), _kind_of)
    gaps = kinds.count(_KINDS[GAP])
    events = len(kinds) - gaps - kinds.count(NO_KIND)
    if events <= 0:
        return None
    told = [(kinds.count(_KINDS[name]), one, many) for name, one, many in OTHERS]
    won, lost, stale = (_outcome(kinds, _KINDS[name], after, rows) for name in (WON, LOST, STALE))
    left = events - sum(count for count, _, _ in told) - won.count - lost.count - stale.count
    others = tuple(part for part in (*told, (left, *ALL_ELSE)) if part[0])
    return Digest(events, won, lost, stale, others, gaps)


def masked_digest(digest: Digest, masking: Masking) -> Digest:
    """Give a digest as it may be seen: deals by pseudonyms, no amounts; all that is counted stays."""
    won, lost, stale = (_masked(one, masking) for one in (digest.won, digest.lost, digest.stale))
    return replace(digest, won=won, lost=lost, stale=stale)


def _masked(outcome: Outcome, masking: Masking) -> Outcome:
    deals = tuple((id_, masking.deal_name(name)) for id_, name in outcome.deals)
    return replace(outcome, deals=deals, amounts=() if masking.hides("amount") else outcome.amounts)


def events_between(index: TypeIndex, after: int, last: int) -> int:
    """Count the events, gaps not among them, after a sequence and up to another."""
    kinds = index.kinds(range(after + 1, last + 1), _kind_of)
    return len(kinds) - kinds.count(_KINDS[GAP]) - kinds.count(NO_KIND)


@lru_cache(1_000)
def _kind_of(event_type: str) -> int:
    return _KINDS.get(event_type) or _KINDS.get(resource_of(event_type), 0)


def _outcome(kinds: bytes, kind: int, after: int, rows: Callable[[Sequence[int]], list[Row]]) -> Outcome:
    count = kinds.count(kind)
    if not 0 < count <= READ_MAX:
        return Outcome(count)
    seqs, place = [], -1
    while (place := kinds.find(kind, place + 1)) >= 0:
        seqs.append(after + 1 + place)
    deals: list[tuple[str, str]] = []
    amounts: dict[str, int] = {}
    without = 0
    for row in rows(seqs):
        fact = None if row.data is None else fact_of(row.type, row.seq, row.occurred_at, row.data)
        if fact is not None and isinstance(fact.value, int):
            currency = fact.currency or DEFAULT_CURRENCY
            amounts[currency] = amounts.get(currency, 0) + fact.value
        else:
            without += 1
        if fact is not None:
            deals.append((fact.deal, fact.name))
    return Outcome(count, tuple(deals), tuple(sorted(amounts.items())), without)
