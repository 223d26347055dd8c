"""A tree that is painted in the theme's colours, and no more of it than says something."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from rich.style import Style
from rich.text import Span, Text
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from rex_tui.ui.widgets.bare import BareBelow
from rex_tui.ui.widgets.payload_parts import STYLES

T = TypeVar("T")


class PaintedTree(Tree[T]):
    """A tree in a pane of a fixed size, without a visible root; the styles of its labels are named as in `STYLES`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(STYLES)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start empty."""
        self._styles_found: dict[str | Style, Style] = {}
        super().__init__(Text(""), id=id)
        self._under = Style.null()
        self._is_painting = False
        self._empty_line = Strip([])
        self._styles_cache = BareBelow(lambda: len(self._tree_lines) - self.scroll_offset.y, lambda: self._empty_line)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint anew. No layout: the pane gives the tree its size, whatever is in it, and a layout is one of all."""
        del layout
        return super().refresh(*regions, repaint=repaint, recompose=recompose)

    def watch_virtual_size(self, size: Size) -> None:
        """Keep the scroll bar in step with what is in the tree, as a layout would."""
        if self.size:
            self._scroll_update(size)

    @property
    def rich_style(self) -> Style:
        """Give the style below a line, which textual works out anew for each; it is the same in all of a paint."""
        return self._under if self._is_painting else super().rich_style

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give the lines of a region."""
        self._under, self._is_painting = super().rich_style, True
        self._empty_line = Strip.blank(self.outer_size.width, self._under)
        try:
            return super().render_lines(crop)
        finally:
            self._is_painting = False

    def render_label(self, node: TreeNode[T], base_style: Style, style: Style) -> Text:
        """Give the words of a line in the theme's colours."""
        label = super().render_label(node, base_style, style)
        label.spans = [Span(start, end, self._styled(named)) for start, end, named in label.spans]
        return label

    def _styled(self, named: str | Style) -> str | Style:
        if named not in STYLES:
            return named
        style = self._styles_found.get(named)
        if style is None:
            style = self._styles_found[named] = self.get_component_rich_style(str(named), partial=True)
        return style

    def notify_style_update(self) -> None:
        """Look for the styles of words anew when the colours change."""
        self._styles_found.clear()
        super().notify_style_update()
