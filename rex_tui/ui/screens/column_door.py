"""The table's columns: which are shown for which filter, and the ways to choose others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on

from rex_tui.event import GAP_TYPE, Row
from rex_tui.query.cell import read_row
from rex_tui.query.column import USUAL, Column, Columns, chosen_for, column_at, columns_of, with_column
from rex_tui.query.filter_text import compose
from rex_tui.query.view import Rows
from rex_tui.safe_text import clean
from rex_tui.ui.screens.time_screen import TimeScreen
from rex_tui.ui.session import Session
from rex_tui.ui.widgets.event_line import Times, received_time
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.table_head import TableHead
from rex_tui.ui.widgets.times import table_time

if TYPE_CHECKING:
    from rex_tui.ui.screens.columns import ColumnsScreen

LOOKED_AT: Final = 200
"""The newest events under the filter, whose fields are offered as columns."""
NAME_MAX: Final = 40


class ColumnDoor(TimeScreen):
    """A screen whose table has the columns that were chosen for its filter; they are kept in the notebook."""

    def __init__(self, session: Session) -> None:
        """Show the columns that the notebook of `session` has."""
        super().__init__(session)
        self.taking.columns = self._fields_shown
        self._choices: dict[str, Columns] = {}
        """What was chosen, by the filter's text."""
        self._tried: Columns | None = None
        """Columns that are looked at before they are kept."""

    # ---- which are shown

    @property
    def columns(self) -> Columns:
        """Give the columns that the filter in force has."""
        return chosen_for(self._choices, self._filters())

    def _filters(self) -> list[str]:
        """Give the filters whose columns may be shown: this one, its types alone, everything."""
        return [self.filter_text, compose(self.filter, "", self._log.index.names), ""]

    def _show_anew(self) -> Rows:
        none: Mapping[str, Sequence[str]] = {}
        noted = self._noted(self._notebook.all_columns, none)
        self._choices = {text: columns_of(texts) for text, texts in noted.items()}
        view = super()._show_anew()
        self._show_columns()
        return view

    def _show_view(self, view: Rows) -> None:
        """Show a view in its columns."""
        self._show_columns()
        super()._show_view(view)

    def _show_types(self) -> None:
        """Show also the columns of what is a filter since then."""
        super()._show_types()
        self._show_columns()

    def _fields_shown(self) -> str:
        """Give the payload fields that are columns now, for an export; "" where there are none."""
        return ",".join(path for column in self.columns if (path := column.path) and "," not in path)

    def _show_columns(self) -> None:
        self.panes.events.show_columns(self._tried or self.columns)

    def _try_columns(self, columns: Columns | None) -> int:
        """Show columns that are not chosen yet, or with None those that are; give how many of them have no room."""
        self._tried = columns
        self._show_columns()
        return self.panes.events.left_out

    def _keep_columns(self, columns: Columns, filter_text: str) -> None:
        """Keep columns for a filter; what it would have anyway needs no choice of its own."""
        self._tried = None
        self._choices.pop(filter_text, None)
        if columns != self.columns:
            self._choices[filter_text] = columns
        self._note(partial(self._note_columns, filter_text))
        self._show_columns()

    def _note_columns(self, filter_text: str) -> None:
        """Write down what is chosen for a filter now, however many writes of it are on their way."""
        self._notebook.choose_columns(filter_text, [column.text for column in self._choices.get(filter_text, ())])

    # ---- choosing

    @on(TableHead.EdgeDragged)
    def _edge_dragged(self, event: TableHead.EdgeDragged) -> None:
        event.stop()
        self._try_columns(event.columns)

    @on(TableHead.EdgeLeft)
    def _edge_left(self, event: TableHead.EdgeLeft) -> None:
        event.stop()
        if self._tried is not None:
            self._keep_columns(self._tried, self.filter_text)

    @on(TableHead.Pressed)
    def _head_pressed(self, event: TableHead.Pressed) -> None:
        event.stop()
        self.action_columns()

    @on(PayloadTree.PathChosen)
    def _path_chosen(self, event: PayloadTree.PathChosen) -> None:
        event.stop()
        self.switch_column(event.path)

    def switch_column(self, path: str) -> None:
        """Make the field at a path of the payload a column of the table, or take that column away."""
        if not path:
            self._tell("No path leads to this line alone, so it can't be a column. Choose a field above or below it.")
            return
        column = column_at(path)
        name = clean(column.name, NAME_MAX)
        before = self.columns
        columns = tuple(one for one in before if one.name != column.name)
        if len(columns) < len(before):
            if columns:
                self._keep_columns(columns, self.filter_text)
            self._tell(f"{name} is no column any more." if columns else f"{name} is the only column, so it stays.")
            return
        self._keep_columns(with_column(before, column), self.filter_text)
        left_out = self.panes.events.left_out
        self._tell(
            f"{name} is a column now, but has no room: C makes others narrower, or hides them."
            if left_out
            else f"{name} is a column now. + takes it away, C chooses others."
        )

    def action_columns(self) -> None:
        """Choose the columns of the table, with the table changing at once."""
        from rex_tui.ui.screens.columns import ColumnsScreen  # noqa: PLC0415 - a start goes faster without it

        filter_text = self.filter_text
        said = self._said().words
        seq = self.panes.table.cursor_seq
        rows = [] if seq is None else self._log.rows([seq])
        dialog = ColumnsScreen(
            self.columns, said, try_columns=self._try_columns, examples=partial(self._examples, rows[:1])
        )

        def chosen(columns: Columns | None) -> None:
            if columns is None:
                self._try_columns(None)
            else:
                self._keep_columns(columns, filter_text)

        self.app.push_screen(dialog, chosen)
        self.run_worker(self._offer(dialog), group="fields", exclusive=True)

    async def _offer(self, dialog: ColumnsScreen) -> None:
        rows = len(self._view)
        newest = self._view.seqs(rows - LOOKED_AT, rows)
        dialog.offer([column_at(path).name for path in await self._log.fields_of(newest)])

    def _examples(self, rows: Sequence[Row], columns: Sequence[Column]) -> Mapping[str, str]:
        """Give what an event says in these columns, by their names."""
        if not rows or rows[0].type == GAP_TYPE:
            return {}
        row = rows[0]
        told = read_row(row, [*USUAL, *columns], self._log.names)
        times = Times(self.utc, self._clock.now() if self.relative else None)
        own = {
            "time": table_time(row.occurred_at, utc=self.utc, with_date=True),
            "type": clean(row.type, NAME_MAX),
            "summary": told.summary,
            "about": told.about,
            "received": received_time(row.received_at, times),
        }
        return own | {name: cell.text for name, cell in told.fields.items()}
