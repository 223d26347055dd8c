"""The export dialog: what, in which format, into which file; then how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, ProgressBar, RadioButton, RadioSet

from rex_tui.export.arrow import arrow_is_there
from rex_tui.export.columns import fields_in
from rex_tui.export.export import EVENTS_AT_ONCE, Cancelled, ExportError, chosen_events, export, masked
from rex_tui.export.file import NewFile, exists
from rex_tui.export.formats import BINARY, make_format
from rex_tui.export.naming import NamesMet
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.naming import NO_NAMES
from rex_tui.store import StoreError
from rex_tui.store.reader import StoreReader
from rex_tui.ui.choice import Choice, Seqs
from rex_tui.ui.keys import key_to
from rex_tui.ui.screens.writing_screen import WritingScreen
from rex_tui.ui.widgets.saying import Saying

FORMATS: Final = {
    "jsonl": "JSON Lines, as they came",
    "csv": "CSV, a column a field",
    "md": "Markdown table",
    "parquet": "Parquet",
    "arrow": "Arrow",
}
ALL_FOUND: Final = "all fields that are found; or some, as in value, contact.email"
COLUMNS_IF_NONE: Final = {
    "jsonl": "none to choose: each line has the whole event, byte for byte",
    "md": "a summary of each event; or fields, as in value, contact.email",
}
MASKED_FORMATS: Final = FORMATS | {"jsonl": "JSON Lines"}
MASKED_COLUMNS: Final = COLUMNS_IF_NONE | {"jsonl": "none to choose: each line has the whole event, masked"}
TELL_EVERY: Final = 20
"""Chunks between two looks of the bar."""


class ExportScreen(WritingScreen):
    """Exports in a thread; gives a sentence about what was written, or None."""

    @dataclass(eq=False, repr=False)
    class Advanced(Message):
        """The thread looked at so many events more."""

        events: int

    def __init__(
        self,
        open_reader: Callable[[], StoreReader],
        choices: Sequence[Choice],
        *,
        store: Path,
        today: datetime,
        columns: str = "",
        names: Names = NO_NAMES,
        masking: Masking | None = None,
    ) -> None:
        """Export one of these choices, read with a reader that `open_reader` opens in the thread.

        The files of `store` are never written over. `columns` are the payload fields, with commas between them, that
        become columns unless others are typed; summaries tell ids by `names`, and by those that the store has. What is
        written has passed `masking`, where there is one.
        """
        super().__init__()
        self._open_reader = open_reader
        self._choices = choices
        self._store = store
        self._today = today
        self._columns = columns
        self._names = names
        self._masking = masking
        self._given_up = threading.Event()
        self._under_way = False
        self._agreed = ""
        self._chosen_to_write = False

    def compose(self) -> ComposeResult:
        """Lay out the questions."""
        with Vertical(id="export") as box:
            box.border_title = Content("Export" if self._masking is None else "Export · masked")
            box.border_subtitle = Content(f"{key_to(self, 'dialog.write')} writes · Tab goes on · Esc closes")
            with Horizontal(id="choices"):
                with RadioSet(id="what") as what:
                    what.border_title = Content("Events")
                    for number, one in enumerate(self._choices):
                        counted = Content(f"{one.name}: {one.count:,}")
                        yield RadioButton(counted, value=number == 0, disabled=not one.count)
                with RadioSet(id="format") as formats:
                    formats.border_title = Content("Format")
                    there = arrow_is_there()
                    for name, words in (FORMATS if self._masking is None else MASKED_FORMATS).items():
                        missing = name in BINARY and not there
                        label = f"{words}: needs rex-tui[arrow]" if missing else words
                        yield RadioButton(Content(label), value=name == "jsonl", disabled=missing)
            yield Input(self._columns, id="columns", select_on_focus=False)
            yield Input(self._file_name("jsonl"), id="file", select_on_focus=False)
            yield ProgressBar(id="progress", show_eta=False)
            yield Saying(id="said")

    def on_mount(self) -> None:
        """Say where the file goes."""
        self.query_one("#file", Input).border_title = Content("File")
        self.query_one("#columns", Input).border_title = Content("Columns")
        self.query_one("#progress").display = False
        self._offer_columns()
        self.say_where()

    def _file_name(self, kind: str) -> str:
        return f"rex-events-{self._today:%Y-%m-%d}.{kind}"

    @property
    def _kind(self) -> str:
        return list(FORMATS)[max(0, self.query_one("#format", RadioSet).pressed_index)]

    @on(RadioSet.Changed, "#format")
    def _format_chosen(self) -> None:
        """Let the name's ending follow the format, as long as it is one of ours."""
        name = self.query_one("#file", Input)
        head, dot, ending = name.value.rpartition(".")
        if dot and ending in FORMATS:
            name.value = f"{head}.{self._kind}"
        self._offer_columns()

    def _offer_columns(self) -> None:
        """Let fields be chosen where the format has columns, and say what it has without a choice."""
        columns = self.query_one("#columns", Input)
        columns.disabled = self._kind == "jsonl"
        if_none = COLUMNS_IF_NONE if self._masking is None else MASKED_COLUMNS
        columns.placeholder = if_none.get(self._kind, ALL_FOUND)

    @on(Input.Changed, "#file")
    def _renamed(self) -> None:
        self._agreed = ""

    @property
    def is_held(self) -> bool:
        """Tell whether files are being written."""
        return self._under_way

    def action_leave(self) -> None:
        """Give up what is being written; else close."""
        if self._under_way:
            self._given_up.set()
            self.say("Cancelling …")
        else:
            self.dismiss()

    def _is_to_choose(self, choices: RadioSet) -> bool:
        """Choose what the cursor is on in these choices, and write when it is chosen; tell whether it was not yet."""
        pointed_at = [button for button in choices.query(RadioButton) if button.has_class("-selected")]
        if not pointed_at or pointed_at[0].value:
            return False
        self._chosen_to_write = True
        choices.action_toggle_button()
        return True

    @on(RadioSet.Changed)
    def _chosen(self) -> None:
        if self._chosen_to_write:
            self.call_later(self.action_write)

    def action_write(self) -> None:
        """Write the file, or ask whether the one that is there may go."""
        if self._under_way:
            return
        if isinstance(self.focused, RadioSet) and self._is_to_choose(self.focused):
            return
        self._chosen_to_write = False
        typed = self.query_one("#file", Input).value.strip()
        if not typed:
            self.say("Name a file.", "$warning")
            return
        path = Path(typed).expanduser()
        if exists(path) and self._agreed != typed:
            self._agreed = typed
            key = key_to(self, "dialog.write")
            self.say(f"This file is there already. {key} writes over it; Esc leaves it.", "$warning")
            return
        what = max(0, self.query_one("#what", RadioSet).pressed_index)
        choice, kind = self._choices[what], self._kind
        fields = () if kind == "jsonl" else fields_in(self.query_one("#columns", Input).value)
        passes = 1 + goes_twice(kind)
        self._under_way, self._agreed = True, ""
        self._given_up.clear()
        bar = self.query_one("#progress", ProgressBar)
        bar.update(total=max(1, choice.count * passes), progress=0)
        bar.display = True
        self.say("Writing … Esc cancels.")
        replace = exists(path)
        write = partial(self._write, path, choice, kind, fields, replace=replace)
        self.run_worker(write, group="export", thread=True)

    # ---- in the thread

    def _write(self, path: Path, choice: Choice, kind: str, fields: Sequence[str], *, replace: bool) -> None:
        waiting = chunks = 0

        def looked(count: int) -> None:
            nonlocal waiting, chunks
            if self._given_up.is_set():
                raise Cancelled
            waiting, chunks = waiting + count, chunks + 1
            if chunks % TELL_EVERY == 0:
                self.post_message(self.Advanced(waiting))
                waiting = 0

        try:
            with closing(self._open_reader()) as reader, NewFile(path, replace=replace, store=self._store) as file:
                written = make_format(kind, fields, NamesMet(self._names, reader.names.remembered).of)
                seqs = choice.seqs(reader)
                masking = self._masking
                count = export(lambda: masked(chosen_events(reader, in_chunks(seqs)), masking), written, file, looked)
        except Cancelled:
            self.post_message(self.Ended())
        except (ExportError, StoreError) as error:
            self.post_message(self.Ended(problem=str(error)))
        else:
            what = f"{count:,} {'event' if count == 1 else 'events'}{'' if self._masking is None else ', masked,'}"
            said = f"Wrote {what} to {path}. {written.left_out}".strip()
            self.post_message(self.Ended(said))

    # ---- from the thread

    def on_export_screen_advanced(self, event: Advanced) -> None:
        """Move the bar."""
        self.query_one("#progress", ProgressBar).advance(event.events)

    def on_writing_screen_ended(self, event: WritingScreen.Ended) -> None:
        """Say what came of it; leave where it is done."""
        self._under_way = False
        self.query_one("#progress").display = False
        if event.written:
            self.dismiss(event.written)
        else:
            self.say(event.problem or "Cancelled. No file was left.", "$error" if event.problem else "$warning")

    def on_unmount(self) -> None:
        """End the thread with the dialog."""
        self._given_up.set()


def goes_twice(kind: str) -> bool:
    """Tell whether a format goes through the events twice."""
    return kind in ("csv", *BINARY)


def in_chunks(seqs: Seqs) -> Iterator[Sequence[int]]:
    """Yield sequences some at a time."""
    for first in range(0, len(seqs), EVENTS_AT_ONCE):
        yield seqs[first : first + EVENTS_AT_ONCE]
