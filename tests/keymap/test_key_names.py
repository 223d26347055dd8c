"""What people write for a key is the key that Textual means, and is told back in words that can be written again."""

from __future__ import annotations

import string

import pytest
from textual.keys import _character_to_key

from rex_tui.keymap.names import SHOWN, KeyNameError, key_of, shown_key, types_something


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *((sign, _character_to_key(sign)) for sign in string.punctuation),
        *((letter, letter) for letter in "aZ5ä"),
        ("slash", "slash"),
        ("question_mark", "question_mark"),
        ("§", "section_sign"),
        ("ctrl+s", "ctrl+s"),
        ("Ctrl-S", "ctrl+s"),
        ("^s", "ctrl+s"),
        ("C-s", "ctrl+s"),
        ("ctrl++", "ctrl+plus"),
        ("ctrl+-", "ctrl+minus"),
        ("shift+g", "G"),
        ("shift+up", "shift+up"),
        ("Shift+Alt+F5", "alt+shift+f5"),
        ("PgDn", "pagedown"),
        ("Page Up", "pageup"),
        ("Esc", "escape"),
        ("Del", "delete"),
        ("Return", "enter"),
        ("space", "space"),
        ("→", "right"),
    ],
)
def test_keys_are_called_as_people_call_them_and_as_textual_does(written: str, key: str) -> None:
    assert key_of(written) == key
    assert key_of(shown_key(key)) == key


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("contrl+s", "Did you mean ctrl?"),
        ("pgdwn", "Did you mean pgdown?"),
        ("gg", "There is no key of this name."),
        (" ", "written out"),
        ("", "Keys are called like"),
        ("f,slash", "as a list"),
        ("ctrl+i", "can't tell it from Tab"),
        ("ctrl+[", "can't tell it from Esc"),
        ("\x1b", "written out"),
    ],
)
def test_what_is_no_key_is_told_with_the_nearest(written: str, said: str) -> None:
    with pytest.raises(KeyNameError, match=said.replace("?", r"\?")):
        key_of(written)


def test_what_types_something_is_known() -> None:
    assert all(map(types_something, ("a", "slash", "space", "ä")))
    assert not any(map(types_something, ("ctrl+a", "f5", "enter", "pagedown", "shift+tab")))
    assert not any(types_something(key) for key in SHOWN if key != "space")
