"""Which events are shown, by their type: a value that the sidebar, a flag or a key makes from another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

from msgspec import Struct

from rex_tui.event import GAP_TYPE, resource_of
from rex_tui.safe_text import clean

RULES_NAMED: Final = 2


class Filter(Struct, frozen=True):
    """A choice of event types.

    `default` says whether a type that nothing else speaks of is shown, so that types which come later find their
    place: after "all but X" they are shown, after "only X" they are not. `groups` decides for all types under a
    prefix (`deal`, `trigger.deal`), the longest prefix first; `types` decides for single types over all that.
    """

    default: bool = True
    groups: frozenset[tuple[str, bool]] = frozenset()
    types: frozenset[tuple[str, bool]] = frozenset()

    @classmethod
    def only(cls, types: Iterable[str]) -> Self:
        """Give the filter that shows these types and nothing else."""
        return cls(default=False, types=frozenset((name, True) for name in types))

    @classmethod
    def only_group(cls, resource: str) -> Self:
        """Give the filter that shows one resource's types, also those never seen so far."""
        return cls(default=False, groups=frozenset({(resource, True)}))

    @classmethod
    def all_but(cls, types: Iterable[str]) -> Self:
        """Give the filter that shows everything except these types."""
        return cls(types=frozenset((name, False) for name in types))

    @classmethod
    def all_but_group(cls, resource: str) -> Self:
        """Give the filter that shows everything except one resource."""
        return cls(groups=frozenset({(resource, False)}))

    @property
    def is_all(self) -> bool:
        """Tell whether every event is shown, whatever its type."""
        return self == EVERYTHING

    def shows(self, event_type: str) -> bool:
        """Tell whether events of this type are shown; a gap in the log always is."""
        if event_type == GAP_TYPE:
            return True
        for name, shown in self.types:
            if name == event_type:
                return shown
        best, answer = -1, self.default
        for prefix, shown in self.groups:
            if len(prefix) > best and (event_type == prefix or event_type.startswith(prefix + ".")):
                best, answer = len(prefix), shown
        return answer

    def toggled(self, event_type: str) -> Filter:
        """Give the filter with one type turned round."""
        others = frozenset(rule for rule in self.types if rule[0] != event_type)
        return _simplest(self.default, self.groups, others | {(event_type, not self.shows(event_type))})

    def toggled_group(self, resource: str, types: Iterable[str]) -> Filter:
        """Give the filter with a whole resource shown, or hidden if all its known `types` are shown now."""
        shown = not all(map(self.shows, types))
        groups = frozenset(rule for rule in self.groups if resource_of(rule[0]) != resource)
        singles = frozenset(rule for rule in self.types if resource_of(rule[0]) != resource)
        return _simplest(self.default, groups | {(resource, shown)}, singles)

    def describe(self, known: Iterable[str] = ()) -> str:
        """Give the filter in words, safe to show: `all events`, `deals`, `only deal.won`, `all but contact.updated`.

        `known` are the types there are, for the filters that are too long to spell out.
        """
        for words, preset in PRESETS.items():
            if self == preset:
                return words
        rules = [(f"{prefix}.*", shown) for prefix, shown in self.groups] + list(self.types)
        if len(rules) <= RULES_NAMED and all(shown != self.default for _, shown in rules):
            listed = " and ".join(sorted(clean(name, 60) for name, _ in rules))
            return f"all but {listed}" if self.default else f"only {listed}"
        count = sum(self.shows(name) for name in known if name != GAP_TYPE)
        return f"{count} {'type' if count == 1 else 'types'}"


def _simplest(default: bool, groups: frozenset[tuple[str, bool]], types: frozenset[tuple[str, bool]]) -> Filter:  # noqa: FBT001 - the three fields in order
    """Give the filter of these rules without those that say what would hold anyway, so that equal choices are equal."""
    for rule in sorted(groups):
        if Filter(default, groups - {rule}).shows(rule[0]) == rule[1]:
            groups -= {rule}
    bare = Filter(default, groups)
    return Filter(default, groups, frozenset(rule for rule in types if bare.shows(rule[0]) != rule[1]))


EVERYTHING: Final = Filter()
NOTHING: Final = Filter(default=False)
DEALS: Final = Filter(default=False, groups=frozenset({("deal", True), ("trigger.deal", True)}))
PRESETS: Final = {"all events": EVERYTHING, "nothing": NOTHING, "deals": DEALS}
"""Filters that have a name of their own."""
