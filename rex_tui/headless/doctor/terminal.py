"""What the terminal can do, as far as it is known without asking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rex_tui.headless.doctor.check import Check, State
from rex_tui.rules.terminal import way_of
from rex_tui.safe_text import clean

SECTION: Final = "Terminal"
COLUMNS_MIN: Final = 60
ROWS_MIN: Final = 20
NAME_MAX: Final = 60
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
) -> list[Check]:
    """Give what is known of the terminal; `size` are its columns and rows, None where the output is no terminal.

    Then nothing is to be done about it, since what it would be like elsewhere is not known.
    """
    term = environment.get("TERM", "")
    checks = [
        _size(size),
        _kind(term, environment),
        _colours(term, environment),
        _unicode(encoding),
        _around(environment),
        _mouse(term),
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


def _kind(term: str, environment: Mapping[str, str]) -> Check:
    program = environment.get("TERM_PROGRAM", "")
    shown = clean(term, NAME_MAX) + (f" ({clean(program, NAME_MAX)})" if program else "")
    if term in ("", "dumb"):
        todo = "Set TERM to what your terminal is, or use `rex-tui tail`, which needs no screen."
        return Check(SECTION, "TERM", "attend", shown or "not set", todo, {"term": term})
    return Check(SECTION, "TERM", "fine", shown, facts={"term": clean(term, NAME_MAX)})


def _colours(term: str, environment: Mapping[str, str]) -> Check:
    said = environment.get("COLORTERM", "").strip().lower()
    if environment.get("NO_COLOR"):
        return Check(SECTION, "colours", "fine", "none, as NO_COLOR asks", facts={"colours": 0})
    if said in ("truecolor", "24bit"):
        return Check(SECTION, "colours", "fine", f"16 million, as COLORTERM={said} says", facts={"colours": 2**24})
    if "256color" in term or term.endswith(("kitty", "ghostty")) or term in ("alacritty", "foot", "wezterm"):
        todo = "Where the terminal has 16 million, export COLORTERM=truecolor shows the theme as it is meant."
        return Check(SECTION, "colours", "fine", f"256, as TERM says. {todo}", facts={"colours": 256})
    todo = "If it has more, set TERM to its own name, often xterm-256color."
    return Check(SECTION, "colours", "attend", "16 or fewer", todo, {"colours": 16})


def _unicode(encoding: str) -> Check:
    shown = clean(encoding, NAME_MAX) or "unknown"
    if shown.lower().replace("-", "").replace("_", "") in ("utf8", "cp65001"):
        return Check(SECTION, "unicode", "fine", shown, facts={"encoding": shown})
    todo = "Set the locale to one in UTF-8, like LANG=C.UTF-8, or signs and names will be unreadable."
    return Check(SECTION, "unicode", "attend", shown, todo, {"encoding": shown})


def _around(environment: Mapping[str, str]) -> Check:
    found = [
        word
        for word, names in {"tmux": ("TMUX",), "screen": ("STY",), "ssh": ("SSH_CONNECTION", "SSH_TTY")}.items()
        if any(map(environment.get, names))
    ]
    return Check(
        SECTION, "around", "fine", ", ".join(found) or "neither tmux, screen nor ssh", facts=dict.fromkeys(found, True)
    )


def _mouse(term: str) -> Check:
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
