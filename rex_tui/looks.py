"""How the screen is to look here: what was wished for, and what this terminal can show, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from rex_tui.signs import Signs, is_utf8

OWN_THEMES: Final = ("rex-dark", "rex-light", "rex-contrast", "rex-mono")
THEMES: Final = (
    *OWN_THEMES,
    *("textual-dark", "textual-light", "nord", "gruvbox", "catppuccin-mocha", "dracula", "tokyo-night", "monokai"),
    *("flexoki", "catppuccin-latte", "catppuccin-frappe", "catppuccin-macchiato", "solarized-light", "solarized-dark"),
    *("rose-pine", "rose-pine-moon", "rose-pine-dawn", "atom-one-dark", "atom-one-light", "ansi-dark", "ansi-light"),
)
"""The names of all themes: ours, then textual's."""
DEFAULT_THEME: Final = "rex-dark"
MONO_THEME: Final = "rex-mono"
GLYPHS: Final = ("auto", "unicode", "ascii")
MOTIONS: Final = ("full", "reduced")
COLOURS_16: Final = 16
COLOURS_256: Final = 256
COLOURS_ALL: Final = 2**24
PLAIN_LOCALES: Final = ("C", "POSIX")
"""Locales that know nothing but ASCII."""
DUMB: Final = frozenset({"", "dumb", "unknown"})
"""What `TERM` says where a terminal only writes lines."""

Motion: TypeAlias = Literal["full", "reduced"]


class Wish(NamedTuple):
    """What somebody wants, and where it was said; "" and "default" where nobody said anything."""

    value: str = ""
    origin: str = "default"


class Wishes(NamedTuple):
    """What is wanted of the look: a theme by its name, one of `GLYPHS`, one of `MOTIONS`."""

    theme: Wish = Wish()
    glyphs: Wish = Wish()
    motion: Wish = Wish()


class Look(NamedTuple):
    """How the screen looks: by which theme ("" for the one that was kept, else the default), signs, colours, motion.

    `encoding` limits what a terminal can write, "" where it is all; `why` gives the reason for each by its name.
    """

    theme: str = ""
    signs: Signs = "unicode"
    encoding: str = ""
    colours: int = COLOURS_ALL
    motion: Motion = "full"
    why: Mapping[str, str] = MappingProxyType({})


def is_dumb(environment: Mapping[str, str], *, windows: bool) -> bool:
    """Tell whether no screen can be drawn on this kind of terminal."""
    return not windows and environment.get("TERM", "").strip().lower() in DUMB


def mouse_harms(environment: Mapping[str, str]) -> bool:
    """Tell whether the mouse is better left alone: GNU screen 4 holds back Esc until the next key while it is on."""
    return bool(environment.get("STY"))


def look(environment: Mapping[str, str], encoding: str, wishes: Wishes, *, windows: bool) -> Look:
    """Decide by the environment, the encoding in which the terminal is written, and what is wished for."""
    theme, why_theme = _theme(environment, wishes.theme)
    signs, can, why_signs = _signs(environment, encoding, wishes.glyphs)
    colours, why_colours = _colours(environment, windows=windows)
    motion, why_motion = _motion(environment, wishes.motion)
    why = {"theme": why_theme, "glyphs": why_signs, "colours": why_colours, "motion": why_motion}
    return Look(theme, signs, can, colours, motion, why)


def _theme(environment: Mapping[str, str], wish: Wish) -> tuple[str, str]:
    """Give the theme: a flag goes over NO_COLOR, and that over all that is written down (no-color.org)."""
    if environment.get("NO_COLOR") and not wish.origin.startswith("--"):
        return MONO_THEME, "as NO_COLOR asks"
    if wish.value:
        return wish.value, f"as {wish.origin} says"
    return "", "the one chosen last, or else rex-dark"


def _signs(environment: Mapping[str, str], encoding: str, wish: Wish) -> tuple[Signs, str, str]:
    if environment.get("TEXTUAL_DRIVER"):
        return ("ascii" if wish.value == "ascii" else "unicode"), "", "a browser has them all"
    can = "" if is_utf8(encoding) else encoding or "ascii"
    if wish.value == "unicode":
        return "unicode", can, f"as {wish.origin} says"
    said = locale_of(environment)
    if not can and said in PLAIN_LOCALES:
        can = "ascii"
    if wish.value == "ascii":
        return "ascii", can, f"as {wish.origin} says"
    if can:
        named = f"the locale is {said}" if said in PLAIN_LOCALES else f"the terminal is written in {can}"
        return "ascii", can, f"{named}, not in UTF-8"
    if environment.get("TERM") == "linux":
        return "console", "", "the fonts of Linux consoles have no others"
    return "unicode", "", "the terminal is written in UTF-8"


def locale_of(environment: Mapping[str, str]) -> str:
    """Give the locale for characters, "" where none is named. Source: POSIX, 8.2; PEP 538.

    Where the locale is C, Python may write `LC_CTYPE=C.UTF-8` into the environment: that says nothing of the terminal.
    """
    if whole := environment.get("LC_ALL"):
        return whole
    kind, lang = environment.get("LC_CTYPE", ""), environment.get("LANG", "")
    return kind if kind and not (kind == "C.UTF-8" and lang in PLAIN_LOCALES) else lang


def _colours(environment: Mapping[str, str], *, windows: bool) -> tuple[int, str]:
    """Give how many colours the terminal shows: what textual is told, else what COLORTERM and TERM say."""
    told = environment.get("TEXTUAL_COLOR_SYSTEM", "auto").strip().lower()
    known = {"standard": COLOURS_16, "windows": COLOURS_16, "256": COLOURS_256, "truecolor": COLOURS_ALL}
    if told in known:
        return known[told], f"as TEXTUAL_COLOR_SYSTEM={told} says"
    said, term = environment.get("COLORTERM", "").strip().lower(), environment.get("TERM", "").strip().lower()
    if said in ("truecolor", "24bit"):
        return COLOURS_ALL, f"as COLORTERM={said} says"
    if windows:
        return COLOURS_ALL, "as Windows shows them"
    if term.endswith("-direct"):
        return COLOURS_ALL, "as TERM says"
    if term.endswith(("256color", "kitty", "ghostty")) or term.partition("-")[0] in ("alacritty", "foot", "wezterm"):
        return COLOURS_256, "as TERM says"
    return COLOURS_16, "since TERM says nothing of more"


def _motion(environment: Mapping[str, str], wish: Wish) -> tuple[Motion, str]:
    if wish.value:
        return ("reduced" if wish.value == "reduced" else "full"), f"as {wish.origin} says"
    if environment.get("TEXTUAL_ANIMATIONS", "").strip().lower() == "none":
        return "reduced", "as TEXTUAL_ANIMATIONS=none says"
    return "full", "the usual"
