"""What the review asks and explains: of which period it is, and what its figures mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from rex_tui.query.review.figures import DEFINITIONS
from rex_tui.query.review.period import NAMES, SINCE, TEXT_MAX, Period, PeriodError
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.columns import fit
from rex_tui.ui.widgets.saying import Saying

NAME_WIDTH: Final = 24
TITLES: Final = {"last-review": "since last review", "7d": "last 7 days", "30d": "last 30 days", "90d": "last 90 days"}


class PeriodScreen(Dialog[str | None]):
    """Lists periods, and reads one that is typed; gives what `period_named` reads, or None."""

    CSS_PATH = "review_dialogs.tcss"
    AUTO_FOCUS = "#periods"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Close", show=False)]

    def __init__(
        self,
        key: str,
        read: Callable[[str], Period],
        words: Callable[[Period], str],
        named: Callable[[Period], str],
        checkpoints: Sequence[str] = (),
    ) -> None:
        """Offer periods, the one of `key` first chosen; `read` gives one from a text, `words` its time in words.

        `named` gives its name and time; `checkpoints` are those that begin at one.
        """
        super().__init__()
        self._names = [*NAMES[:1], *checkpoints, *NAMES[1:]]
        self._key = key
        self._read = read
        self._words = words
        self._named_words = named

    def compose(self) -> ComposeResult:
        """Lay out list, question and answer."""
        with Vertical(id="period") as box:
            box.border_title = Content("Review of")
            box.border_subtitle = Content("Enter chooses · Tab: another period · Esc closes")
            yield OptionList(*[Option(self._line(name), id=name) for name in self._names], id="periods", markup=False)
            yield Input(
                placeholder="10d, 3w, since:NAME or 2026-03-01..2026-03-08", max_length=TEXT_MAX, id="period-text"
            )
            yield Saying(id="period-answer")

    def on_mount(self) -> None:
        """Begin at the period that is shown."""
        if self._key in self._names:
            self.query_one("#periods", OptionList).highlighted = self._names.index(self._key)
        else:
            self.query_one("#period-text", Input).value = self._key

    def _line(self, name: str) -> Content:
        period = self._read(name)
        title = period.name if name.startswith(SINCE) else TITLES.get(name, name.replace("-", " "))
        return Content.assemble(fit(title, NAME_WIDTH), " ", (self._words(period), "$rex-faint"))

    @on(OptionList.OptionSelected)
    def _listed(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._names[event.option_index])

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        text = event.value.strip()
        try:
            words = self._named_words(self._read(text)) if text else ""
            style = "bold"
        except PeriodError as error:
            words, style = str(error), "$rex-faint"
        self.query_one("#period-answer", Saying).say(Content.styled(words, style), layout=True)
        box = self.query_one("#period")
        self.call_after_refresh(box.scroll_end, animate=False)  # where there is no room for all of it

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        try:
            self._read(event.value)
        except PeriodError:
            return
        self.dismiss(event.value.strip().lower())


class DefinitionsScreen(Dialog[None]):
    """Says what each figure means."""

    CSS_PATH = "review_dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,d", "dismiss", "Close", show=False)]

    def compose(self) -> ComposeResult:
        """Lay out the definitions."""
        with VerticalScroll(id="definitions") as box:
            box.border_title = Content("What the figures mean")
            box.border_subtitle = Content("Esc closes")
            for one in DEFINITIONS:
                words = Content.assemble((one.title, "bold $accent"), "\n", one.text)
                yield Static(words, classes="definition", markup=False)
