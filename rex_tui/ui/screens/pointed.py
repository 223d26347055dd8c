"""What can be done with a dialog by mouse alone: its border names keys, and a click on one presses it."""

from __future__ import annotations

from typing import ClassVar, Final, TypeVar

from textual.events import Click
from textual.geometry import Offset, Region
from textual.screen import ModalScreen
from textual.widget import Widget

from rex_tui.keymap.names import KeyNameError, key_of

Given = TypeVar("Given")

PART: Final = " · "
FRAME: Final = "╰─╯"


class Pointed(ModalScreen[Given]):
    """A screen over another one, which is left by a click beside it, and whose border can be clicked."""

    leaves_outside: ClassVar[bool] = True
    """Whether a click beside it does what Esc does."""

    @property
    def is_held(self) -> bool:
        """Tell whether it can't be closed now."""
        return False

    def on_click(self, event: Click) -> None:
        """Press the key whose name was clicked in a border; leave after a click beside it all."""
        key = ""
        if event.widget is self:
            key = "escape" if self.leaves_outside and not self.is_held else ""
        elif event.widget is not None:
            key = key_at(event.widget, event.screen_offset)
        if key:
            event.stop()
            self.app.call_later(self.app.simulate_key, key)  # a key of our own would not come back to us


def key_at(box: Widget, at: Offset) -> str:
    """Give the key named by the words at a place of the screen in the lower border of a box, "" where there are none.

    The words are those that are painted there, such as `Enter saves · Esc does not`. A part tells of the key that it
    begins with, unless it is another one of it that is pointed at, as in `K J move`.
    """
    region = box.region
    if not box.border_subtitle or at.y != region.bottom - 1 or not region.contains_point(at):
        return ""
    painted = box.render_lines(Region(0, region.height - 1, region.width, 1))[0]
    place, line = len(painted.crop(0, at.x - region.x).text), painted.text
    if line[place] in FRAME:
        return ""
    start, end = line.rfind(PART, 0, place + 1), line.find(PART, place)
    part = line[start + len(PART) if start >= 0 else 0 : end if end >= 0 else None].strip(FRAME + " ")
    pointed_at = line[line.rfind(" ", 0, place + 1) + 1 :].partition(" ")[0]
    return next(filter(None, map(_key, (pointed_at, part.partition(" ")[0]))), "")


def _key(word: str) -> str:
    """Give Textual's name of the key that a word calls, "" where it calls none; `a` is a word."""
    name = word if len(word) == 1 else word.removesuffix(":")
    name = {"⏎": "Enter", "Delete": "Del"}.get(name, name)
    if not name or name == "a" or (len(name) == 1 and not name.isascii() and name not in "↑↓←→"):
        return ""
    try:
        return key_of(name)
    except KeyNameError:
        return ""
