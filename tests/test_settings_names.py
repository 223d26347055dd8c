"""The table of names in the settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rex_tui.settings import load_names, load_settings
from rex_tui.settings_error import SettingsError


def environment(folder: Path, text: str) -> dict[str, str]:
    file = folder / "config.toml"
    file.write_text(text)
    return {"REX_TUI_CONFIG": str(file), "REX_URL": "https://acme.rexgtm.com", "REX_API_KEY": "rex_live_x"}


def test_the_user_s_names_come_from_the_settings_file(tmp_path: Path) -> None:
    told = environment(
        tmp_path, 'interval = 20\n[names]\nstg_01HQ3ZK8 = "Verhandlung"\n"cont_01HQ3ZK8" = "Ada \\u001b[2J"\n'
    )
    names = load_settings(told).names
    assert names.value == {"stg_01HQ3ZK8": "Verhandlung", "cont_01HQ3ZK8": "Ada \x1b[2J"}
    assert names.origin == "[names] in the settings file"
    assert load_names(told) == names
    assert load_settings(environment(tmp_path, "")).names.origin == "default"
    assert load_names({"REX_TUI_CONFIG": told["REX_TUI_CONFIG"]}).value == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("names = 5", "names should be a table, \\[names\\], of ids"),
        ('[names]\n\nNegotiation = "stg_01HQ3ZK8"', "In line 3 of the settings file .*, Negotiation under .* is no id"),
        ("[names]\nstg_01HQ3ZK8 = 5", "In line 2 of .*, stg_01HQ3ZK8 should be a text of 1 to 200 characters"),
        ('[names]\nstg_01HQ3ZK8 = ""', "line 2 .* should be a text"),
        ('[names]\nstg_01HQ3ZK8 = " x"', "does not begin or end with a space"),
        (f'[names]\nstg_01HQ3ZK8 = "{"x" * 201}"', "1 to 200 characters"),
        ('[names]\nstg_01HQ3ZK8.a = "x"', "should be a text"),
        ('names = { "\\u001b[2J" = "x" }', "In the settings file .*, ␛\\[2J under"),
    ],
)
def test_what_can_be_no_name_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        load_settings(environment(tmp_path, text))
    assert str(raised.value).isprintable()
