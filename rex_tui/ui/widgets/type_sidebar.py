"""The sidebar: every event type there is, grouped by resource, with counts, as the switches of the filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from msgspec import Struct
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rex_tui.event import GAP_TYPE, action_of, resource_of
from rex_tui.query.filter import DEALS, EVERYTHING, Filter
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound
from rex_tui.ui.widgets.choice_list import ChoiceList, choice_keys
from rex_tui.ui.widgets.resource import GLYPHS, colour_of, glyph_of

SHOWN_MARK: Final = "✓"
PARTLY_MARK: Final = "~"
HIDDEN_MARK: Final = "·"
NAME_LIMIT: Final = 60
PADDING: Final = 1
_NONE_SAVED: Final[Mapping[str, str]] = MappingProxyType({})


class Line(Struct, frozen=True):
    """One line of the sidebar: a preset (by its name), a saved filter, a whole resource, one type, or a heading."""

    kind: Literal["preset", "heading", "saved", "group", "type"]
    name: str


class TypeSidebar(ChoiceList, inherit_bindings=False):
    """The types as switches. It owns no filter: it shows the screen's, and posts the one the reader chose."""

    DEFAULT_CSS = """
    TypeSidebar {
        height: 1fr;
        padding: 0;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *choice_keys("types"),
        bound("types", "types.toggle", "select", "Show/hide"),
        bound("types", "types.forget", "forget"),
        bound("types", "pane.back", "screen.back", "Back"),
    ]

    @dataclass(eq=False, repr=False)
    class FilterChosen(Message):
        """The reader chose another filter."""

        filter: Filter

    @dataclass(eq=False, repr=False)
    class SavedChosen(Message):
        """The reader chose a saved filter."""

        name: str

    @dataclass(eq=False, repr=False)
    class SavedDropped(Message):
        """The reader wants to be rid of a saved filter."""

        name: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; `show` fills it."""
        super().__init__(id=id)
        self._filter = EVERYTHING
        self._counts: Mapping[str, int] = {}
        self._saved: Mapping[str, str] = {}
        self._text = ""
        self._shown_lines: list[Line] = []
        self._prompts: list[Content] = []

    def show(
        self, counts: Mapping[str, int], chosen: Filter, saved: Mapping[str, str] = _NONE_SAVED, text: str = ""
    ) -> None:
        """Show these types with their counts, under this filter, and the saved filters by their names.

        `text` says the filter in force, types and query, as the saved filters' texts do.
        """
        self._saved, self._text = saved, text
        self._counts = {name: count for name, count in counts.items() if name != GAP_TYPE}
        self._filter = chosen
        lines = _lines_for(self._counts, saved)
        if lines == self._shown_lines:
            self._renew()
            return
        kept = self.chosen_line
        self._shown_lines, self._prompts = lines, [self._prompt(line) for line in lines]
        self.set_options(
            Option(prompt, disabled=line.kind == "heading") for line, prompt in zip(lines, self._prompts, strict=True)
        )
        self.highlighted = lines.index(kept) if kept in lines else 0

    def _renew(self) -> None:
        """Paint the lines that say something else than before."""
        for index, line in enumerate(self._shown_lines):
            prompt = self._prompt(line)
            if prompt.markup != self._prompts[index].markup:
                self._prompts[index] = prompt
                self.replace_option_prompt_at_index(index, prompt)

    @property
    def chosen_line(self) -> Line | None:
        """Give the line under the cursor."""
        return None if self.highlighted is None else self._shown_lines[self.highlighted]

    def only(self) -> None:
        """Show only what the cursor is on."""
        match self.chosen_line:
            case Line("group", name):
                self.post_message(self.FilterChosen(Filter.only_group(name)))
            case Line("type", name):
                self.post_message(self.FilterChosen(Filter.only([name])))

    def all_but(self) -> None:
        """Show all but what the cursor is on."""
        match self.chosen_line:
            case Line("group", name):
                self.post_message(self.FilterChosen(Filter.all_but_group(name)))
            case Line("type", name):
                self.post_message(self.FilterChosen(Filter.all_but([name])))

    def action_forget(self) -> None:
        """Forget the saved filter under the cursor, once the screen has asked."""
        match self.chosen_line:
            case Line("saved", name):
                self.post_message(self.SavedDropped(name))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Turn the clicked or chosen switch round."""
        event.stop()
        match self._shown_lines[event.option_index]:
            case Line("saved", name):
                self.post_message(self.SavedChosen(name))
                return
            case Line("preset", "deals"):
                chosen = EVERYTHING if self._filter == DEALS else DEALS
            case Line("group", name):
                chosen = self._filter.toggled_group(name, self._types_of(name))
            case Line("type", name):
                chosen = self._filter.toggled(name)
            case _:
                chosen = EVERYTHING
        self.post_message(self.FilterChosen(chosen))

    def on_resize(self) -> None:
        """Align the counts with the new width."""
        self._renew()

    def _types_of(self, resource: str) -> list[str]:
        return [name for name in self._counts if resource_of(name) == resource]

    def _prompt(self, line: Line) -> Content:
        match line:
            case Line("preset", "deals"):
                mark = SHOWN_MARK if self._filter == DEALS else HIDDEN_MARK
                return self._line(mark, f"{GLYPHS['deal']} deals", None, "bold")
            case Line("preset"):
                mark = SHOWN_MARK if self._filter.is_all else HIDDEN_MARK
                return self._line(mark, "all events", sum(self._counts.values()), "bold")
            case Line("heading", name):
                return Content.styled(f"  {name}", "bold $rex-faint")
            case Line("saved", name):
                mark = SHOWN_MARK if self._saved.get(name) == self._text else HIDDEN_MARK
                return self._line(mark, f"/ {clean(name, NAME_LIMIT)}", None, "")
            case Line("group", name):
                types = self._types_of(name)
                shown = sum(map(self._filter.shows, types))
                mark = SHOWN_MARK if shown == len(types) else PARTLY_MARK if shown else HIDDEN_MARK
                count = sum(self._counts[type_] for type_ in types)
                words = f"{glyph_of(name)} {clean(name, NAME_LIMIT)}"
                return self._line(mark, words, count, f"bold {colour_of(name)}")
            case Line(_, name):
                shown = self._filter.shows(name)
                words = f"  {clean(action_of(name) or name, NAME_LIMIT)}"
                return self._line(
                    SHOWN_MARK if shown else HIDDEN_MARK, words, self._counts[name], "" if shown else "$rex-faint"
                )

    def _line(self, mark: str, words: str, count: int | None, style: str) -> Content:
        width = max(self.scrollable_content_region.width - PADDING, 12)
        number = "" if count is None else f"{count:,}"
        label = Content(words).truncate(max(width - len(number) - 4, 4), ellipsis=True, pad=True)
        return Content.assemble(
            (mark, "bold $success" if mark == SHOWN_MARK else "$rex-faint"),
            " ",
            label.stylize(style),
            " ",
            (number, "$rex-faint"),
        )


def _lines_for(counts: Mapping[str, int], saved: Mapping[str, str]) -> list[Line]:
    lines = [Line("preset", "all"), Line("preset", "deals")]
    if saved:
        lines += [Line("heading", "Saved"), *(Line("saved", name) for name in saved), Line("heading", "Types")]
    for resource in sorted({resource_of(name) for name in counts}, key=_order):
        lines.append(Line("group", resource))
        lines.extend(Line("type", name) for name in sorted(counts) if resource_of(name) == resource)
    return lines


def _order(resource: str) -> tuple[int, str]:
    known = list(GLYPHS)
    return (known.index(resource) if resource in GLYPHS else len(known), resource)
