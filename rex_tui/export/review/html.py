"""A review as a web page in one file, which asks nobody for anything, runs nothing, and prints on A4.

It is built as a tree of elements, so that whatever stands in a payload can only ever be text in it. Its policy lets a
browser load nothing and apply no style but the page's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from rex_tui.export.review.html_figures import figure_cards
from rex_tui.export.review.markdown import FLOW, FLOW_ALWAYS
from rex_tui.export.review.markup import Node, el, page
from rex_tui.export.review.pack import (
    ID_LIMIT,
    NOT_IN_LOG,
    Group,
    Noted,
    Pack,
    about_words,
    deal_groups,
    deal_words,
    owner_words,
)
from rex_tui.export.review.style import policy, style
from rex_tui.export.review.svg import day_chart, flow_chart, flow_key
from rex_tui.query.review.figures import DEFINITIONS
from rex_tui.query.review.review import DealRow, Review
from rex_tui.query.review.words import (
    NAME_LIMIT,
    NONE,
    moment_words,
    path_stops,
    stage_words,
    stay_words,
    value_words,
)
from rex_tui.query.summary import short_id
from rex_tui.safe_text import clean

DEALS_MAX: Final = 200
"""Deals of a group that are listed; the CSV has all of them."""
DAYS_MAX: Final = 62
"""Days that are listed with those on which nothing happened; of more, only the others are."""
STAGES_MAX: Final = 40
"""Stages that are shown; a log made to have more would make a page that nobody can read."""
SIDES_MAX: Final = 12
"""Stages that a matrix can have; with more, the moves are listed one by one."""
MOVES_MAX: Final = 200
HOT: Final = 0.5
"""The share of the largest count from which a cell of the matrix is the darkest."""


def html_review(pack: Pack) -> str:
    """Give a review as a page of HTML."""
    review = pack.review
    title = " · ".join(filter(None, (f"Sales review: {clean(review.period.name, NAME_LIMIT)}", _tenant(pack))))
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy()),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="robots", content="noindex"),
        el("title", title),
        el("style", style()),
    )
    parts = (_charts, _pipeline, _moves, _deals, _noted, _unknown, _meanings)
    main = el("main", figure_cards(review), *(node for part in parts for node in part(pack)))
    footer = el("footer", el("p", "Written by rex-tui from the log on its machine. This page loads and runs nothing."))
    return page(el("html", head, el("body", _header(pack), main, footer), lang="en"))


def _header(pack: Pack) -> Node:
    period, tenant = clean(pack.review.period.name, NAME_LIMIT), _tenant(pack)
    above = [el("small", *(("Sales review of ", el("bdi", tenant)) if tenant else ("Sales review",)))]
    return el(
        "header",
        el("h1", *above, " ", el("bdi", f"{period[:1].upper()}{period[1:]}")),
        *(el("p", el("bdi", sentence)) for sentence in about_words(pack)),
    )


def _tenant(pack: Pack) -> str:
    return clean(pack.tenant, ID_LIMIT)


# ---- charts, pipeline, moves


def _charts(pack: Pack) -> Iterator[Node]:
    review, charts = pack.review, []
    if review.flow:
        flow = review.flow[:STAGES_MAX]
        drawn = flow_chart(flow, review.stages)
        charts.append(el("section", el("h2", "Pipeline"), drawn, flow_key(flow), class_="chart"))
    if review.days:
        days = el("details", el("summary", "The days as numbers"), _days(review))
        charts.append(el("section", el("h2", "Days"), day_chart(review.days), days, class_="chart"))
    if charts:
        yield el("h2", "Flow")
        yield el("div", *charts, class_="charts")


def _days(review: Review) -> Node:
    rows = [
        [f"{day.start:%Y-%m-%d %a}", f"{day.created:,}", f"{day.won:,}", f"{day.lost:,}"]
        for day in review.days
        if len(review.days) <= DAYS_MAX or day.created or day.won or day.lost
    ]
    return _table("Deals created, won and lost", ("Day", "Created", "Won", "Lost"), rows)


def _pipeline(pack: Pack) -> Iterator[Node]:
    flow, stages = pack.review.flow[:STAGES_MAX], pack.review.stages
    columns = [(head, name) for name, head in FLOW if name in FLOW_ALWAYS or any(getattr(row, name) for row in flow)]
    rows = [[stage_words(row.stage, stages), *(f"{getattr(row, name):,}" for _head, name in columns)] for row in flow]
    if rows:
        heads = ("Stage", *(head for head, _name in columns))
        yield _scroll("Pipeline in numbers", _table("What came into each stage and left it", heads, rows))
    if (left_out := len(pack.review.flow) - STAGES_MAX) > 0:
        yield el("p", f"and {left_out:,} more stages.", class_="more")


def _moves(pack: Pack) -> Iterator[Node]:
    review = pack.review
    if not review.matrix:
        return
    yield el("h2", "Moves from stage to stage")
    counts = {(one.before, one.after): one.count for one in review.matrix}
    met = {stage for both in counts for stage in both}
    known = [stage.id for stage in review.stages if stage.id in met]
    sides = [*known, *sorted(met.difference(known))]
    if len(sides) > SIDES_MAX:
        frequent = sorted(review.matrix, key=lambda one: -one.count)[:MOVES_MAX]
        rows = [
            [f"{stage_words(one.before, review.stages)} → {stage_words(one.after, review.stages)}", f"{one.count:,}"]
            for one in frequent
        ]
        yield _table("The most frequent moves", ("Move", "Moves"), rows)
        return
    names = [stage_words(stage, review.stages) for stage in sides]
    heads = [el("th", el("bdi", name), scope="col") for name in names]
    corner = el("th", "From ↓ to →", scope="col")
    largest = max(counts.values())
    body = [
        el("tr", el("th", el("bdi", name), scope="row"), *(_moved(counts, side, other, largest) for other in sides))
        for name, side in zip(names, sides, strict=True)
    ]
    caption = el("caption", "From the stage of a row to that of a column")
    table = el("table", caption, el("thead", el("tr", corner, *heads)), el("tbody", *body), class_="matrix")
    yield _scroll("Moves from stage to stage", table)


def _moved(counts: dict[tuple[str, str], int], before: str, after: str, largest: int) -> Node:
    count = counts.get((before, after), 0)
    if not count:
        return el("td", NONE if before == after else "0", class_="self")
    return el("td", f"{count:,}", class_="hot" if count > largest * HOT else "heat")


# ---- deals


def _deals(pack: Pack) -> Iterator[Node]:
    yield el("h2", "Deals")
    groups = [group for group in deal_groups(pack.review) if group.rows]
    if not groups:
        yield el("p", "No deal was touched in this period, and none was open at its end.")
    yield from (_group(group, pack) for group in groups)


def _group(group: Group, pack: Pack) -> Node:
    heads = ("Deal", "Value", "Owner", "Stages and time in each", "Last touched")
    total = len(group.rows)
    shown = f", of which the last {DEALS_MAX:,} that were touched are listed" if total > DEALS_MAX else ""
    caption = el("caption", f"{group.title} ", el("span", f"{total:,}{shown}", class_="faint"))
    head = el("tr", *(el("th", words, scope="col", class_="n" if words == "Value" else "") for words in heads))
    rows = [_deal(row, pack) for row in group.rows[:DEALS_MAX]]
    return el("table", caption, el("thead", head), el("tbody", *rows), class_="deals")


def _deal(row: DealRow, pack: Pack) -> Node:
    review, deal = pack.review, row.deal
    name: list[Node | str] = [el("bdi", deal_words(deal, pack.names))]
    if row.is_stuck:
        idle = "" if row.idle_days is None else f", {stay_words(row.idle_days * 86_400)} untouched"
        name += [" ", el("span", f"stuck{idle}", class_="badge warn")]
    stops = [
        el("li", el("bdi", words), "" if stay is None else el("span", f" {stay_words(stay)}", class_="faint"), " ")
        for words, stay in path_stops(deal, review.end, review.stages)
    ]
    return el(
        "tr",
        el("th", *name, " ", el("span", short_id(deal.id), class_="id"), scope="row"),
        el("td", el("bdi", value_words(deal)), class_="n"),
        el("td", el("bdi", owner_words(deal.owner, pack.names))),
        el("td", el("ol", *stops, class_="path") if stops else NONE),
        el("td", *_moment(moment_words(deal.touched_before(review.end), review.period.zone))),
    )


def _moment(words: str) -> Iterator[Node | str]:
    """Give a time that may be broken between day and hour alone."""
    for word in words.split(" "):
        yield el("span", word, class_="w")
        yield " "


# ---- marks, unknowns, meanings


def _noted(pack: Pack) -> Iterator[Node]:
    if pack.noted:
        yield el("h2", "Marks and notes")
        yield el("ul", *(_note(one, pack) for one in pack.noted), class_="noted")


def _note(one: Noted, pack: Pack) -> Node:
    when = moment_words(one.happened_at, pack.review.period.zone)
    what = f"{one.type} · {one.summary}" if one.type else f"{one.event_id} · {NOT_IN_LOG}"
    note = [el("blockquote", el("bdi", one.note))] if one.note else []
    return el("li", el("span", when, class_="faint"), " ", el("bdi", what), " ", *note)


def _unknown(pack: Pack) -> Iterator[Node]:
    yield el("h2", "What the log does not know")
    sentences = pack.review.unknown or ("Nothing that touches these figures.",)
    yield el("ul", *(el("li", clean(sentence)) for sentence in sentences))


def _meanings(pack: Pack) -> Iterator[Node]:
    yield el("h2", "What the figures mean")
    yield el("dl", *(el("div", el("dt", one.title), el("dd", one.text)) for one in DEFINITIONS), class_="meanings")
    yield el("p", f"Here a deal is stuck after {pack.review.stuck_days} days without an event.", class_="more")


# ---- tables


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Node:
    """Give a table whose first column heads the rows, and whose others are numbers."""
    head = [
        el("th", words, scope="col", class_=kind) for words, kind in zip_longest(heads, [""], fillvalue="n") if words
    ]
    body = [
        el("tr", el("th", el("bdi", first), scope="row"), *(el("td", cell, class_="n") for cell in cells))
        for first, *cells in rows
    ]
    return el("table", el("caption", title), el("thead", el("tr", *head)), el("tbody", *body))


def _scroll(name: str, table: Node) -> Node:
    """Let a table that is wider than the screen be moved, also by keys."""
    return el("div", table, class_="scroll", role="region", tabindex="0", aria_label=name)
