"""Masking in the settings: on or off by flag, variable or file, and the table that says what is hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from rex_tui.masking import KINDS, Rules
from rex_tui.settings import load_masking, load_settings
from rex_tui.settings_error import SettingsError


def environment(folder: Path, text: str, **more: str) -> dict[str, str]:
    file = folder / "config.toml"
    file.write_text(text)
    return {"REX_TUI_CONFIG": str(file), "REX_URL": "https://acme.rexgtm.com", "REX_API_KEY": "rex_live_x"} | more


def test_a_flag_goes_over_the_variable_over_the_file_over_the_default(tmp_path: Path) -> None:
    on = environment(tmp_path, "masked = true")
    assert load_settings(on).masked.value
    assert load_settings(on).masked.origin == "masked in the settings file"
    assert not load_settings(on, masked=False).masked.value
    assert not load_masking(on | {"REX_TUI_MASKED": "off"}, masked=None)[0].value
    assert load_masking(on | {"REX_TUI_MASKED": "0"}, masked=True)[0].origin == "--masked"
    nothing = load_settings(environment(tmp_path, ""))
    assert (nothing.masked.value, nothing.masked.origin) == (False, "default")
    assert (nothing.masking.value, nothing.masking.value.hide) == (Rules(), frozenset(KINDS))


def test_the_table_says_what_is_hidden_and_what_is_not(tmp_path: Path) -> None:
    text = '[masking]\nhide = ["email", "amount"]\nfields = ["custom.tier"]\nshow = ["deal.name", "items[0].note"]\n'
    found = load_settings(environment(tmp_path, text)).masking
    rules = Rules(frozenset({"email", "amount"}), ("custom.tier",), ("deal.name", "items[0].note"))
    assert (found.value, found.origin) == (rules, "[masking] in the settings file")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('masked = "yes"', "masked should be true or false"),
        ("masking = 5", r"masking should be a table, \[masking\], that says what is hidden"),
        ("[masking]\nhides = []", "unknown key under .masking., hides. Did you mean hide?"),
        ("[masking]\nx = 1", "unknown key under .masking., x. Known are hide, fields, show"),
        ('[masking]\nhide = ["e-mail"]', "has e-mail, which is no kind of value. Did you mean email?"),
        ('[masking]\nhide = ["\\u001b[2J"]', "Known are email, phone, name, amount, text"),
        ('[masking]\nhide = "email"', "hide under .masking. should be a list of texts"),
        ("[masking]\nfields = [5]", "fields under .masking. should be a list of texts"),
        ('[masking]\nfields = ["a..b"]', "fields under .masking. has a..b, which is no path of a field"),
        ('[masking]\nshow = [""]', "show under .masking. has an empty text, which is no path"),
    ],
)
def test_what_can_not_be_meant_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        load_settings(environment(tmp_path, text))
    assert str(raised.value).isprintable()
