"""What Textual does again and again for apps under a pilot, done once: each start and each key costs less.

Under a pilot nobody sees what is painted, and nothing is looked at before the pilot pauses. So the frames between two
pauses become one: what changed is painted when the pilot pauses, by the very code that would have painted it before.
Each frame of its own is painted in the tests in a real terminal.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final
from weakref import WeakSet

from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen

TURNS_MAX: Final = 100
_refresh: Final = Screen._compositor_refresh
_pause: Final = Pilot.pause
_parse_rules: Final = Stylesheet._parse_rules
_at_rest: Final[WeakSet[App[Any]]] = WeakSet()
_apply: Final = Stylesheet.apply
_parsed: Final[dict[tuple[object, ...], list[RuleSet]]] = {}


def paint_at_rest(app: App[Any]) -> None:
    """Have an app that runs under a pilot painted when the pilot pauses, and not before."""
    _at_rest.add(app)


def _refresh_at_rest(screen: Screen[Any]) -> None:
    app = screen.app
    if app not in _at_rest or screen is not app.screen:
        _refresh(screen)
        return
    screen._dirty_widgets.clear()  # the compositor keeps the regions that they cover
    app._display(screen, None)
    app._update_mouse_over(screen)


async def _pause_and_paint(pilot: Pilot[Any], delay: float | None = None) -> None:
    await _pause(pilot, delay)
    screen = pilot.app.screen
    if pilot.app in _at_rest and screen._compositor._dirty_regions:
        _refresh(screen)
        for _ in range(TURNS_MAX):  # a table that is painted says what it met, also when it lies below a dialog
            if not _is_told(pilot.app):
                return
            await asyncio.sleep(0)


def _is_told(app: App[Any]) -> bool:
    """Tell whether any widget has something that it was told and did not take in yet."""
    widgets = (widget for screen in app.screen_stack for widget in screen.walk_children(with_self=True))
    return any(widget.message_queue_size for widget in widgets)


def _parse_once(sheet: Stylesheet, *source: Any, **more: Any) -> list[RuleSet]:
    """Give the rules of a source, which are never written to, and the same for any app that has the same variables."""
    told = sheet.__dict__.get("_told")
    if told is None or told[0] is not sheet._variables:
        told = sheet.__dict__["_told"] = sheet._variables, frozenset(sheet._variables.items())
    asked = (told[1], *source, *more.items())
    if asked not in _parsed:
        _parsed[asked] = _parse_rules(sheet, *source, **more)
    return _parsed[asked]


def _apply_few(sheet: Stylesheet, node: DOMNode, **more: Any) -> None:
    """Apply to a node only the rules that name something of it, in their order, which are the same for all like it."""
    named = sheet.rules_map
    few: tuple[object, list[RuleSet], dict[frozenset[str], list[RuleSet]]] | None = sheet.__dict__.get("_few")
    if few is None or few[0] is not named:
        few = sheet.__dict__["_few"] = (named, sheet.rules, {})
    names = frozenset(named.keys() & node._selector_names)
    if names not in few[2]:
        meant = {rule for name in names for rule in named[name]}
        few[2][names] = [rule for rule in few[1] if rule in meant]  # a node's parts are styled while it is
    every = sheet._rules
    sheet._rules = few[2][names]
    try:
        _apply(sheet, node, **more)
    finally:
        sheet._rules = every


Screen._compositor_refresh = _refresh_at_rest  # type: ignore[method-assign, assignment]
Pilot.pause = _pause_and_paint  # type: ignore[method-assign, assignment]
Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign, assignment]
Stylesheet.apply = _apply_few  # type: ignore[method-assign, assignment]
