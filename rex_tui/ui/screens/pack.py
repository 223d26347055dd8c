"""The dialog of the review pack: which files, under which name; then it writes them in a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, SelectionList

from rex_tui.export.export import ExportError
from rex_tui.export.file import exists
from rex_tui.export.review.pack import Pack
from rex_tui.export.review.writing import ENDS, pack_paths, write_pack
from rex_tui.safe_text import clean
from rex_tui.store import StoreError
from rex_tui.ui.keys import key_to
from rex_tui.ui.screens.writing_screen import WritingScreen
from rex_tui.ui.widgets.saying import Saying

KINDS: Final = {
    "html": "web page with charts, for reading and printing",
    "md": "Markdown, for a wiki or a mail",
    "csv": "CSV of the deals, for a spreadsheet",
}
KIND_WIDTH: Final = 48


class PackScreen(WritingScreen):
    """Writes a review pack; gives a sentence about what was written, or None."""

    def __init__(self, pack: Callable[[], Pack], name: str, title: str, store: Path) -> None:
        """Write what `pack` gives, called in the thread, under `name` unless another is typed; `title` tells of it.

        The files of `store` are never written over.
        """
        super().__init__()
        self._pack = pack
        self._usual = name
        self._title = title
        self._store = store
        self._under_way = False
        self._agreed: Sequence[Path] = ()

    def compose(self) -> ComposeResult:
        """Lay out the questions."""
        with Vertical(id="export") as box:
            box.border_title = Content(clean(self._title, 80))
            box.border_subtitle = Content(
                f"{key_to(self, 'dialog.write')} writes · Tab, Space choose files · Esc closes"
            )
            lines = [(Content(f"{words.ljust(KIND_WIDTH)}…{ENDS[kind]}"), kind, True) for kind, words in KINDS.items()]
            yield SelectionList(*lines, id="kinds")
            yield Input(self._usual, id="file", select_on_focus=False)
            yield Saying(id="said")

    def on_mount(self) -> None:
        """Say where the files go."""
        self.query_one("#file", Input).border_title = Content("Name, or a folder")
        self.query_one("#kinds").border_title = Content("Files")
        self.say_where()

    @on(Input.Changed, "#file")
    @on(SelectionList.SelectedChanged)
    def _changed(self) -> None:
        self._agreed = ()

    @property
    def is_held(self) -> bool:
        """Tell whether files are being written."""
        return self._under_way

    def action_leave(self) -> None:
        """Close; what is being written is there in a moment, and is waited for."""
        if self._under_way:
            self.say("The files are being written; that takes a moment.")
        else:
            self.dismiss()

    def action_write(self) -> None:
        """Write the files, or ask whether those that are there may go."""
        if self._under_way:
            return
        typed = self.query_one("#file", Input).value.strip()
        chosen: set[str] = set(self.query_one("#kinds", SelectionList).selected)
        if not typed or not chosen:
            self.say("Name the files." if chosen else "Choose a file with Space.", "$warning")
            return
        paths = pack_paths(Path(typed).expanduser(), self._usual, [kind for kind in KINDS if kind in chosen])
        there = [path for path in paths.values() if exists(path)]
        if there and there != self._agreed:
            self._agreed = there
            are = "is" if len(there) == 1 else "are"
            names = ", ".join(path.name for path in there)
            key = key_to(self, "dialog.write")
            self.say(f"{names} {are} there already. {key} writes over; Esc leaves as it is.", "$warning")
            return
        self._under_way = True
        self.say("Writing …")
        self.run_worker(partial(self._write, paths, replace=bool(there)), group="pack", thread=True)

    def _write(self, paths: dict[str, Path], *, replace: bool) -> None:
        try:
            write_pack(self._pack(), paths, replace=replace, store=self._store)
        except (ExportError, StoreError) as error:
            self.post_message(self.Ended(problem=str(error)))
        else:
            kind, first = next(iter(paths.items()))
            stem, ends = first.name.removesuffix(ENDS[kind]), ", ".join(ENDS[kind] for kind in paths)
            self.post_message(self.Ended(f"Wrote the review pack into {first.absolute().parent}: {stem} ({ends})."))

    def on_writing_screen_ended(self, event: WritingScreen.Ended) -> None:
        """Leave where it is done; else say what went wrong."""
        self._under_way = False
        if event.written:
            self.dismiss(event.written)
        else:
            self._agreed = ()
            self.say(event.problem, "$error")
