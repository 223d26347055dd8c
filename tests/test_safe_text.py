"""The one door: nothing that a terminal obeys comes through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.safe_text import MARKS_IN_A_ROW, clean


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("plain text", "plain text"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\nb\tc\r", "a␊b␉c␍"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m\x85", "\ufffd31m\ufffd"),
        ("ab\u202ecd\u2066", "ab\ufffdcd\ufffd"),
        ("a\u200bb\u200d\ufeff", "a\ufffdb\ufffd\ufffd"),
        ("x\u2028y\u2029", "x\ufffdy\ufffd"),
        ("\ud800", "\ufffd"),
        ("\ue000\U000f0000", "\ufffd\ufffd"),
        ("\u3164\u2800", "\ufffd\ufffd"),
        ("a\u00a0b", "a b"),
        ("♥\ufe0f", "♥"),
        ("e\u0301", "e\u0301"),
        ("[/red] [@click=app.quit]", "[/red] [@click=app.quit]"),
        ("日本 Ørsted 🎉", "日本 Ørsted 🎉"),
    ],
)
def test_what_is_hostile_becomes_visible(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown


def test_a_tower_of_marks_is_cut() -> None:
    assert clean("e" + "\u0301" * 300) == "e" + "\u0301" * MARKS_IN_A_ROW


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("x" * 20, 10) == "x" * 9 + "…"
    assert clean("x" * 10, 10) == "x" * 10


@given(st.text(st.characters(codec=None)), st.integers(1, 50))
def test_nothing_but_printable_characters_and_a_few_marks_comes_out(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    shown.encode()


@given(st.text(st.characters(codec=None)))
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
