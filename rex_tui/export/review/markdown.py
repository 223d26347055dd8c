"""A review as Markdown, for people: the figures, the flow, the deals, what is not known, and what the figures mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rex_tui.export.texts import markdown_cell
from rex_tui.query.review.figures import DEFINITIONS
from rex_tui.query.review.period import Period
from rex_tui.query.review.review import DealRow, Review
from rex_tui.query.review.words import (
    NONE,
    amount_words,
    change_words,
    figure_words,
    moment_words,
    name_words,
    path_words,
    stage_words,
)
from rex_tui.query.summary import short_id

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


def markdown_review(review: Review) -> str:
    """Give a review as Markdown."""
    parts = (_head, _figures, _flow, _moves, _days, _deals, _ends)
    return "\n".join(line for part in parts for line in part(review))


def _head(review: Review) -> Iterator[str]:
    yield f"# Sales review: {markdown_cell(review.period.name)}\n"
    yield f"{_span(review.period)}, compared with {_before(review)}."
    over = "" if review.is_over else " The period is not over yet."
    yield f"Counted from the log on {moment_words(review.now.timestamp(), review.period.zone)}.{over}\n"


def _before(review: Review) -> str:
    period = review.period.before
    if review.before is None:
        return "nothing, since the log does not reach back before it"
    return f"{markdown_cell(period.name)} ({_span(period)})"


def _span(period: Period) -> str:
    start, end = period.bounds
    return (
        f"{moment_words(start, period.zone)} to {moment_words(end, period.zone)} {markdown_cell(f'{period.start:%Z}')}"
    )


def _figures(review: Review) -> Iterator[str]:
    rows = []
    for one in DEFINITIONS:
        before = "" if review.before is None else figure_words(review.before, one.key)
        change = change_words(review.figures, review.before, one.key)
        rows.append((one.title, figure_words(review.figures, one.key), before, change))
    yield from _table("Figures", ("Figure", "This period", "Before", "Change"), (TEXT, NUMBER, NUMBER, NUMBER), rows)


def _flow(review: Review) -> Iterator[str]:
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


def _moves(review: Review) -> Iterator[str]:
    rows = [
        (stage_words(one.before, review.stages), stage_words(one.after, review.stages), f"{one.count:,}")
        for one in review.matrix
    ]
    yield from _table("Moves", ("From", "To", "Moves"), (TEXT, TEXT, NUMBER), rows)


def _days(review: Review) -> Iterator[str]:
    rows = [
        (f"{day.start:%Y-%m-%d %a}", str(day.created), str(day.won), str(day.lost))
        for day in review.days
        if len(review.days) <= DAYS_MAX or day.created or day.won or day.lost
    ]
    yield from _table("Days", ("Day", "Created", "Won", "Lost"), (TEXT, NUMBER, NUMBER, NUMBER), rows)


def _deals(review: Review) -> Iterator[str]:
    still_open = [row for row in review.deals if row.status == "open"]
    healthy = [row for row in still_open if not row.is_stuck]
    still = [row for row in healthy if "moved" not in row.happened]
    for title, rows in (
        ("Won", [row for row in review.deals if "won" in row.happened]),
        ("Lost", [row for row in review.deals if "lost" in row.happened]),
        ("Stuck", [row for row in still_open if row.is_stuck]),
        ("Moved, and open", [row for row in healthy if "moved" in row.happened]),
        ("Created, and not moved", [row for row in still if "created" in row.happened]),
        ("Open, and neither moved nor created", [row for row in still if "created" not in row.happened]),
    ):
        yield from _deals_of(title, rows, review)


def _deals_of(title: str, rows: Sequence[DealRow], review: Review) -> Iterator[str]:
    heads = ("Deal", "Value", "Owner", "Stages", "Last touched")
    cells = [
        (
            name_words(row.deal),
            amount_words(row.deal.value, row.deal.currency),
            short_id(row.deal.owner) or NONE,
            path_words(row.deal, review.end, review.stages),
            moment_words(row.deal.touched_before(review.end), review.period.zone),
        )
        for row in rows[:DEALS_MAX]
    ]
    yield from _table(f"{title} ({len(rows):,})", heads, (TEXT, NUMBER, TEXT, TEXT, TEXT), cells)
    if len(rows) > DEALS_MAX:
        yield f"… and {len(rows) - DEALS_MAX:,} more.\n"


def _ends(review: Review) -> Iterator[str]:
    yield "## What the log does not know\n"
    sentences = review.unknown or ("Nothing that touches these figures.",)
    yield from (f"- {markdown_cell(sentence)}" for sentence in sentences)
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
        yield f"| {' | '.join(map(markdown_cell, row))} |"
    yield ""
