"""The one door: nothing that a terminal obeys comes through."""

from __future__ import annotations

import os
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._cells import cell_len as textual_cell_len
from wcwidth import wcswidth

from rex_tui.safe_text import MARKS_IN_A_ROW, clean, csv_cell

REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LONG = bool(os.environ.get("REX_TUI_LONG"))
ALIKE = (range(0x3400, 0xA000), range(0xAC00, 0xD7A4), range(0x17000, 0x18D00), range(0x20000, sys.maxunicode + 1))
"""Ideographs and syllables by the ten thousand, of which it is enough to look at some, but in the long run."""


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
        ("🇩🇪 👍\U0001f3fd 1\ufe0f\u20e3 \U0001f469\u200d\U0001f4bb", "DE 👍\ufffd 1\ufffd 👩\ufffd💻"),
        ("\u1112\u1161\u11ab \u1112 \u1161", "한 \u1112 \ufffd"),
        ("हिन्दी", "हइन\u25cc\u094dदई"),
        ("\u0301a \ufe0f\u0301", "\ufffda \u0301"),
        ("ｶﾞ", "ｶ゛"),
        ("\u034f\u17b5\u4dc0", "\ufffd\ufffd\ufffd"),
    ],
)
def test_what_is_hostile_becomes_visible(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown


def test_a_tower_of_marks_is_cut() -> None:
    assert clean("e" + "\u0301" * 300) == "e" + "\u0301" * MARKS_IN_A_ROW


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("x" * 20, 10) == "x" * 9 + "…"
    assert clean("x" * 10, 10) == "x" * 10


def check(text: str, limit: int = 4096) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert not set(map(unicodedata.category, shown)) & REFUSED
    assert clean(shown, limit) == shown
    assert cell_len(shown) == textual_cell_len(shown) == wcswidth(shown), shown.encode("unicode_escape")
    shown.encode()


def alike(code: int) -> bool:
    return any(code in codes for codes in ALIKE)


@pytest.mark.no_cover
@pytest.mark.parametrize("base", ["", "a", "क\u094d"] if LONG else ["", "a"])
def test_every_character_there_is_comes_out_harmless_and_as_wide_as_terminals_have_it(base: str) -> None:
    refused = clean(base + "\ufffd")
    codes = range(sys.maxunicode + 1)
    for code in codes if LONG else (code for code in codes if code % 16 == 0 or not alike(code)):
        if clean(base + chr(code)) != refused:
            check(base + chr(code))
    check(refused)


@pytest.mark.no_cover
def test_what_stands_alone_is_seen() -> None:
    shown = {clean(chr(code)) for code in range(sys.maxunicode + 1) if LONG or code % 16 == 0 or not alike(code)}
    assert min(map(wcswidth, shown)) == 1


joining = st.sampled_from("क\u094dि\u0301\ufe0f\u200d👩🏽🇩1\u20e3\u1112\u1161\u11a8한漢ｶﾞ\u0e33\u17d2ក\u0f84…\u25cc a")


@given(st.text(joining | st.characters(codec=None)), st.integers(1, 50))
@example("க\u094dக", 2)
def test_any_text_comes_out_harmless_and_as_wide_as_terminals_have_it(text: str, limit: int) -> None:
    check(text, limit)
    check(text)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("  @SUM(1)", "'  @SUM(1)"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'␉=1"),
        ("\r=1", "'␍=1"),
        ("\n=1", "'␊=1"),
        ("\uff1d1", "'\uff1d1"),
        ("-12.5", "-12.5"),
        ("+1e-3", "+1e-3"),
        ("-", "'-"),
        ("", ""),
        ('{"a": "\x1b[2J\x9b\u202e\ud800"}', '{"a": "␛[2J\ufffd\ufffd\ufffd"}'),
        ("नमस्ते 👍🏽", "नमस्ते 👍🏽"),
    ],
)
def test_a_cell_is_never_a_formula_and_a_number_stays_one(text: str, cell: str) -> None:
    assert csv_cell(text) == cell
