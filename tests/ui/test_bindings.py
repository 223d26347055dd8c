"""Every key is bound by an id that the lists know, and the places that they tell of are those that there are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.watching import MEDIUM, Watching, watching
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

import rex_tui.ui
from rex_tui.keymap.commands import FIRST_ASKED, FIXED, KEYS, TOURED, TYPED_AT
from rex_tui.keymap.groups import CONTEXTS, GROUPS, Context
from rex_tui.keymap.keymap import Keymap
from rex_tui.keymap.names import types_something
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.ui.keys import UNBOUND, bindings_of, in_textual, words_of
from rex_tui.ui.screens.help import HelpScreen, Section


def kinds_of_ours() -> Iterator[type[DOMNode]]:
    for module in pkgutil.walk_packages(rex_tui.ui.__path__, "rex_tui.ui."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__ == module.name:
                yield kind


def test_every_binding_has_an_id_that_means_one_thing_in_its_tree() -> None:
    bound: set[str] = set()
    for kind in kinds_of_ours():
        declared = kind.__dict__.get("BINDINGS", [])
        ids = [binding.id for binding in declared if isinstance(binding, Binding)]
        assert len(ids) == len(declared), f"{kind.__name__} has a binding that is none"
        assert all(name in KEYS for name in ids), f"{kind.__name__} binds what rex_tui.keymap does not know: {ids}"
        actions: dict[str, str] = {}
        keys: dict[str, str] = {}
        for binding in bindings_of(kind):
            name = binding.id or ""
            assert actions.setdefault(name, binding.action) == binding.action, f"{kind.__name__}: {name} is two things"
            for key in binding.key.split(","):
                assert keys.setdefault(key, name) == name, f"{kind.__name__}: {key} is {keys[key]} and {name}"
            assert tuple(binding.key.split(",")) == KEYS[name]
            is_first = name in FIRST_ASKED or name.startswith("always.") or name == "setup.leave"
            assert binding.priority == is_first
        bound |= set(filter(None, ids))
    assert bound == set(KEYS), "what nothing binds has no place in the list"


def test_every_group_is_bound_as_it_is_told() -> None:
    declared = [kind.__dict__["BINDINGS"] for kind in kinds_of_ours() if kind.__dict__.get("BINDINGS")]
    told = [{binding.id: words_of(binding) for binding in one} for one in declared]
    for group, commands in GROUPS.items():
        assert dict(commands) in told, f"nothing binds just what {group} says"
    assert all(one in GROUPS.values() for one in told)


ELSEWHERE = {*FIXED, *TOURED, "since.first"}
"""What always works, or only while a sentence or the tour is on the screen."""


def here(screen: Screen[object]) -> tuple[frozenset[str], ...]:
    """Give the commands that are bound where the focus is, node by node, but for those that don't hang on the focus."""
    nodes = [
        frozenset(binding.id or "" for _key, binding in bindings if binding.id in KEYS and binding.id not in ELSEWHERE)
        for _node, bindings in screen._modal_binding_chain
    ]
    return tuple(node for node in nodes if node)


TOLD = [
    (
        tuple(frozenset(name for group in groups for name in GROUPS[group]) - ELSEWHERE for groups in context.nodes),
        context,
    )
    for context in CONTEXTS
]


def typed(nodes: tuple[frozenset[str], ...]) -> tuple[frozenset[str], ...]:
    """Give what of these is left where text is typed: the innermost node, or all of it but what types something."""
    left = [frozenset(name for name in node if not all(map(types_something, KEYS[name]))) for node in nodes]
    return tuple(left[-1:] if "bar.keep" not in nodes[0] else (nodes[0], *left[1:]))


class Tour:
    """Presses keys, and looks where that leads."""

    def __init__(self, watch: Watching) -> None:
        self.watch = watch
        self.seen: set[str] = set()

    async def look(self, *keys: str) -> Context:
        """Give the place that these keys lead to, which must be one that is told."""
        await self.watch.pilot.press(*keys)
        await self.watch.pilot.pause()
        screen = self.watch.pilot.app.screen
        is_typed, found = isinstance(screen.focused, Input), here(screen)
        found = typed(found) if is_typed else found
        told = [context for nodes, context in TOLD if (typed(nodes) if is_typed else nodes) == found]
        assert told, (keys, screen, found)
        self.seen |= {context.title for context in told}
        return told[0]

    async def help(self, *keys: str) -> None:
        """Look there, and at its help."""
        context, app = await self.look(*keys), self.watch.pilot.app
        before = app.screen
        await self.watch.pilot.press("f1")
        await self.watch.until(lambda: isinstance(app.screen, HelpScreen) and app.screen.query(Section))
        told = " ".join(" ".join(str(one.render()) for one in app.screen.query(Section)).split())
        if isinstance(before.focused, Input):
            assert "In this window" in told
            await self.watch.pilot.press("f1")
            return
        groups = {group for groups in context.nodes for group in groups} - {"since"}
        words = {GROUPS[group][name] for group in groups for name in GROUPS[group] if "move." not in name}
        assert [one for one in words if one not in told] == []
        await self.look()
        await self.watch.pilot.press("f1")
        await self.watch.until(lambda: app.screen is before)


async def through_the_watch_screen(tour: Tour) -> None:
    watch = tour.watch
    await tour.help()
    await tour.look("right")
    await tour.look("c")
    await tour.look("c", "escape", "shift+tab", "home")
    await tour.look("escape", "h")
    await tour.look("enter", "slash")
    await watch.type("acme")
    await tour.look()
    await watch.press("enter")
    await watch.answered()
    await tour.look("t")
    await watch.press("escape")
    await tour.help("ctrl+s")
    await watch.type("mine")
    await watch.press("enter", "shift+tab", "home")
    while watch.panes.types.chosen_line is None or watch.panes.types.chosen_line.kind != "saved":
        await watch.press("down")
    await tour.look("delete")
    await watch.press("escape", "escape", "a", "m")


async def through_dialogs_and_screens(tour: Tour) -> None:
    watch = tour.watch
    for key in ("y", "apostrophe", "W", "e", "ctrl+e"):
        await tour.look(key)
        await watch.press("escape")
    await tour.help("C")
    await watch.press("escape")
    await tour.look("K")
    await watch.type("here")
    await watch.press("enter", "K", "down")
    await tour.look()
    await watch.press("escape")
    await tour.look("enter")
    await tour.help("right")
    await tour.look("c")
    await watch.press("escape", "escape", "R")
    await tour.help()
    for key in ("p", "d"):
        await tour.look(key)
        await watch.press("escape")


async def test_the_places_where_keys_are_pressed_are_those_that_are_told(tmp_path: Path) -> None:
    rules = RuleBook((RuleSetting("Wins", "type:deal.won", frozenset({"highlight"})),))
    async with watching(tmp_path, size=MEDIUM, rules=rules) as watch:
        tour = Tour(watch)
        await through_the_watch_screen(tour)
        await through_dialogs_and_screens(tour)
        assert {context.title for context in CONTEXTS} - tour.seen == set()


BOUND = [kind for kind in kinds_of_ours() if [*bindings_of(kind)]]
SOME_KEYS = st.lists(st.sampled_from(["a", "d", "j", "m", "q", "slash", "space", "enter", "f6", "ctrl+g"]), max_size=3)


@given(st.dictionaries(st.sampled_from([*KEYS]), SOME_KEYS, max_size=8))
@example({"tour.back": ["enter"], "tour.next": ["enter"]})
@settings(max_examples=40, deadline=None)
def test_textual_takes_any_keymap_as_it_is_meant(wished: dict[str, list[str]]) -> None:
    own = {
        name: tuple(key for key in dict.fromkeys(keys) if not (name in TYPED_AT and types_something(key)))
        for name, keys in wished.items()
        if name not in FIXED
    }
    keymap = Keymap(own=own)
    for kind in BOUND:
        bindings = kind._merged_bindings.copy()  # type: ignore[union-attr]
        bindings.apply_keymap(in_textual(keymap))
        for name in {binding.id or "" for binding in bindings_of(kind)}:
            has = {key for key, found in bindings.key_to_bindings.items() if any(one.id == name for one in found)}
            assert has - {UNBOUND} == set(keymap.keys(name)), (kind.__name__, name, keymap.clashes)
        for key, found in bindings.key_to_bindings.items():
            assert key == UNBOUND or len({one.id for one in found}) == 1, (kind.__name__, key)


def test_what_is_typed_at_is_where_text_is_typed() -> None:
    typed = {name for context in CONTEXTS if context.typed for name in GROUPS[context.nodes[0][0]]}
    assert TYPED_AT - {"dialog.write", *TOURED} <= typed
