"""What a review is written from: its figures, whose log it is of, what was marked in it, and what ids are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from rex_tui.event import Row, parse_time
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.naming import NO_NAMES
from rex_tui.query.review.deals import DealStory
from rex_tui.query.review.period import TIME_MAX, Period
from rex_tui.query.review.review import DealRow, Review
from rex_tui.query.review.words import NAME_LIMIT, NONE, moment_words
from rex_tui.query.summary import short_id, summarise
from rex_tui.safe_text import clean
from rex_tui.store.notebook import Mark

NOT_IN_LOG: Final = "not in the log now"
MASKED_WORDS: Final = " It is masked: pseudonyms stand in the place of what is sensitive."
NOTE_LIMIT: Final = 1_000
ID_LIMIT: Final = 200
ROWS_AT_ONCE: Final = 250


class Noted(NamedTuple):
    """An event that was marked, with its note, "" for none; `marked_at` is in seconds since the epoch, UTC.

    `happened_at` is likewise, None where it is not known; `type` and `summary` are clean, and "" where the log does not
    have the event now.
    """

    event_id: str
    note: str
    marked_at: float
    happened_at: float | None = None
    type: str = ""
    summary: str = ""


class Pack(Struct, frozen=True):
    """A review with all that belongs to it once it leaves the screen.

    `tenant` says whose log it is of, and `behind` why that is behind Rex's, "" where it is not known to be; `noted` are
    the marked events of the period, the earliest first. `masked` says that pseudonyms stand in it.
    """

    review: Review
    tenant: str = ""
    noted: tuple[Noted, ...] = ()
    names: Names = NO_NAMES
    behind: str = ""
    masked: bool = False


class Group(NamedTuple):
    """Deals to which the same happened, under a title."""

    title: str
    rows: Sequence[DealRow]


class Reads(Protocol):
    """What marked events are looked up in: a store, or a reader of its own in another thread."""

    def seqs_of(self, ids: Sequence[str]) -> dict[str, int]:
        """Give the sequences of those of these events that the log has, by their ids."""

    def rows(self, seqs: Sequence[int]) -> list[Row]:
        """Give the events of these sequences."""


def noted_in(
    review: Review, marks: Iterable[Mark], log: Reads, names: Names = NO_NAMES, masking: Masking | None = None
) -> tuple[Noted, ...]:
    """Give the marks that belong to a review, in the order in which the events happened. Raises `StoreError`.

    These are the marked events of its period, and those that were marked in it or on the day of the review itself.
    What they tell has passed `masking`, their notes included.
    """
    marks = list(marks)
    seqs = log.seqs_of([mark.event_id for mark in marks])
    wanted = list(seqs.values())
    rows = {
        row.seq: row
        for first in range(0, len(wanted), ROWS_AT_ONCE)
        for row in log.rows(wanted[first : first + ROWS_AT_ONCE])
    }
    if masking is not None:
        marks = [replace(mark, note=masking.note(mark.note)) for mark in marks]
        rows = {seq: masking.row(row) for seq, row in rows.items()}
    found = [_noted(mark, rows.get(seqs.get(mark.event_id, 0)), names) for mark in marks]
    kept = (one for one in found if _belongs(one, review))
    return tuple(sorted(kept, key=lambda one: (one.happened_at or one.marked_at, one.event_id)))


def about_words(pack: Pack) -> tuple[str, str]:
    """Give two sentences or more, clean: what the review is of and compared with, and when it was counted."""
    review = pack.review
    former = review.period.before
    before = "nothing, since the log does not reach back before it"
    if review.before is not None:
        before = f"{clean(former.name, NAME_LIMIT)} ({span_words(former)})"
    over = "" if review.is_over else " The period is not over yet."
    behind = f" The log was behind Rex then: {clean(pack.behind, ID_LIMIT)}." if pack.behind else ""
    counted = moment_words(review.now.timestamp(), review.period.zone)
    return (
        f"{span_words(review.period)}, compared with {before}.",
        f"Counted from the log on {counted}.{over}{behind}{MASKED_WORDS if pack.masked else ''}",
    )


def span_words(period: Period) -> str:
    """Give when a period begins and ends, with the zone: `2026-03-01 00:00 to 2026-03-08 00:00 UTC`."""
    start, end = (moment_words(moment, period.zone) for moment in period.bounds)
    return f"{start} to {end} {clean(f'{period.start:%Z}', NAME_LIMIT)}"


def deal_groups(review: Review) -> Iterator[Group]:
    """Yield the deals by what became of them, each once but for one that was won and lost; groups may be empty."""
    still_open = [row for row in review.deals if row.status == "open"]
    healthy = [row for row in still_open if not row.is_stuck]
    still = [row for row in healthy if "moved" not in row.happened]
    yield Group("Won", [row for row in review.deals if "won" in row.happened])
    yield Group("Lost", [row for row in review.deals if "lost" in row.happened])
    yield Group("Stuck", [row for row in still_open if row.is_stuck])
    yield Group("Moved, and open", [row for row in healthy if "moved" in row.happened])
    yield Group("Created, and not moved", [row for row in still if "created" in row.happened])
    yield Group("Open, and neither moved nor created", [row for row in still if "created" not in row.happened])


def known_name(deal: DealStory, names: Names) -> str:
    """Give a deal's name: the user's own, else what the log told last, else what Rex said; "" where nobody did."""
    known = names.known(deal.id)
    own = known.name if known is not None and known.source == "settings" else ""
    return clean(own or deal.name or (known.name if known is not None else ""), NAME_LIMIT)


def deal_words(deal: DealStory, names: Names) -> str:
    """Give a deal's name, else its short id."""
    return known_name(deal, names) or short_id(deal.id)


def owner_name(owner: str, names: Names) -> str:
    """Give an owner's name; "" where only an id is known."""
    name = names.of(owner)
    return clean(name if name is not None else owner if " " in owner else "", NAME_LIMIT)


def owner_words(owner: str, names: Names) -> str:
    """Give an owner's name, else the short id; a dash for nobody."""
    return owner_name(owner, names) or short_id(owner) or NONE


def _noted(mark: Mark, row: Row | None, names: Names) -> Noted:
    note = clean(mark.note, NOTE_LIMIT)
    id_ = clean(mark.event_id, ID_LIMIT)
    marked_at = mark.marked_at if 0 <= mark.marked_at <= TIME_MAX else 0.0
    if row is None:
        return Noted(id_, note, marked_at)
    moment = parse_time(row.occurred_at)
    happened_at = moment.timestamp() if moment is not None and 0 <= moment.timestamp() <= TIME_MAX else None
    return Noted(id_, note, marked_at, happened_at, clean(row.type, 60), summarise(row, names))


def _belongs(one: Noted, review: Review) -> bool:
    start, end = review.period.bounds
    if one.happened_at is not None and start <= one.happened_at < end:
        return True
    return start <= one.marked_at < end or _day(one.marked_at, review.period.zone) == _day(
        review.now.timestamp(), review.period.zone
    )


def _day(moment: float, zone: tzinfo) -> tuple[int, int, int]:
    day = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    return day.year, day.month, day.day
