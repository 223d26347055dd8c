"""The charts of a review: what went through each stage, and what each day brought. Drawn to fit any width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rex_tui.export.review.markup import Node, el
from rex_tui.query.review.review import Day, Flow
from rex_tui.query.review.stages import Stage
from rex_tui.query.review.words import stage_words
from rex_tui.safe_text import clean

STAGE_HEIGHT: Final = 46
BAR_HEIGHT: Final = 15
STAGE_NAME: Final = 26
"""Characters of a stage's name that have room over its bar on a narrow screen."""
SERIES: Final = (("created", "Created"), ("won", "Won"), ("lost", "Lost"))
SERIES_HEIGHT: Final = 64
DAY_BAR: Final = 38
"""Pixels of the highest bar of a day."""
AXIS_HEIGHT: Final = 18
BARS_MAX: Final = 92
LABELS_MAX: Final = 8
NARROWEST: Final = 0.72
"""Of the room for a bar, what the bar takes."""


class Part(NamedTuple):
    """What became of deals that were in a stage: the class of its colour, its words, and the counts that are it."""

    name: str
    words: str
    counts: tuple[str, ...]

    def of(self, flow: Flow) -> int:
        """Count the deals of a stage of which this is so."""
        return sum(int(getattr(flow, name)) for name in self.counts)


PARTS: Final = (
    Part("stayed", "still there at the end", ("at_end",)),
    Part("forward", "moved forward", ("forward",)),
    Part("won", "won", ("won",)),
    Part("lost", "lost", ("lost",)),
    Part("backward", "moved backward", ("backward",)),
    Part("other", "deleted, or moved aside", ("aside", "deleted")),
)


def flow_chart(flows: Sequence[Flow], stages: Sequence[Stage]) -> Node:
    """Draw a bar a stage: all deals that were in it in the period, by what became of them."""
    totals = [sum(part.of(flow) for part in PARTS) for flow in flows]
    largest = max([*totals, 1])
    drawn: list[Node] = []
    for number, (flow, total) in enumerate(zip(flows, totals, strict=True)):
        top = number * STAGE_HEIGHT
        name = clean(stage_words(flow.stage, stages), STAGE_NAME)
        drawn += [
            el("text", name, x="0", y=f"{top + 14}", class_="strong"),
            el(
                "text",
                f"{flow.at_end:,} of {total:,} still there" if total else "no deal",
                x="100%",
                y=f"{top + 14}",
                text_anchor="end",
                class_="faint",
            ),
            *_segments(flow, largest, top + 20),
        ]
    told = "; ".join(f"{stage_words(flow.stage, stages)}: {_told(flow)}" for flow in flows)
    return _chart("flow", "What became of the deals in each stage", told, drawn, len(flows) * STAGE_HEIGHT)


def flow_key(flows: Sequence[Flow]) -> Node:
    """Give what the colours of the flow mean, as far as they occur."""
    items = [
        el("li", el("svg", _square(part.name), aria_hidden="true"), part.words)
        for part in PARTS
        if any(part.of(flow) for flow in flows)
    ]
    return el("ul", *items, class_="key")


def day_chart(days: Sequence[Day]) -> Node:
    """Draw the deals created, won and lost, a bar a day, or one of several days where they are too many."""
    together = -(-len(days) // BARS_MAX)
    groups = [days[first : first + together] for first in range(0, len(days), together)]
    counts = {name: [sum(int(getattr(day, name)) for day in group) for group in groups] for name, _words in SERIES}
    largest = max([1, *(count for series in counts.values() for count in series)])
    drawn: list[Node] = []
    for number, (name, words) in enumerate(SERIES):
        top = number * SERIES_HEIGHT
        base = top + SERIES_HEIGHT - 8
        drawn += [
            el("text", words, x="0", y=f"{top + 13}", class_="strong"),
            el("text", f"{sum(counts[name]):,}", x="100%", y=f"{top + 13}", text_anchor="end"),
            el("line", x1="0", x2="100%", y1=f"{base}", y2=f"{base}"),
            *_bars(name, words, groups, counts[name], largest, base),
        ]
    height = len(SERIES) * SERIES_HEIGHT
    drawn += _axis([group[0] for group in groups], height + 10)
    each = "a bar a day" if together == 1 else f"a bar for each {together} days"
    told = ", ".join(f"{sum(counts[name]):,} {words.lower()}" for name, words in SERIES)
    of_days = f"{days[0].start:%Y-%m-%d} to {days[-1].start:%Y-%m-%d}"
    title = f"Deals created, won and lost, {each}"
    return _chart("days", title, f"{of_days}: {told}; the highest bar is {largest:,}.", drawn, height + AXIS_HEIGHT)


def _chart(id_: str, title: str, told: str, drawn: Sequence[Node], height: int) -> Node:
    return el(
        "svg",
        el("title", title, id=f"{id_}-title"),
        el("desc", told, id=f"{id_}-desc"),
        *drawn,
        role="img",
        aria_labelledby=f"{id_}-title {id_}-desc",
        width="100%",
        height=f"{height}",
    )


def _segments(flow: Flow, largest: int, top: int) -> Iterator[Node]:
    x = 0.0
    for part in PARTS:
        count = part.of(flow)
        if not count:
            continue
        width = 100 * count / largest
        yield el(
            "rect",
            el("title", f"{count:,} {part.words}"),
            x=f"{x:.2f}%",
            y=f"{top}",
            width=f"{width:.2f}%",
            height=f"{BAR_HEIGHT}",
            class_=f"c-{part.name}",
        )
        x += width


def _told(flow: Flow) -> str:
    return ", ".join(f"{count:,} {part.words}" for part in PARTS if (count := part.of(flow))) or "no deal"


def _square(name: str) -> Node:
    return el("rect", width="11", height="11", class_=f"c-{name}")


def _bars(
    name: str, words: str, groups: Sequence[Sequence[Day]], counts: Sequence[int], largest: int, base: int
) -> Iterator[Node]:
    room = 100 / len(groups)
    for number, (group, count) in enumerate(zip(groups, counts, strict=True)):
        if not count:
            continue
        height = max(2.0, DAY_BAR * count / largest)
        first, last = group[0].start, group[-1].start
        when = f"{first:%a %Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        yield el(
            "rect",
            el("title", f"{when}: {count:,} {words.lower()}"),
            x=f"{(number + (1 - NARROWEST) / 2) * room:.2f}%",
            y=f"{base - height:.1f}",
            width=f"{NARROWEST * room:.2f}%",
            height=f"{height:.1f}",
            class_=f"c-{name}",
        )


def _axis(starts: Sequence[Day], top: int) -> Iterator[Node]:
    """Name some of the days, evenly."""
    step = -(-len(starts) // LABELS_MAX)
    room = 100 / len(starts)
    for number in range(0, len(starts), step):
        x = (number + 0.5) * room
        anchor = "start" if x < 100 / 2 / LABELS_MAX else "end" if x > 100 - 100 / 2 / LABELS_MAX else "middle"
        x = {"start": 0.0, "end": 100.0}.get(anchor, x)
        yield el("text", f"{starts[number].start:%m-%d}", x=f"{x:.2f}%", y=f"{top}", text_anchor=anchor, class_="faint")
