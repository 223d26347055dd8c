"""The rules that a session is given, with all that they need of the world around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from rex_tui.names import Names
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.rule import FilterUnknown, Rule, RuleError, read_rule

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of the settings file, and how this session follows them.

    `environment` is what commands inherit, without anything that tells the key; the terminal is known by it, too.
    `is_demo` says that the log is made up, so that only commands which ask for it are run; `is_own` that the saved
    filters are those of the log that the rules were written for. `path` is where the settings file is, or would be.
    """

    settings: tuple[RuleSetting, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: _NOTHING, repr=False)
    is_demo: bool = False
    is_own: bool = True
    path: str = ""

    def read(
        self, now: datetime, saved: Mapping[str, str], names: Names, before: tuple[Rule, ...] = ()
    ) -> tuple[tuple[Rule, ...], tuple[RuleError, ...]]:
        """Give the rules that can be read now, and why others can't; see `read_rule`.

        A rule that could be read `before` goes on as it was. Without one, only a saved filter of another log is no
        reason to raise `RuleError`.
        """
        known = {rule.name: rule for rule in before}
        rules, left = [], []
        for setting in self.settings:
            try:
                rules.append(read_rule(setting, now, saved, names))
            except RuleError as error:
                left.append(error)
                if setting.name in known:
                    rules.append(known[setting.name])
                elif self.is_own or not isinstance(error, FilterUnknown):
                    raise
        return tuple(rules), tuple(left)

    def runs(self, setting: RuleSetting) -> bool:
        """Tell whether the rule has a command that this session runs."""
        return bool(setting.run) and (setting.run_in_demo or not self.is_demo)
