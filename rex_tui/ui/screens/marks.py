"""The marked events with their notes: go to one, write a note, take a mark away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from rex_tui.event import Row
from rex_tui.names import Names
from rex_tui.query.naming import NO_NAMES
from rex_tui.query.summary import summarise
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound, key_to
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.choice_list import ChoiceList
from rex_tui.ui.widgets.resource import colour_of, glyph_of
from rex_tui.ui.widgets.saying import Saying
from rex_tui.ui.widgets.times import table_time

NOTE_MAX: Final = 400
TYPE_WIDTH: Final = 22
HIDDEN_NOTE: Final = "a note, not shown while masking is on"


class Marked(Struct, frozen=True):
    """A marked event: its id, the note, and its row, None where the log does not have it now.

    `forgotten_at` is the time of one that was forgotten, as Rex sent it, "" for one that was not.
    """

    event_id: str
    note: str
    row: Row | None
    forgotten_at: str = ""


class MarksScreen(Dialog[str | None]):
    """Lists marked events; gives the id of the one to go to, or None."""

    CSS_PATH = "marks.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("marks", "dialog.close", "leave"),
        bound("marks", "mark.list", "dismiss"),
        bound("marks", "marks.note", "note"),
        bound("marks", "marks.unmark", "unmark"),
    ]

    def __init__(
        self,
        marked: Sequence[Marked],
        *,
        utc: bool,
        note: Callable[[str, str], None],
        unmark: Callable[[str], None],
        names: Names = NO_NAMES,
        masked: bool = False,
    ) -> None:
        """List these, the latest mark first; `note` keeps a note for an id, `unmark` takes its mark away.

        `names` says what ids are called. Where they are `masked`, notes, which may say anything, are not shown.
        """
        super().__init__()
        self._marked = list(marked)
        self._utc = utc
        self._note = note
        self._unmark = unmark
        self._names = names
        self._masked = masked

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(id="marks-box") as box:
            box.border_title = Content("Marks")
            box.border_subtitle = Content(
                f"{key_to(self, 'list.choose')} goes there · {key_to(self, 'marks.note')} notes · "
                f"{key_to(self, 'marks.unmark')} unmarks · Esc closes"
            )
            yield Saying(id="no-marks")
            yield ChoiceList(id="marks", markup=False)
            yield Input(placeholder="a note", max_length=NOTE_MAX, id="note")

    def on_mount(self) -> None:
        """Show the marks."""
        self._show(0)

    def _show(self, row: int) -> None:
        marks = self._list
        marks.clear_options()
        marks.add_options([Option(self._line(one)) for one in self._marked])
        marks.highlighted = min(row, len(self._marked) - 1) if self._marked else None
        marks.display = bool(self._marked)
        self.query_one("#note").display = False
        key = key_to(self, "mark.toggle")
        none = "" if self._marked else f"Nothing is marked yet. In the table, {key} marks the selected event."
        self.query_one("#no-marks").display = bool(none)
        self.query_one("#no-marks", Saying).say(Content(none), layout=True)
        marks.focus()

    def _line(self, one: Marked) -> Content:
        said = HIDDEN_NOTE if one.note and self._masked else clean(one.note, NOTE_MAX) or "no note"
        note = Content.styled(said, "$warning" if one.note else "$rex-faint")
        if one.row is None:
            at = table_time(one.forgotten_at, utc=self._utc, with_date=True)
            what = Content.styled(f"forgotten, {at}" if one.forgotten_at else "not in the log now", "$rex-faint")
            return Content("\n").join(
                [Content.assemble(("★ ", "$warning"), clean(one.event_id, 60), "  ", what), "  " + note]
            )
        time = table_time(one.row.occurred_at, utc=self._utc, with_date=True)
        kind = f"{glyph_of(one.row.type)} {clean(one.row.type, TYPE_WIDTH)}".ljust(TYPE_WIDTH)
        head = Content.assemble(
            ("★ ", "$warning"), f"{time}  ", (kind, colour_of(one.row.type)), f" {summarise(one.row, self._names)}"
        )
        return Content("\n").join([head, "  " + note])

    @property
    def _list(self) -> OptionList:
        return self.query_one("#marks", OptionList)

    def _chosen(self) -> int | None:
        return self._list.highlighted if self._marked else None

    def action_leave(self) -> None:
        """Leave the note as it was, or the list."""
        if self.query_one("#note").has_focus:
            self._show(self._chosen() or 0)
        else:
            self.dismiss()

    def action_note(self) -> None:
        """Write a note for the mark under the cursor."""
        if self._masked:
            key = key_to(self, "show.masked")
            self.notify(f"Notes are neither shown nor written while masking is on. {key} ends it.", markup=False)
        elif (row := self._chosen()) is not None:
            note = self.query_one("#note", Input)
            note.value = clean(self._marked[row].note, NOTE_MAX)
            note.display = True
            note.focus()

    def action_unmark(self) -> None:
        """Take the mark under the cursor away."""
        if (row := self._chosen()) is not None:
            self._unmark(self._marked.pop(row).event_id)
            self._show(row)

    @on(Input.Submitted)
    def _noted(self, event: Input.Submitted) -> None:
        if (row := self._chosen()) is not None:
            note = event.value.strip()
            self._marked[row] = replace(self._marked[row], note=note)
            self._note(self._marked[row].event_id, note)
            self._show(row)

    @on(OptionList.OptionSelected)
    def _go(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._marked[event.option_index].event_id)
