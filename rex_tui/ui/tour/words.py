"""The tour's sentences, with the keys in them as they really are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from textual.content import Content

from rex_tui.ui.tour.progress import Progress
from rex_tui.ui.tour.steps import STEPS

DONE: Final = "✓"
TO_DO: Final = "○"
LATER: Final = "·"
KEY_STYLE: Final = "bold $accent"
FAINT_STYLE: Final = "$rex-faint"
PARTS: Final = re.compile(r"\{([a-z_.]+)\}|`([^`]+)`")
"""What is more than a word in a sentence: a key by the id of its command, or a text to type."""


def sentence(words: str, key: Callable[[str], str]) -> Content:
    """Give a sentence of the tour with its keys, and what is to be typed, standing out."""
    parts, end = [], 0
    for found in PARTS.finditer(words):
        parts.append(Content(words[end : found.start()]))
        parts.append(Content.styled(key(found[1]) if found[1] else found[2], KEY_STYLE))
        end = found.end()
    return Content("").join([*parts, Content(words[end:])])


def heading(progress: Progress) -> Content:
    """Give which step it is, and what it is about."""
    place = "" if progress.is_at_end else f"{progress.place + 1} of {len(STEPS)}  "
    return Content.assemble((place, FAINT_STYLE), (progress.step.heading, "bold"))


def lines(progress: Progress, screen: str, key: Callable[[str], str]) -> list[tuple[str, Content]]:
    """Give what is done, to be done now and later, a sign and a sentence each, with this screen on top."""
    told = []
    for number, task in enumerate(progress.step.tasks):
        is_next = number == progress.done and not progress.is_at_end
        words = sentence(task.words_on(screen) if is_next else task.words, key)
        sign = DONE if number < progress.done else TO_DO if is_next else LATER
        told.append((sign, words if is_next or progress.is_at_end else words.stylize(FAINT_STYLE)))
    return told
