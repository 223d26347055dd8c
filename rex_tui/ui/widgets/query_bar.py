"""The bar: a line to ask in, what could complete it, what was asked before, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from rex_tui.query.language import Completion
from rex_tui.safe_text import clean
from rex_tui.ui.keys import key_to
from rex_tui.ui.widgets.query_input import TEXT_MAX, QueryInput
from rex_tui.ui.widgets.saying import Saying

OFFERED_MAX: Final = 8
OFFER_S: Final = 0.12
"""What completes the text is shown when no key came for so long: what is found is worth more, and comes first."""
OFFER_LIMIT: Final = 60
CARET: Final = "^"
PROMPT: Final = "/ "

Complete = Callable[[str, int], Sequence[Completion]]


class QueryBar(Vertical):
    """Asks; what the text means is for the screen, which tells the bar what is wrong with it."""

    DEFAULT_CSS = """
    QueryBar {
        height: auto;
        display: none;
        &.-open {
            display: block;
        }
        & > Horizontal {
            height: 1;
        }
        #bar-prompt {
            width: auto;
        }
        QueryInput, QueryInput:focus {
            width: 1fr;
            height: 1;
            border: none;
            padding: 0;
            background: transparent;
        }
        #bar-said {
            height: 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        #bar-offered {
            display: none;
            overlay: screen;
            constrain: inside inside;
            height: auto;
            max-height: 10;
            width: auto;
            min-width: 30;
            max-width: 80;
        }
        &.-offering #bar-offered {
            display: block;
        }
    }
    """

    input = getters.query_one(QueryInput)
    offered = getters.query_one("#bar-offered", OptionList)

    @dataclass(eq=False, repr=False)
    class Changed(Message):
        """The text is another one."""

        text: str

    @dataclass(eq=False, repr=False)
    class Kept(Message):
        """The reader keeps the filter that this text says, if it says one."""

        text: str

    @dataclass(eq=False, repr=False)
    class Left(Message):
        """The reader takes back what was typed; `text` is what stood there before."""

        text: str

    def __init__(self, complete: Complete, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Complete with what `complete` gives for a text and a position in it."""
        super().__init__(id=id)
        self._complete = complete
        self._history: list[str] = []
        self._opened_with = ""
        self._place = 0
        self._drafted = ""
        self._silent: set[str] = set()
        self._offers: Sequence[Completion] = ()
        self._offering: Timer | None = None
        self._chose = False

    def compose(self) -> ComposeResult:
        """Lay out the line, what is said of it and the list."""
        with Horizontal():
            yield Static(PROMPT, id="bar-prompt", markup=False)
            yield QueryInput(id="bar-input", max_length=TEXT_MAX, compact=True, select_on_focus=False)
        yield Saying(id="bar-said")
        yield OptionList(id="bar-offered", compact=True)

    def on_mount(self) -> None:
        """Keep the focus in the line."""
        self.offered.can_focus = False

    @property
    def is_open(self) -> bool:
        """Tell whether the bar is on screen."""
        return self.has_class("-open")

    def open(self, text: str, history: Sequence[str]) -> None:
        """Ask, beginning with this text; `history` is what was asked before, the latest last."""
        if not self.is_open:
            self._opened_with = text
            self._history = [one for one in history if one and clean(one, TEXT_MAX) == one]
            self._place, self._drafted = len(self._history), text
            self._put(text)
            self.add_class("-open")
            self.say("")
        self.input.focus()

    def close(self) -> None:
        """Leave the screen."""
        self._offer(())
        self.remove_class("-open")

    def say(self, words: str, position: int = 0, length: int = 0) -> None:
        """Say what is wrong with the characters from `position` on, under them; "" where nothing is wrong."""
        self.set_class(bool(words), "-wrong")
        if not words:
            before = "".join(key_to(self, name) for name in ("bar.before", "bar.after"))
            keeps, completes = key_to(self, "bar.keep"), key_to(self, "bar.complete")
            hint = f"{keeps} keeps · Esc takes back · {completes} completes · {before} what was asked before"
            self.query_one("#bar-said", Saying).say(Content.styled(f"  {hint}", "$text-muted"))
            return
        before = self.input.value[:position]
        indent = Content(before).cell_length + len(PROMPT) - int(self.input.scroll_offset.x)
        said = Content.styled(CARET * max(1, min(length, 20)), "bold $error")
        room = max(self.size.width - len(words) - 24, 0)
        start = max(0, min(indent, room))
        gap = " " if start == indent else " at that sign: "
        self.query_one("#bar-said", Saying).say(
            Content.assemble(
                " " * start, said, gap, (clean(words, 200), "$error"), " The filter before it still holds."
            )
        )

    # ---- typing

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value in self._silent:
            self._silent.discard(event.value)
        else:
            self._place, self._drafted = len(self._history), event.value
            self._offer(self._complete(event.value, self.input.cursor_position))
        self.post_message(self.Changed(event.value))

    @on(QueryInput.Pressed)
    def _pressed(self, event: QueryInput.Pressed) -> None:
        event.stop()
        match event.what:
            case "accept":
                self._accept()
            case "before":
                self._step(-1)
            case "after":
                self._step(1)
            case "keep" if self._chose:
                self._accept()
            case "keep":
                self._offer(())
                self.post_message(self.Kept(self.input.value))
            case "leave" if self._offers:
                self._offer(())
            case "leave":
                self.close()
                self.post_message(self.Left(self._opened_with))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.offered.highlighted = event.option_index
        self._accept()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """Let a paste end here; the line has taken it."""
        event.stop()

    def _step(self, step: int) -> None:
        """Go through the completions while there are any; before the first of them is what was asked before."""
        if self._offering is not None:
            self._offering.stop()
            self._show_offers()
        at = self.offered.highlighted or 0
        if self._offers and 0 <= at + step < len(self._offers):
            self.offered.highlighted = at + step
            self._chose = True
        elif not self._offers or step < 0:
            self._offer(())
            place = max(0, min(self._place + step, len(self._history)))
            if place != self._place:
                self._place = place
                self._put(self._drafted if place == len(self._history) else self._history[place])

    def _accept(self) -> None:
        if self._offers:
            chosen = self._offers[0 if self._offering is not None else self.offered.highlighted or 0]
            text = self.input.value
            self._put(text[: chosen.start] + chosen.text + text[chosen.end :], chosen.start + len(chosen.text))
            self._drafted, self._place = self.input.value, len(self._history)
            self._offer(())

    def _put(self, text: str, position: int | None = None) -> None:
        """Put a text into the line without offering anything for it."""
        if text != self.input.value:
            self.input.value = text
            self._silent = {self.input.value}
        self.input.cursor_position = len(text) if position is None else position

    def _offer(self, offers: Sequence[Completion]) -> None:
        self._offers, self._chose = list(offers)[:OFFERED_MAX], False
        if self._offering is not None:
            self._offering.stop()
            self._offering = None
        if self._offers:
            self._offering = self.set_timer(OFFER_S, self._show_offers)
        else:
            self.remove_class("-offering")

    def _show_offers(self) -> None:
        self._offering = None
        self.set_class(bool(self._offers), "-offering")
        if self._offers:
            width = max(len(clean(one.text, OFFER_LIMIT)) for one in self._offers)
            self.offered.set_options(Option(_words(one, width)) for one in self._offers)
            self.offered.highlighted = 0
            self.offered.styles.offset = (len(PROMPT) + self._offers[0].start, 0)


def _words(offer: Completion, width: int) -> Content:
    return Content.assemble(clean(offer.text, OFFER_LIMIT).ljust(width), "  ", (clean(offer.kind, 12), "$rex-faint"))
