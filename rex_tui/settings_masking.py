"""The table `[masking]` of the settings file: what masking hides, checked word by word."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, cast

from rex_tui.masking import KINDS, Kind, Rules, steps_of
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_lines import in_line

KEYS: Final = ("hide", "fields", "show")
SHOWN_MAX: Final = 60


def masking_rules(
    path: Path, table: Mapping[str, object], text: str = "", above: tuple[str, ...] = ("masking",)
) -> Rules:
    """Give what a table of the settings file at `path` says; raises `SettingsError`, naming file, line and word.

    `text` is the file's, and `above` are the steps to the table in it.
    """
    for name in table:
        if name not in KEYS:
            line = in_line(text, *above, name)
            raise SettingsError(
                f"{line.capitalize()}{'t' if line else 'T'}he settings file {path} has an unknown key under [masking], "
                f"{_shown(name)}.{_hint(name, KEYS)}"
            )
    hide = _texts(path, table, "hide", list(KINDS))
    for kind in hide:
        if kind not in KINDS:
            raise SettingsError(
                f"In the settings file {path}, hide under [masking] has {_shown(kind)}, which is no kind of value."
                f"{_hint(kind, KINDS)}"
            )
    fields, show = (_texts(path, table, name, []) for name in ("fields", "show"))
    for name, paths in (("fields", fields), ("show", show)):
        for field in paths:
            if not steps_of(field):
                raise SettingsError(
                    f"In the settings file {path}, {name} under [masking] has {_shown(field) or 'an empty text'}, "
                    "which is no path of a field. One looks like contact.email; copy one from a payload."
                )
    return Rules(frozenset(cast("list[Kind]", hide)), tuple(fields), tuple(show))


def _texts(path: Path, table: Mapping[str, object], name: str, otherwise: list[str]) -> list[str]:
    found = table.get(name, otherwise)
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise SettingsError(f'In the settings file {path}, {name} under [masking] should be a list of texts: ["…"].')
    return found


def _hint(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, 1)
    return f" Did you mean {near[0]}?" if near else f" Known are {', '.join(known)}."


def _shown(text: str) -> str:
    return clean(text, SHOWN_MAX)
