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
        """Show these words; with `layout` the widget's height may change with them."""
        if words != self._said or words.spans != self._said.spans:
            self._said = words
            self.update(words, layout=layout)
