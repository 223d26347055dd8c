"""A question that people have about a log, the keys that answer it, and who counts the answer independently."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from support.fakes import NOW
from support.watching import Watching

from rex_tui.demo import DemoLog
from rex_tui.ui.screens.lens import LensScreen

Answer = Callable[[Watching], Awaitable[tuple[object, object]]]
"""What answers a question: gives the expected answer, counted from the raw log, and what the screen says."""
HISTORY: Final = 1_000


@dataclass(frozen=True)
class Typed:
    """A text that is typed; of the keys that answer a question it is one."""

    text: str


@dataclass(frozen=True)
class Question:
    """A question in words, the keys that may be pressed for it, and the answer."""

    words: str
    keys: tuple[str | Typed, ...]
    most: int
    answer: Answer
    prepare: Callable[[Watching], Awaitable[None]] | None = None


QUESTIONS: Final[dict[str, Question]] = {}


def question(
    words: str, *keys: str | Typed, most: int = 5, prepare: Callable[[Watching], Awaitable[None]] | None = None
) -> Callable[[Answer], Answer]:
    """Add a question that `keys` answer, of which there may be `most`."""

    def add(answer: Answer) -> Answer:
        QUESTIONS[answer.__name__] = Question(words, keys, most, answer, prepare)
        return answer

    return add


async def ask(watch: Watching, asked: Question) -> None:
    """Press the keys of a question, as quickly as the program takes them in."""
    assert len(asked.keys) <= asked.most
    for key in asked.keys:
        if isinstance(key, Typed):
            await watch.type(key.text)
        else:
            await watch.pilot.press(key)
        await watch.answered()
        await watch.until(lambda: not isinstance(s := watch.pilot.app.screen, LensScreen) or s.story is not None)
        await watch.settle()


# ---- the raw log, read without any of the program


@dataclass(frozen=True)
class Raw:
    """An event of the demo, with its place in the log, its time and its payload."""

    place: int
    id: str
    type: str
    at: datetime
    data: Any
    text: str


def raw(log: DemoLog) -> list[Raw]:
    """Read the demo's log with the standard library alone."""
    return [
        Raw(place, e.id, e.type, datetime.fromisoformat(e.occurred_at), json.loads(e.data), e.data)
        for place, e in enumerate(log.events, 1)
    ]


def places(found: list[Raw]) -> list[int]:
    return [event.place for event in found]


def shown(watch: Watching) -> list[int]:
    """Give the places in the log of all rows of the table."""
    view = watch.screen._view
    return list(view.seqs(0, len(view)))


def selected(watch: Watching) -> Raw:
    """Give the event under the cursor."""
    return raw(watch.log)[(watch.table.cursor_seq or 0) - 1]


def lens(watch: Watching) -> LensScreen:
    screen = watch.pilot.app.screen
    assert isinstance(screen, LensScreen)
    return screen


MONDAY: Final = datetime.fromisoformat("2026-03-16T00:00:00Z")
assert MONDAY.weekday() == 0
assert 0 < NOW - MONDAY.timestamp() < 86_400
