"""Checkpoints: keep this place under a name, see what came since the others, go to one, forget one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from rex_tui.checkpoint import LAST_VISIT
from rex_tui.query.language.places import name_as_typed
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound, key_to
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.screens.saved_filters import NAME_MAX, NameInput
from rex_tui.ui.widgets.choice_list import ChoiceList, choice_keys
from rex_tui.ui.widgets.columns import fit, fit_right
from rex_tui.ui.widgets.saying import Saying

NAME_WIDTH: Final = 18
WHEN_WIDTH: Final = 17
SINCE_WIDTH: Final = 17
IN_NAME: Final = "Enter keeps · ↓ those there are · Esc closes"
NONE_YET: Final = "None is kept yet. since:NAME asks the log for what came after one."
FORGOTTEN: Final = "Its event is forgotten, as is all before what is kept: everything that is kept came after it."
BY_TIME: Final = "The log does not have its event, so its time stands in for it."
OURS: Final = "rex-tui keeps this one itself: where you last left the log."


class Listed(Struct, frozen=True):
    """A checkpoint as it is listed: its name, when it was made and how long ago, in words, and how many came since.

    `by_time` tells that the log does not have its event, so that its time stands in for it; `forgotten`, that it lies
    before all that is kept.
    """

    name: str
    when: str
    ago: str
    since: int
    by_time: bool = False
    forgotten: bool = False


class CheckpointList(ChoiceList, inherit_bindings=False):
    """The checkpoints that there are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("checkpoint_list", "checkpoints.go", "screen.go"),
        bound("checkpoint_list", "checkpoints.forget", "screen.forget"),
        *choice_keys("checkpoint_list", without="first"),
    ]


class CheckpointsScreen(Dialog[str | None]):
    """Asks for a name to keep this place under, and lists the checkpoints; gives the one to go to, or None."""

    CSS_PATH = "checkpoints.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [bound("checkpoints", "dialog.close", "dismiss")]

    def __init__(
        self,
        listed: Sequence[Listed],
        place: str,
        *,
        wrong: Callable[[str], str],
        keep: Callable[[str], None],
        drop: Callable[[str], None],
    ) -> None:
        """List these, and say in words, clean, which place is to be kept, "" where there is none.

        `wrong` says why a name can't be one, `keep` and `drop` keep this place under a name and forget one.
        """
        super().__init__()
        self._listed = list(listed)
        self._place = place
        self._wrong = wrong
        self._keep = keep
        self._drop = drop
        self._dropping = ""

    def compose(self) -> ComposeResult:
        """Lay out name and list."""
        proposed = [one.name for one in self._listed if one.name != LAST_VISIT]
        with Vertical(id="checkpoints-box") as box:
            box.border_title = Content("Checkpoints")
            box.border_subtitle = Content(IN_NAME)
            yield Saying(id="checkpoint-place")
            suggester = SuggestFromList(proposed, case_sensitive=False)
            yield NameInput(
                placeholder="a name, like weekly-review", max_length=NAME_MAX, suggester=suggester, id="checkpoint-name"
            )
            yield Saying(id="checkpoint-said")
            yield CheckpointList(id="checkpoint-list", markup=False)

    def on_mount(self) -> None:
        """Show what there is."""
        place = self._place or "There is no event yet, so there is no place to keep."
        self.query_one("#checkpoint-place", Saying).say(Content(place), layout=True)
        self._show(None)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#checkpoint-list", OptionList)

    @property
    def _line_for_name(self) -> Input:
        return self.query_one("#checkpoint-name", Input)

    def _show(self, chosen: int | None) -> None:
        self._list.clear_options()
        self._list.add_options([Option(self._line(one)) for one in self._listed])
        self._list.display = bool(self._listed)
        self._list.highlighted = None if chosen is None or not self._listed else min(chosen, len(self._listed) - 1)
        self._say("" if self._listed else NONE_YET)
        if not self._listed:
            self._line_for_name.focus()

    def _line(self, one: Listed) -> Content:
        since = f"{'≈ ' if one.by_time else ''}{one.since:,} since"
        since = f"all {one.since:,} kept" if one.forgotten else since
        return Content.assemble(
            (fit(clean(one.name, NAME_MAX), NAME_WIDTH), "bold"),
            "  ",
            fit(one.when, WHEN_WIDTH),
            (fit_right(since, SINCE_WIDTH, SINCE_WIDTH), "$warning" if one.by_time else ""),
            ("  forgotten," if one.forgotten else " ", "$warning"),
            (f" {one.ago}", "$rex-faint"),
        )

    def _say(self, words: str, style: str = "$rex-faint") -> None:
        self.query_one("#checkpoint-said", Saying).say(Content.styled(words, style), layout=True)

    def _chosen(self) -> Listed | None:
        row = self._list.highlighted
        return self._listed[row] if row is not None and self._list.has_focus else None

    # ---- the name

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        name = name_as_typed(event.value)
        there = next((one for one in self._listed if one.name == name), None)
        if not name:
            self._say("" if self._listed else NONE_YET)
        elif wrong := self._wrong(name):
            self._say(wrong, "$warning")
        elif there is not None:
            self._say(f"{name} is kept already ({there.when}); Enter moves it here.", "$warning")
        else:
            self._say(f"Enter keeps this place as {name}.")

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        name = name_as_typed(event.value)
        if name and self._place and not self._wrong(name):
            self.dismiss(None)
            self._keep(name)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tell the keys that work where the focus is."""
        in_list = event.widget is self._list
        self.query_one("#checkpoints-box").border_subtitle = Content(self._in_list() if in_list else IN_NAME)
        if in_list and self._list.highlighted is None:
            self._list.highlighted = 0

    # ---- the list

    def _in_list(self) -> str:
        goes, forgets = key_to(self, "checkpoints.go"), key_to(self, "checkpoints.forget")
        return f"{goes} goes there · {key_to(self, 'list.choose')} takes the name · {forgets} forgets · Esc closes"

    def on_key(self, event: events.Key) -> None:
        """Go between name and list."""
        if self._line_for_name.has_focus:
            if event.key == "down" and self._listed:
                event.stop()
                self._list.focus()
            return
        if event.key == "up" and self._list.has_focus and self._list.highlighted == 0:
            event.prevent_default().stop()
            self._line_for_name.focus()

    def action_go(self) -> None:
        """Go to the chosen one."""
        if (chosen := self._chosen()) is not None:
            self.dismiss(chosen.name)

    def action_forget(self) -> None:
        """Forget the chosen one."""
        if (chosen := self._chosen()) is not None:
            self._forget(chosen)

    def _forget(self, chosen: Listed) -> None:
        """Forget a checkpoint at the second key: the place can't be had back."""
        if chosen.name == LAST_VISIT:
            self._say(OURS)
        elif self._dropping != chosen.name:
            self._dropping = chosen.name
            key, name = key_to(self, "checkpoints.forget"), clean(chosen.name, NAME_MAX)
            self._say(f"{key} again forgets {name}. No event is lost by that.", "$warning")
        else:
            row = self._listed.index(chosen)
            self._listed.remove(chosen)
            self._drop(chosen.name)
            self._show(row)

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._dropping = ""
        if self._list.has_focus:
            chosen = self._chosen()
            by_time = BY_TIME if chosen is not None and chosen.by_time else ""
            by_time = FORGOTTEN if chosen is not None and chosen.forgotten else by_time
            self._say(OURS if chosen is not None and chosen.name == LAST_VISIT else by_time)

    @on(OptionList.OptionSelected)
    def _taken(self, event: OptionList.OptionSelected) -> None:
        """Take a name into the line, where Enter then moves it here; the one of ours is gone to."""
        name = self._listed[event.option_index].name
        if name == LAST_VISIT:
            self.dismiss(name)
            return
        self._line_for_name.value = name
        self._line_for_name.focus()
