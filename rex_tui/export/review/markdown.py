"""A review as Markdown, for people: the figures, the flow, the deals, what is not known, and what the figures mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rex_tui.export.review.pack import NOT_IN_LOG, Group, Pack, about_words, deal_groups, deal_words, owner_words
from rex_tui.export.texts import markdown_cell
from rex_tui.query.review.figures import DEFINITIONS
from rex_tui.query.review.words import (
    change_words,
    figure_words,
    moment_words,
    path_words,
    stage_words,
    value_words,
)

DEALS_MAX: Final = 100
"""Deals of a kind that are listed; JSON has all of them."""
DAYS_MAX: Final = 31
"""Days that are listed with those on which nothing happened; of more, only the others are."""
FLOW: Final = (
    ("at_start", "At the start"),
    ("entered", "In"),
    ("forward", "Forward"),
    ("backward", "Backward"),
    ("aside", "Aside"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("deleted", "Deleted"),
    ("at_end", "At the end"),
)
"""The columns of the pipeline by what they count."""
FLOW_ALWAYS: Final = frozenset(name for name, _head in FLOW) - {"aside", "deleted"}
"""Those that are there also where nothing is in them."""
NUMBER: Final = "---:"
TEXT: Final = "---"
CELL_LIMIT: Final = 1_000


def markdown_review(pack: Pack) -> str:
    """Give a review as Markdown."""
    parts = (_head, _figures, _flow, _moves, _days, _deals, _noted, _ends)
    return "\n".join(line for part in parts for line in part(pack))


def _head(pack: Pack) -> Iterator[str]:
    whose = f" · {markdown_cell(pack.tenant)}" if pack.tenant else ""
    yield f"# Sales review: {markdown_cell(pack.review.period.name)}{whose}\n"
    yield from (markdown_cell(sentence, CELL_LIMIT) for sentence in about_words(pack))
    yield ""


def _figures(pack: Pack) -> Iterator[str]:
    review = pack.review
    rows = []
    for one in DEFINITIONS:
        before = "" if review.before is None else figure_words(review.before, one.key)
        change = change_words(review.figures, review.before, one.key)
        rows.append((one.title, figure_words(review.figures, one.key), before, change))
    yield from _table("Figures", ("Figure", "This period", "Before", "Change"), (TEXT, NUMBER, NUMBER, NUMBER), rows)


def _flow(pack: Pack) -> Iterator[str]:
    review = pack.review
    columns = [
        (head, [getattr(row, name) for row in review.flow])
        for name, head in FLOW
        if name in FLOW_ALWAYS or any(getattr(row, name) for row in review.flow)
    ]
    rows = [
        (stage_words(row.stage, review.stages), *(f"{counts[number]:,}" for _head, counts in columns))
        for number, row in enumerate(review.flow)
    ]
    heads = ("Stage", *(head for head, _counts in columns))
    yield from _table("Pipeline", heads, (TEXT, *(NUMBER,) * len(columns)), rows)


def _moves(pack: Pack) -> Iterator[str]:
    review = pack.review
    rows = [
        (stage_words(one.before, review.stages), stage_words(one.after, review.stages), f"{one.count:,}")
        for one in review.matrix
    ]
    yield from _table("Moves", ("From", "To", "Moves"), (TEXT, TEXT, NUMBER), rows)


def _days(pack: Pack) -> Iterator[str]:
    review = pack.review
    rows = [
        (f"{day.start:%Y-%m-%d %a}", str(day.created), str(day.won), str(day.lost))
        for day in review.days
        if len(review.days) <= DAYS_MAX or day.created or day.won or day.lost
    ]
    yield from _table("Days", ("Day", "Created", "Won", "Lost"), (TEXT, NUMBER, NUMBER, NUMBER), rows)


def _deals(pack: Pack) -> Iterator[str]:
    for group in deal_groups(pack.review):
        yield from _deals_of(group, pack)


def _deals_of(group: Group, pack: Pack) -> Iterator[str]:
    review = pack.review
    heads = ("Deal", "Value", "Owner", "Stages", "Last touched")
    cells = [
        (
            deal_words(row.deal, pack.names),
            value_words(row.deal),
            owner_words(row.deal.owner, pack.names),
            path_words(row.deal, review.end, review.stages),
            moment_words(row.deal.touched_before(review.end), review.period.zone),
        )
        for row in group.rows[:DEALS_MAX]
    ]
    yield from _table(f"{group.title} ({len(group.rows):,})", heads, (TEXT, NUMBER, TEXT, TEXT, TEXT), cells)
    if len(group.rows) > DEALS_MAX:
        yield f"… and {len(group.rows) - DEALS_MAX:,} more.\n"


def _noted(pack: Pack) -> Iterator[str]:
    zone = pack.review.period.zone
    rows = [
        (moment_words(one.happened_at, zone), one.type or one.event_id, one.summary or NOT_IN_LOG, one.note)
        for one in pack.noted
    ]
    yield from _table("Marks and notes", ("When", "Event", "What", "Note"), (TEXT,) * 4, rows)


def _ends(pack: Pack) -> Iterator[str]:
    review = pack.review
    yield "## What the log does not know\n"
    sentences = review.unknown or ("Nothing that touches these figures.",)
    yield from (f"- {markdown_cell(sentence, CELL_LIMIT)}" for sentence in sentences)
    yield "\n## What the figures mean\n"
    yield from (f"- **{one.title}**: {one.text}" for one in DEFINITIONS)
    yield ""


def _table(title: str, heads: Sequence[str], kinds: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Give a table under its title; nothing where it has no rows."""
    if not rows:
        return
    yield f"## {markdown_cell(title)}\n"
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join(kinds)} |"
    for row in rows:
        yield f"| {' | '.join(markdown_cell(cell, CELL_LIMIT) for cell in row)} |"
    yield ""
