"""The choice of columns: which, in which order, how wide; the table below shows at once what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from rex_tui.query.column import BUILT_IN, USUAL, WIDTH_MAX, WIDTH_MIN, Column, Columns, column_of, with_column
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound, key_to, moves
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.columns import fit, own_width
from rex_tui.ui.widgets.line_list import LINE_MOVES, LineList
from rex_tui.ui.widgets.saying import Saying

PATH_MAX: Final = 200
NAME_WIDTH: Final = 28
WIDTH_WIDTH: Final = 8
EXAMPLE_MAX: Final = 80
TITLE_MAX: Final = 60
ROOMY: Final = 200
"""A table so wide that its columns have their usual widths."""


class Choice(Struct, frozen=True):
    """A column that is offered, whether it is shown, and what the selected event has in it, clean."""

    column: Column
    shown: bool
    example: str = ""


class ColumnList(LineList[Choice], inherit_bindings=False):
    """The columns that are offered, the shown ones in their order."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("column_list", "columns.switch", "select"),
        bound("column_list", "columns.earlier", "screen.shift(-1)"),
        bound("column_list", "columns.later", "screen.shift(1)"),
        bound("column_list", "columns.narrower", "screen.widen(-1)"),
        bound("column_list", "columns.wider", "screen.widen(1)"),
        bound("column_list", "columns.usual", "screen.usual"),
        bound("column_list", "columns.path", "screen.path"),
        bound("column_list", "columns.keep", "screen.keep"),
        *moves("column_list", LINE_MOVES),
    ]


class PathInput(Input):
    """A line for a field's path, which holds only what may be shown."""

    def validate_value(self, value: str) -> str:
        """Take in what may be shown."""
        return clean(value, PATH_MAX)


class ColumnsScreen(Dialog[Columns | None]):
    """Asks for the columns of the table; gives them, or None."""

    CSS_PATH = "columns.tcss"
    AUTO_FOCUS = "#columns-list"
    leaves_outside = False  # the table beside it is what is being looked at
    BINDINGS: ClassVar[list[BindingType]] = [bound("columns", "columns.leave", "leave")]

    def __init__(
        self,
        columns: Columns,
        words: str,
        *,
        try_columns: Callable[[Columns], int],
        examples: Callable[[Sequence[Column]], Mapping[str, str]],
    ) -> None:
        """Begin with these columns of the filter that `words` tell.

        `try_columns` shows columns in the table at once, and gives how many of them have no room; `examples` gives what
        the selected event says in some, clean.
        """
        super().__init__()
        self._words = words
        self._try = try_columns
        self._examples = examples
        self._known: dict[str, None] = dict.fromkeys(BUILT_IN)
        """The names of the columns that are offered, in the order of the list."""
        self._told: dict[str, str] = {}
        """The examples, by the columns' names."""
        self._choices = self._listed(columns)
        self._left_out = 0

    def compose(self) -> ComposeResult:
        """Lay out the list, what is to be said, and the line for a path."""
        with Vertical(id="columns-box") as box:
            box.border_title = Content(f"Columns · {clean(self._words, TITLE_MAX)}")
            box.border_subtitle = Content(self._hint())
            yield ColumnList(self._line, id="columns-list")
            yield Saying(id="columns-said")
            yield PathInput(
                placeholder=f"{key_to(self, 'columns.path')} any field: contact.email, items[0].id", id="column-path"
            )

    def _hint(self) -> str:
        """Say which keys do what in the list."""
        names = ("switch", "earlier", "later", "narrower", "wider", "usual", "keep")
        switch, earlier, later, narrower, wider, usual, keep = (key_to(self, f"columns.{name}") for name in names)
        moves_it = f"{switch} shows · {earlier} {later} move · {narrower} {wider} width"
        return f"{moves_it} · {usual} usual · {keep} keeps · Esc undoes"

    def on_mount(self) -> None:
        """Show the list."""
        self._left_out = self._try(self.columns)
        self._list.show(self._choices, 0)

    def offer(self, names: Sequence[str]) -> None:
        """Offer these fields of payloads, too."""
        self._known |= dict.fromkeys(names)
        self._choices = self._listed(self.columns)
        if self.is_mounted:
            self._list.show(self._choices, self._list.highlighted)

    @property
    def columns(self) -> Columns:
        """Give the columns as they are chosen now."""
        return tuple(choice.column for choice in self._choices if choice.shown)

    @property
    def _list(self) -> ColumnList:
        return self.query_one(ColumnList)

    def _listed(self, columns: Columns) -> list[Choice]:
        """Give what is offered when these columns are shown: they, in their order, then all others that are known."""
        self._known |= dict.fromkeys(column.name for column in columns)
        names = {column.name for column in columns}
        listed = [*columns, *(Column(name) for name in self._known if name not in names)]
        if untold := [column for column in listed if column.name not in self._told]:
            self._told |= {column.name: "" for column in untold} | dict(self._examples(untold))
        return [Choice(one, one.name in names, self._told.get(one.name, "")) for one in listed]

    def _line(self, choice: Choice) -> Content:
        column = choice.column
        sign, tone = ("✓ ", "$success") if choice.shown else ("· ", "$rex-faint")
        if choice.shown and choice.column in self.columns[len(self.columns) - self._left_out :]:
            width = ("no room", "$warning")
        else:
            told = "rest" if self._yields(choice) else f"{own_width(column, ROOMY)}" if choice.shown else ""
            width = (told, "" if column.width is not None else "$rex-faint")
        return Content.assemble(
            (sign, tone),
            (fit(clean(column.name, ROOMY), NAME_WIDTH), "bold" if choice.shown else ""),
            (f"{width[0]:>{WIDTH_WIDTH}}  ", width[1]),
            (clean(choice.example, EXAMPLE_MAX), "$rex-faint"),
        )

    def _yields(self, choice: Choice) -> bool:
        """Tell whether a column takes what the others leave."""
        return choice.shown and choice.column.name == "summary"

    # ---- choosing

    def _choose(self, choices: list[Choice], place: int | None, words: str = "") -> None:
        """Take in another choice, and show it."""
        changed = tuple(one.column for one in choices if one.shown) != self.columns
        self._choices = choices
        if changed:
            self._left_out = self._try(self.columns)
        self._list.show(choices, place)
        self._say(words)

    def _say(self, words: str) -> None:
        self.query_one("#columns-said", Saying).say(Content(words))

    @on(LineList.Selected)
    def _switched(self, event: LineList.Selected) -> None:
        event.stop()
        choice = self._choices[event.index]
        if not choice.shown:
            self._show_column(choice.column)
        elif len(self.columns) > 1:
            self._choose(self._listed(tuple(one for one in self.columns if one != choice.column)), event.index)
        else:
            self._say("One column at least stays. Show another one first.")

    def _show_column(self, column: Column) -> None:
        """Show a column, and go to it: it may be moved, or made wider."""
        if any(one.name == column.name for one in self.columns):
            columns = tuple(column if one.name == column.name else one for one in self.columns)
        else:
            columns = with_column(self.columns, column)
        self._choose(self._listed(columns), columns.index(column))

    def action_shift(self, step: int) -> None:
        """Move a shown column before the one before it, or behind the next."""
        place = self._list.highlighted or 0
        if not self._choices[place].shown:
            self._say(f"This column is not shown: {key_to(self, 'columns.switch')} shows it, then it can be moved.")
        elif 0 <= place + step < len(self.columns):
            choices = list(self._choices)
            choices.insert(place + step, choices.pop(place))
            self._choose(choices, place + step)

    def action_widen(self, by: int) -> None:
        """Make a shown column wider or narrower, by some cells."""
        place = self._list.highlighted or 0
        choice = self._choices[place]
        if not choice.shown:
            self._say(
                f"This column is not shown: {key_to(self, 'columns.switch')} shows it, then it can be made wider."
            )
        elif self._yields(choice):
            self._say("The summary takes the room that the others leave: change those.")
        else:
            column = choice.column.as_wide_as(own_width(choice.column, ROOMY) + by)
            ends = column.width == choice.column.width
            said = f"A column is {WIDTH_MIN} to {WIDTH_MAX} cells wide." if ends else ""
            choices = [*self._choices[:place], replace(choice, column=column), *self._choices[place + 1 :]]
            self._choose(choices, place, said)

    def action_usual(self) -> None:
        """Choose the usual columns."""
        self._choose(self._listed(USUAL), 0)

    # ---- a path that is typed

    def action_path(self) -> None:
        """Go to the line for a path."""
        self.query_one(PathInput).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        column = column_of(event.value.strip())
        if column is None:
            self._say("A path is the names of fields with dots between them, like contact.email.")
            return
        self.query_one(PathInput).clear()
        self._list.focus()
        self._show_column(column)
        if not self._told[column.name]:
            self._say("The selected event has nothing there: its cell is empty.")

    # ---- leaving

    def action_keep(self) -> None:
        """Keep the columns as they are chosen now."""
        self.dismiss(self.columns)

    def action_leave(self) -> None:
        """Go back from the line for a path to the list, or take everything back."""
        if self.query_one(PathInput).has_focus:
            self._list.focus()
        else:
            self.dismiss()
