"""How a screen begins: with which filter and whose story, and by which command the same screen is opened again."""

from __future__ import annotations

from msgspec import Struct, field

from rex_tui.keymap.keymap import USUAL, Keymap
from rex_tui.looks import Look


class Opening(Struct, frozen=True):
    """What a start was asked to show first: a filter as text, "" for all events, and an id whose story lies over it.

    `again` are the words of the command that opens this screen again; none where it can't be, as for a pipe.
    `made_anew` says that other ids are in it then, as in a demo; `masked`, that masking is on from the start, and
    `unmasked`, that somebody said it is not; `tour`, that a tour leads through the screen. `restore` says that the rest
    is as the screen was left, and `keeps` that it is kept how it is left this time. `keymap` says which keys hold.
    `look` says by which theme, signs, colours and motion the screen is drawn.
    """

    where: str = ""
    about: str = ""
    again: tuple[str, ...] = ()
    made_anew: bool = False
    masked: bool = False
    tour: bool = False
    unmasked: bool = False
    restore: bool = False
    keeps: bool = False
    keymap: Keymap = USUAL
    look: Look = field(default_factory=Look)
