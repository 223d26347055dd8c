"""A list with one line an item, of which only those in sight are made and painted, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, TypeVar

from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from rex_tui.ui.keys import bound, moves

CACHED_LINES: Final = 400
LINE_MOVES: Final = {
    "up": "move(-1)",
    "down": "move(1)",
    "page_up": "page(-1)",
    "page_down": "page(1)",
    "half_up": "page(-0.5)",
    "half_down": "page(0.5)",
    "first": "ends(0)",
    "last": "ends(-1)",
}
"""What moves the chosen item, by the last part of the command's id."""

T = TypeVar("T")


class LineList(ScrollView, Generic[T], can_focus=True):
    """Items, one of them chosen by keys or mouse. Unlike textual's `OptionList` it makes no object an item."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-list--line", "line-list--highlighted"}
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("list", "list.choose", "select"),
        *moves("list", LINE_MOVES),
    ]

    highlighted: reactive[int | None] = reactive(None, repaint=False)

    @dataclass(eq=False, repr=False)
    class Highlighted(Message):
        """Another item is the chosen one."""

        list: Widget
        index: int | None

        @property
        def control(self) -> Widget:
            """Give the list, for `@on` with a selector."""
            return self.list

    @dataclass(eq=False, repr=False)
    class Selected(Message):
        """The reader wants to go into an item."""

        list: Widget
        index: int

        @property
        def control(self) -> Widget:
            """Give the list, for `@on` with a selector."""
            return self.list

    def __init__(self, words: Callable[[T], Content], *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty; `words` gives the line of an item, which must be clean."""
        super().__init__(id=id)
        self._words = words
        self._items: Sequence[T] = ()
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(CACHED_LINES)

    def __len__(self) -> int:
        """Count the items."""
        return len(self._items)

    def __bool__(self) -> bool:
        """Be true also when empty, as widgets are."""
        return True

    def show(self, items: Sequence[T], chosen: int | None) -> None:
        """Show these items, the one at `chosen` as the chosen one and in sight."""
        as_tall = len(items) == len(self._items)
        self._items = items
        self._strips.clear()
        self.virtual_size = Size(0, len(items))
        self.set_reactive(LineList.highlighted, chosen if items else None)
        self.scroll_to_highlight()
        self.refresh(layout=not as_tall and self.styles.is_auto_height)

    def show_anew(self) -> None:
        """Make the lines anew, since what they tell has changed."""
        self._strips.clear()
        self.refresh()

    def line(self, index: int) -> Content:
        """Give the line of an item."""
        return self._words(self._items[index])

    def scroll_to_highlight(self) -> None:
        """Bring the chosen item into sight."""
        page = self.scrollable_content_region.height
        if self.highlighted is None or not page:
            return
        top = self.scroll_offset.y
        if self.highlighted < top:
            self.scroll_to(y=self.highlighted, animate=False, force=True)
        elif self.highlighted >= top + page:
            self.scroll_to(y=self.highlighted - page + 1, animate=False, force=True)

    def validate_highlighted(self, index: int | None) -> int | None:
        """Keep to the items that there are."""
        return None if index is None or not self._items else max(0, min(index, len(self._items) - 1))

    def watch_highlighted(self, before: int | None, index: int | None) -> None:
        """Repaint the two lines, and tell the screen."""
        for changed in (before, index):
            if changed is not None:
                self.refresh_line(changed)
        self.scroll_to_highlight()
        self.post_message(self.Highlighted(self, index))

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """Be as tall as there are items, where the height is for us to say."""
        return len(self._items)

    def on_focus(self) -> None:
        """Choose the first item where none is, so that Enter goes into what the reader came for."""
        if self.highlighted is None:
            self.highlighted = 0

    def on_resize(self) -> None:
        """Keep the chosen item in sight."""
        self.scroll_to_highlight()

    # ---- what the reader does

    def action_move(self, lines: int) -> None:
        """Choose an item some lines further; without a chosen one, the first or last."""
        self.highlighted = (len(self) if lines < 0 else -1) + lines if self.highlighted is None else self._at(lines)

    def action_page(self, pages: float) -> None:
        """Choose an item a page further, or a part of one."""
        lines = max(1, round(abs(pages) * (self.scrollable_content_region.height - 1)))
        self.highlighted = self._at(lines if pages > 0 else -lines)

    def action_ends(self, index: int) -> None:
        """Choose the first item, or the last."""
        self.highlighted = index if index >= 0 else len(self) + index

    def action_select(self) -> None:
        """Go into the chosen item."""
        if self.highlighted is not None:
            self.post_message(self.Selected(self, self.highlighted))

    def on_click(self, event: events.Click) -> None:
        """Choose the item under the mouse, and go into it."""
        offset = event.get_content_offset(self)
        index = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= index < len(self):
            event.stop()
            self.highlighted = index
            self.action_select()

    def _at(self, lines: int) -> int:
        return max(0, (self.highlighted or 0) + lines)

    # ---- painting

    def render_line(self, y: int) -> Strip:
        """Give the line at `y` of the window."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if index >= len(self):
            return Strip.blank(width, self.rich_style)
        names = ["line-list--line", *(["line-list--highlighted"] if index == self.highlighted else [])]
        style = self.get_visual_style(*names)
        key = (index, width, style)
        strip = self._strips.get(key)
        if strip is None:
            line = Content(" ").append(self.line(index)).truncate(width, ellipsis=True)
            painted = Visual.to_strips(self, line, width, 1, style)
            strip = painted[0].extend_cell_length(width, style.rich_style).adjust_cell_length(width)
            self._strips[key] = strip
        return strip

    def notify_style_update(self) -> None:
        """Paint anew when the colours change."""
        self._strips.clear()
        super().notify_style_update()
