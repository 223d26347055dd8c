"""The pipeline as a flow: its stages in order with what came, went and stayed; or a matrix of the moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from rex_tui.query.review.review import Flow, Review, Transition
from rex_tui.query.review.words import stage_words
from rex_tui.ui.widgets.columns import fit
from rex_tui.ui.widgets.line_list import LineList
from rex_tui.ui.widgets.saying import Saying

BAR: Final = "▇"
BAR_MIN: Final = 8
BAR_MAX: Final = 40
NAME_MIN: Final = 12
NAME_MAX: Final = 26
NUMBER_WIDTH: Final = 6
SIDES_MAX: Final = 12
"""Stages that a matrix can have; with more, the moves are listed one by one."""


class Column(NamedTuple):
    """A number told of each stage: its head, the attribute that has it, its style, and how early it gives way."""

    head: str
    name: str
    style: str
    rank: int


COLUMNS: Final = (
    Column("was", "at_start", "$rex-faint", 5),
    Column("in", "entered", "$foreground", 1),
    Column("→", "forward", "$accent", 2),
    Column("←", "backward", "$warning", 3),
    Column("won", "won", "$success", 4),
    Column("lost", "lost", "$error", 4),
    Column("other", "other", "$rex-faint", 6),
    Column("now", "at_end", "bold", 0),
)


class Side(Struct, frozen=True):
    """A row of the matrix: the stage that deals came from."""

    stage: str


Line: TypeAlias = Flow | Side | Transition


class FlowPane(Vertical):
    """The stages under a head; as a matrix where that is asked for."""

    DEFAULT_CSS = """
    FlowPane > Saying {
        height: 1;
    }
    """

    @dataclass(eq=False, repr=False)
    class StageChosen(Message):
        """The reader wants the deals of a stage: its id, or its name where it has none."""

        stage: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty."""
        super().__init__(id=id)
        self._review: Review | None = None
        self._counts: dict[tuple[str, str], int] = {}
        self._largest = 1
        self._items: tuple[Line, ...] = ()
        self._columns: tuple[Column, ...] = ()
        self._sides: tuple[str, ...] = ()
        self.is_matrix = False

    def compose(self) -> ComposeResult:
        """Lay out head and stages."""
        yield Saying(id="flow-head")
        yield LineList[Line](self._line, id="flow-lines")

    @property
    def lines(self) -> LineList[Line]:
        """Give the list of stages."""
        return self.query_one("#flow-lines", LineList)

    def show(self, review: Review | None, *, is_matrix: bool) -> None:
        """Show the flow of a review, or its matrix."""
        self._review, self.is_matrix = review, is_matrix
        chosen = self.lines.highlighted
        items: tuple[Line, ...] = ()
        self._columns, self._sides, self._counts = (), (), {}
        if review is not None:
            self._columns = tuple(
                column for column in COLUMNS if column.name != "other" or any(map(_other, review.flow))
            )
            self._counts = {(one.before, one.after): one.count for one in review.matrix}
            self._sides = _sides(review)
            if not is_matrix:
                items = review.flow
            elif len(self._sides) <= SIDES_MAX:
                items = tuple(Side(stage) for stage in self._sides)
            else:
                frequent: list[Transition] = sorted(review.matrix, key=_count, reverse=True)
                items = tuple(frequent)
            told = self._counts.values() if is_matrix else [flow.at_end for flow in review.flow]
            self._largest = max([*told, 1])
        if chosen is not None:
            chosen = min(chosen, len(items) - 1)
        self._items = items
        self.lines.show(items, chosen if items else None)
        self._show_head()

    def on_resize(self) -> None:
        """Fit the head to the width."""
        self._show_head()

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        item = self._items[event.index]
        stage = item.after if isinstance(item, Transition) else item.stage
        self.post_message(self.StageChosen(stage))

    # ---- words

    @property
    def _width(self) -> int:
        return max(0, self.lines.scrollable_content_region.width - 1)

    def _fitting(self) -> tuple[Column, ...]:
        """Give the columns that there is room for beside the name and a bar."""
        room = (self._width - NAME_MIN - BAR_MIN) // NUMBER_WIDTH
        kept = sorted(self._columns, key=lambda column: column.rank)[: max(1, room)]
        return tuple(column for column in self._columns if column in kept)

    def _name_width(self, numbers: int) -> int:
        return max(NAME_MIN, min(NAME_MAX, self._width - numbers - BAR_MIN))

    def _show_head(self) -> None:
        head = self.query_one("#flow-head", Saying)
        if self._review is None or not self._width:
            head.say(Content())
        elif not self.is_matrix:
            columns = self._fitting()
            name = self._name_width(len(columns) * NUMBER_WIDTH)
            heads = "".join(column.head.rjust(NUMBER_WIDTH) for column in columns)
            head.say(Content.styled(f" {fit('stage', name)}{heads}", "$rex-faint"))
        elif not self._counts:
            head.say(Content.styled(" No deal moved from one stage to another.", "$rex-faint"))
        elif len(self._sides) <= SIDES_MAX:
            width, name = self._cell, self._matrix_name
            heads = "".join(fit(f" {stage_words(stage, self._review.stages)}", width) for stage in self._sides)
            head.say(Content.styled(f" {fit('from ↓  to →', name)}{heads}", "$rex-faint"))
        else:
            head.say(Content.styled(" moves, the most frequent first", "$rex-faint"))

    @property
    def _matrix_name(self) -> int:
        return max(NAME_MIN, min(NAME_MAX, self._width // 4))

    @property
    def _cell(self) -> int:
        return max(4, min(14, (self._width - self._matrix_name) // max(1, len(self._sides))))

    def _line(self, item: Line) -> Content:
        match item:
            case Flow():
                return self._flow_line(item)
            case Side():
                return self._side_line(item.stage)
            case Transition():
                return self._transition_line(item)

    def _flow_line(self, flow: Flow) -> Content:
        columns = self._fitting()
        numbers = len(columns) * NUMBER_WIDTH
        name = self._name_width(numbers)
        parts = [(fit(self._stage(flow.stage), name), "$foreground")]
        for column in columns:
            count = _other(flow) if column.name == "other" else getattr(flow, column.name)
            words = f"{count:,}" if count or column.name == "at_end" else "·"
            parts.append((fit(words.rjust(NUMBER_WIDTH), NUMBER_WIDTH), column.style if count else "$rex-faint"))
        room = min(BAR_MAX, self._width - name - numbers - 2)
        return Content.assemble(*parts, "  ", (self._bar(flow.at_end, room), "$accent"))

    def _side_line(self, stage: str) -> Content:
        width = self._cell
        parts = [(fit(self._stage(stage), self._matrix_name), "$foreground")]
        before = self._sides.index(stage)
        for after, other in enumerate(self._sides):
            count = self._counts.get((stage, other), 0)
            style = "bold $warning" if after < before else "bold $accent"
            words = f"{count:,}" if count else "·"
            parts.append((fit(f" {words}", width), style if count else "$rex-faint"))
        return Content.assemble(*parts)

    def _transition_line(self, one: Transition) -> Content:
        words = f"{self._stage(one.before)} → {self._stage(one.after)}"
        name = max(NAME_MIN, self._width // 2)
        bar = self._bar(one.count, self._width - name - NUMBER_WIDTH - 2)
        return Content.assemble(
            fit(words, name), (f"{one.count:,}".rjust(NUMBER_WIDTH), "bold"), "  ", (bar, "$accent")
        )

    def _bar(self, count: int, room: int) -> str:
        return BAR * max(1, round(count / self._largest * max(0, room))) if count and room > 0 else ""

    def _stage(self, stage: str) -> str:
        return stage_words(stage, self._review.stages if self._review is not None else ())


def _sides(review: Review) -> tuple[str, ...]:
    """Give the stages between which deals moved, in their order."""
    met = {stage for one in review.matrix for stage in (one.before, one.after)}
    known = [stage.id for stage in review.stages if stage.id in met]
    return (*known, *sorted(met.difference(known)))


def _count(one: Transition) -> int:
    return one.count


def _other(flow: Flow) -> int:
    return flow.aside + flow.deleted
