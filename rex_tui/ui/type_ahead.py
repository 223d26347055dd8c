"""Keys that come faster than they are handled: each is held back until the one before has done what it does.

Textual gives a key to whatever has the focus when it comes. Keys that arrive together, as they do over a slow line,
would all go there, although the first of them opens a line to type in: `/quit` would ask for "uit" and leave.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from textual import events
from textual.dom import DOMNode
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.app import App

Typed: TypeAlias = events.Key | events.Paste

HOLD_MAX_S: Final = 1.0
"""What takes longer than this does not hold keys back any more."""


class TypeAhead:
    """Follows a key through all that handles it, and holds back those that come meanwhile, in their order."""

    def __init__(self, app: App[Any], handle: Callable[[Typed], Awaitable[None]]) -> None:
        """Hold keys for `app`, and give those that were held to `handle`, which must ask `holds` as for any other."""
        self.hold_max_s = HOLD_MAX_S
        self._app = app
        self._handle = handle
        self._held: deque[Typed] = deque()
        self._way: _Way | None = None
        """Who is still to handle the key before; None where it is done."""
        self._give_up: asyncio.TimerHandle | None = None

    def holds(self, typed: Typed) -> bool:
        """Hold a key back if one before it is being handled; tell whether it was."""
        if self._way is None:
            return False
        self._held.append(typed)
        return True

    def follow(self, typed: Typed, first: DOMNode) -> None:
        """Hold keys back until `first`, to whom a key was just given, and all above it have handled that key.

        A letter that is given to a line of text goes into the text, and nobody need wait for that.
        """
        if isinstance(first, Input) and (isinstance(typed, events.Paste) or typed.is_printable):
            return
        self._way = _Way(self._handlers(first), self._leave)
        self._give_up = asyncio.get_running_loop().call_later(self.hold_max_s, self._leave, self._way)
        self._way.go_on()

    def _handlers(self, first: DOMNode) -> Iterator[DOMNode]:
        """Yield, one behind the other, who handles a key, what that brings, and a screen that it may have opened."""
        yield from first.ancestors_with_self
        yield self._app  # where the focus is moved
        yield from first.ancestors_with_self  # for what the key brought: that a line was submitted, say
        yield self._app
        yield self._app.screen
        yield self._app

    def _leave(self, way: _Way) -> None:
        """Follow the key no more, and hand over the next."""
        if way is not self._way:
            return
        self._way = None
        if self._give_up is not None:
            self._give_up.cancel()
        if self._held:
            # so that no key that has just come goes before those that were held
            self._way = _Way(iter(()), self._leave)
            self._app.call_later(self._hand_over)

    async def _hand_over(self) -> None:
        self._way = None
        while self._held and self._way is None:
            await self._handle(self._held.popleft())


class _Way:
    """The way of one key through those who handle it; `arrived` hears of its end."""

    def __init__(self, handlers: Iterator[DOMNode], arrived: Callable[[_Way], None]) -> None:
        self._handlers = handlers
        self._arrived = arrived

    def go_on(self) -> None:
        """Queue up behind the key at whoever handles it next."""
        for handler in self._handlers:
            # what `call_later` does, but for a look at the callback's signature, which takes longer than all the rest
            if handler.post_message(events.Callback(callback=self.go_on)):
                return
        self._arrived(self)
