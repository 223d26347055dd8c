"""Every command that has a key: its id, which is a stable interface, and the keys that it usually has.

An id says what is done, not where: the same id in two places is the same wish, and one line changes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rex_tui.keymap.names import key_of

_WRITTEN: Final[Mapping[str, str]] = {
    # always, whatever else is changed
    "always.quit": "ctrl+q",
    "always.commands": "ctrl+p",
    "always.help": "F1",
    "always.suspend": "ctrl+z",
    # the program
    "app.help": "?",
    "app.commands": ":",
    "app.quit": "q",
    # in every list, table and text
    "move.up": "↑ k",
    "move.down": "↓ j",
    "move.page_up": "PgUp",
    "move.page_down": "PgDn",
    "move.half_up": "ctrl+u",
    "move.half_down": "ctrl+d",
    "move.first": "g Home",
    "move.last": "G End",
    "list.choose": "Enter",
    "table.follow": "G End",
    "table.story": "Enter",
    "detail.open": "→ i",
    "detail.changes": "c",
    "pane.types": "s",
    "pane.zoom": "z",
    "pane.next": "Tab",
    "pane.previous": "shift+Tab",
    "pane.back": "Esc",
    "pane.wider": "shift+→",
    "pane.narrower": "shift+←",
    "pane.taller": "shift+↓",
    "pane.lower": "shift+↑",
    # the feed
    "feed.pause": "Space",
    "feed.poll": "r",
    "feed.go_on": "ctrl+n",
    "feed.read_again": "ctrl+r",
    # what is shown
    "filter.ask": "/",
    "filter.deals": "d",
    "filter.all": "a",
    "filter.only": "o",
    "filter.all_but": "x",
    "filter.switch": "\\",
    "filter.save": "ctrl+s",
    "match.next": "n",
    "match.before": "N",
    "since.first": "Enter",
    "time.go_to": "t",
    "time.histogram": "h",
    "time.earlier": "←",
    "time.later": "→",
    "time.first": "Home",
    "time.last": "End",
    "time.table": "Enter",
    "show.utc": "u",
    "show.relative": "T",
    "show.masked": "M",
    # what is opened and taken along
    "copy.menu": "y",
    "copy.cursor": "Y",
    "mark.toggle": "m",
    "mark.list": "'",
    "checkpoint.keep": "K",
    "log.export": "ctrl+e",
    "log.set_aside": "e",
    "review.open": "R",
    "rules.list": "W",
    "table.columns": "C",
    # in the types, in a payload, in the bar
    "types.toggle": "Space",
    "types.forget": "Del",
    "payload.fold": "Space",
    "payload.story": "Enter",
    "payload.column": "+",
    "payload.close": "←",
    "payload.open": "→",
    "payload.only": "o",
    "payload.all_but": "x",
    "payload.least": ">",
    "payload.most": "<",
    "bar.complete": "Tab",
    "bar.before": "↑",
    "bar.after": "↓",
    "bar.keep": "Enter",
    "bar.leave": "Esc",
    # stories and the review
    "lens.leave": "Esc q",
    "lens.back": "[",
    "lens.forth": "]",
    "review.leave": "Esc q",
    "review.period": "p",
    "review.view": "v",
    "review.filter": "/",
    "review.sort": "s",
    "review.matrix": "m",
    "review.before": "[",
    "review.after": "]",
    "review.define": "d",
    "review.mark": "K",
    # the tour of the demo
    "tour.back": "F2",
    "tour.next": "F3",
    "tour.leave": "F4",
    # the form of a first start, for which no keys are set yet
    "setup.leave": "Esc ctrl+q ctrl+c",
    "setup.next": "↓",
    "setup.before": "↑",
    # dialogs
    "dialog.close": "Esc q",
    "dialog.cancel": "Esc",
    "dialog.write": "Enter",
    "forget.yes": "Enter y Del",
    "forget.no": "Esc n q",
    "marks.note": "n",
    "marks.unmark": "Del Backspace",
    "rules.mute": "m",
    "checkpoints.go": "g →",
    "checkpoints.forget": "Del Backspace",
    "columns.switch": "Space",
    "columns.earlier": "K shift+↑",
    "columns.later": "J shift+↓",
    "columns.narrower": "←",
    "columns.wider": "→",
    "columns.usual": "r",
    "columns.path": "+ /",
    "columns.keep": "Enter q",
    "columns.leave": "Esc",
}
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(map(key_of, written.split())) for name, written in _WRITTEN.items()
}
"""The keys that each command usually has, by Textual's names, the one that is told first."""
FIXED: Final = tuple(name for name in KEYS if name.startswith(("always.", "setup.")))
"""What can't be changed, so that nobody is ever locked in."""
RESERVED: Final[Mapping[str, str]] = {
    "ctrl+q": "quits",
    "ctrl+p": "finds every command",
    "f1": "shows the keys that hold",
    "escape": "leaves and cancels",
    "ctrl+c": "copies what is selected",
    "ctrl+z": "puts the program into the background",
}
"""Keys that can be given to no command, and what each always does."""
TOURED: Final = ("tour.back", "tour.next", "tour.leave")
"""What leads through the tour, on every screen, while it is on."""
TYPED_AT: Final = frozenset(
    {"bar.complete", "bar.before", "bar.after", "bar.keep", "bar.leave", "dialog.write", *TOURED}
)
"""What works where text is typed, and so can have no key that types something."""
FIRST_ASKED: Final = frozenset({"dialog.write", "since.first", *TOURED})
"""What goes before all that has the same key, wherever the focus is."""


def kept_escape(name: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Give the keys that a command has where these are wished for it: Esc stays with what it leaves."""
    return keys if "escape" not in KEYS[name] or "escape" in keys else (*keys, "escape")
