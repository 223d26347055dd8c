"""Desktop notifications through the terminal: which terminals show them, and the sequences that ask for one.

Sources: the manuals of iTerm2 (OSC 9), kitty (OSC 9, "legacy"), foot, WezTerm and Ghostty (OSC 777), Warp (OSC 9), and
tmux (`allow-passthrough`).
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, Literal, TypeAlias

from rex_tui.safe_text import clean

Way: TypeAlias = Literal["OSC 9", "OSC 777"]

TITLE_MAX: Final = 80
BODY_MAX: Final = 240
TMUX_S: Final = 2.0
_BY_PROGRAM: Final[Mapping[str, Way]] = {
    "iTerm.app": "OSC 9",
    "WarpTerminal": "OSC 9",
    "kitty": "OSC 9",
    "WezTerm": "OSC 777",
    "ghostty": "OSC 777",
}
"""By `TERM_PROGRAM`."""
_BY_TERM: Final[Mapping[str, Way]] = {
    "xterm-kitty": "OSC 9",
    "xterm-ghostty": "OSC 777",
    "wezterm": "OSC 777",
    "foot": "OSC 777",
    "foot-extra": "OSC 777",
}
"""By `TERM`, which also comes through SSH."""
_BY_TRACE: Final[Mapping[str, Way]] = {
    "KITTY_WINDOW_ID": "OSC 9",
    "ITERM_SESSION_ID": "OSC 9",
    "WEZTERM_PANE": "OSC 777",
    "GHOSTTY_RESOURCES_DIR": "OSC 777",
}
"""By what else these terminals set, which is all that is left of them where tmux has set the rest."""
_MARKUP: Final = str.maketrans({"<": "‹", ">": "›", "&": "＆"})  # noqa: RUF001 - it must only look like it


def way_of(environment: Mapping[str, str]) -> Way | None:
    """Give how the terminal is asked for a desktop notification; None where it is not known to show any."""
    if environment.get("STY"):  # GNU screen keeps such sequences to itself
        return None
    program = environment.get("TERM_PROGRAM", "")
    if program in _BY_PROGRAM:
        return _BY_PROGRAM[program]
    if (way := _BY_TERM.get(environment.get("TERM", ""))) is not None:
        return way
    if environment.get("LC_TERMINAL") == "iTerm2":
        return "OSC 9"
    if program and not environment.get("TMUX"):  # another terminal, started from one of these
        return None
    return next((way for name, way in _BY_TRACE.items() if environment.get(name)), None)


def notification(way: Way, title: str, body: str, *, in_tmux: bool = False) -> str:
    """Give the sequence that asks for a notification. Whatever the texts are, it is one sequence and no other."""
    title, body = plain(title, TITLE_MAX).replace(";", ","), plain(body, BODY_MAX)
    # The text begins with a letter of ours, since some terminals take a number there for a command of ConEmu's.
    said = f"9;Rex: {title}: {body}" if way == "OSC 9" else f"777;notify;Rex: {title};{body.replace(';', ',')}"
    return f"\x1bPtmux;\x1b\x1b]{said}\x07\x1b\\" if in_tmux else f"\x1b]{said}\x07"


def plain(text: str, limit: int) -> str:
    """Give a text for a desktop notification, where some desktops read markup: clean, and none of it."""
    return clean(text, limit).translate(_MARKUP)


async def tmux_passes(environment: Mapping[str, str]) -> bool:
    """Tell whether the tmux around us passes such sequences on to the terminal around it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *("tmux", "show-options", "-Apqv", "allow-passthrough"),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env=dict(environment),
        )
    except OSError:
        return False
    said = b""
    try:
        async with asyncio.timeout(TMUX_S):
            said = (await process.communicate())[0]
    except TimeoutError:
        pass
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return said.strip() in (b"on", b"all")
