"""What the screen's commands do on a terminal that can draw none: the same events, line by line."""

from __future__ import annotations

from typing import Final, NoReturn

from msgspec.structs import replace

from rex_tui.ending import USAGE_EXIT, fail, say
from rex_tui.settings import Setting, Settings
from rex_tui.start_doorbell import WantedDoorbell
from rex_tui.start_tail import Wanted, follow
from rex_tui.ui.opening import Opening

SINCE: Final = "1d"
IN_LINES: Final = (
    "This terminal can draw no screen (TERM is dumb, or not set), so events are written line by line, as "
    "`rex-tui tail --plain` does, from the last day on. Ctrl-C ends."
)
NO_STORY: Final = (
    "This terminal can draw no screen (TERM is dumb, or not set), and a story is one. "
    "`rex-tui tail --plain --where ID` writes the events that mention an id."
)


def watch_in_lines(settings: Settings, where: str, about: str, bell: WantedDoorbell | None) -> NoReturn:
    """Write the events of the tenant in the settings until the user ends it."""
    if about:
        fail(NO_STORY, USAGE_EXIT)
    say(IN_LINES)
    follow(settings, Wanted(where=where or None, since=SINCE, format_="plain"), bell)


def demo_in_lines(settings: Settings, opening: Opening) -> NoReturn:
    """Write the events of the demo likewise."""
    watch_in_lines(replace(settings, masked=Setting(opening.masked, "--masked")), opening.where, opening.about, None)
