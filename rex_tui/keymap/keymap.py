"""Which keys hold: the usual ones, those of a preset over them, the user's own over both; and where two clash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from rex_tui.keymap.commands import FIRST_ASKED, KEYS, kept_escape
from rex_tui.keymap.groups import CONTEXTS, COUNTERPARTS, GROUPS, TOUR, Context
from rex_tui.keymap.names import shown_key, shown_keys, types_something

Keys = tuple[str, ...]
USUAL_PRESET: Final = "usual"
NO_KEYS: Final[Mapping[str, Keys]] = MappingProxyType({})


class Clash(Struct, frozen=True):
    """Two commands on one key in one place: the first is meant there, the other is not.

    `lost` tells whether the other has lost the key altogether, since both are bound by the same screen or list.
    """

    key: str
    first: str
    other: str
    place: str
    lost: bool

    def told(self) -> str:
        """Say it in a part of a sentence: `m is filter.deals, and mark.toggle has lost it`."""
        tail = "has lost it" if self.lost else f"does nothing with it in {self.place}"
        return f"{shown_key(self.key)} is {self.first}, and {self.other} {tail}"


class Keymap(Struct, frozen=True, dict=True):
    """The keys of every command, by Textual's names: those of the preset, and the user's own over them.

    No key at all (`()`) takes a command's keys away.
    """

    preset: str = USUAL_PRESET
    of_preset: Mapping[str, Keys] = NO_KEYS
    own: Mapping[str, Keys] = NO_KEYS

    @property
    def is_usual(self) -> bool:
        """Tell whether nothing is changed."""
        return not self.of_preset and not self.own

    def keys(self, name: str) -> Keys:
        """Give the keys that a command has, the one that is told first."""
        return KEYS[name] if self.is_usual else self._resolved[0][name]

    def told(self, name: str) -> str:
        """Give the key of a command as people call it, for a sentence; without one, how the palette finds it."""
        keys = self.keys(name)
        if keys:
            return shown_key(keys[0])
        words = next(commands[name] for commands in GROUPS.values() if name in commands)
        return f"{shown_keys(KEYS['always.commands'])} “{words}”"

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """Give where two commands are wished for one key, each pair once."""
        return () if self.is_usual else self._resolved[1]

    @property
    def changed(self) -> Mapping[str, Keys]:
        """Give every command whose keys are not the usual ones, with those that it has."""
        return {} if self.is_usual else {name: keys for name, keys in self._resolved[0].items() if keys != KEYS[name]}

    @property
    def words(self) -> str:
        """Say it in short: the preset, and how many commands have keys of the user's own."""
        return self.preset + (f", {len(self.own)} of your own" if self.own else "")

    def _rank(self, name: str) -> int:
        return 0 if name in self.own else 1 if name in self.of_preset else 2

    @cached_property
    def _resolved(self) -> tuple[Mapping[str, Keys], tuple[Clash, ...]]:
        wished = {
            name: kept_escape(name, self.own.get(name, self.of_preset.get(name, usual))) for name, usual in KEYS.items()
        }
        clashes: dict[tuple[str, frozenset[str]], Clash] = {}
        for context in (*CONTEXTS, TOUR):
            for clash in self._clashes_in(context, wished):
                pair = clash.key, frozenset((clash.first, clash.other))
                if pair not in clashes or (clash.lost and not clashes[pair].lost):
                    clashes[pair] = clash
        for clash in clashes.values():
            if clash.lost:
                wished[clash.other] = tuple(key for key in wished[clash.other] if key != clash.key)
        return wished, tuple(clashes.values())

    def _clashes_in(self, context: Context, wished: Mapping[str, Keys]) -> Iterator[Clash]:
        """Yield the clashes of one place; near the focus goes before, and in one node what the user wished."""
        takers: dict[str, list[tuple[int, str]]] = {}
        for node, name in context.ids():
            for key in wished[name]:
                if not (context.typed and types_something(key)):
                    takers.setdefault(key, []).append((node, name))
        for key, found in takers.items():
            if len(found) == 1:
                continue
            # What works before all else is asked first, then what is near the focus, then what the user wished.
            order = sorted(found, key=lambda one: (one[1] not in FIRST_ASKED, one[0], self._rank(one[1])))
            firsts: dict[int, str] = {}
            for node, name in order:
                before = firsts.setdefault(node, name)
                if before != name and frozenset((before, name)) not in COUNTERPARTS:
                    yield Clash(key, before, name, context.title, lost=True)
                elif order[0][0] != node and frozenset((order[0][1], name)) not in COUNTERPARTS | {frozenset((name,))}:
                    yield Clash(key, order[0][1], name, context.title, lost=False)


USUAL: Final = Keymap()
"""What holds where nobody changed anything."""


def clash_words(keymap: Keymap) -> str:
    """Give the clashes in a sentence, "" where there are none."""
    clashes = keymap.clashes
    if not clashes:
        return ""
    more = len(clashes) - 1
    also = f", and {more} more clash{'' if more == 1 else 'es'}" if more else ""
    return f"Two commands have the same key: {clashes[0].told()}{also}. `rex-tui keys` lists them."
