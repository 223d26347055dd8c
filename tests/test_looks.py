"""What the screen looks like here: decided by facts of the terminal, and by what is wished for."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from support.program import run
from textual.theme import BUILTIN_THEMES

from rex_tui import looks
from rex_tui.looks import COLOURS_16, COLOURS_256, COLOURS_ALL, THEMES, Look, Wish, Wishes, is_dumb
from rex_tui.settings_check import settings_problem
from rex_tui.settings_error import SettingsError
from rex_tui.settings_look import load_wishes
from rex_tui.signs import CONSOLE_HAS, IN_ASCII, IN_CONSOLE, written
from rex_tui.ui.theme import OWN

UTF8 = {"LANG": "en_US.UTF-8", "TERM": "xterm-256color"}
OF_OTHERS = ("ｃ", "€", "£", "❯", "＆")  # noqa: RUF001
"""Signs in our sources that are no signs of the screen's: amounts as people write them, and what is sent elsewhere."""


def decided(environment: dict[str, str], encoding: str = "utf-8", **wishes: Wish) -> Look:
    return looks.look(UTF8 | environment, encoding, Wishes(**wishes), windows=False)


def test_the_names_of_themes_are_those_that_there_are() -> None:
    assert set(THEMES) == set(BUILTIN_THEMES) | {theme.name for theme in OWN}


@pytest.mark.parametrize(
    ("environment", "encoding", "signs", "limit"),
    [
        ({}, "utf-8", "unicode", ""),
        ({"LANG": ""}, "utf-8", "unicode", ""),
        ({"LC_ALL": "C"}, "ascii", "ascii", "ascii"),
        ({"LC_ALL": "POSIX"}, "utf-8", "ascii", "ascii"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", "ascii", "ascii"),
        ({"LANG": "de_DE", "LC_CTYPE": "C.UTF-8"}, "utf-8", "unicode", ""),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1", "ascii", "iso8859-1"),
        ({"TERM": "linux"}, "utf-8", "console", ""),
        ({"TERM": "linux", "LC_ALL": "C"}, "ascii", "ascii", "ascii"),
    ],
)
def test_signs_are_those_that_the_terminal_has(
    environment: dict[str, str], encoding: str, signs: str, limit: str
) -> None:
    found = decided(environment, encoding)
    assert (found.signs, found.encoding) == (signs, limit)
    assert decided(environment, encoding, glyphs=Wish("unicode", "--glyphs")).signs == "unicode"
    assert decided(environment, encoding, glyphs=Wish("ascii", "--ascii")).signs == "ascii"


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"COLORTERM": "truecolor", "TERM": "xterm"}, COLOURS_ALL),
        ({}, COLOURS_256),
        ({"TERM": "screen"}, COLOURS_16),
        ({"TERM": "linux"}, COLOURS_16),
        ({"TERM": "foot"}, COLOURS_256),
        ({"TERM": "xterm-direct"}, COLOURS_ALL),
        ({"TEXTUAL_COLOR_SYSTEM": "standard", "COLORTERM": "truecolor"}, COLOURS_16),
    ],
)
def test_colours_are_those_that_the_terminal_says_it_has(environment: dict[str, str], colours: int) -> None:
    assert decided(environment).colours == colours


def test_no_color_goes_over_what_is_written_down_and_a_flag_over_that() -> None:
    assert decided({"NO_COLOR": "1"}, theme=Wish("nord", "theme in the settings file")).theme == "rex-mono"
    assert decided({"NO_COLOR": "1"}, theme=Wish("nord", "--theme")).theme == "nord"
    assert decided({"NO_COLOR": ""}, theme=Wish("nord", "REX_TUI_THEME")).theme == "nord"
    assert decided({}).theme == ""


def test_motion_is_reduced_where_that_is_wished_for_or_textual_is_told_so() -> None:
    assert decided({}).motion == "full"
    assert decided({"TEXTUAL_ANIMATIONS": "none"}).motion == "reduced"
    assert decided({}, motion=Wish("reduced", "--reduced-motion")).motion == "reduced"


def test_dumb_is_what_says_so_or_nothing() -> None:
    assert [is_dumb({"TERM": term}, windows=False) for term in ("dumb", "", "unknown", "linux")] == [True] * 3 + [False]
    assert is_dumb({}, windows=False)
    assert not is_dumb({}, windows=True)


def test_a_flag_goes_over_the_environment_and_that_over_the_file_and_unknown_names_are_told(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('theme = "rex-light"\nglyphs = "ascii"\n\n[profiles.acme]\ntheme = "nord"\n')
    environment = {"REX_TUI_CONFIG": str(file)}
    assert load_wishes(environment, Wishes()).theme == Wish("rex-light", "theme in the settings file")
    assert load_wishes(environment | {"REX_TUI_PROFILE": "acme"}, Wishes()).theme.value == "nord"
    over = environment | {"REX_TUI_THEME": "Rex-Contrast", "REX_TUI_MOTION": "reduced"}
    assert load_wishes(over, Wishes()).theme == Wish("rex-contrast", "REX_TUI_THEME")
    assert load_wishes(over, Wishes(theme=Wish("rex-mono", "--theme"))).theme == Wish("rex-mono", "--theme")
    assert load_wishes(over, Wishes()).motion == Wish("reduced", "REX_TUI_MOTION")
    with pytest.raises(SettingsError, match=r"REX_TUI_THEME: there is no drakula .* Did you mean dracula?"):
        load_wishes(environment | {"REX_TUI_THEME": "drakula"}, Wishes())
    with pytest.raises(SettingsError, match=r"REX_TUI_GLYPHS: .* Possible are auto, unicode, ascii"):
        load_wishes(environment | {"REX_TUI_GLYPHS": "\x1b[2J"}, Wishes())
    file.write_text('interval = 20\ntheme = "rexlight"\n')
    assert "In line 2 of it: theme in the settings file" in settings_problem(file)


def test_the_settings_are_shown_and_in_the_schema_and_the_doctor_says_why(tmp_path: Path) -> None:
    environment = {"REX_TUI_GLYPHS": "ascii", "NO_COLOR": "1", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    shown = {
        one["name"]: one for one in json.loads(run("settings", "show", "--json", **environment).stdout)["settings"]
    }
    assert (shown["glyphs"]["value"], shown["glyphs"]["origin"]) == ("ascii", "REX_TUI_GLYPHS")
    assert shown["motion"]["value"] == "full"
    schema = json.loads(run("settings", "schema").stdout)["properties"]
    assert schema["theme"]["enum"] == list(THEMES)
    told = " ".join(run("doctor", "--offline", "--reduced-motion", **environment).stdout.split())
    assert " theme rex-mono, as NO_COLOR asks " in told
    assert " colours none are used, as NO_COLOR asks " in told
    assert " glyphs ASCII alone, as REX_TUI_GLYPHS says " in told
    assert " motion reduced, as --reduced-motion says " in told


# ---- signs


def test_every_sign_is_as_wide_in_ascii_as_it_is() -> None:
    for code, sign in IN_ASCII.items():
        assert sign.isascii()
        assert cell_len(chr(code)) in (0, len(sign)), chr(code)
    assert written("● caught up · 5 “a” → Zoë 明", "ascii", "") == '* caught up - 5 "a" > Zoë 明'
    assert written("● Zoë 明", "ascii", "ascii") == "* Zo? ??"
    assert written("● ↻ ✓", "console", "") == "● @ x"
    assert not {chr(code) for code in IN_CONSOLE} & set(CONSOLE_HAS)


def test_every_sign_in_our_sources_has_one_in_ascii() -> None:
    """Else one that is new would be shown where there is none."""
    missing = {}
    for path in Path(looks.__file__).parent.rglob("*.py"):
        if {"demo", "export", "safe_text.py"} & set(path.parts):
            continue
        texts = [
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        found = {
            one for one in re.findall(r"[^\x00-\x7f]", "".join(texts)) if one.isprintable() and ord(one) not in IN_ASCII
        }
        if found - set(OF_OTHERS):
            missing[path.name] = found - set(OF_OTHERS)
    assert missing == {}
