"""A screen that is styled and painted once before it is seen, where textual would do each twice."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events, on
from textual.screen import Screen, ScreenResultType


class WholeScreen(Screen[ScreenResultType]):
    """A screen with classes for its size, which calls `know_size` before it composes what is on it."""

    def know_size(self) -> None:
        """Take the classes of the terminal's size: textual gives them after the first layout, and styles all again."""
        width, height = self.app.size
        widths = self.app.HORIZONTAL_BREAKPOINTS if self.HORIZONTAL_BREAKPOINTS is None else self.HORIZONTAL_BREAKPOINTS
        heights = self.app.VERTICAL_BREAKPOINTS if self.VERTICAL_BREAKPOINTS is None else self.VERTICAL_BREAKPOINTS
        self.update_classes(dict([*_reached(widths or [], width), *_reached(heights or [], height)]), update=False)

    def painted_first(self) -> None:
        """Do what can wait until the screen was seen; called once, when it was painted for the first time."""

    @on(events.ScreenResume)
    def _be_styled_once(self, event: events.ScreenResume) -> None:
        """Keep textual from styling all of the screen a second time before it was seen."""
        event.refresh_styles = event.refresh_styles and self._was_painted

    _was_painted = False

    def _compositor_refresh(self) -> None:
        """Paint, but not what textual would not write: it paints all of the first screen while the app still starts."""
        if not self.app._batch_count:  # noqa: SLF001 - it has no public name
            super()._compositor_refresh()
            if not self._was_painted:
                self._was_painted = True
                self.call_later(self.painted_first)


def _reached(breakpoints: list[tuple[int, str]], size: int) -> Iterator[tuple[str, bool]]:
    """Yield each class, and whether it is that of a size in cells: the one with the largest least size that it has."""
    last = max((least for least, _ in breakpoints if least <= size), default=None)
    for least, name in breakpoints:
        yield name, least == last
