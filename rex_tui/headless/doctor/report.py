"""What the doctor found, as lines for people or JSON for programs, fit to be shown to anyone."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import Final

from msgspec.structs import replace

from rex_tui.headless.doctor.check import STATES, Check, Fact, State
from rex_tui.signs import IN_ASCII

SIGNS: Final[Mapping[State, str]] = {"fine": "✓", "attend": "!", "wrong": "✕", "skipped": "·"}
PLAIN_SIGNS: Final[Mapping[State, str]] = {"fine": "+", "attend": "!", "wrong": "x", "skipped": "."}
NAME_WIDTH: Final = 17
WIDTH_MAX: Final = 110
WIDTH_MIN: Final = 40

Hide = Callable[[str], str]


def hiding(home: PurePath, users: Iterable[str], hide_key: Hide, tenant: str = "") -> Hide:
    """Give what makes a text fit to be shown: home as ~, no user's name in a path, no key, no tenant where named.

    `tenant` is a host name that becomes `tenant.example`.
    """
    steps: list[tuple[re.Pattern[str], str]] = []
    if len(home.parts) > 1:
        steps.append((re.compile(rf"{re.escape(str(home))}(?![\w.-])"), "~"))
    steps += [
        (re.compile(rf"(?<=[/\\]){re.escape(user)}(?![\w.-])"), "user") for user in sorted(set(users), key=len) if user
    ]
    if tenant:
        # A store's name ends in a part of the address's hash, by which an address can be tried out.
        steps.append((re.compile(rf"{re.escape(tenant)}(?:-[0-9a-f]{{8}}(?=\.db))?", re.IGNORECASE), "tenant.example"))

    def hide(text: str) -> str:
        text = hide_key(text)
        for pattern, instead in steps:
            text = pattern.sub(instead, text)
        return text

    return hide


def hidden(checks: Sequence[Check], hide: Hide) -> list[Check]:
    """Give the checks as they may be shown."""

    def fact(value: Fact) -> Fact:
        return hide(value) if isinstance(value, str) else value

    return [
        replace(
            one,
            says=hide(one.says),
            todo=hide(one.todo),
            facts={name: fact(value) for name, value in one.facts.items()},
        )
        for one in checks
    ]


def as_json(checks: Sequence[Check]) -> str:
    """Give the checks as one JSON object: `ok`, `counts` by state, and `checks`."""
    told = {
        "ok": all(one.is_well for one in checks),
        "counts": {state: sum(one.state == state for one in checks) for state in STATES},
        "checks": [
            {
                "section": one.section,
                "name": one.name,
                "state": one.state,
                "says": one.says,
                "todo": one.todo or None,
                "facts": dict(one.facts),
            }
            for one in checks
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def as_lines(checks: Sequence[Check], width: int, *, plain: bool, paint: Callable[[State, str], str]) -> list[str]:
    """Give the checks as lines of at most `width` columns (40 to 110), a section each, an empty line before each.

    `plain` is for ASCII alone; `paint` colours a sign. What has no space in it, like a path, is not broken.
    """
    width = max(WIDTH_MIN, min(width, WIDTH_MAX))
    signs = PLAIN_SIGNS if plain else SIGNS
    lines: list[str] = []
    for section, group in groupby(checks, key=lambda one: one.section):
        lines += ["", section]
        for one in group:
            lead = f"  {signs[one.state]} {one.name:<{NAME_WIDTH}} "
            says = _wrapped(one.says, width, len(lead))
            lines.append(f"  {paint(one.state, signs[one.state])} {one.name:<{NAME_WIDTH}} {says[0]}")
            lines += [" " * len(lead) + more for more in says[1:]]
            if one.todo:
                todo = _wrapped(one.todo, width, len(lead) + 2)
                lines += [" " * len(lead) + ("  " if place else "→ ") + part for place, part in enumerate(todo)]
    return [line.translate(IN_ASCII).encode("ascii", "replace").decode() for line in lines] if plain else lines


def _wrapped(text: str, width: int, lead: int) -> list[str]:
    return textwrap.wrap(text, max(20, width - lead), break_on_hyphens=False, break_long_words=False) or [""]


def in_sum(checks: Sequence[Check], *, plain: bool) -> str:
    """Give in a sentence how many things there are to do."""
    wrong = sum(one.state == "wrong" for one in checks)
    attend = sum(one.state == "attend" for one in checks)
    if not wrong and not attend:
        return "All is well."
    parts = [f"{wrong} {'keeps' if wrong == 1 else 'keep'} rex-tui from working"] if wrong else []
    parts += [f"{attend} should be seen to"] if attend else []
    return f"{' and '.join(parts)}; {'>' if plain else '→'} says what to do."
