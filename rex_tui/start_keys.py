"""The `keys` command at work: every command with its keys, for people and for programs."""

from __future__ import annotations

import json
from typing import Any, Final

from rex_tui.ending import tell
from rex_tui.keymap.commands import FIXED, KEYS
from rex_tui.keymap.groups import GROUPS, TITLES
from rex_tui.keymap.keymap import Keymap
from rex_tui.keymap.names import shown_key, shown_keys
from rex_tui.keymap.presets import keymap_with
from rex_tui.start_keymap import wanted_keymap

MOVING: Final = "move."
MOVING_GROUP: Final = "list"
"""Where the commands that move through lines are listed: they are the same everywhere."""
NO_KEY: Final = "no key"


def list_keys(preset: str | None, *, as_json: bool) -> None:
    """Print the keys that hold, or those of a preset alone; exits where the settings can't be read."""
    keymap = wanted_keymap() if preset is None else keymap_with(preset)
    tell(json.dumps(_json(keymap), indent=2, ensure_ascii=False) if as_json else _text(keymap))


def _text(keymap: Keymap) -> str:
    lines = [
        f"Commands and their keys: preset {keymap.preset}"
        + (f", and keys of your own for {len(keymap.own)} of them" if keymap.own else "")
    ]
    names = max(map(len, KEYS))
    shown = {name: shown_keys(keymap.keys(name)) or NO_KEY for name in KEYS}
    keys = max(map(len, shown.values()))
    for group, commands in GROUPS.items():
        told = {name: words for name, words in commands.items() if group == MOVING_GROUP or not name.startswith(MOVING)}
        if told:
            lines += ["", TITLES[group]]
        for name, words in told.items():
            usual = f"  (usually {shown_keys(KEYS[name])})" if name in keymap.changed else ""
            sign = "*" if usual else " "
            lines.append(f"{sign} {name:<{names}}  {shown[name]:<{keys}}  {words}{usual}")
    if keymap.clashes:
        lines += ["", "Clashes"]
        lines += [f"! {clash.told()}" for clash in keymap.clashes]
    return "\n".join(lines)


def _json(keymap: Keymap) -> dict[str, Any]:
    return {
        "format": 1,
        "preset": keymap.preset,
        "commands": [
            {
                "id": name,
                "keys": [*map(shown_key, keymap.keys(name))],
                "usual": [*map(shown_key, usual)],
                "changed": name in keymap.changed,
                "fixed": name in FIXED,
                "where": {group: commands[name] for group, commands in GROUPS.items() if name in commands},
            }
            for name, usual in KEYS.items()
        ],
        "clashes": [
            {
                "key": shown_key(clash.key),
                "first": clash.first,
                "other": clash.other,
                "where": clash.place,
                "lost": clash.lost,
            }
            for clash in keymap.clashes
        ],
    }
