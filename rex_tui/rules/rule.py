"""A rule whose query was read, ready to be asked of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from rex_tui.event import GAP_TYPE, Event, Row
from rex_tui.names import Names
from rex_tui.query.language import Query, QueryError, SavedFilterError, parse
from rex_tui.rule_settings import RuleColor, RuleSetting
from rex_tui.settings_error import SettingsError

ONLY_ON_SCREEN: Final = (
    "is:marked, is:new and is:quarantined can't be asked for by a rule, which sees events as they come."
)


class Rule(Struct, frozen=True):
    """A rule of the settings file with its query."""

    setting: RuleSetting
    query: Query

    @property
    def name(self) -> str:
        """Give what it is called."""
        return self.setting.name


class RuleError(SettingsError):
    """The query of a rule can't be read; the message says which rule and where, `shown` underlines the place."""

    def __init__(self, message: str, rule: str, shown: str) -> None:
        """Take a sentence for people, the rule's name, and two lines with the query and a caret under it."""
        super().__init__(message)
        self.rule = rule
        self.shown = shown


class FilterUnknown(RuleError):
    """A rule names a saved filter that is not saved beside this log, or can't be read itself."""


def read_rule(setting: RuleSetting, now: datetime, saved: Mapping[str, str], names: Names) -> Rule:
    """Give a rule with its query read at the time `now` (aware); raises `RuleError`."""
    try:
        query = parse(setting.where, now, saved, names, None)
        _refuse_facts(query)
    except QueryError as error:
        kind = FilterUnknown if isinstance(error, SavedFilterError) else RuleError
        raise kind(
            f"{setting.place}: where can't be read at character {error.position + 1}. {error.message}",
            setting.name,
            error.shown(setting.where),
        ) from None
    return Rule(setting, query)


def _refuse_facts(query: Query) -> None:
    if query.asks_facts:
        raise QueryError(ONLY_ON_SCREEN, max(0, query.text.lower().find("is:")))


def color_of(row: Row, rules: Iterable[Rule]) -> RuleColor | None:
    """Give the colour in which the first of these rules that wants it highlights a row; None where none does.

    A payload that is too large for a row tells nothing, so it is not highlighted.
    """
    if row.data is None or row.type == GAP_TYPE:
        return None
    event = Event(row.id, row.type, row.occurred_at, row.data, row.received_at, row.seq)
    for rule in rules:
        if "highlight" in rule.setting.do and rule.query.matches(event):
            return rule.setting.color
    return None


def row_of(event: Event, before: str | None = None) -> Row:
    """Give an event as a row that can be told in a line."""
    return Row(
        event.seq, event.id, event.type, event.occurred_at, event.received_at, event.data, len(event.data), before
    )


def same_questions(some: Sequence[Rule], others: Sequence[Rule]) -> bool:
    """Tell whether these rules ask the same, each after each."""
    return [rule.query.term for rule in some] == [rule.query.term for rule in others]
