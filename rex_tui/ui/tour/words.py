"""The tour's sentences, with the keys in them as they really are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from textual.app import App
from textual.binding import Binding
from textual.content import Content

from rex_tui.ui.screens.commands import keys_of, words_of
from rex_tui.ui.screens.lens_keys import LENS_KEYS
from rex_tui.ui.screens.review_keys import REVIEW_KEYS
from rex_tui.ui.screens.watch_keys import WATCH_KEYS
from rex_tui.ui.tour.progress import Progress
from rex_tui.ui.tour.steps import STEPS
from rex_tui.ui.widgets.histogram import HistogramLine
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.query_input import QueryInput
from rex_tui.ui.widgets.table_keys import TABLE_KEYS

DONE: Final = "✓"
TO_DO: Final = "○"
LATER: Final = "·"
KEY_STYLE: Final = "bold $accent"
FAINT_STYLE: Final = "$rex-faint"
PARTS: Final = re.compile(r"\{([a-z_.]+)\}|`([^`]+)`")
"""What is more than a word in a sentence: a key by the id of its binding, or a text to type."""

FUNCTION_KEY: Final = re.compile(r"f\d+")
PALETTE_ID, PALETTE = "app.palette", App.COMMAND_PALETTE_BINDING
"""The command palette's key, which is Textual's."""
BOUND: Final = {
    binding.id: binding
    for listed in (
        WATCH_KEYS,
        TABLE_KEYS,
        LENS_KEYS,
        REVIEW_KEYS,
        PayloadTree.BINDINGS,
        HistogramLine.BINDINGS,
        QueryInput.BINDINGS,
    )
    for binding in listed
    if isinstance(binding, Binding) and binding.id
}


def key_of(id_: str, keymap: Mapping[str, str], bound: Mapping[str, Binding]) -> str:
    """Give the key of a binding as people call it, in force with a keymap; without one, the way by the palette."""
    if id_ == PALETTE_ID:
        return PALETTE
    binding = bound[id_]
    if id_ not in keymap and binding.key_display:
        return binding.key_display
    key = keymap.get(id_, binding.key).partition(",")[0]
    if FUNCTION_KEY.fullmatch(key):
        return key.upper()
    return keys_of(replace(binding, key=key)) if key else f"{PALETTE} “{words_of(binding)}”"


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
