"""What the terminal can do, as far as it is known without asking it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from rex_tui.headless.doctor.check import Check, Fact, State
from rex_tui.looks import COLOURS_256, COLOURS_ALL, MONO_THEME, Look, Wishes, is_dumb, look, mouse_harms
from rex_tui.rules.terminal import way_of
from rex_tui.safe_text import clean

SECTION: Final = "Terminal"
COLUMNS_MIN: Final = 60
ROWS_MIN: Final = 20
NAME_MAX: Final = 60
WHY_MAX: Final = 200
NO_WISHES: Final = Wishes()
COPIES: Final[Mapping[str, str]] = {
    "kitty": "yes",
    "WezTerm": "yes",
    "ghostty": "yes",
    "iTerm.app": "if its settings allow it (General, Selection)",
    "WarpTerminal": "yes",
    "vscode": "yes",
    "Apple_Terminal": "no",
}
"""Whether a terminal copies for a program (OSC 52), by `TERM_PROGRAM`. Source: the manuals of these."""
COPIES_BY_TERM: Final[Mapping[str, str]] = {
    "xterm-kitty": "yes",
    "xterm-ghostty": "yes",
    "wezterm": "yes",
    "foot": "yes",
    "foot-extra": "yes",
    "alacritty": "yes",
    "linux": "no",
}
"""The same by `TERM`."""
NO_MOUSE: Final = frozenset({"linux", "dumb", ""})


def look_at_terminal(
    environment: Mapping[str, str],
    size: tuple[int, int] | None,
    encoding: str,
    *,
    tmux_passes: bool,
    wishes: Wishes = NO_WISHES,
    windows: bool = False,
) -> list[Check]:
    """Give what is known of the terminal; `size` are its columns and rows, None where the output is no terminal.

    `wishes` say how the screen is wanted to look.

    Then nothing is to be done about it, since what it would be like elsewhere is not known.
    """
    term = environment.get("TERM", "")
    found = look(environment, encoding, wishes, windows=windows)
    checks = [
        _size(size),
        _kind(term, environment, windows=windows),
        _theme(found),
        _colours(found),
        _unicode(encoding, found),
        _glyphs(found),
        _motion(found),
        _around(environment),
        _mouse(term, environment),
        _clipboard(term, environment),
        _notifications(environment, tmux_passes=tmux_passes),
    ]
    if size is not None:
        return checks
    return [one if one.is_well else replace(one, state="skipped", todo="") for one in checks]


def _size(size: tuple[int, int] | None) -> Check:
    if size is None:
        return Check(SECTION, "size", "skipped", "this output is no terminal")
    columns, rows = size
    facts = {"columns": columns, "rows": rows}
    if columns < COLUMNS_MIN or rows < ROWS_MIN:
        return Check(
            SECTION,
            "size",
            "attend",
            f"{columns} columns, {rows} rows",
            f"Make it {COLUMNS_MIN} by {ROWS_MIN} or larger.",
            facts,
        )
    return Check(SECTION, "size", "fine", f"{columns} columns, {rows} rows", facts=facts)


def _kind(term: str, environment: Mapping[str, str], *, windows: bool) -> Check:
    program = environment.get("TERM_PROGRAM", "")
    shown = clean(term, NAME_MAX) + (f" ({clean(program, NAME_MAX)})" if program else "")
    if is_dumb(environment, windows=windows):
        todo = "No screen can be drawn: set TERM to what your terminal is. Till then events are written line by line, "
        todo += "as `rex-tui tail --plain` does."
        return Check(SECTION, "TERM", "attend", shown or "not set", todo, {"term": term})
    return Check(SECTION, "TERM", "fine", shown, facts={"term": clean(term, NAME_MAX)})


def _theme(found: Look) -> Check:
    return Check(SECTION, "theme", "fine", _with_why(found, found.theme, "theme"), facts={"theme": found.theme})


def _colours(found: Look) -> Check:
    facts: dict[str, Fact] = {"colours": found.colours}
    if found.theme == MONO_THEME:
        return Check(SECTION, "colours", "fine", f"none are used, {found.why['theme']}", facts={"colours": 0})
    if found.colours == COLOURS_ALL:
        return Check(SECTION, "colours", "fine", _with_why(found, "16 million", "colours"), facts=facts)
    if found.colours == COLOURS_256:
        todo = "Where the terminal has 16 million, export COLORTERM=truecolor shows the theme as it is meant."
        return Check(SECTION, "colours", "fine", f"{_with_why(found, '256', 'colours')}. {todo}", facts=facts)
    todo = "If it has more, set TERM to its own name, often xterm-256color."
    return Check(SECTION, "colours", "attend", _with_why(found, "16 or fewer", "colours"), todo, facts)


def _unicode(encoding: str, found: Look) -> Check:
    shown = clean(encoding, NAME_MAX) or "unknown"
    if not found.encoding:
        return Check(SECTION, "unicode", "fine", shown, facts={"encoding": shown})
    todo = "Set the locale to one in UTF-8, like LANG=C.UTF-8: till then ? stands for what can't be written."
    return Check(SECTION, "unicode", "attend", f"{found.encoding} at most", todo, {"encoding": shown})


def _glyphs(found: Look) -> Check:
    told = {"unicode": "all", "console": "those of Linux consoles", "ascii": "ASCII alone"}[found.signs]
    return Check(SECTION, "glyphs", "fine", _with_why(found, told, "glyphs"), facts={"glyphs": found.signs})


def _motion(found: Look) -> Check:
    return Check(SECTION, "motion", "fine", _with_why(found, found.motion, "motion"), facts={"motion": found.motion})


def _with_why(found: Look, told: str, name: str) -> str:
    return ", ".join(filter(None, (told, clean(found.why[name], WHY_MAX))))


def _around(environment: Mapping[str, str]) -> Check:
    found = [
        word
        for word, names in {"tmux": ("TMUX",), "screen": ("STY",), "ssh": ("SSH_CONNECTION", "SSH_TTY")}.items()
        if any(map(environment.get, names))
    ]
    return Check(
        SECTION, "around", "fine", ", ".join(found) or "neither tmux, screen nor ssh", facts=dict.fromkeys(found, True)
    )


def _mouse(term: str, environment: Mapping[str, str]) -> Check:
    if mouse_harms(environment):
        words = "left alone: while it is on, GNU screen holds Esc back; every command has a key"
        return Check(SECTION, "mouse", "skipped", words)
    if term in NO_MOUSE:
        return Check(SECTION, "mouse", "skipped", "not known to this kind of terminal; every command has a key")
    return Check(SECTION, "mouse", "fine", "asked for as xterm has it (1006); in tmux it needs `set -g mouse on`")


def _clipboard(term: str, environment: Mapping[str, str]) -> Check:
    known = COPIES.get(environment.get("TERM_PROGRAM", "")) or COPIES_BY_TERM.get(term)
    if environment.get("WT_SESSION") and known is None:
        known = "yes"
    if environment.get("TMUX"):
        known = "if tmux has `set -g set-clipboard on` and the terminal around it takes it"
    state: State = "skipped" if known in (None, "no") else "fine"
    words = {None: "not known", "no": "this terminal does not take copies"}.get(known, known or "")
    return Check(SECTION, "copying (OSC 52)", state, words, facts={"osc52": known})


def _notifications(environment: Mapping[str, str], *, tmux_passes: bool) -> Check:
    way = way_of(environment)
    name = "notices (OSC 9)"
    if way is None:
        return Check(
            SECTION, name, "skipped", "not known to show any; rules use the desktop's own", facts={"way": None}
        )
    if environment.get("TMUX") and not tmux_passes:
        todo = "`tmux set -g allow-passthrough on` lets notifications of rules through."
        return Check(SECTION, name, "attend", f"{way}, but tmux keeps it back", todo, {"way": way})
    return Check(SECTION, name, "fine", way, facts={"way": way})
