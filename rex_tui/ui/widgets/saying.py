"""A widget that says something, and paints only when it says something else."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Saying(Static):
    """Text that is set again and again, mostly to what it is already: that costs nothing."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start without words."""
        super().__init__(id=id, classes=classes, markup=False)
        self._said = Content()

    def say(self, words: Content, *, layout: bool = False) -> None:
        """Show these words; with `layout` the widget's height follows them, and all is laid out anew where it does."""
        if words != self._said or words.spans != self._said.spans:
            before, self._said = self._said, words
            width = self.content_size.width
            self.update(words, layout=layout and (not width or _height(before, width) != _height(words, width)))


def _height(words: Content, width: int) -> int:
    """Give how many lines words take in so many cells."""
    return words.get_height({}, width)
