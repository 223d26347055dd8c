"""What keys are called: by people, who write `/`, `ctrl+s`, `G` and `PgDn`, and by Textual."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

SHOWN: Final[Mapping[str, str]] = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "insert": "Ins",
    "delete": "Del",
    "backspace": "Backspace",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}
"""The keys that type nothing, and Space: by Textual's name what they are called here."""
ALSO: Final[Mapping[str, str]] = {
    "page_up": "pageup",
    "page_down": "pagedown",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "ins": "insert",
    "del": "delete",
    "return": "enter",
    "esc": "escape",
    "bs": "backspace",
    "spacebar": "space",
}
"""What else people call some of them."""
_BY_SHOWN: Final[Mapping[str, str]] = {shown: key for key, shown in SHOWN.items()}
_FRIENDLY: Final[Mapping[str, str]] = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_SIGNS: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_MODIFIERS: Final = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_SAME_TO_TERMINALS: Final[Mapping[str, str]] = {
    "ctrl+i": "Tab",
    "ctrl+m": "Enter",
    "ctrl+h": "Backspace",
    "ctrl+left_square_bracket": "Esc",
}


class KeyNameError(ValueError):
    """A text is the name of no key; says why, and what may have been meant."""


def key_of(text: str) -> str:
    """Give Textual's name of the key that people call `text`; raises `KeyNameError`."""
    *modifiers, base = _parts(text)
    for modifier in modifiers:
        if modifier not in _MODIFIERS:
            raise KeyNameError(f"There is no key to hold down that is called {modifier}.{_near(modifier, _MODIFIERS)}")
    key = _base_of(base)
    if "shift" in modifiers and len(key) == 1 and key.isalpha():
        modifiers.remove("shift")
        key = key.upper()
    elif modifiers and len(key) == 1:
        key = key.lower()
    name = "+".join([*sorted(set(modifiers), key=_MODIFIERS.index), key])
    if name in _SAME_TO_TERMINALS:
        raise KeyNameError(f"Most terminals can't tell it from {_SAME_TO_TERMINALS[name]}.")
    return name


def shown_key(key: str) -> str:
    """Give what people call the key of this name of Textual's."""
    *modifiers, base = key.split("+")
    return "+".join([*modifiers, SHOWN.get(base) or _NAMED_SIGNS.get(base) or _sign_of(base)])


def shown_keys(keys: Sequence[str]) -> str:
    """Give what people call these keys, with spaces between them."""
    return " ".join(map(shown_key, keys))


def types_something(key: str) -> bool:
    """Tell whether a key, by its name to Textual, writes a character where text is typed."""
    return "+" not in key and (key == "space" or key not in SHOWN)


def _parts(text: str) -> list[str]:
    """Give the keys to hold down and the one to press: `ctrl+s`, `Ctrl-S` and `^s` are all the same."""
    if len(text) == 2 and text[0] == "^":  # noqa: PLR2004 - the caret and a letter
        return ["ctrl", text[1]]
    if len(text) > 2 and text[1:2] == "-" and text[0] in "CMAS":  # noqa: PLR2004 - C-s, as Emacs and Vim write it
        return [{"C": "ctrl", "M": "alt", "A": "alt", "S": "shift"}[text[0]], text[2:]]
    head, separator, last = text.rpartition("+") if "+" in text[:-1] else text.rpartition("-")
    if len(text) < 2 or not separator or not head:  # noqa: PLR2004 - a sign alone
        return [text]
    if text.endswith(("++", "-+", "+-", "--")):
        head, last = text[:-2], text[-1]
    return [*(part.strip().lower() for part in head.replace("-", "+").split("+")), last.strip()]


def _base_of(base: str) -> str:
    if base in _BY_SHOWN:
        return _BY_SHOWN[base]
    if len(base) == 1:
        if not base.isprintable() or base.isspace():
            raise KeyNameError("A key's name is written out: space, tab, enter.")
        return _name_of(base)
    lower = base.lower().replace(" ", "_")
    if lower in SHOWN:
        return lower
    if lower in ALSO:
        return ALSO[lower]
    if lower in _NAMED_SIGNS:
        return lower
    if "," in base:
        raise KeyNameError('Several keys are written as a list: ["f", "/"].')
    known = [*SHOWN, *ALSO, *_NAMED_SIGNS]
    raise KeyNameError(f"There is no key of this name.{_near(lower, known)}")


def _name_of(character: str) -> str:
    if character.isalnum():
        return character
    try:
        name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    except ValueError:
        return character
    return _FRIENDLY.get(name, name)


def _sign_of(name: str) -> str:
    """Give the character that a longer name stands for, the name itself where it stands for none."""
    try:
        return name if len(name) == 1 else unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name


def _near(text: str, known: Sequence[str]) -> str:
    near = get_close_matches(text, known, 1)
    return f" Did you mean {near[0]}?" if near else " Keys are called like f, G, /, ctrl+s, PgDn or F5."


_NAMED_SIGNS: Final[Mapping[str, str]] = {_name_of(sign): sign for sign in _SIGNS}
