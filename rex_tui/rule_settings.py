"""The watch rules as the settings file has them: every key checked, the query of `where` still a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError

Doing: TypeAlias = Literal["highlight", "toast", "bell", "notify"]
RuleColor: TypeAlias = Literal["primary", "secondary", "accent", "success", "warning", "error"]

DOINGS: Final[tuple[Doing, ...]] = get_args(Doing)
COLORS: Final[tuple[RuleColor, ...]] = get_args(RuleColor)
KEYS: Final = ("name", "where", "do", "run", "timeout_s", "color", "run_in_demo")
RULES_MAX: Final = 50
NAME_MAX: Final = 60
WHERE_MAX: Final = 2_000
TIMEOUT_DEFAULT_S: Final = 10.0
TIMEOUT_MAX_S: Final = 60.0


class RuleSetting(Struct, frozen=True):
    """One rule: what it is called, which events it is about, and what is done when one of them comes.

    `run` are a program and its arguments, () for none, which is ended after `timeout_s` seconds. `place` says where
    the rule stands, for what is to be told of it.
    """

    name: str
    where: str
    do: frozenset[Doing] = frozenset()
    run: tuple[str, ...] = ()
    timeout_s: float = TIMEOUT_DEFAULT_S
    color: RuleColor = "warning"
    run_in_demo: bool = False
    place: str = ""

    def told(self) -> str:
        """Give in words what the rule does, clean: `highlight in warning, toast, run ring-bell`."""
        parts = [f"highlight in {self.color}" if one == "highlight" else one for one in DOINGS if one in self.do]
        return ", ".join(parts + [f"run {clean(' '.join(self.run), 120)}"] * bool(self.run))


def read_rules(path: Path, text: str, found: object, table: tuple[str, ...] = ("rules",)) -> tuple[RuleSetting, ...]:
    """Give the rules of the settings file at `path`, whose text is `text`; raises `SettingsError`, naming the rule.

    `table` are the steps to them: `profiles`, a name and `rules` for those of a profile.
    """
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise SettingsError(f"In the settings file {path}, rules should be tables that begin with [[rules]].")
    if len(found) > RULES_MAX:
        raise SettingsError(f"The settings file {path} has {len(found)} rules; at most {RULES_MAX} are watched.")
    heads = [text.count("\n", 0, head.start()) + 1 for head in _head(table).finditer(text)]
    rules: dict[str, RuleSetting] = {}
    for number, told in enumerate(found, 1):
        line = f"line {heads[number - 1]} of " if len(heads) == len(found) else ""
        rule = _rule(told, number, f"{line}the settings file {path}")
        if rule.name in rules:
            raise SettingsError(f"{rule.place} has the name of a rule before it. Give each rule its own name.")
        rules[rule.name] = rule
    return tuple(rules.values())


def _head(table: tuple[str, ...]) -> re.Pattern[str]:
    steps = r"[ \t]*\.[ \t]*".join(f"[\"']?{re.escape(step)}[\"']?" for step in table)
    return re.compile(rf"^[ \t]*\[\[[ \t]*{steps}[ \t]*\]\]", re.MULTILINE)


def _rule(told: Mapping[str, object], number: int, where: str) -> RuleSetting:
    name = told.get("name")
    if not isinstance(name, str) or not name.strip() or clean(name, NAME_MAX) != name:
        raise SettingsError(f"Rule {number} ({where}) needs a name: a text of 1 to {NAME_MAX} characters in one line.")
    place = f"Rule “{name}” ({where})"
    for key in told:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            hint = f" Did you mean {near[0]}?" if near else f" Known are {', '.join(KEYS)}."
            raise SettingsError(f"{place} has an unknown key, {clean(key, 60)}.{hint}")
    query = told.get("where")
    if not isinstance(query, str) or len(query) > WHERE_MAX:
        raise SettingsError(
            f"{place} needs where, a text: what you would ask in the bar, like "
            'where = "type:deal.won value>50000.00". "" means every event.'
        )
    do, run = _do(told.get("do", []), place), _run(told.get("run", []), place)
    if not do and not run:
        raise SettingsError(f"{place} does nothing. Give it do, a list of {', '.join(DOINGS)}, or run, a command.")
    in_demo = told.get("run_in_demo", False)
    if not isinstance(in_demo, bool):
        raise SettingsError(f"{place}: run_in_demo should be true or false.")
    return RuleSetting(
        name,
        query,
        do,
        run,
        timeout_s=_timeout(told.get("timeout_s", TIMEOUT_DEFAULT_S), place),
        color=_color(told.get("color", "warning"), place),
        run_in_demo=in_demo,
        place=place,
    )


def _do(found: object, place: str) -> frozenset[Doing]:
    names: Sequence[object] = found if isinstance(found, list) else [found]
    chosen = frozenset(one for one in DOINGS if one in names)
    for name in names:
        if name not in DOINGS:
            near = get_close_matches(name, DOINGS, 1) if isinstance(name, str) else []
            hint = f" Did you mean {near[0]}?" if near else ""
            hint = " A command goes into run, a list of its own." if name == "run" else hint
            shown = clean(str(name), 60)
            raise SettingsError(f"{place}: do should be a list of {', '.join(DOINGS)}; {shown} is none.{hint}")
    return chosen


def _run(found: object, place: str) -> tuple[str, ...]:
    words = found if isinstance(found, list) else None
    if words is None or not all(isinstance(word, str) and "\0" not in word for word in words):
        raise SettingsError(
            f'{place}: run should be a list of texts, a program and its arguments, like run = ["say", "won"]. '
            "No shell reads it."
        )
    if words and not words[0].strip():
        raise SettingsError(f"{place}: run names no program.")
    return tuple(words)


def _timeout(found: object, place: str) -> float:
    right = isinstance(found, int | float) and not isinstance(found, bool) and 0 < found <= TIMEOUT_MAX_S
    if not right or not isinstance(found, int | float):
        raise SettingsError(
            f"{place}: timeout_s should be a number of seconds, more than 0 and at most {TIMEOUT_MAX_S:.0f}."
        )
    return float(found)


def _color(found: object, place: str) -> RuleColor:
    for color in COLORS:
        if found == color:
            return color
    raise SettingsError(f"{place}: color should be one of the theme's: {', '.join(COLORS)}.")
