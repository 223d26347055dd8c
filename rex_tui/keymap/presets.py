"""Whole keymaps to begin with, for hands that know another program. What they displace goes to another key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rex_tui.keymap.commands import KEYS
from rex_tui.keymap.keymap import NO_KEYS, USUAL_PRESET, Keymap, Keys
from rex_tui.keymap.names import key_of

_WRITTEN: Final[Mapping[str, Mapping[str, str]]] = {
    "vim": {
        "move.page_up": "ctrl+b PgUp",
        "move.page_down": "ctrl+f PgDn",
        "detail.open": "l → i",
        "payload.open": "l →",
        "payload.close": "h ←",
        "time.earlier": "h ←",
        "time.later": "l →",
        "time.first": "0 Home",
        "time.last": "$ End",
        "time.histogram": "H",
        "lens.back": "ctrl+o [",
        "columns.narrower": "h ←",
        "columns.wider": "l →",
        "checkpoints.go": "l g →",
    },
    "k9s": {
        "app.commands": ": ctrl+a",
        "move.page_up": "ctrl+b PgUp",
        "move.page_down": "ctrl+f PgDn",
        "detail.open": "d → i",
        "filter.deals": "D",
        "copy.menu": "c y",
        "detail.changes": "v",
        "pane.zoom": "f z",
        "log.export": "ctrl+s ctrl+e",
        "filter.save": "S",
        "review.view": "v f",
    },
    "less": {
        "move.page_up": "b PgUp ctrl+b",
        "move.page_down": "Space f PgDn ctrl+f",
        "move.half_up": "u ctrl+u",
        "move.half_down": "d ctrl+d",
        "table.follow": "F G End",
        "app.help": "h ?",
        "filter.ask": "/ &",
        "feed.pause": "p",
        "filter.deals": "D",
        "show.utc": "U",
        "time.histogram": "H",
        "types.toggle": ".",
        "payload.fold": ".",
        "columns.switch": ".",
        "review.define": "D",
    },
}


def keymap_with(preset: str, own: Mapping[str, Keys] = NO_KEYS) -> Keymap:
    """Give a preset's keys with the user's own over them."""
    return Keymap(preset, preset_keys(preset), own)


def preset_keys(preset: str) -> Mapping[str, Keys]:
    """Give the keys that a preset changes; none for the usual ones."""
    if preset == USUAL_PRESET:
        return NO_KEYS
    return {name: tuple(map(key_of, written.split())) for name, written in _WRITTEN[preset].items() if name in KEYS}
